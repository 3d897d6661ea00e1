"""The keys of read models that failed: listed, and folded anew page by page once the fault is mended."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete

from domain.errors import ReadModelParked, RowsOutdated
from domain.event import Event, RecordedEvent
from projections.catalogue import READ_MODELS
from projections.keyed_fold import WHOLE, KeyedFold, reason_of
from projections.read_model import ReadModel, parked_key
from services.clock import Clock
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.folding import decoded, fold_keyed, store_page
from services.generations import lock
from services.milestones import keep, laid
from services.read_tables import LiveRows, ParkedSince, ReadTables

PAGE = 2_000
"""How many events one transaction folds, during which nobody follows and, on SQLite, nobody appends.

The last ones, which fold what was followed since the retry began, go on to the next milestone or the end.
"""

PAUSE = 0.2
"""How long a retry pauses after a page, in parts of what that took: SQLite gives its lock to whoever asks just then."""

ModelKey = tuple[str, str]
"""Read model and key; the key `*` is the read model as a whole."""

_RELEASE = delete(parked_key).where(
    *(parked_key.c[name] == bindparam(name) for name in ("institution", "model", "generation", "key"))
)


class _Page(NamedTuple):
    """A stretch of the log, the first position not included, of those that a retry has before it until an end.

    It `is_laid` where there is a milestone at its last position.
    """

    after: int
    until: int
    end: int
    is_laid: bool


class Parking:
    """Lists what is parked in an institution, and retries it."""

    def __init__(self, log: EventLog, codec: Codec, tables: ReadTables, clock: Clock) -> None:
        self._log = log
        self._codec = codec
        self._tables = tables
        self._clock = clock

    def parked(self, institution: str) -> list[ParkedSince]:
        """Return the parked keys in the order of the positions that they stopped at."""
        with self._tables.snapshot(institution) as live:
            return live.parked(READ_MODELS)

    def retry(
        self,
        institution: str,
        chosen: Collection[ModelKey] | None = None,
        progress: Callable[[int], None] = lambda _position: None,
    ) -> list[ParkedSince]:
        """Fold parked keys (by default all) on from where they stopped, and return those of them that are parked then.

        Each page is a transaction of its own: rows, milestones and what is parked. Until a key comes to where the rows
        in use stand (or has its one event, where it is of one), it is parked again where a page ends: what is followed
        meanwhile waits there, and where the retry ends early the next one goes on from there. What fails again is
        parked where it fails then. `progress` is told where each page ends, of one read model after the other.

        Raises:
            RowsOutdated: the rows in use have the shape of another program, and will be replaced.
            ReadModelParked: `keys` of a read model fails at an event that it has named the rows of before.
        """
        for model in READ_MODELS:
            with self._tables.snapshot(institution) as live:
                goal, stopped = live.position(), {each.key for each in live.parked([model])}
            due = stopped if chosen is None else {key for key in stopped if (model.name, key) in chosen}
            while due:
                began = time.monotonic()
                reached, due = self._go_on(institution, model, due, goal)
                progress(reached)
                time.sleep((time.monotonic() - began) * PAUSE)
        return [each for each in self.parked(institution) if chosen is None or (each.model, each.key) in chosen]

    def _go_on(self, institution: str, model: ReadModel[Any], due: set[str], goal: int) -> tuple[int, set[str]]:
        """Fold a page into those of some keys that are parked still; return its end, and which have more before them.

        What is parked is asked anew: others may have followed, retried or rebuilt since the page before.
        """
        with self._tables.engine.begin() as connection:
            lock(connection, institution)
            live = LiveRows(connection, institution)
            if live.stand.outdated:
                raise RowsOutdated(position=live.position())
            parked = {each.key: each for each in live.parked([model])}
            begin = {key: parked[key].position for key in due & parked.keys()}
            if not begin:
                return goal, set()
            page = self._page(live, model, parked, begin, goal)
            fold = KeyedFold(model, parked={key: each for key, each in parked.items() if key not in begin})
            keyed = [(event, _due(fold, event, begin)) for event in self._events(live, model, page)]
            fold_keyed(live, fold, keyed)
            left = _park_again(fold, parked, begin, page, _counted(keyed, begin))
            self._store(live, fold, begin.keys() - left)
            if page.is_laid:
                keep(live, model, page.until)
            return page.until, left

    def _page(
        self,
        live: LiveRows,
        model: ReadModel[Any],
        parked: Mapping[str, ParkedSince],
        begin: Mapping[str, int],
        goal: int,
    ) -> _Page:
        """Return what the next page is.

        As long as the read model is parked as a whole, its keys go only so far. A page ends at a milestone, which
        lacked the keys, and beyond the goal nowhere else: so the retry ends, whatever is followed meanwhile.
        """
        whole = parked.get(WHOLE) if WHOLE not in begin else None
        end = live.position() if whole is None else whole.position - 1
        after = min(begin.values()) - 1
        enough = after + PAGE if after + PAGE < goal else end
        next_laid = next(iter(laid(live, model, after)), None)
        until = min(each for each in (end, enough, next_laid) if each is not None)
        return _Page(after, until, end, is_laid=until == next_laid)

    def _events(self, live: LiveRows, model: ReadModel[Any], page: _Page) -> Sequence[RecordedEvent[Event]]:
        if page.until <= page.after:
            return ()
        limit = page.until - page.after
        found = self._log.read(live.institution, after=page.after, limit=limit, until=page.until)
        return decoded(self._codec, [model], found)

    def _store(self, live: LiveRows, fold: KeyedFold[Any], released: Collection[str]) -> None:
        """Store rows and what is parked; what failed again is parked since now."""
        if released:
            live.connection.execute(_RELEASE, [{**live.address(fold.model), "key": key} for key in released])
        store_page(live, [fold], self._clock.now())


def _due(fold: KeyedFold[Any], event: RecordedEvent[Event], begin: Mapping[str, int]) -> Sequence[str]:
    """Return the keys that an event is still to be folded into.

    Before the position at which the read model was parked as a whole its other rows have this event already: there it
    must not be parked as a whole, and a failure of `keys` ends the retry.
    """
    if WHOLE in begin and event.position >= begin[WHOLE]:
        return fold.keys(event)
    try:
        named = fold.model.keys(event)
    except MemoryError:
        raise
    except Exception as fault:
        where = {"model": fold.model.name, "key": WHOLE, "position": event.position}
        raise ReadModelParked(**where, reason=reason_of(fault)) from fault
    return [key for key in named if event.position >= begin.get(key, event.position + 1)]


def _counted(
    keyed: Sequence[tuple[RecordedEvent[Event], Sequence[str]]], begin: Mapping[str, int]
) -> Mapping[str, int]:
    """Count the events of a page that waited for each key; those since the whole was parked waited for that alone."""
    whole = begin.get(WHOLE)
    waited = Counter(key for event, keys in keyed if whole is None or event.position < whole for key in keys)
    waited[WHOLE] = sum(whole is not None and event.position >= whole for event, _ in keyed)
    return waited


def _park_again(
    fold: KeyedFold[Any],
    parked: Mapping[str, ParkedSince],
    begin: Mapping[str, int],
    page: _Page,
    counted: Mapping[str, int],
) -> set[str]:
    """Let keys that failed again say what waits beyond the page, park those that have more before them where it ends.

    Not at the next event that waits for a key: a milestone may lie before that. Return those that have; there are none
    where the read model failed again as a whole, since nothing was folded from there on. A
    row of one event has nothing more before it.
    """
    left, ended = set[str](), page.until >= page.end or WHOLE in begin.keys() & fold.parked.keys()
    for key in begin:
        rest = parked[key].beyond(page.until, counted[key])
        if key in fold.parked:
            fold.halt(fold.parked[key].and_all(rest))
        elif not (ended or (fold.model.of_event and key != WHOLE and parked[key].position <= page.until)):
            left.add(key)
            if parked[key].position <= page.until:
                fold.halt(rest)
    return left
