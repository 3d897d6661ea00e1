"""Which recommendations are open, whose are they, when are they due, and what came of them?"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, assert_never, cast

from msgspec import Struct

from domain.dated import Dated
from domain.event import RecordedEvent
from domain.follow_up.events import (
    ActionPlanned,
    CarriedOver,
    FollowUpEvent,
    IssuerVerdictRecorded,
    ProgressReported,
    RecommendationOpened,
    RecommendationReopened,
    RecommendationTransferred,
    RepeatFound,
    ResultApproved,
    ResultProposed,
    ResultRejected,
    TermExtended,
)
from domain.sealed_text import SealedText
from domain.stream import category_of
from projections.read_model import ReadModel, Rows, rows_table
from projections.recommendation_row import DueDate, Link, Opened, Plan, Progress, RecommendationRow, Verdict
from projections.timeline import Step, days_between, last_until, status_on, step, stretches, trace_of, until

RecommendationStatus = Literal["not_started", "in_progress", "awaiting_approval", "closed", "reopened"]
"""`not_started` is a default, not a verdict: nobody reported anything yet."""


class DueDateOn(Struct, frozen=True, kw_only=True):
    """A due date of the history, in effect from a day to another (exclusive, null: open)."""

    due: DueDate
    valid_from: date
    valid_to: date | None


class Recommendation(Struct, frozen=True, kw_only=True):
    """A recommendation on a day.

    `days_open` run from receipt to closure or to the day asked; `days_overdue` is 0 where it is not overdue, `overdue`
    null where the due date is unknown. A closed one is never overdue; `closed_late` says that it was.
    """

    id: str
    unit: str
    fiscal_year: int
    opened: Opened
    owners: tuple[str, ...]
    status: RecommendationStatus
    result: str | None
    proposed: Verdict | None
    due_on: date | None
    due_history: tuple[DueDateOn, ...]
    days_open: int
    overdue: bool | None
    days_overdue: int
    closed_on: date | None
    closed_late: bool
    plan: Plan | None
    progress: tuple[Progress, ...]
    results: tuple[Verdict, ...]
    issuer_verdicts: tuple[Verdict, ...]
    repeated_by: tuple[str, ...]
    carried_into: tuple[int, ...]
    steps: tuple[Step, ...]


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the row of the recommendation."""
    return (event.stream.partition("/")[2],) if category_of(event.stream) == "recommendation" else ()


def evolve(key: str, row: RecommendationRow | None, event: RecordedEvent[FollowUpEvent]) -> RecommendationRow:
    """Fold one event of a recommendation."""
    body, trace = event.body, trace_of(event)
    if isinstance(body, RecommendationOpened):
        return _opened(key, event, body)
    if row is None:
        raise ValueError(f"{key} has a history before it was opened")
    match body:
        case ActionPlanned(plan=plan, plan_due_on=due_on, person_in_charge=person):
            planned = Plan(plan=plan, plan_due_on=due_on, person_in_charge=person, trace=trace)
            return row.now(plans=row.plans.add(event.effective_on, event.version, planned))
        case ProgressReported(progress=progress, evidence=evidence):
            reported = Progress(progress=progress, evidence=evidence, trace=trace)
            return _reached(row, step(event, "in_progress")).now(progress=(*row.progress, reported))
        case ResultProposed():
            return _proposed(row, event, body)
        case ResultApproved(result=result, closes=closes):
            approved = _verdict(event, result, closes=closes)
            return _reached(row, step(event, "closed" if closes else "in_progress")).now(
                results=(*row.results, approved)
            )
        case ResultRejected(reason=reason):
            return _reached(row, step(event, "in_progress", reason=reason))
        case RecommendationTransferred(owners=owners):
            return row.now(owners=row.owners.add(event.effective_on, event.version, owners))
        case TermExtended(due_on=due_on, reason=reason):
            moved = DueDate(due_on=due_on, reason=reason, trace=trace)
            return row.now(due=row.due.add(event.effective_on, event.version, moved))
        case RepeatFound(repeated_by=later):
            return row.now(repeated_by=(*row.repeated_by, Link(to=later, trace=trace)))
        case RecommendationReopened(reason=reason):
            return _reached(row, step(event, "reopened", reason=reason))
        case CarriedOver(into_fiscal_year=year):
            return row.now(carried=(*row.carried, Link(to=str(year), trace=trace)))
        case IssuerVerdictRecorded(issuer=issuer, verdict=verdict, document=document):
            theirs = _verdict(event, verdict, issuer=issuer, document=document)
            return row.now(issuer_verdicts=(*row.issuer_verdicts, theirs))
        case _:
            assert_never(body)


