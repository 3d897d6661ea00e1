"""A large log of real events: the years of a regency of 56 units, month by month, as batches that the log takes.

The cycles overlap as they do in life: while a year is measured, the one before is reported, evaluated and followed up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count, groupby
from typing import Final, NamedTuple

from domain.cycle import event_types
from domain.event import Event
from domain.institution import Capacity
from domain.organisation import events as organisations
from domain.stream import ORGANISATION, cycle, cycle_of
from services.event_log.codec import Codec
from services.event_log.contract import Batch, EventLog, NewEvent, Write
from tests.benchmarks.unit_year import year_of_unit

INSTITUTION: Final = "kab-gunungkidul"
FIRST_YEAR: Final = 2016
UNITS: Final = tuple(f"unit-{number:02d}" for number in range(56))
BATCH_EVENTS: Final = 400

_ANY_UNIT: Final = UNITS[0]
_CODEC: Final = Codec(event_types(), {})


class _Stored(NamedTuple):
    stream: str
    event: NewEvent


def batches(institution: str = INSTITUTION) -> Iterator[Batch]:
    """Yield batches of several hundred events on many streams, without end, in the order of their recording."""
    versions: dict[str, int] = {}
    waiting: list[_Stored] = []
    numbers = count(1)
    for month, stored in _months():
        waiting += stored
        if len(waiting) >= BATCH_EVENTS:
            number = next(numbers)
            yield _batch(institution, f"regency-{number}", _recorded_at(month, number), waiting, versions)
            waiting = []


def month_of(
    year: int, month: int, units: Sequence[str], versions: dict[str, int], *, at_once: int = BATCH_EVENTS
) -> Iterator[Batch]:
    """Yield what units record in a month of their cycle of a year (0: its January), in batches of `at_once` events.

    For months in order of a year that the log has nothing of; `versions` are those of its streams, and move on.
    """
    stored = [_of_unit(each, unit) for unit in units for each in _recorded_in(year, month)]
    for first in range(0, len(stored), at_once):
        command_id = f"regency-{units[0]}-{year}-{month}-{first}"
        recorded_at = _recorded_at((year - FIRST_YEAR) * 12 + month, first)
        yield _batch(INSTITUTION, command_id, recorded_at, stored[first : first + at_once], versions)


def fill(log: EventLog, size: int, institution: str = INSTITUTION) -> None:
    """Append to an empty log until it has `size` events; the last batch is cut there, whatever it would have told."""
    missing = size
    for batch in batches(institution):
        log.append(_first(batch, missing))
        missing -= sum(len(write.events) for write in batch.writes)
        if missing <= 0:
            return


def _first(batch: Batch, events: int) -> Batch:
    """Return a batch, or at most so many events of it."""
    writes = []
    for write in batch.writes:
        kept = write.events[:events]
        writes += [replace(write, events=kept)] if kept else []
        events -= len(kept)
    return replace(batch, writes=tuple(writes))


def _batch(
    institution: str, command_id: str, recorded_at: datetime, stored: Sequence[_Stored], versions: dict[str, int]
) -> Batch:
    by_stream: dict[str, list[NewEvent]] = {}
    for stream, event in stored:
        by_stream.setdefault(stream, []).append(event)
    writes = []
    for stream, events in by_stream.items():
        expected = versions.get(stream, 0)
        versions[stream] = expected + len(events)
        writes.append(Write(stream=stream, expected=expected, events=tuple(events)))
    return Batch(
        institution=institution,
        command_id=command_id,
        digest="digest",
        writes=tuple(writes),
        actor_id="sari",
        actor_role="organisation_bureau",
        actor_unit="setda",
        origin="simulated",
        recorded_at=recorded_at,
    )


def _recorded_at(month: int, seconds: int) -> datetime:
    year, in_year = divmod(month, 12)
    return datetime(FIRST_YEAR + year, in_year + 1, 28, 3, tzinfo=UTC) + timedelta(seconds=seconds)


def _months() -> Iterator[tuple[int, list[_Stored]]]:
    """Yield what is recorded in each month, unit by unit, with the number of the month since the first January."""
    yield 0, [_stored(ORGANISATION, body, None) for body in _founding()]
    for month in count():
        year, in_year = divmod(month, 12)
        if in_year == 0:
            opened = organisations.FiscalYearOpened(
                effective_on=date(FIRST_YEAR + year, 1, 2), fiscal_year=FIRST_YEAR + year, entities=UNITS
            )
            yield month, [_stored(ORGANISATION, opened, None)]
        for unit in UNITS:
            yield month, [_of_unit(each, unit) for each in _recorded_in(FIRST_YEAR + year, in_year)]
            if year:
                yield month, [_of_unit(each, unit) for each in _recorded_in(FIRST_YEAR + year - 1, in_year + 12)]


@cache
def _recorded_in(year: int, month: int) -> tuple[_Stored, ...]:
    return _cycle_by_month(year).get(month, ())


@cache
def _cycle_by_month(year: int) -> dict[int, tuple[_Stored, ...]]:
    told = sorted(year_of_unit(_ANY_UNIT, year), key=lambda each: each.month)
    return {
        month: tuple(_stored(each.stream, each.body, cycle(_ANY_UNIT, year)) for each in of_month)
        for month, of_month in groupby(told, key=lambda each: each.month)
    }


def _stored(stream: str, body: Event, correlation: str | None) -> _Stored:
    found = cycle_of(stream)
    year = None if found is None else found[1]
    return _Stored(stream, _CODEC.new_event(body, fiscal_year=year, correlation=correlation))


def _of_unit(stored: _Stored, unit: str) -> _Stored:
    """Return the same for another unit: what is written once is not encoded 56 times."""
    event = stored.event
    return _Stored(
        stored.stream.replace(_ANY_UNIT, unit),
        NewEvent(
            type=event.type,
            payload=event.payload.replace(_ANY_UNIT.encode(), unit.encode()),
            effective_on=event.effective_on,
            fiscal_year=event.fiscal_year,
            correlation=cycle(unit, event.fiscal_year or FIRST_YEAR),
        ),
    )


def _founding() -> Iterator[Event]:
    began = date(FIRST_YEAR, 1, 1)
    yield organisations.InstitutionFounded(
        effective_on=began,
        institution=INSTITUTION,
        name="Kabupaten Gunungkidul",
        level="kabupaten",
        time_zone="Asia/Jakarta",
        head_unit="pemda",
    )
    for unit in UNITS:
        yield organisations.UnitEstablished(effective_on=began, unit=unit, name=f"Perangkat Daerah {unit}")
        yield organisations.OfficialAppointed(
            effective_on=began, unit=unit, person=f"kepala-{unit}", position="Kepala", capacity=Capacity.DEFINITIVE
        )
