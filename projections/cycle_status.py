"""Who has not filled in, and what?"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache
from typing import Any, Final, Literal

from msgspec import Struct

from domain.event import RecordedEvent
from domain.organisation.events import FiscalYearOpened
from domain.period import Frequency, Period, periods_of
from domain.stream import ORGANISATION, category_of, cycle, cycle_of
from projections.cycle_row import CycleRow, Promised, evolve
from projections.read_model import ReadModel, Rows, rows_table
from projections.timeline import last_until, status_on

QuarterState = Literal[
    "not_yet_due",
    "nothing_due",
    "not_in_source",
    "not_filled",
    "partly_filled",
    "filled",
    "submitted",
    "returned",
    "verified",
    "locked",
    "reopened",
]
"""`nothing_due`: no commitment is measured then. `not_in_source`: a publication says nothing of it. `filled`: every
figure is there and nothing is submitted."""

_CATEGORIES: Final = frozenset({"agreement", "measurement", "report", "evaluation", "recommendation"})
_SIGNED: Final = frozenset({"signed", "amended", "published"})
_HANDED_IN: Final = frozenset({"submitted", "accepted", "sent_outside", "published"})
_OWED: Final = frozenset({"not_filled", "partly_filled", "filled", "returned"})


class StageOn(Struct, frozen=True, kw_only=True):
    """How far a stage came by a day (null: not opened), and since when."""

    status: str | None
    since: date | None


class Quarter(Struct, frozen=True, kw_only=True):
    """A quarter on a day: answers that are due in it, those that are there, and the commitments without one."""

    period: str
    label: str
    state: str
    due: int
    filled: int
    missing: tuple[str, ...]


class NotFilled(Struct, frozen=True, kw_only=True):
    """Something that the unit should have handed in by now: a stage or period, and its name in Indonesian."""

    what: str
    label: str


class CycleStatus(Struct, frozen=True, kw_only=True):
    """A cycle on a day. `not_filled` is empty where nothing is owed; for history only what the source says is known."""

    unit: str
    fiscal_year: int
    year_opened_on: date | None
    from_source: bool
    agreement: StageOn
    measurement: StageOn
    quarters: tuple[Quarter, ...]
    report: StageOn
    evaluation: StageOn
    open_recommendations: int
    closed_recommendations: int
    not_filled: tuple[NotFilled, ...]


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the cycle of the event's stream; the opening of a year names that of each entity in being."""
    if isinstance(event.body, FiscalYearOpened):
        return tuple(cycle(entity, event.body.fiscal_year) for entity in event.body.entities)
    found = cycle_of(event.stream) if category_of(event.stream) in _CATEGORIES else None
    return () if found is None else (cycle(*found),)


def at(row: CycleRow, day: date) -> CycleStatus | None:
    """Return the cycle on a day, or None where neither its year nor a stage was open yet."""
    begun = row.year_opened is not None and row.year_opened.effective_on <= day
    if row.unit is None or row.fiscal_year is None:
        return None
    if not begun and all(status_on(each.steps, day) is None for each in row.stages):
        return None
    given = {(each.commitment, each.period) for own in row.answers.values() for each in own if each.given.at(day)}
    quarters = tuple(_quarter(row, period, given, day) for period in periods_of(row.fiscal_year, "quarter"))
    closed = [each.closed.at(day) for each in row.recommendations]
    agreement, report = _stage(row, "agreement", day), _stage(row, "report", day)
    return CycleStatus(
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        year_opened_on=row.year_opened.effective_on if row.year_opened is not None and begun else None,
        from_source=row.from_source,
        agreement=agreement,
        measurement=_stage(row, "measurement", day),
        quarters=quarters,
        report=report,
        evaluation=_stage(row, "evaluation", day),
        open_recommendations=closed.count(False),
        closed_recommendations=closed.count(True),
        not_filled=() if row.from_source else tuple(_owed(row.fiscal_year, agreement, quarters, report, day)),
    )


def cycle_statuses(
    rows: Rows, day: date, *, unit: str | None = None, fiscal_year: int | None = None
) -> tuple[CycleStatus, ...]:
    """Return every cycle that had begun by a day, by unit and year."""
    found = (at(row, day) for row in rows.rows(READ_MODEL, unit=unit, fiscal_year=fiscal_year))
    return tuple(each for each in found if each is not None)


def not_filled_in(
    rows: Rows, day: date, *, unit: str | None = None, fiscal_year: int | None = None
) -> tuple[CycleStatus, ...]:
    """Return the cycles in which something is owed on a day, those with most first."""
    found = cycle_statuses(rows, day, unit=unit, fiscal_year=fiscal_year)
    owing = (each for each in found if each.not_filled)
    return tuple(sorted(owing, key=lambda each: (-len(each.not_filled), each.unit, each.fiscal_year)))


def _stage(row: CycleRow, stage: str, day: date) -> StageOn:
    steps = row.steps(stage)
    last = last_until(steps, day)
    return StageOn(status=status_on(steps, day), since=None if last is None else last.trace.effective_on)


def _quarter(row: CycleRow, quarter: Period, given: AbstractSet[tuple[str, Period]], day: date) -> Quarter:
    """Return what is due in a quarter, of which commitments and periods an answer is `given`."""
    due = [(each.id, period) for each in row.promised for period in _due(each, quarter)]
    missing = [each for each in due if each not in given]
    steps = next((each.steps for each in row.periods if each.period == quarter), ())
    return Quarter(
        period=quarter.code,
        label=quarter.label,
        state=status_on(steps, day) or _state(row, quarter, len(due), len(missing), day),
        due=len(due),
        filled=len(due) - len(missing),
        missing=tuple(dict.fromkeys(commitment for commitment, _ in missing)),
    )


def _state(row: CycleRow, quarter: Period, due: int, missing: int, day: date) -> QuarterState:
    if quarter.last_day >= day:
        return "not_yet_due"
    if due == 0:
        return "nothing_due"
    if missing == 0:
        return "filled"
    if row.from_source:
        return "not_in_source"
    return "partly_filled" if missing < due else "not_filled"


def _due(promised: Promised, quarter: Period) -> Sequence[Period]:
    """Return the periods of a commitment that end in a quarter and in which it is to be measured."""
    ending = _ending_in(quarter, promised.frequency) if promised.targets else ()
    first = promised.measured_from
    return ending if first is None else [period for period in ending if period.last_day >= first.last_day]


@cache
def _ending_in(quarter: Period, frequency: Frequency) -> tuple[Period, ...]:
    """Return the periods that end in a quarter; of 404 quarters and four frequencies."""
    return tuple(each for each in periods_of(quarter.fiscal_year, frequency) if quarter.contains(each.last_day))


def _owed(
    fiscal_year: int, agreement: StageOn, quarters: tuple[Quarter, ...], report: StageOn, day: date
) -> Iterator[NotFilled]:
    if agreement.status not in _SIGNED:
        yield NotFilled(what="agreement", label=f"Perjanjian kinerja {fiscal_year}")
    for each in quarters:
        if each.state in _OWED:
            yield NotFilled(what=each.period, label=f"Pengukuran kinerja {each.label}")
    if day.year > fiscal_year and report.status not in _HANDED_IN:
        yield NotFilled(what="report", label=f"Laporan kinerja {fiscal_year}")


READ_MODEL = ReadModel(
    name="cycle_status",
    row=CycleRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("cycle_status"),
    streams=_CATEGORIES | {ORGANISATION},
)
