"""Specifications of the arrow from the accepted report to the evaluation."""

from domain.evaluation.commands import OpenEvaluation
from domain.obligation.commands import MeetObligation, NoteSubmission, ReturnSubmission
from tests.workflows.oversight import evaluation_opened, result_recorded
from tests.workflows.spec import given
from tests.workflows.year import (
    UNIT,
    YEAR,
    day,
    duty,
    report_accepted,
    report_published,
    report_returned,
    report_submitted,
)
from workflows.report_to_evaluation import WORKFLOW

REPORT = "2025.dinkes.report"
EVALUATED = OpenEvaluation(unit=UNIT, fiscal_year=YEAR, effective_on=day("2026-03-10"))
MET = MeetObligation(obligation=REPORT, met_on=day("2026-02-20"), effective_on=day("2026-03-10"))
ACCEPTED = report_accepted("2026-03-10", met_on="2026-02-20")


def test_a_submitted_report_is_noted_for_its_duty() -> None:
    given(WORKFLOW, duty("report")).when(report_submitted("2026-02-20")).then_sends(
        NoteSubmission(obligation=REPORT, effective_on=day("2026-02-20"))
    )


def test_a_returned_report_is_given_back_with_the_term_of_its_correction() -> None:
    """A return sets its own correction term and, if that is kept, the first date stands."""
    given(WORKFLOW, duty("report"), report_submitted("2026-02-20")).when(
        report_returned("2026-03-02", correct_by="2026-03-09")
    ).then_sends(ReturnSubmission(obligation=REPORT, correct_by=day("2026-03-09"), effective_on=day("2026-03-02")))


def test_a_report_without_a_duty_is_noted_nowhere() -> None:
    given(WORKFLOW).when(report_submitted("2026-02-20")).then_sends_nothing()
    given(WORKFLOW, report_submitted("2026-02-20")).when(
        report_returned("2026-03-02", correct_by="2026-03-09")
    ).then_sends_nothing()


def test_an_accepted_report_meets_its_duty_and_opens_the_evaluation() -> None:
    """PermenPANRB 53/2014, Lampiran II: the day that counts is that of submission, not of acceptance."""
    given(WORKFLOW, duty("report"), report_submitted("2026-02-20")).when(ACCEPTED).then_sends(MET, EVALUATED)


def test_an_evaluation_that_an_assignment_opened_is_not_opened_again() -> None:
    """An evaluation opens by assignment with whatever exists; a report that comes later finds it open."""
    given(WORKFLOW, duty("report"), evaluation_opened("2026-03-01")).when(ACCEPTED).then_sends(MET)


def test_an_outside_result_is_not_the_evaluation_of_our_own() -> None:
    """The LHE of KemenPANRB or the province stands beside it."""
    given(WORKFLOW, duty("report"), result_recorded(on="2026-03-01")).when(ACCEPTED).then_sends(MET, EVALUATED)


def test_a_report_accepted_before_its_duty_was_known_meets_it_as_it_opens() -> None:
    given(WORKFLOW).when(ACCEPTED).then_sends(EVALUATED)
    given(WORKFLOW, ACCEPTED).when(duty("report")).then_sends(MET)


def test_a_duty_that_opens_late_is_told_what_was_submitted() -> None:
    given(WORKFLOW, report_submitted("2026-02-20")).when(duty("report")).then_sends(
        NoteSubmission(obligation=REPORT, effective_on=day("2026-02-20"))
    )
    given(WORKFLOW, report_submitted("2026-02-20"), report_returned("2026-03-02", "2026-03-09")).when(
        duty("report")
    ).then_sends_nothing()
    given(WORKFLOW, ACCEPTED).when(duty("agreement")).then_sends_nothing()


def test_a_published_report_meets_the_duty_on_the_day_that_the_source_gives() -> None:
    published = report_published("2026-06-01", submitted_on="2026-02-25").as_history()
    expected = MeetObligation(obligation=REPORT, met_on=day("2026-02-25"), effective_on=day("2026-06-01"))
    given(WORKFLOW, duty("report")).when(published).then_sends(expected)
    given(WORKFLOW).when(published).then_sends_nothing()
    given(WORKFLOW, published).when(duty("report")).then_sends(expected)


def test_a_published_report_without_a_day_meets_nothing() -> None:
    """History: a date that the source does not have is not guessed."""
    undated = report_published("2026-06-01", submitted_on=None).as_history()
    given(WORKFLOW, duty("report")).when(undated).then_sends_nothing()
    given(WORKFLOW, undated).when(duty("report")).then_sends_nothing()
