"""The log itself as an answer: its events with their envelopes, and what differs between two moments of it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from domain.actor import Actor
from domain.errors import (
    KnownAtBeforeFirst,
    KnownAtInFuture,
    KnownAtMalformed,
    MomentsReversed,
)
from domain.event import Origin
from domain.stream import cycle
from projections import organisation_chart
from services.clock import local_day
from services.difference import Difference, difference, typed_in, with_texts
from services.event_log.codec import Codec
from services.event_log.contract import EventLog, LogEntry
from services.queries.asked import OfDifference
from services.reading import Reader, View
from services.settling import Span
from services.year_file import demand_unit, events_of_year


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
    reader: Reader,
    log: EventLog,
    codec: Codec,
    institution: str,
    until: int,
    *,
    unit: str | None = None,
    fiscal_year: int | None = None,
) -> Iterator[HistoryEntry]:
    """Return the events up to a position that belong to a unit and performance year, as far as these are given.

    It is the log that is read for it, and nothing that is derived from it.
    """
    entries: Iterable[LogEntry]
    if unit is None:
        everything = reader.entries(institution, until=until)
        entries = (entry for entry in everything if fiscal_year in {None, entry.fiscal_year})
    else:
        prefix = f"{unit}/" if fiscal_year is None else cycle(unit, fiscal_year)
        entries = log.read_cycle(institution, prefix, until)
    return (_told(entry, codec) for entry in entries)


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


def year_difference(
    reader: Reader,
    log: EventLog,
    view: View,
    asked: OfDifference,
    *,
    most: int | None = None,
    progress: Callable[[int], None] = lambda _position: None,
) -> Difference:
    """Return what differs, typed texts resolved; the view holds the organisation chart.

    The day of valid time is that of the view, or the local day of `later` where only that is given.

    Raises:
        DifferenceTooLarge: what more than `most` events changed would have to be compared.
        UnitUnknown: the unit was not known by then.
        KnownAtMalformed: `earlier` or `later` is no moment; KnownAtBeforeFirst, KnownAtInFuture likewise.
        MomentsReversed: `earlier` lies after `later`.
    """
    demand_unit(view, asked.unit)
    later, day = view.position, view.valid_on
    if asked.later is not None:
        later, instant = _moment(reader, view, "later", asked.later)
        day = _day(view, instant) if asked.valid_on is None else day
    earlier = None if asked.earlier is None else _moment(reader, view, "earlier", asked.earlier)[0]
    if earlier is not None and earlier > later:
        raise MomentsReversed(earlier=asked.earlier, later=later)
    span = Span(year=asked.fiscal_year, unit=asked.unit, day=day, against=asked.against, earlier=earlier, later=later)
    names = organisation_chart.names(view.rows, day)
    events = events_of_year(reader, view.institution, span.year, span.unit, until=later)
    found = difference(events, span, names, most=most, progress=progress)
    digests = typed_in(found)
    return with_texts(found, log.texts(view.institution, digests) if digests else {})


def _moment(reader: Reader, view: View, field: str, moment: str) -> tuple[int, datetime]:
    """Resolve a moment; what makes no sense, or lies beyond the view, is refused under the name of its field."""
    try:
        position, instant = reader.moment(view.institution, moment)
    except (KnownAtMalformed, KnownAtBeforeFirst, KnownAtInFuture) as refusal:
        raise type(refusal)(**{field: moment}) from refusal
    if position > view.position:
        raise KnownAtInFuture(**{field: moment}, known_at=view.position)
    return position, instant


def _day(view: View, instant: datetime) -> date:
    institution = organisation_chart.institution(view.rows, date.max)
    return view.valid_on if institution is None else local_day(instant, institution.time_zone)
