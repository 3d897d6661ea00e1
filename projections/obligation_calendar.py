"""What is due when, and who is late?"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal, assert_never

from msgspec import Struct

from domain.dated import Dated
from domain.event import RecordedEvent
from domain.obligation.events import (
    DueDateSet,
    ObligationEvent,
    ObligationExtended,
    ObligationMet,
    ObligationOpened,
    ObligationOverdue,
    ObligationTransferred,
    ObligationWaived,
    SubmissionNoted,
    SubmissionReturned,
)
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from domain.stream import category_of
from projections.read_model import ReadModel, Row, Rows, rows_table
from projections.timeline import Trace, days_between, last_until, stretches, trace_of, until

DutyState = Literal[
    "not_due", "due_soon", "in_hand", "overdue", "met_on_time", "met_late", "waived", "due_date_unknown"
]
"""`in_hand`: submitted in time and still examined, or being corrected within its term. `due_date_unknown` is neither
late nor in time, also once it is met."""

SOON_DAYS: Final = 14
"""From how many days before it a due date is shown as near; nothing legal depends on it."""


class DueDate(Struct, frozen=True, kw_only=True):
    """A due date by a rule from an anchor, or moved by decision with a reason; null: the rule gives none."""

    due_on: date | None
    anchor: date | None
    rule: RuleRef | None
    reason: SealedText | None
    trace: Trace


class Turn(Struct, frozen=True, kw_only=True):
    """A submission, or a return with the day by which it is to be corrected."""

    kind: Literal["submitted", "returned"]
    correct_by: date | None
    trace: Trace


class Met(Struct, frozen=True, kw_only=True):
    """The day on which the duty was met, with the due date then in force and the days late as recorded."""

    met_on: date
    due_on: date | None
    days_late: int | None
    trace: Trace


class Overdue(Struct, frozen=True, kw_only=True):
    """That the due date had passed, as it was recorded with legal effect; `hold_rule` makes it a trigger."""

    due_on: date
    hold_rule: RuleRef | None
    trace: Trace


class Waiver(Struct, frozen=True, kw_only=True):
    """The decision that frees of the duty."""

    reason: SealedText
    trace: Trace


class ObligationRow(Row, frozen=True, kw_only=True):
    """All that is known of a duty; the key is its id, `unit` the one that has it by the last event."""

    duty: str
    subject: str
    opened: Trace
    holders: Dated[str]
    due: Dated[DueDate] = Dated()
    turns: tuple[Turn, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    met: Met | None = None
    waived: Waiver | None = None


class DueDateOn(Struct, frozen=True, kw_only=True):
    """A due date of the history, in effect from a day to another (exclusive, null: open)."""

    due: DueDate
    valid_from: date
    valid_to: date | None


class Duty(Struct, frozen=True, kw_only=True):
    """A duty on a day.

    `days_late`: as recorded where it was met, else counted to the day asked; null where the due date is unknown.
    `days_left` count to the due date while it is ahead. `overdue` is what was recorded with legal effect by that day
    for this due date: another date takes it back.
    """

    id: str
    unit: str
    fiscal_year: int
    duty: str
    subject: str
    state: DutyState
    due_on: date | None
    days_late: int | None
    days_left: int | None
    submitted_on: date | None
    correct_by: date | None
    met_on: date | None
    overdue: Overdue | None
    waiver: Waiver | None
    due_history: tuple[DueDateOn, ...]
    turns: tuple[Turn, ...]


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the row of the duty."""
    return (event.stream.partition("/")[2],) if category_of(event.stream) == "obligation" else ()


def evolve(key: str, row: ObligationRow | None, event: RecordedEvent[ObligationEvent]) -> ObligationRow:
    """Fold one event of a duty."""
    body, trace = event.body, trace_of(event)
    if isinstance(body, ObligationOpened):
        return _opened(key, event, body)
    if row is None:
        raise ValueError(f"{key} has a history before it was opened")
    match body:
        case DueDateSet(anchor=anchor, due_on=due_on, rule=rule):
            fixed = DueDate(due_on=due_on, anchor=anchor, rule=rule, reason=None, trace=trace)
            return row.now(due=row.due.add(event.effective_on, event.version, fixed))
        case ObligationExtended(due_on=due_on, reason=reason):
            moved = DueDate(due_on=due_on, anchor=None, rule=None, reason=reason, trace=trace)
            return row.now(due=row.due.add(event.effective_on, event.version, moved))
        case SubmissionNoted():
            return row.now(turns=(*row.turns, Turn(kind="submitted", correct_by=None, trace=trace)))
        case SubmissionReturned(correct_by=correct_by):
            return row.now(turns=(*row.turns, Turn(kind="returned", correct_by=correct_by, trace=trace)))
        case ObligationMet(met_on=met_on, due_on=due_on, days_late=days_late):
            return row.now(met=Met(met_on=met_on, due_on=due_on, days_late=days_late, trace=trace))
        case ObligationOverdue(due_on=due_on, hold_rule=hold_rule):
            return row.now(overdue=(*row.overdue, Overdue(due_on=due_on, hold_rule=hold_rule, trace=trace)))
        case ObligationWaived(reason=reason):
            return row.now(waived=Waiver(reason=reason, trace=trace))
        case ObligationTransferred(unit=unit):
            return row.now(unit=unit, holders=row.holders.add(event.effective_on, event.version, unit))
        case _:
            assert_never(body)


