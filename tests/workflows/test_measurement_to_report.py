"""Specifications of the arrow from the measured quarters to the report."""

from domain.errors import StageAlreadyOpen
from domain.obligation.commands import MeetObligation, NoteSubmission, ReturnSubmission
from domain.report.commands import OpenReport
from tests.workflows.spec import Fact, given
from tests.workflows.year import UNIT, YEAR, day, duty, locked, met, report_opened, returned, submitted
from workflows.measurement_to_report import WORKFLOW

Q1 = "2025.dinkes.measurement-q1"
QUARTER: Fact = duty("measurement-q1")


def quarter_met(met_on: str, effective_on: str, obligation: str = Q1) -> MeetObligation:
    """Return that the duty of a quarter is met."""
    return MeetObligation(obligation=obligation, met_on=day(met_on), effective_on=day(effective_on))


def test_a_submitted_quarter_is_noted_for_its_duty() -> None:
    given(WORKFLOW, QUARTER).when(submitted("2025-Q1", "2025-04-10")).then_sends(
        NoteSubmission(obligation=Q1, effective_on=day("2025-04-10"))
    )


def test_a_month_or_a_year_is_no_duty() -> None:
    """Only quarters are duties (PermenPANRB 53/2014: quarterly and yearly; the year is the report's)."""
    given(WORKFLOW, QUARTER).when(submitted("2025-M03", "2025-04-10")).then_sends_nothing()
    given(WORKFLOW, QUARTER, submitted("2025-M03", "2025-04-10")).when(
        locked("2025-M03", "2025-04-12")
    ).then_sends_nothing()
    given(WORKFLOW, QUARTER, submitted("2025-M03", "2025-04-10")).when(
        returned("2025-M03", "2025-04-12")
    ).then_sends_nothing()


def test_a_quarter_without_a_duty_is_noted_nowhere() -> None:
    given(WORKFLOW).when(submitted("2025-Q1", "2025-04-10")).then_sends_nothing()
    given(WORKFLOW, duty("measurement-q2")).when(submitted("2025-Q1", "2025-04-10")).then_sends_nothing()
    given(WORKFLOW, submitted("2025-Q1", "2025-04-10")).when(returned("2025-Q1", "2025-04-11")).then_sends_nothing()


def test_a_returned_quarter_is_given_back_without_a_term() -> None:
    given(WORKFLOW, QUARTER, submitted("2025-Q1", "2025-04-10")).when(returned("2025-Q1", "2025-04-12")).then_sends(
        ReturnSubmission(obligation=Q1, effective_on=day("2025-04-12"))
    )


def test_a_locked_quarter_meets_its_duty_on_the_day_it_was_submitted() -> None:
    """A duty is met on the day of the first submission that is later accepted."""
    given(WORKFLOW, QUARTER, submitted("2025-Q1", "2025-04-10")).when(locked("2025-Q1", "2025-05-05")).then_sends(
        quarter_met("2025-04-10", "2025-05-05")
    )


def test_a_submission_that_went_back_is_not_the_one_that_counts() -> None:
    given(
        WORKFLOW,
        QUARTER,
        submitted("2025-Q1", "2025-04-10"),
        returned("2025-Q1", "2025-04-12"),
        submitted("2025-Q1", "2025-04-15"),
    ).when(locked("2025-Q1", "2025-05-05")).then_sends(quarter_met("2025-04-15", "2025-05-05"))


def test_each_quarter_meets_its_own_duty() -> None:
    given(
        WORKFLOW,
        QUARTER,
        duty("measurement-q2"),
        submitted("2025-Q1", "2025-04-10"),
        submitted("2025-Q2", "2025-07-08"),
    ).when(locked("2025-Q2", "2025-07-20")).then_sends(
        quarter_met("2025-07-08", "2025-07-20", "2025.dinkes.measurement-q2")
    )


def test_a_duty_that_is_met_already_is_not_met_again() -> None:
    given(WORKFLOW, QUARTER, submitted("2025-Q1", "2025-04-10"), met("measurement-q1", "2025-04-10")).when(
        locked("2025-Q1", "2025-05-05")
    ).then_sends_nothing()


def test_a_duty_that_opens_late_is_told_how_far_its_quarter_has_come() -> None:
    given(WORKFLOW).when(QUARTER).then_sends_nothing()
    given(WORKFLOW, submitted("2025-Q1", "2025-04-10")).when(QUARTER).then_sends(
        NoteSubmission(obligation=Q1, effective_on=day("2025-04-10"))
    )
    given(WORKFLOW, submitted("2025-Q1", "2025-04-10"), returned("2025-Q1", "2025-04-12")).when(
        QUARTER
    ).then_sends_nothing()
    given(WORKFLOW, submitted("2025-Q1", "2025-04-10"), locked("2025-Q1", "2025-05-05")).when(QUARTER).then_sends(
        quarter_met("2025-04-10", "2025-05-05")
    )


def test_the_last_quarter_meets_its_duty_and_opens_the_report() -> None:
    """Inside a year the order is enforced: the report needs measurement."""
    given(WORKFLOW, duty("measurement-q4"), submitted("2025-Q4", "2026-01-12")).when(
        locked("2025-Q4", "2026-01-20", last=True)
    ).then_sends(
        quarter_met("2026-01-12", "2026-01-20", "2025.dinkes.measurement-q4"),
        OpenReport(unit=UNIT, fiscal_year=YEAR, effective_on=day("2026-01-20")),
    )


def test_the_other_periods_that_end_the_year_open_no_second_report() -> None:
    """A year, its last quarter and its last month end on the same day; the report may be under way to being open."""
    given(WORKFLOW, locked("2025-Q4", "2026-01-20", last=True), report_opened("2026-01-20")).when(
        locked("2025", "2026-01-25", last=True)
    ).then_sends_nothing()
    given(WORKFLOW, locked("2025-Q4", "2026-01-20", last=True)).when(
        locked("2025", "2026-01-25", last=True)
    ).tolerating(StageAlreadyOpen)


def test_a_period_that_does_not_end_the_year_opens_no_report() -> None:
    given(WORKFLOW).when(locked("2025-Q3", "2025-10-20")).then_sends_nothing()


def test_a_report_that_a_decision_opened_is_not_opened_again() -> None:
    given(WORKFLOW, report_opened("2026-01-05")).when(locked("2025-Q4", "2026-01-20", last=True)).then_sends_nothing()


def test_history_opens_the_report_on_the_day_of_its_own() -> None:
    given(WORKFLOW).when(locked("2025", "2026-01-31", last=True).as_history()).then_sends(
        OpenReport(unit=UNIT, fiscal_year=YEAR, effective_on=day("2026-01-31"))
    )
