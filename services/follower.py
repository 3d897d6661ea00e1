"""Follows the log of an institution and folds it into the live read models, exactly once."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, NamedTuple

from projections.catalogue import READ_MODELS
from projections.keyed_fold import KeyedFold
from projections.read_model import ReadModel
from services.clock import Clock
from services.dialect import let_commit_be_lost
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.folding import NOTHING_KNOWN, Known, fold_page, store_page
from services.generations import PositionMovedError, lock, move
from services.milestones import lay
from services.read_tables import LiveRows, ReadTables, Stand
from services.rebuilding import Rebuilder, Rebuilt

PAGE = 10_000
"""So large because a row that many events of a page change is read and written once for all of them."""


class Follower:
    """Folds page by page: rows and position of a page are one transaction."""

    def __init__(self, log: EventLog, codec: Codec, tables: ReadTables, clock: Clock) -> None:
        self._log = log
        self._codec = codec
        self._tables = tables
        self._clock = clock
        self._rebuilder = Rebuilder(log, codec, tables, clock)
        self._lock = Lock()

    def catch_up(self, institution: str) -> int:
        """Fold all that was committed by now, and return the position reached; rows of another shape are replaced."""
        with self._lock:
            step = self._fold_page(institution, NOTHING_KNOWN)
            if step.outdated:
                self._rebuilder.replace_outdated(institution)
                step = self._fold_page(institution, NOTHING_KNOWN)
            while step.more:
                step = self._fold_page(institution, step.known)
            return step.known.position

    def position(self, institution: str) -> int:
        """Return the position that the read models stand at."""
        return self.stand(institution).position

    def stand(self, institution: str) -> Stand:
        """Return where the read models stand, and whether their rows are those of another program."""
        return self._tables.stand(institution)

    def rebuild(
        self,
        institution: str,
        models: Sequence[ReadModel[Any]] = READ_MODELS,
        progress: Callable[[int], None] = lambda _position: None,
    ) -> Rebuilt:
        """Follow, then replace read models by a new fold of the log that was made beside them; see `Rebuilder`."""
        self.catch_up(institution)
        return self._rebuilder.rebuild(institution, models, progress)

    def _fold_page(self, institution: str, known: Known) -> "_Step":
        """Fold the next page, if there is one; rows and position are read at one instant."""
        with self._tables.snapshot(institution) as live:
            step, folds = self._fold(live, known)
        if folds is not None:
            try:
                self._store(live, folds, step.known.position)
            except PositionMovedError:  # another process followed this page first, or the rows were replaced
                return self._fold_locked(institution)
        return step

    def _fold_locked(self, institution: str) -> "_Step":
        """Fold the next page while nobody else moves or replaces rows.

        Whoever was overtaken once would be again: a retry of parked keys takes the lock page after page.
        """
        with self._tables.engine.begin() as connection:
            lock(connection, institution)
            live = LiveRows(connection, institution)
            step, folds = self._fold(live)
            if folds is not None:
                self._write(live, folds, step.known.position)
        return step

    def _fold(self, live: LiveRows, known: Known = NOTHING_KNOWN) -> tuple["_Step", Sequence[KeyedFold[Any]] | None]:
        """Fold the page after the rows into them; return where that leads, and what is to be stored, if anything is."""
        page = self._log.read(live.institution, after=live.position(), limit=PAGE)
        if not page or live.stand.outdated:
            return _Step(Known(live.position()), more=False, outdated=live.stand.outdated), None
        folds = fold_page(live, READ_MODELS, [self._codec.decode(entry) for entry in page], known)
        return _Step(Known.after(page[-1].id, live.stand.generation, folds), more=len(page) == PAGE), folds

    def _store(self, live: LiveRows, folds: Sequence[KeyedFold[Any]], after: int) -> None:
        with self._tables.engine.begin() as connection:
            self._write(LiveRows(connection, live.institution, live.stand), folds, after)

    def _write(self, live: LiveRows, folds: Sequence[KeyedFold[Any]], after: int) -> None:
        """Store a page within the transaction of `live`; the position moves first, which makes sure of the rows."""
        let_commit_be_lost(live.connection)
        move(live.connection, live.institution, live.stand, after)
        store_page(live, folds, self._clock.now())
        lay(live, READ_MODELS, after)


class _Step(NamedTuple):
    """What is known where following has come to, and whether more may be to follow; `outdated` rows take nothing."""

    known: Known
    more: bool
    outdated: bool = False
