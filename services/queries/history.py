"""The log itself as an answer: the events of a year, of one unit's year, or of all, in order, with their envelopes."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from domain.actor import Actor
from domain.event import Origin
from domain.stream import cycle
from services.event_log.codec import Codec
from services.event_log.contract import EventLog, LogEntry

PAGE = 1_000


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is stored; `leaf_hash` (hexadecimal) covers every column, `body` are the event's own fields."""

    position: int
    stream: str
    version: int
    fiscal_year: int | None
    type: str
    recorded_at: datetime
    effective_on: date
    origin: Origin
    actor: Actor
    command_id: str
    index: int
    causation: int | None
    correlation: str | None
    leaf_hash: str
    body: Any


def history(
    log: EventLog,
    codec: Codec,
    institution: str,
    until: int,
    *,
    unit: str | None = None,
    fiscal_year: int | None = None,
) -> Iterator[HistoryEntry]:
    """Yield the events up to a position that belong to a unit and performance year, as far as these are given."""
    for entry in _entries(log, institution, until, unit, fiscal_year):
        yield _told(entry, codec)


def _entries(
    log: EventLog, institution: str, until: int, unit: str | None, fiscal_year: int | None
) -> Iterator[LogEntry]:
    if unit is not None:
        prefix = f"{unit}/" if fiscal_year is None else cycle(unit, fiscal_year)
        yield from log.read_cycle(institution, prefix, until)
        return
    after = 0
    while page := log.read(institution, after=after, limit=PAGE, until=until):
        yield from (entry for entry in page if fiscal_year in {None, entry.fiscal_year})
        after = page[-1].id


def _told(entry: LogEntry, codec: Codec) -> HistoryEntry:
    event = codec.decode(entry)
    return HistoryEntry(
        position=event.position,
        stream=event.stream,
        version=event.version,
        fiscal_year=event.fiscal_year,
        type=event.type,
        recorded_at=event.recorded_at,
        effective_on=event.effective_on,
        origin=event.origin,
        actor=event.actor,
        command_id=event.command_id,
        index=event.index,
        causation=event.causation,
        correlation=event.correlation,
        leaf_hash=entry.leaf_hash.hex(),
        body=event.body,
    )
