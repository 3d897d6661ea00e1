"""Specifications of the arrow from the end of a unit to the one that carries on."""

from domain.allowance_hold.commands import TransferHold
from domain.allowance_hold.refusals import HoldAlreadyDecided
from domain.follow_up.commands import TransferRecommendation
from domain.follow_up.refusals import RecommendationClosed
from domain.obligation.commands import TransferObligation
from domain.obligation.refusals import ObligationSettled
from tests.workflows.oversight import approved, declined, given_to, lapsed, proposed, recommended, released, reopened
from tests.workflows.spec import given
from tests.workflows.year import day, dissolved, duty, duty_transferred, met, overdue, waived
from workflows.reorganisation_to_transfer import WORKFLOW

ENDED_ON = day("2025-07-01")


def report_passes_on(year: int = 2025) -> TransferObligation:
    """Return the transfer of the duty to report."""
    return TransferObligation(obligation=f"{year}.dinkes.report", to_unit="dinsehat", effective_on=ENDED_ON)


def recommendation_passes_to(*owners: str) -> TransferRecommendation:
    """Return the transfer of the recommendation."""
    return TransferRecommendation(recommendation="2025.dinkes.r1", owners=owners, effective_on=ENDED_ON)


def test_open_duties_recommendations_and_holds_of_all_years_pass_to_the_one_successor() -> None:
    given(
        WORKFLOW,
        duty("report", year=2024),
        duty("report"),
        recommended(1),
        overdue("agreement", "2025-03-03"),
        proposed("agreement", "2025-03-03"),
    ).when(dissolved("dinsehat")).then_sends(
        TransferHold(hold="2025.dinkes.agreement", to_unit="dinsehat", effective_on=ENDED_ON),
        report_passes_on(2024),
        report_passes_on(2025),
        recommendation_passes_to("dinsehat"),
    ).tolerating(HoldAlreadyDecided, ObligationSettled, RecommendationClosed)


def test_a_split_is_decided_by_a_person() -> None:
    given(WORKFLOW, duty("report")).when(dissolved("dinsehat", "rsud")).then_sends_nothing()


def test_a_unit_without_successor_passes_nothing_on() -> None:
    given(WORKFLOW, duty("report")).when(dissolved()).then_sends_nothing()


def test_what_has_ended_does_not_pass_on() -> None:
    given(
        WORKFLOW,
        duty("agreement"),
        met("agreement", "2025-01-20"),
        duty("report"),
        waived("report", "2025-06-01"),
        recommended(1),
        approved("2025-06-10"),
        proposed("measurement-q1", "2025-05-02"),
        lapsed("measurement-q1", "2025-05-10"),
        proposed("measurement-q2", "2025-05-02"),
        declined("measurement-q2", "2025-05-10"),
        proposed("measurement-q3", "2025-05-02"),
        released("measurement-q3", "2025-05-10", ended=True),
    ).when(dissolved("dinsehat")).then_sends_nothing()


def test_what_goes_on_passes_on_though_a_part_of_it_has_ended() -> None:
    given(
        WORKFLOW,
        recommended(1),
        approved("2025-06-10"),
        reopened("2025-06-20"),
        proposed("report", "2025-05-02"),
        released("report", "2025-05-10", ended=False),
    ).when(dissolved("dinsehat")).then_sends(
        TransferHold(hold="2025.dinkes.report", to_unit="dinsehat", effective_on=ENDED_ON),
        recommendation_passes_to("dinsehat"),
    )


def test_what_another_unit_has_taken_over_already_stays_there() -> None:
    given(WORKFLOW, duty("report"), duty_transferred("report", "2025-05-01", to="rsud"), recommended(1)).and_(
        given_to("rsud", on="2025-05-01")
    ).when(dissolved("dinsehat")).then_sends_nothing()


def test_the_other_owners_of_a_recommendation_remain() -> None:
    given(WORKFLOW, recommended(1, owners=("bappeda", "dinkes", "rsud"))).when(dissolved("dinsehat")).then_sends(
        recommendation_passes_to("bappeda", "dinsehat", "rsud")
    )


def test_a_successor_that_owns_it_already_is_named_once() -> None:
    given(WORKFLOW, recommended(1, owners=("dinkes", "dinsehat"))).when(dissolved("dinsehat")).then_sends(
        recommendation_passes_to("dinsehat")
    )


def test_the_end_of_another_unit_moves_nothing_here() -> None:
    given(WORKFLOW, duty("report"), recommended(1)).when(dissolved("rsud", unit="disdik")).then_sends_nothing()


def test_an_end_that_is_to_come_leaves_the_day_to_the_clock() -> None:
    ending = dissolved("dinsehat").recorded("2025-06-01T03:00")
    given(WORKFLOW, duty("report")).when(ending).then_sends(
        TransferObligation(obligation="2025.dinkes.report", to_unit="dinsehat")
    )
