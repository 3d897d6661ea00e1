"""Specifications of the arrow from the end of a unit to the one that carries on."""

from domain.allowance_hold.commands import TransferHold
from domain.allowance_hold.refusals import HoldAlreadyDecided
from domain.follow_up.commands import TransferRecommendation
from domain.follow_up.refusals import RecommendationClosed
from domain.obligation.commands import TransferObligation
from domain.obligation.refusals import ObligationSettled
from tests.workflows.oversight import (
    approved,
    declined,
    given_to,
    hold_transferred,
    lapsed,
    proposed,
    recommended,
    released,
    reopened,
)
from tests.workflows.spec import Fact, given
from tests.workflows.year import day, dissolved, duty, duty_transferred, met, overdue, waived
from workflows.reorganisation_to_transfer import WORKFLOW

ENDED_ON = day("2025-07-01")


def advised(number: int = 1, unit: str = "dinkes", owners: tuple[str, ...] = ()) -> Fact:
    """A recommendation was opened in June."""
    return recommended(number, unit, owners=owners, on="2025-06-02")


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
        advised(1),
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
        advised(1),
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
        advised(1),
        approved("2025-06-10"),
        reopened("2025-06-20"),
        proposed("report", "2025-05-02"),
        released("report", "2025-05-10", ended=False),
    ).when(dissolved("dinsehat")).then_sends(
        TransferHold(hold="2025.dinkes.report", to_unit="dinsehat", effective_on=ENDED_ON),
        recommendation_passes_to("dinsehat"),
    )


def test_what_another_unit_has_taken_over_already_stays_there() -> None:
    given(WORKFLOW, duty("report"), duty_transferred("report", "2025-05-01", to="rsud"), advised(1)).and_(
        given_to("rsud", on="2025-05-01")
    ).when(dissolved("dinsehat")).then_sends_nothing()


def test_the_other_owners_of_a_recommendation_remain() -> None:
    given(WORKFLOW, advised(1, owners=("bappeda", "dinkes", "rsud"))).when(dissolved("dinsehat")).then_sends(
        recommendation_passes_to("bappeda", "dinsehat", "rsud")
    )


def test_a_successor_that_owns_it_already_is_named_once() -> None:
    given(WORKFLOW, advised(1, owners=("dinkes", "dinsehat"))).when(dissolved("dinsehat")).then_sends(
        recommendation_passes_to("dinsehat")
    )


def test_the_end_of_another_unit_moves_nothing_here() -> None:
    given(WORKFLOW, duty("report"), advised(1)).when(dissolved("rsud", unit="disdik")).then_sends_nothing()


def test_an_end_that_is_to_come_leaves_the_day_to_the_clock() -> None:
    ending = dissolved("dinsehat").recorded("2025-06-01T03:00")
    given(WORKFLOW, duty("report")).when(ending).then_sends(
        TransferObligation(obligation="2025.dinkes.report", to_unit="dinsehat")
    )


# --- one merger after another ----------------------------------------------------------------------------------------

MERGED_AGAIN = dissolved("rsud", unit="dinsehat", on="2026-01-05")


def owed() -> tuple[Fact, ...]:
    """Return what dinkes owes: a duty, a hold and, with bappeda, a recommendation."""
    return duty("report"), proposed("agreement", "2025-03-03"), advised(1, owners=("bappeda", "dinkes"))


def taken_over(by: str, on: str) -> tuple[Fact, ...]:
    """Return that what dinkes owed was transferred."""
    return duty_transferred("report", on, by), hold_transferred("agreement", on, by), given_to("bappeda", by, on=on)


def all_pass_to(unit: str, on: str) -> tuple[TransferHold | TransferObligation | TransferRecommendation, ...]:
    """Return the transfers of what dinkes owed."""
    return (
        TransferHold(hold="2025.dinkes.agreement", to_unit=unit, effective_on=day(on)),
        TransferObligation(obligation="2025.dinkes.report", to_unit=unit, effective_on=day(on)),
        TransferRecommendation(recommendation="2025.dinkes.r1", owners=("bappeda", unit), effective_on=day(on)),
    )


def test_what_a_unit_took_over_passes_on_with_what_is_its_own() -> None:
    hold, taken, recommendation = all_pass_to("rsud", "2026-01-05")
    own = TransferObligation(obligation="2025.dinsehat.report", to_unit="rsud", effective_on=day("2026-01-05"))
    given(
        WORKFLOW,
        *owed(),
        duty("report", unit="dinsehat"),
        dissolved("dinsehat"),
        *taken_over("dinsehat", "2025-07-01"),
    ).when(MERGED_AGAIN).then_sends(hold, taken, own, recommendation)