def _opened(key: str, event: RecordedEvent[ObligationEvent], body: ObligationOpened) -> ObligationRow:
    return ObligationRow(
        key=key,
        unit=body.unit,
        fiscal_year=body.fiscal_year,
        duty=body.duty,
        subject=body.subject,
        opened=trace_of(event),
        holders=Dated[str]().add(event.effective_on, event.version, body.unit),
    )


class _InHand(Struct, frozen=True, kw_only=True):
    """The submission that counts on a day, and the return that no new submission has answered."""

    submitted_on: date | None = None
    returned: bool = False
    correct_by: date | None = None

    def after(self, turn: Turn) -> "_InHand":
        """The first submission stands, unless it was returned and the term to correct it was missed."""
        if turn.kind == "returned":
            return _InHand(submitted_on=self.submitted_on, returned=True, correct_by=turn.correct_by)
        day = turn.trace.effective_on
        missed = self.returned and (self.correct_by is None or day > self.correct_by)
        return _InHand(submitted_on=day if self.submitted_on is None or missed else self.submitted_on)

    def in_time(self, due_on: date, day: date) -> bool:
        """Whether a submission in time is examined on a day, or corrected within its term."""
        if self.submitted_on is None or self.submitted_on > due_on:
            return False
        return not self.returned or (self.correct_by is not None and day <= self.correct_by)


def at(row: ObligationRow, day: date) -> Duty | None:
    """Return the duty on a day, or None where it had not begun."""
    holder = row.holders.at(day)
    if holder is None or row.fiscal_year is None:
        return None
    hand = _InHand()
    for turn in until(row.turns, day):
        hand = hand.after(turn)
    due = row.due.at(day)
    met = row.met if row.met is not None and row.met.met_on <= day else None
    due_on = met.due_on if met is not None else None if due is None else due.due_on
    state = _state(row, met, hand, due_on, day)
    recorded = last_until(row.overdue, day)
    late = None if due_on is None else max(days_between(due_on, day), 0) if state == "overdue" else 0
    return Duty(
        id=row.key,
        unit=holder,
        fiscal_year=row.fiscal_year,
        duty=row.duty,
        subject=row.subject,
        state=state,
        due_on=due_on,
        days_late=late if met is None else met.days_late,
        days_left=days_between(day, due_on) if due_on is not None and state in {"not_due", "due_soon"} else None,
        submitted_on=hand.submitted_on,
        correct_by=hand.correct_by,
        met_on=None if met is None else met.met_on,
        overdue=None if recorded is None or recorded.due_on != due_on else recorded,
        waiver=row.waived if state == "waived" else None,
        due_history=tuple(
            DueDateOn(due=version.value, valid_from=version.effective_on, valid_to=ends)
            for version, ends in stretches(row.due)
            if version.value is not None
        ),
        turns=until(row.turns, day),
    )


def _state(row: ObligationRow, met: Met | None, hand: _InHand, due_on: date | None, day: date) -> DutyState:
    if met is not None and met.days_late is not None:
        return "met_late" if met.days_late > 0 else "met_on_time"
    if row.waived is not None and row.waived.trace.effective_on <= day:
        return "waived"
    if due_on is None:
        return "due_date_unknown"
    if hand.in_time(due_on, day):
        return "in_hand"
    if due_on < day:
        return "overdue"
    return "due_soon" if days_between(day, due_on) <= SOON_DAYS else "not_due"


def duties(
    rows: Rows,
    day: date,
    *,
    unit: str | None = None,
    fiscal_year: int | None = None,
    duty: str | None = None,
    states: Sequence[DutyState] = (),
) -> tuple[Duty, ...]:
    """Return the duties that had begun by a day, by id; `unit` is the one that had each on that day."""
    found = (at(row, day) for row in rows.rows(READ_MODEL, fiscal_year=fiscal_year))
    return tuple(
        each
        for each in found
        if each is not None
        and unit in {None, each.unit}
        and duty in {None, each.duty}
        and (not states or each.state in states)
    )


def duty(rows: Rows, day: date, *, key: str) -> Duty | None:
    """Return one duty by its id on a day, or None."""
    row = rows.row(READ_MODEL, key)
    return None if row is None else at(row, day)


def late(
    rows: Rows, day: date, *, unit: str | None = None, fiscal_year: int | None = None, duty: str | None = None
) -> tuple[Duty, ...]:
    """Return who is late on a day: overdue duties, the longest first."""
    found = duties(rows, day, unit=unit, fiscal_year=fiscal_year, duty=duty, states=("overdue",))
    return tuple(sorted(found, key=lambda each: (each.due_on or day, each.id)))


READ_MODEL = ReadModel(
    name="obligation_calendar",
    row=ObligationRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("obligation_calendar"),
    streams=frozenset({"obligation"}),
)
