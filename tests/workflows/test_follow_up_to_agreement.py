"""Specifications of the arrow from what is still to be followed up to the agreement of a later year."""

from domain.follow_up.commands import CarryOver
from tests.workflows.oversight import approved, recommended, reopened
from tests.workflows.spec import given
from tests.workflows.year import agreement_opened, day
from workflows.follow_up_to_agreement import WORKFLOW

OPENED = agreement_opened("2025-01-02")


def carried(recommendation: str) -> CarryOver:
    """Return that a recommendation is carried into 2025."""
    return CarryOver(recommendation=recommendation, into_fiscal_year=2025, effective_on=day("2025-01-02"))


def test_open_recommendations_of_earlier_years_are_carried_over() -> None:
    """On 20 January: the agreement of n is made, and recommendations of n−2 and before are open."""
    given(WORKFLOW, recommended(1, year=2022), recommended(2, year=2023), recommended(10, year=2023)).when(
        OPENED
    ).then_sends(carried("2022.dinkes.r1"), carried("2023.dinkes.r10"), carried("2023.dinkes.r2"))


def test_a_closed_recommendation_is_not_carried_over() -> None:
    given(WORKFLOW, recommended(1, year=2023), approved("2024-10-01", year=2023)).when(OPENED).then_sends_nothing()


def test_a_result_that_closes_nothing_leaves_it_to_be_carried_over() -> None:
    given(WORKFLOW, recommended(1, year=2023), approved("2024-10-01", closes=False, year=2023)).when(OPENED).then_sends(
        carried("2023.dinkes.r1")
    )


def test_a_reopened_recommendation_is_carried_over() -> None:
    given(
        WORKFLOW,
        recommended(1, year=2023),
        approved("2024-10-01", year=2023),
        reopened("2024-11-01", year=2023),
    ).when(OPENED).then_sends(carried("2023.dinkes.r1"))


def test_recommendations_of_the_same_or_a_later_year_are_not_carried_over() -> None:
    """A late agreement: the year was evaluated before its agreement was opened."""
    given(WORKFLOW, recommended(1, year=2025), recommended(1, year=2026)).when(OPENED).then_sends_nothing()


def test_recommendations_of_another_unit_are_not_carried_over() -> None:
    """Also not of one whose name begins the same."""
    given(WORKFLOW, recommended(1, unit="disdik", year=2023), recommended(1, unit="dinkes-2", year=2023)).when(
        OPENED
    ).then_sends_nothing()


def test_nothing_open_blocks_nothing() -> None:
    given(WORKFLOW).when(OPENED).then_sends_nothing()


def test_an_agreement_of_history_carries_nothing_over() -> None:
    """What is entered late comes in any order: the closure may be entered after the agreement."""
    given(WORKFLOW, recommended(1, year=2023)).when(OPENED.as_history()).then_sends_nothing()


def test_a_recommendation_of_history_is_carried_into_a_live_year() -> None:
    given(WORKFLOW, recommended(1, year=2023).as_history()).when(OPENED).then_sends(carried("2023.dinkes.r1"))
