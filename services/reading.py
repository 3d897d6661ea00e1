"""Answers as of any moment: `known_at` selects the events that were known, `valid_on` selects inside the rows."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from domain.errors import (
    KnownAtBeforeFirst,
    KnownAtInFuture,
    KnownAtMalformed,
    ReadModelParked,
    RowsOutdated,
    ValidOnMalformed,
)
from domain.event import Event, RecordedEvent
from domain.stream import cycle
from projections import audit_trail
from projections.keyed_fold import Parked
from projections.read_model import ReadModel, Rows
from projections.replay import ReplayedRows
from services.clock import Clock, local_day
from services.command_handler import CommandHandler
from services.event_log.codec import Codec
from services.event_log.contract import EventLog, LogEntry
from services.folding import decoded
from services.past_rows import PastRows
from services.read_tables import LiveRows, ReadTables

PAGE = 2_000
_POSITION = re.compile(r"[0-9]{1,15}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


MARKED = 100
"""How many parked keys an answer names at most."""


class ParkedMark(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a read model whose row stopped at a position; `*` stands for all keys."""

    model: str
    key: str
    position: int


Cycle = tuple[str, int]
"""Unit and fiscal year."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one institution at one position, and the day that is asked about; what the answer echoes.

    `parked` are the keys among them that stopped before that position.
    """

    institution: str
    rows: Rows
    position: int
    known_at: datetime
    valid_on: date
    parked: tuple[ParkedMark, ...] = ()


