"""Specifications of the report register: submission, return with a term, acceptance, receipts."""

from domain.opening import Opening
from domain.report.events import (
    ReportAccepted,
    ReportCompiled,
    ReportOpened,
    ReportPublished,
    ReportReturned,
    ReportReviewed,
    ReportSentOutside,
    ReportSubmitted,
)
from projections.report_register import Report, report, reports
from tests.projections.sample import FILE, IN_ORDER, REASON, day
from tests.projections.spec import Spec, given, happened, there

STREAM = "report/dinkes/2025"
FULL = given(
    *happened(
        STREAM,
        ReportOpened(effective_on=day("2026-01-05"), opening=IN_ORDER),
        ReportCompiled(
            effective_on=day("2026-02-01"), achievements=(), compiled_from=("puskesmas",), analysis=REASON, file=None
        ),
        ReportReviewed(effective_on=day("2026-02-10"), statement_number="700/1", file=FILE),
        ReportSubmitted(effective_on=day("2026-02-20"), file=FILE),
        ReportReturned(effective_on=day("2026-02-25"), reason=REASON, correct_by=day("2026-03-04")),
        ReportSubmitted(effective_on=day("2026-03-06"), file="e" * 64),
        ReportAccepted(effective_on=day("2026-03-10"), met_on=day("2026-02-20")),
        ReportSentOutside(effective_on=day("2026-03-20"), recipient="KemenPANRB", receipt="ESR-1"),
    )
)


def the(spec: Spec) -> Report:
    """Ask for the report."""
    return there(spec.asked(report, unit="dinkes", fiscal_year=2025))


def test_the_status_on_each_day_is_that_of_the_last_step_by_then() -> None:
    days = {
        "2026-01-05": "opened",
        "2026-02-05": "compiled",
        "2026-02-10": "reviewed",
        "2026-02-24": "submitted",
        "2026-02-25": "returned",
        "2026-03-06": "submitted",
        "2026-03-10": "accepted",
        "2026-03-20": "sent_outside",
    }
    assert {on: the(FULL.on(on)).status for on in days} == days
    assert FULL.on("2026-01-04").asked(report, unit="dinkes", fiscal_year=2025) is None


def test_a_return_sets_a_term_of_its_own_which_can_pass() -> None:
    assert the(FULL.on("2026-03-04")).correct_by == day("2026-03-04")
    assert not the(FULL.on("2026-03-04")).correction_overdue
    assert the(FULL.on("2026-03-05")).correction_overdue
    assert (the(FULL.on("2026-03-06")).correct_by, the(FULL.on("2026-03-06")).correction_overdue) == (None, False)


def test_the_first_and_the_last_submission_and_the_day_that_counts_are_three_things() -> None:
    found = the(FULL)
    assert (found.first_submitted_on, found.submitted_on, found.met_on) == (
        day("2026-02-20"),
        day("2026-03-06"),
        day("2026-02-20"),
    )
    early = the(FULL.on("2026-02-19"))
    assert (early.first_submitted_on, early.met_on, early.submissions) == (None, None, ())


def test_what_the_report_rests_on_is_listed() -> None:
    found = the(FULL)
    assert there(found.compilation).compiled_from == ("puskesmas",)
    assert there(found.review).statement_number == "700/1"
    assert [each.receipt for each in found.receipts] == ["ESR-1"]
    assert [each.reason for each in found.returns] == [REASON]


def test_a_published_report_without_a_credible_date_has_none() -> None:
    opened = ReportOpened(effective_on=day("2026-01-01"), opening=Opening(source="unggahan"))
    undated = ReportPublished(effective_on=day("2026-04-01"), submitted_on=None, source="unggahan")
    found = the(given(*happened(STREAM, opened, undated)))
    assert (found.status, found.submitted_on, found.source) == ("published", None, "unggahan")
    dated = ReportPublished(effective_on=day("2026-04-01"), submitted_on=day("2026-03-01"), source="unggahan")
    assert the(given(*happened(STREAM, opened, dated))).submitted_on == day("2026-03-01")


def test_reports_are_asked_for_by_unit_year_and_status() -> None:
    assert [each.unit for each in FULL.asked(reports, fiscal_year=2025, status="sent_outside")] == ["dinkes"]
    assert FULL.asked(reports, fiscal_year=2024) == ()
    assert FULL.asked(reports, unit="setda") == ()
    assert FULL.on("2026-03-10").asked(reports, status="sent_outside") == ()
