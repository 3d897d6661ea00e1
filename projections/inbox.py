"""What waits for whom?"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from msgspec import Struct

from domain.actor import Role
from domain.allowance_hold.events import (
    HoldDeclined,
    HoldImposed,
    HoldLapsed,
    HoldProposed,
    HoldRecommended,
    HoldReleased,
    NoticeLapsed,
    NoticeServed,
    ObjectionDecided,
    ObjectionFiled,
)
from domain.authority import COMMANDS
from domain.dated import Dated
from domain.event import Event, Origin, RecordedEvent
from domain.follow_up.events import (
    ProgressReported,
    RecommendationReopened,
    ResultApproved,
    ResultProposed,
    ResultRejected,
)
from domain.measurement.events import PeriodLocked, PeriodReopened, PeriodReturned, PeriodSubmitted, PeriodVerified
from domain.report.events import ReportAccepted, ReportReturned, ReportSubmitted
from domain.stream import cycle_of
from projections.read_model import ReadModel, Row, Rows, rows_table
from projections.timeline import Trace, days_between, trace_of

PeriodEvent = PeriodSubmitted | PeriodVerified | PeriodReturned | PeriodLocked | PeriodReopened
ObjectionEvent = ObjectionFiled | ObjectionDecided

_NEXT: Final[Mapping[type[Event], str | None]] = {
    PeriodSubmitted: "measurement.verify",
    PeriodVerified: "measurement.lock",
    PeriodReturned: "measurement.submit",
    PeriodLocked: None,
    PeriodReopened: "measurement.correct",
    ReportSubmitted: "report.accept",
    ReportReturned: "report.compile",
    ReportAccepted: None,
    ProgressReported: "follow_up.propose_result",
    ResultProposed: "follow_up.approve_result",
    ResultApproved: None,
    ResultRejected: "follow_up.propose_result",
    RecommendationReopened: "follow_up.report_progress",
    HoldProposed: "hold.recommend",
    HoldRecommended: "hold.serve_notice",
    NoticeServed: None,
    NoticeLapsed: "hold.impose",
    HoldImposed: None,
    HoldDeclined: None,
    HoldLapsed: None,
    HoldReleased: None,
    ObjectionFiled: "hold.decide_objection",
    ObjectionDecided: None,
}
"""The command that somebody has to send after an event, null where it ends the waiting; other events change nothing."""


class Waiting(Struct, frozen=True, kw_only=True):
    """What waits: the command to come next, by its permanent name, up to and including a day where it has an end."""

    command: str
    until: date | None
    trace: Trace


class InboxRow(Row, frozen=True, kw_only=True):
    """What waited about one thing, by day; a version without value ends it. `subject` is a period or an objection."""

    stream: str
    subject: str | None
    waiting: Dated[Waiting] = Dated()


class Task(Struct, frozen=True, kw_only=True):
    """What waits on a day: the command, the roles that may send it, the unit whose work it is, and since when."""

    key: str
    command: str
    roles: tuple[Role, ...]
    unit: str | None
    fiscal_year: int | None
    stream: str
    subject: str | None
    since: date
    days: int
    until: date | None
    trace: Trace


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the row of what the event is about: a stream, a period of it, or an objection in it. History asks nobody."""
    if type(event.body) not in _NEXT or event.origin is Origin.HISTORY:
        return ()
    subject = _subject(event.body)
    return (event.stream if subject is None else f"{event.stream}/{subject}",)


def evolve(key: str, row: InboxRow | None, event: RecordedEvent[Any]) -> InboxRow:
    """Note what has to come next, or that nothing has."""
    if row is None:
        unit, year = cycle_of(event.stream) or (None, None)
        row = InboxRow(key=key, unit=unit, fiscal_year=year, stream=event.stream, subject=_subject(event.body))
    command = _NEXT[type(event.body)]
    if isinstance(event.body, ResultProposed) and not event.body.awaits_approval:
        command = None
    until = event.body.until if isinstance(event.body, PeriodReopened) else None
    waiting = None if command is None else Waiting(command=command, until=until, trace=trace_of(event))
    return row.now(waiting=row.waiting.add(event.effective_on, event.version, waiting))


def at(row: InboxRow, day: date) -> Task | None:
    """Return what waits on a day, or None where nothing does."""
    waiting = row.waiting.at(day)
    if waiting is None or (waiting.until is not None and waiting.until < day):
        return None
    return Task(
        key=row.key,
        command=waiting.command,
        roles=tuple(sorted(COMMANDS[waiting.command])),
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        stream=row.stream,
        subject=row.subject,
        since=waiting.trace.effective_on,
        days=days_between(waiting.trace.effective_on, day),
        until=waiting.until,
        trace=waiting.trace,
    )


def tasks(
    rows: Rows, day: date, *, unit: str | None = None, fiscal_year: int | None = None, role: Role | None = None
) -> tuple[Task, ...]:
    """Return what waits on a day, the longest first; `unit` is the one whose work it is, `role` who may do it."""
    found = (at(row, day) for row in rows.rows(READ_MODEL, unit=unit, fiscal_year=fiscal_year))
    mine = (each for each in found if each is not None and (role is None or role in each.roles))
    return tuple(sorted(mine, key=lambda each: (each.since, each.key)))


def _subject(body: Event) -> str | None:
    if isinstance(body, PeriodEvent):
        return body.period.code
    if isinstance(body, ObjectionEvent):
        return f"objection-{body.person or 'unit'}"
    return None


READ_MODEL = ReadModel(name="inbox", row=InboxRow, keys=keys, evolve=evolve, at=at, table=rows_table("inbox"))