def _opened(key: str, event: RecordedEvent[FollowUpEvent], body: RecommendationOpened) -> RecommendationRow:
    trace = trace_of(event)
    due = DueDate(due_on=body.due_on, reason=None, trace=trace)
    return RecommendationRow(
        key=key,
        unit=body.unit,
        fiscal_year=body.fiscal_year,
        opened=Opened(
            issuer=body.issuer,
            lhe_number=body.lhe_number,
            component=body.component,
            text=body.text,
            received_on=body.received_on,
            rule=body.rule,
            repeats=body.repeats,
            trace=trace,
        ),
        steps=(step(event, "not_started"),),
        owners=Dated[tuple[str, ...]]().add(event.effective_on, event.version, body.owners),
        due=Dated[DueDate]().add(body.received_on, event.version, due),
    )


def _reached(row: RecommendationRow, reached: Step) -> RecommendationRow:
    return row.now(steps=(*row.steps, reached))


def _proposed(row: RecommendationRow, event: RecordedEvent[FollowUpEvent], body: ResultProposed) -> RecommendationRow:
    """A result that nobody has to approve holds at once; it never closes anything."""
    verdict = _verdict(event, body.result, reason=body.reason)
    if body.awaits_approval:
        return _reached(row, step(event, "awaiting_approval")).now(proposals=(*row.proposals, verdict))
    return _reached(row, step(event, "in_progress")).now(results=(*row.results, verdict))


def _verdict(
    event: RecordedEvent[FollowUpEvent],
    result: str,
    *,
    closes: bool = False,
    reason: SealedText | None = None,
    issuer: str | None = None,
    document: str | None = None,
) -> Verdict:
    return Verdict(result=result, reason=reason, closes=closes, issuer=issuer, document=document, trace=trace_of(event))


def at(row: RecommendationRow, day: date) -> Recommendation | None:
    """Return the recommendation on a day, or None where it was not opened yet."""
    status = status_on(row.steps, day)
    if status is None or row.unit is None or row.fiscal_year is None:
        return None
    due = row.due.at(day)
    due_on = None if due is None else due.due_on
    result = last_until(row.results, day)
    closed_on = result.trace.effective_on if result is not None and status == "closed" else None
    late = 0 if due_on is None else max(days_between(due_on, closed_on or day), 0)
    return Recommendation(
        id=row.key,
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        opened=row.opened,
        owners=row.owners.at(day) or (),
        status=cast("RecommendationStatus", status),
        result=None if result is None or status == "reopened" else result.result,
        proposed=last_until(row.proposals, day) if status == "awaiting_approval" else None,
        due_on=due_on,
        due_history=tuple(_due_history(row)),
        days_open=days_between(row.opened.received_on, closed_on or day),
        overdue=False if closed_on is not None else None if due_on is None else late > 0,
        days_overdue=0 if closed_on is not None else late,
        closed_on=closed_on,
        closed_late=closed_on is not None and late > 0,
        plan=row.plans.at(day),
        progress=until(row.progress, day),
        results=until(row.results, day),
        issuer_verdicts=until(row.issuer_verdicts, day),
        repeated_by=tuple(each.to for each in until(row.repeated_by, day)),
        carried_into=tuple(int(each.to) for each in until(row.carried, day)),
        steps=until(row.steps, day),
    )


def recommendations(
    rows: Rows,
    day: date,
    *,
    unit: str | None = None,
    fiscal_year: int | None = None,
    owner: str | None = None,
    status: str | None = None,
) -> tuple[Recommendation, ...]:
    """Return the recommendations opened by a day, by id.

    `unit` is the evaluated one, `owner` one that has to follow up on that day; `status` may also be `open` (anything
    but closed) or `overdue`.
    """
    found = (at(row, day) for row in rows.rows(READ_MODEL, unit=unit, fiscal_year=fiscal_year))
    return tuple(
        each
        for each in found
        if each is not None and (owner is None or owner in each.owners) and (status is None or _is(each, status))
    )


def recommendation(rows: Rows, day: date, *, key: str) -> Recommendation | None:
    """Return one recommendation by its id on a day, or None."""
    row = rows.row(READ_MODEL, key)
    return None if row is None else at(row, day)


def _is(recommendation: Recommendation, status: str) -> bool:
    if status == "open":
        return recommendation.status != "closed"
    return recommendation.overdue is True if status == "overdue" else recommendation.status == status


def _due_history(row: RecommendationRow) -> Iterator[DueDateOn]:
    for version, ends in stretches(row.due):
        if version.value is not None:
            yield DueDateOn(due=version.value, valid_from=version.effective_on, valid_to=ends)


READ_MODEL = ReadModel(
    name="recommendation_register",
    row=RecommendationRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("recommendation_register"),
    streams=frozenset({"recommendation"}),
)