class Reader:
    """Opens views; live where nothing is said of `known_at`, else a replay up to that moment from a milestone on."""

    def __init__(
        self, *, log: EventLog, codec: Codec, tables: ReadTables, clock: Clock, handler: CommandHandler
    ) -> None:
        self._log = log
        self._codec = codec
        self._tables = tables
        self._clock = clock
        self._handler = handler

    @contextmanager
    def view(
        self,
        institution: str,
        models: Sequence[ReadModel[Any]],
        known_at: str | None = None,
        valid_on: str | None = None,
        of_cycle: Cycle | None = None,
    ) -> Iterator[View]:
        """Open a view for the read models that a question needs.

        `known_at` is a position, a local date (the end of that day) or an instant with its offset, by default now;
        `valid_on` a date, by default the local day of `known_at`. Raises a refusal for anything else, and for a moment
        before the first event or in the future. The position that the answer names gives it again.
        `of_cycle` says that nothing else is asked about: a replay then folds its events alone, if the models allow it,
        and rows of other cycles are as old as the milestone.

        Raises:
            RowsOutdated: the live rows have the shape of another program, or none was folded yet: they will be.
            ReadModelParked: a replay met an event that one of the read models fails at.
        """
        time_zone = self._handler.institution(institution).time_zone
        if known_at is None:
            now = self._clock.now()
            today = local_day(now, time_zone)
            with self._tables.snapshot(institution) as live:
                if live.stand.outdated or not live.position():
                    raise RowsOutdated(position=live.position())
                yield View(
                    institution=institution,
                    rows=live,
                    position=live.position(),
                    known_at=now,
                    valid_on=parse_day(valid_on, today),
                    parked=marks(live.parked(models, MARKED) if models else ()),
                )
            return
        position, instant = self._moment(institution, known_at, time_zone)
        with self._replayed(institution, models, position, of_cycle) as rows:
            for each in rows.parked():
                raise ReadModelParked(model=each.model, key=each.key, position=each.position)
            yield View(
                institution=institution,
                rows=rows,
                position=position,
                known_at=instant,
                valid_on=parse_day(valid_on, local_day(instant, time_zone)),
            )

    @contextmanager
    def live(self, institution: str) -> Iterator[LiveRows]:
        """Open the live rows as they stand at one instant."""
        with self._tables.snapshot(institution) as rows:
            yield rows

    def moment(self, institution: str, known_at: str) -> tuple[int, datetime]:
        """Return the last position known at a moment, and its instant; refuse what is not in the log."""
        return self._moment(institution, known_at, self._handler.institution(institution).time_zone)

    def _moment(self, institution: str, known_at: str, time_zone: str) -> tuple[int, datetime]:
        if _POSITION.fullmatch(known_at):
            return self._recorded(institution, int(known_at))
        instant = self._instant(known_at, time_zone)
        position = self._log.position_at(institution, instant)
        if position == 0:
            raise KnownAtBeforeFirst(known_at=known_at)
        return position, instant

    def events(
        self,
        institution: str,
        *,
        until: int | None = None,
        fiscal_year: int | None = None,
        wanted: Callable[[str], bool] = lambda _stream: True,
    ) -> Iterator[RecordedEvent[Event]]:
        """Yield the events of an institution up to a position, in order, or those of one fiscal year among them.

        What is in a stream that is not `wanted` is not decoded.
        """
        for entry in self.entries(institution, until=until, fiscal_year=fiscal_year):
            if wanted(str(entry.originator_id)):
                yield self._codec.decode(entry)

    def entries(
        self, institution: str, *, until: int | None = None, fiscal_year: int | None = None
    ) -> Iterator[LogEntry]:
        """Yield what the log holds up to a position, in order, or what is of one fiscal year among it.

        Only the stretch in which that lies is read, as far as the audit trail knows it.
        """
        after, last = (0, until) if fiscal_year is None else self._stretch(institution, until, fiscal_year)
        for page in self._read(institution, after, last):
            yield from (entry for entry in page if fiscal_year in {None, entry.fiscal_year})

    @contextmanager
    def _replayed(
        self, institution: str, models: Sequence[ReadModel[Any]], until: int, asked: Cycle | None
    ) -> Iterator[PastRows | ReplayedRows]:
        """Open the rows as known at a position: from milestones on, of a cycle's own events alone where these suffice.

        Where rows are of another shape, or stopped before, everything is folded.
        """
        alone = asked if all(model.of_cycle for model in models) else None
        concerning = partial(self._concerning, institution, models, until, alone)
        with self._tables.snapshot(institution) as live:
            stopped = any(each.position <= until for each in live.parked(models, 1)) if models else False
            if live.stand.outdated or stopped:
                yield ReplayedRows(chain.from_iterable(concerning(0)), models)
            else:
                yield PastRows(live, models, concerning, until)

    def _stretch(self, institution: str, until: int | None, fiscal_year: int) -> tuple[int, int | None]:
        """Return after which position, and up to which, all events of a fiscal year lie; else the whole log."""
        model, end = audit_trail.READ_MODEL, self._log.head(institution) if until is None else until
        with self._tables.snapshot(institution) as live:
            if live.stand.outdated or live.position() < end or live.parked([model], 1):
                return 0, until
            first, last = live.stretch(model, fiscal_year, end)
        return max(first - 1, 0), last

    def _concerning(
        self, institution: str, models: Sequence[ReadModel[Any]], until: int, alone: Cycle | None, after: int
    ) -> Iterator[list[RecordedEvent[Event]]]:
        """Yield what may concern some read models between two positions, page by page, of one cycle alone or of all."""
        own = None if alone is None else self._log.read_cycle(institution, cycle(*alone), until, after)
        for page in self._read(institution, after, until) if own is None else (own,):
            yield decoded(self._codec, models, page)

    def _read(self, institution: str, after: int, until: int | None) -> Iterator[Sequence[LogEntry]]:
        while page := self._log.read(institution, after=after, limit=PAGE, until=until):
            yield page
            after = page[-1].id

    def _recorded(self, institution: str, position: int) -> tuple[int, datetime]:
        if position == 0:
            raise KnownAtBeforeFirst(known_at=position)
        entries = self._log.read(institution, after=position - 1, limit=1)
        if not entries:
            raise KnownAtInFuture(known_at=position, head=self._log.head(institution))
        return position, entries[0].recorded_at

    def _instant(self, known_at: str, time_zone: str) -> datetime:
        now = self._clock.now()
        zone = ZoneInfo(time_zone)
        try:
            if _DAY.fullmatch(known_at):
                day = date.fromisoformat(known_at)
                if day > local_day(now, time_zone):
                    raise KnownAtInFuture(known_at=known_at)
                end = datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
                return min(end.astimezone(now.tzinfo), now)
            local = datetime.fromisoformat(known_at)
            if local.tzinfo is None:
                raise KnownAtMalformed(known_at=known_at)
            instant = local.astimezone(now.tzinfo)  # overflows at both ends of the calendar
        except (ValueError, OverflowError) as error:
            raise KnownAtMalformed(known_at=known_at) from error
        if instant > now:
            raise KnownAtInFuture(known_at=known_at)
        return instant


def marks(parked: Iterable[Parked]) -> tuple[ParkedMark, ...]:
    """Return what answers say of parked keys."""
    return tuple(ParkedMark(model=each.model, key=each.key, position=each.position) for each in parked)


def parse_day(text: str | None, default: date) -> date:
    """Read a date, or take the default where none is given; refuse what is no date."""
    if text is None:
        return default
    if not _DAY.fullmatch(text):
        raise ValidOnMalformed(valid_on=text)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValidOnMalformed(valid_on=text) from error
