"""Specifications of the arrow from an overdue duty to a hold of the allowance."""

from collections.abc import Callable

import pytest

from domain.allowance_hold.commands import LapseHold, ProposeHold
from domain.allowance_hold.refusals import GraceNotOver, HoldAlreadyDecided, HoldAlreadyProposed
from tests.workflows.oversight import declined, imposed, lapsed, proposed
from tests.workflows.spec import Fact, given
from tests.workflows.year import day, duty, met, overdue, waived
from workflows.overdue_to_hold import WORKFLOW

REPORT = "2025.dinkes.report"
DUTY = duty("report")
LATE = overdue("report", "2026-03-02")


def test_an_overdue_duty_under_an_adopted_rule_proposes_a_hold() -> None:
    """Only a local rule lets anyone hold the allowance; the proposal holds nothing yet."""
    given(WORKFLOW, DUTY).when(LATE).then_sends(ProposeHold(hold=REPORT, effective_on=day("2026-03-02")))


def test_without_an_adopted_rule_late_units_are_only_listed() -> None:
    given(WORKFLOW, DUTY).when(overdue("report", "2026-03-02", hold_rule=None)).then_sends_nothing()


def test_lateness_of_history_proposes_nothing() -> None:
    given(WORKFLOW, DUTY).when(LATE.as_history()).then_sends_nothing()


def test_a_duty_of_history_is_never_held_for_even_when_the_clock_finds_it_overdue() -> None:
    given(WORKFLOW, DUTY.as_history()).when(LATE).then_sends_nothing()
    given(WORKFLOW, DUTY.as_history()).when(overdue("agreement", "2026-03-02")).then_sends(
        ProposeHold(hold="2025.dinkes.agreement", effective_on=day("2026-03-02"))
    )


def test_the_clock_proposes_when_the_grace_is_over_and_the_same_cause_makes_no_second_hold() -> None:
    """Both refusals leave nothing to mend: the one is asked again each day, the other has what it wants."""
    given(WORKFLOW, DUTY).when(LATE).tolerating(GraceNotOver, HoldAlreadyProposed)


def test_a_met_duty_lets_the_proposal_lapse() -> None:
    given(WORKFLOW, DUTY, LATE, proposed("report", "2026-03-02")).when(met("report", "2026-03-05")).then_sends(
        LapseHold(hold=REPORT, effective_on=day("2026-03-05"))
    )


def test_a_waived_duty_lets_the_proposal_lapse() -> None:
    given(WORKFLOW, DUTY, LATE, proposed("report", "2026-03-02")).when(waived("report", "2026-03-05")).then_sends(
        LapseHold(hold=REPORT, effective_on=day("2026-03-05"))
    ).tolerating(HoldAlreadyDecided)


def test_a_proposal_for_a_duty_that_was_met_meanwhile_lapses_at_once() -> None:
    given(WORKFLOW, DUTY, LATE).when(met("report", "2026-03-05")).then_sends_nothing()
    given(WORKFLOW, DUTY, LATE, met("report", "2026-03-05")).when(proposed("report", "2026-03-06")).then_sends(
        LapseHold(hold=REPORT, effective_on=day("2026-03-06"))
    )


def test_a_proposal_for_a_duty_that_is_not_met_stands() -> None:
    given(WORKFLOW, DUTY, LATE, met("agreement", "2026-03-05")).when(
        proposed("report", "2026-03-06")
    ).then_sends_nothing()


@pytest.mark.parametrize("decision", [imposed, declined, lapsed])
def test_a_decided_proposal_does_not_lapse(decision: Callable[[str, str], Fact]) -> None:
    """An imposed hold is released by a decision, never by the duty's being met."""
    decided = decision("report", "2026-03-20")
    given(WORKFLOW, DUTY, LATE, proposed("report", "2026-03-02"), decided).when(
        met("report", "2026-03-25")
    ).then_sends_nothing()


def test_a_met_duty_of_another_cause_or_unit_lets_nothing_lapse() -> None:
    given(WORKFLOW, DUTY, LATE, proposed("report", "2026-03-02")).when(
        met("agreement", "2026-03-05")
    ).then_sends_nothing()
