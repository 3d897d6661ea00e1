"""Which performance reports were compiled, submitted, returned, accepted and sent, and when?"""

from datetime import date
from typing import Any, Literal, assert_never, cast

from msgspec import Struct

from domain.event import RecordedEvent
from domain.opening import Opening
from domain.report.events import (
    ReportAccepted,
    ReportCompiled,
    ReportedAchievement,
    ReportEvent,
    ReportOpened,
    ReportPublished,
    ReportReturned,
    ReportReviewed,
    ReportSentOutside,
    ReportSubmitted,
)
from domain.sealed_text import SealedText
from domain.stream import category_of, cycle, cycle_of
from projections.read_model import ReadModel, Row, Rows, rows_table
from projections.timeline import Step, Trace, last_until, status_on, step, trace_of, until

ReportStatus = Literal[
    "opened", "compiled", "reviewed", "submitted", "returned", "accepted", "sent_outside", "published"
]
"""`published`: known from a publication only."""


class Compilation(Struct, frozen=True, kw_only=True):
    """The figures as they were fixed, with the unit reports they were compiled from."""

    achievements: tuple[ReportedAchievement, ...]
    compiled_from: tuple[str, ...]
    analysis: SealedText
    file: str | None
    trace: Trace


class Review(Struct, frozen=True, kw_only=True):
    """The signed statement of APIP's review."""

    statement_number: str
    file: str
    trace: Trace


class Submission(Struct, frozen=True, kw_only=True):
    """A submission on the day of its trace; `file` is the signed report."""

    file: str
    trace: Trace


class Return(Struct, frozen=True, kw_only=True):
    """The report went back, to be corrected by a day."""

    reason: SealedText
    correct_by: date
    trace: Trace


class Receipt(Struct, frozen=True, kw_only=True):
    """The report was sent outside, with the recipient's receipt."""

    recipient: str
    receipt: str
    trace: Trace


class ReportRow(Row, frozen=True, kw_only=True):
    """All that is known of the report of a unit and year; the key is `unit/year`, `published_on` the source's date."""

    opening: Opening | None = None
    steps: tuple[Step, ...] = ()
    compilations: tuple[Compilation, ...] = ()
    reviews: tuple[Review, ...] = ()
    submissions: tuple[Submission, ...] = ()
    returns: tuple[Return, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    met_on: date | None = None
    published_on: date | None = None
    source: str | None = None


class Report(Struct, frozen=True, kw_only=True):
    """A report on a day.

    `submitted_on` is the day of the last submission, or the day that a publication gives (null: no credible date);
    `met_on` that of the first submission that was later accepted. `correction_overdue`: returned, and its term passed.
    """

    unit: str
    fiscal_year: int
    status: ReportStatus
    opening: Opening | None
    first_submitted_on: date | None
    submitted_on: date | None
    met_on: date | None
    correct_by: date | None
    correction_overdue: bool
    compilation: Compilation | None
    review: Review | None
    submissions: tuple[Submission, ...]
    returns: tuple[Return, ...]
    receipts: tuple[Receipt, ...]
    source: str | None
    steps: tuple[Step, ...]


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the row of the report's unit and year."""
    found = cycle_of(event.stream) if category_of(event.stream) == "report" else None
    return () if found is None else (cycle(*found),)


def evolve(key: str, row: ReportRow | None, event: RecordedEvent[ReportEvent]) -> ReportRow:
    """Fold one event of a report."""
    row, trace = row or _begin(key), trace_of(event)
    match event.body:
        case ReportOpened(opening=opening):
            return _reached(row, step(event, "opened")).now(opening=opening)
        case ReportCompiled(achievements=achievements, compiled_from=compiled_from, analysis=analysis, file=file):
            compilation = Compilation(
                achievements=achievements, compiled_from=compiled_from, analysis=analysis, file=file, trace=trace
            )
            return _reached(row, step(event, "compiled")).now(compilations=(*row.compilations, compilation))
        case ReportReviewed(statement_number=number, file=file):
            review = Review(statement_number=number, file=file, trace=trace)
            return _reached(row, step(event, "reviewed")).now(reviews=(*row.reviews, review))
        case ReportSubmitted(file=file):
            submission = Submission(file=file, trace=trace)
            return _reached(row, step(event, "submitted")).now(submissions=(*row.submissions, submission))
        case ReportReturned(reason=reason, correct_by=correct_by):
            returned = Return(reason=reason, correct_by=correct_by, trace=trace)
            return _reached(row, step(event, "returned", reason=reason)).now(returns=(*row.returns, returned))
        case ReportAccepted(met_on=met_on):
            return _reached(row, step(event, "accepted")).now(met_on=met_on)
        case ReportSentOutside(recipient=recipient, receipt=receipt):
            sent = Receipt(recipient=recipient, receipt=receipt, trace=trace)
            return _reached(row, step(event, "sent_outside")).now(receipts=(*row.receipts, sent))
        case ReportPublished(submitted_on=submitted_on, source=source):
            return _reached(row, step(event, "published")).now(published_on=submitted_on, source=source)
        case _:
            assert_never(event.body)


def _begin(key: str) -> ReportRow:
    unit, _, year = key.partition("/")
    return ReportRow(key=key, unit=unit, fiscal_year=int(year))


def _reached(row: ReportRow, reached: Step) -> ReportRow:
    return row.now(steps=(*row.steps, reached))


def at(row: ReportRow, day: date) -> Report | None:
    """Return the report on a day, or None where it was not opened yet."""
    status = status_on(row.steps, day)
    if status is None or row.unit is None or row.fiscal_year is None:
        return None
    submissions = until(row.submissions, day)
    submitted = [each.trace.effective_on for each in submissions]
    published = [row.published_on] if row.published_on is not None and row.published_on <= day else []
    returned = last_until(row.returns, day)
    correct_by = returned.correct_by if returned is not None and status == "returned" else None
    return Report(
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        status=cast("ReportStatus", status),
        opening=row.opening,
        first_submitted_on=min([*submitted, *published], default=None),
        submitted_on=max([*submitted, *published], default=None),
        met_on=row.met_on if row.met_on is not None and row.met_on <= day else None,
        correct_by=correct_by,
        correction_overdue=correct_by is not None and correct_by < day,
        compilation=last_until(row.compilations, day),
        review=last_until(row.reviews, day),
        submissions=submissions,
        returns=until(row.returns, day),
        receipts=until(row.receipts, day),
        source=row.source,
        steps=until(row.steps, day),
    )


def reports(
    rows: Rows, day: date, *, unit: str | None = None, fiscal_year: int | None = None, status: str | None = None
) -> tuple[Report, ...]:
    """Return the reports that had been opened by a day, by unit and year."""
    found = (at(row, day) for row in rows.rows(READ_MODEL, unit=unit, fiscal_year=fiscal_year))
    return tuple(each for each in found if each is not None and status in {None, each.status})


def report(rows: Rows, day: date, *, unit: str, fiscal_year: int) -> Report | None:
    """Return the report of a unit and year on a day, or None."""
    row = rows.row(READ_MODEL, cycle(unit, fiscal_year))
    return None if row is None else at(row, day)


READ_MODEL = ReadModel(
    name="report_register",
    row=ReportRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("report_register"),
    streams=frozenset({"report"}),
    of_cycle=True,
)
