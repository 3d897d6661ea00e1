"""How far did a unit reach its targets, period by period and for the year?"""

from datetime import date
from decimal import Decimal
from typing import Any, assert_never

import msgspec
from msgspec import Struct

from domain.achievement import average_of
from domain.event import RecordedEvent
from domain.indicator import Realised
from domain.measurement.events import (
    MeasurementEvent,
    MeasurementOpened,
    PeriodLocked,
    PeriodReopened,
    PeriodReturned,
    PeriodSubmitted,
    PeriodVerified,
    RealisationCorrected,
    RealisationRecorded,
)
from domain.opening import Opening
from domain.realisation import Realisation
from domain.sealed_text import SealedText
from domain.stream import category_of, cycle, cycle_of
from projections.commitment_achievement import Achieved, CommitmentAchievement, Measured, RealisationEntry, achieved
from projections.commitment_ledger import Ledger, evolve_ledger
from projections.period_steps import PeriodOn, PeriodSteps, evolve_periods, periods_on
from projections.read_model import ReadModel, Row, Rows, rows_table
from projections.timeline import Trace, trace_of


class RealisationRevision(Struct, frozen=True, kw_only=True):
    """A realisation that was put right: stream version, value before and after, reason, and who did it when."""

    commitment: str
    period: str
    version: int
    before: Realised | None
    after: Realised
    reason: SealedText
    trace: Trace


class AchievementRow(Row, frozen=True, kw_only=True):
    """Targets and realisations of a unit and year, from two streams under the key `unit/year`.

    `measured` is by commitment: a unit that measures fifty commitments every month has six hundred figures.
    """

    opening: Opening | None = None
    opened_on: date | None = None
    ledger: Ledger = Ledger()
    measured: dict[str, tuple[Measured, ...]] = msgspec.field(default_factory=dict)
    periods: tuple[PeriodSteps, ...] = ()
    revisions: tuple[RealisationRevision, ...] = ()


class UnitAchievement(Struct, frozen=True, kw_only=True):
    """The achievement of a unit and year on a day, in percent.

    `average` (uncapped) and `average_capped` are unrounded means over the `counted` year figures that were computed;
    `left_out` were not, and count as nothing: neither 0 nor 100.
    """

    unit: str
    fiscal_year: int
    opening: Opening | None
    commitments: tuple[CommitmentAchievement, ...]
    average: Decimal | None
    average_capped: Decimal | None
    counted: int
    left_out: int
    periods: tuple[PeriodOn, ...]
    revisions: tuple[RealisationRevision, ...]


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the row of the unit and year, for events of the agreement and of the measurement."""
    found = cycle_of(event.stream) if category_of(event.stream) in {"agreement", "measurement"} else None
    return () if found is None else (cycle(*found),)


def evolve(key: str, row: AchievementRow | None, event: RecordedEvent[Any]) -> AchievementRow:
    """Fold one event of an agreement or a measurement."""
    if row is None:
        unit, _, year = key.partition("/")
        row = AchievementRow(key=key, unit=unit, fiscal_year=int(year))
    if category_of(event.stream) == "agreement":
        return row.now(ledger=evolve_ledger(row.ledger, event))
    return _measured(row, event)


def _measured(row: AchievementRow, event: RecordedEvent[MeasurementEvent]) -> AchievementRow:
    match event.body:
        case MeasurementOpened(opening=opening, effective_on=opened_on):
            return row.now(opening=opening, opened_on=opened_on)
        case RealisationRecorded(realisation=realisation):
            return _recorded(row, event, realisation)
        case RealisationCorrected():
            return _corrected(row, event, event.body)
        case PeriodSubmitted() | PeriodVerified() | PeriodReturned() | PeriodLocked() | PeriodReopened():
            return row.now(periods=evolve_periods(row.periods, event))
        case _:
            assert_never(event.body)


def _recorded(row: AchievementRow, event: RecordedEvent[MeasurementEvent], realisation: Realisation) -> AchievementRow:
    entry = RealisationEntry(realisation=realisation, trace=trace_of(event))
    own = row.measured.get(realisation.commitment, ())
    known = next((each for each in own if each.period == realisation.period), None)
    old = known or Measured(commitment=realisation.commitment, period=realisation.period)
    changed = msgspec.structs.replace(old, versions=old.versions.add(event.effective_on, event.version, entry))
    if known is None:
        return _with(row, realisation.commitment, (*own, changed))
    return _with(row, realisation.commitment, tuple(changed if each is known else each for each in own))


def _corrected(
    row: AchievementRow, event: RecordedEvent[MeasurementEvent], body: RealisationCorrected
) -> AchievementRow:
    right = RealisationEntry(realisation=body.realisation, trace=trace_of(event), reason=body.reason)
    own = row.measured.get(body.realisation.commitment, ())
    wrong = next((entry for each in own if (entry := each.entry(body.corrects))), None)
    revision = RealisationRevision(
        commitment=body.realisation.commitment,
        period=body.realisation.period.code,
        version=body.corrects,
        before=None if wrong is None else wrong.realisation.realised,
        after=body.realisation.realised,
        reason=body.reason,
        trace=right.trace,
    )
    measured = tuple(
        msgspec.structs.replace(each, versions=each.versions.correct(body.corrects, right))
        if each.versions.has(body.corrects)
        else each
        for each in own
    )
    return _with(row, body.realisation.commitment, measured).now(revisions=(*row.revisions, revision))


def _with(row: AchievementRow, commitment: str, measured: tuple[Measured, ...]) -> AchievementRow:
    return row.now(measured={**row.measured, commitment: measured})


def at(row: AchievementRow, day: date, compute: Achieved = achieved) -> UnitAchievement | None:
    """Return the achievement on a day, or None where there was neither a commitment nor a measurement yet.

    `compute` gives that of one commitment; whoever follows a row through the log passes one that remembers.
    """
    if row.unit is None or row.fiscal_year is None or not _begun(row, day):
        return None
    commitments = tuple(
        compute(entry, row.measured.get(entry.commitment.id, ()), row.fiscal_year, day) for entry in row.ledger.entries
    )
    years = [each.year.achievement for each in commitments]
    average, counted, left_out = average_of(years)
    return UnitAchievement(
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        opening=row.opening,
        commitments=commitments,
        average=average,
        average_capped=average_of(years, capped=True)[0],
        counted=counted,
        left_out=left_out,
        periods=periods_on(row.periods, day),
        revisions=row.revisions,
    )


def achievements(
    rows: Rows,
    day: date,
    *,
    unit: str | None = None,
    fiscal_year: int | None = None,
    compute: Achieved = achieved,
) -> tuple[UnitAchievement, ...]:
    """Return the achievement of each unit and year on a day, by unit and year."""
    found = (at(row, day, compute) for row in rows.rows(READ_MODEL, unit=unit, fiscal_year=fiscal_year))
    return tuple(each for each in found if each is not None)


def achievement(rows: Rows, day: date, *, unit: str, fiscal_year: int) -> UnitAchievement | None:
    """Return the achievement of a unit and year on a day, or None."""
    row = rows.row(READ_MODEL, cycle(unit, fiscal_year))
    return None if row is None else at(row, day)


def _begun(row: AchievementRow, day: date) -> bool:
    opened = row.opened_on is not None and row.opened_on <= day
    return opened or any(each.targets.at(day) is not None for each in row.ledger.entries)


READ_MODEL = ReadModel(
    name="achievement",
    row=AchievementRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("achievement"),
    streams=frozenset({"agreement", "measurement"}),
    of_cycle=True,
)