def test_a_third_merger_passes_it_on_again() -> None:
    given(
        WORKFLOW,
        *owed(),
        dissolved("dinsehat"),
        *taken_over("dinsehat", "2025-07-01"),
        MERGED_AGAIN,
        *taken_over("rsud", "2026-01-05"),
    ).when(dissolved("blud", unit="rsud", on="2026-06-01")).then_sends(*all_pass_to("blud", "2026-06-01"))


def test_a_merger_recorded_before_the_transfers_of_the_earlier_one_is_followed_too() -> None:
    """As when both are entered while the workflows stand still: what they say of the first is recorded after both."""
    given(WORKFLOW, *owed(), dissolved("dinsehat")).when(MERGED_AGAIN).then_sends(*all_pass_to("rsud", "2026-01-05"))
    given(WORKFLOW, *owed(), dissolved("dinsehat"), MERGED_AGAIN, *taken_over("dinsehat", "2025-07-01")).when(
        dissolved("blud", unit="rsud", on="2026-06-01")
    ).then_sends(*all_pass_to("blud", "2026-06-01"))


def test_a_merger_recorded_after_the_later_one_passes_to_where_both_lead_on_the_later_day() -> None:
    given(WORKFLOW, *owed(), MERGED_AGAIN).when(dissolved("dinsehat")).then_sends(*all_pass_to("rsud", "2026-01-05"))


def test_a_transfer_takes_effect_no_earlier_than_the_unit_had_it_that_it_passes_on_from() -> None:
    """As when a merger of before is entered late: what holds later would hide it."""
    given(WORKFLOW, *owed(), dissolved("dinsehat"), *taken_over("dinsehat", "2025-07-01")).when(
        dissolved("rsud", unit="dinsehat", on="2025-06-15")
    ).then_sends(*all_pass_to("rsud", "2025-07-01"))


def test_what_was_left_with_a_merged_unit_passes_on_at_the_next_merger() -> None:
    """So it is in logs from before what was taken over passed on."""
    given(WORKFLOW, *owed(), dissolved("dinsehat"), *taken_over("dinsehat", "2025-07-01"), MERGED_AGAIN).when(
        dissolved("blud", unit="rsud", on="2026-06-01")
    ).then_sends(*all_pass_to("blud", "2026-06-01"))


def test_a_recommendation_to_another_unit_passes_on_for_an_owner_that_ends() -> None:
    given(WORKFLOW, advised(1, unit="disdik", owners=("disdik", "dinkes"))).when(dissolved("dinsehat")).then_sends(
        TransferRecommendation(recommendation="2025.disdik.r1", owners=("disdik", "dinsehat"), effective_on=ENDED_ON)
    )


def test_two_owners_that_end_one_after_the_other_are_each_followed() -> None:
    given(WORKFLOW, advised(1, owners=("dinkes", "disdik")), dissolved("dinsehat")).and_(
        given_to("dinsehat", "disdik", on="2025-07-01")
    ).when(dissolved("dinsehat", unit="disdik")).then_sends(recommendation_passes_to("dinsehat"))


def test_what_has_ended_with_the_unit_that_took_over_does_not_pass_on() -> None:
    given(WORKFLOW, *owed(), dissolved("dinsehat"), *taken_over("dinsehat", "2025-07-01")).and_(
        met("report", "2025-08-01"), lapsed("agreement", "2025-08-01"), approved("2025-08-01")
    ).when(MERGED_AGAIN).then_sends_nothing()


def test_what_a_person_gave_to_another_unit_leaves_the_line_of_mergers() -> None:
    given(WORKFLOW, *owed(), dissolved("dinsehat"), *taken_over("dinsehat", "2025-07-01")).and_(
        *taken_over("disdik", "2025-08-01")
    ).when(MERGED_AGAIN).then_sends_nothing()


def test_what_a_split_unit_owed_waits_for_a_person_though_one_of_its_successors_is_merged() -> None:
    given(WORKFLOW, *owed(), dissolved("dinsehat", "disdik")).when(MERGED_AGAIN).then_sends_nothing()


def test_mergers_that_lead_back_are_followed_to_their_end_once() -> None:
    """No command records that; a fold of whatever log must come to an end."""
    given(WORKFLOW, duty("report"), dissolved("dinsehat")).when(dissolved("dinkes", unit="dinsehat")).then_sends(
        TransferObligation(obligation="2025.dinkes.report", to_unit="dinkes", effective_on=ENDED_ON)
    )
