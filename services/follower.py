"""Follows the log of an institution and folds it into the live read models, exactly once."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from threading import Lock

from domain.event import Event, RecordedEvent
from projections.catalogue import READ_MODELS
from projections.read_model import Row
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.read_tables import LiveRows, PositionMovedError, ReadTables

PAGE = 500


class Follower:
    """Folds page by page: rows and position of a page are one transaction."""

    def __init__(self, log: EventLog, codec: Codec, tables: ReadTables) -> None:
        self._log = log
        self._codec = codec
        self._tables = tables
        self._lock = Lock()

    def catch_up(self, institution: str) -> int:
        """Fold all that is committed, and return the position reached; rows of another shape are folded anew."""
        with self._lock:
            if self._tables.outdated(institution):
                self._tables.forget(institution)
            while self._fold_page(institution):
                pass
            return self.position(institution)

    def _fold_page(self, institution: str) -> bool:
        """Fold the next page, and say whether there was one; rows and position are read at one instant."""
        with self._tables.snapshot(institution) as live:
            position = live.position()
            page = self._log.read(institution, after=position, limit=PAGE)
            changes = self._fold(live, [self._codec.decode(entry) for entry in page])
        if not page:
            return False
        with suppress(PositionMovedError):  # another process followed this page first
            self._tables.store(institution, changes, before=position, after=page[-1].id)
        return True

    def position(self, institution: str) -> int:
        """Return the position that the read models stand at."""
        with self._tables.engine.connect() as connection:
            return LiveRows(connection, institution).position()

    def rebuild(self, institution: str) -> int:
        """Throw the read models of an institution away and fold them again; return the position reached."""
        with self._lock:
            self._tables.forget(institution)
        return self.catch_up(institution)

    def _fold(self, live: LiveRows, events: Sequence[RecordedEvent[Event]]) -> dict[tuple[str, str], Row | None]:
        touched: dict[tuple[str, str], Row | None] = {}
        for model in READ_MODELS:
            keys = _in_order(key for event in events for key in model.keys(event))
            rows: dict[str, Row | None] = dict(live.many(model, keys)) if keys else {}
            for event in events:
                for key in model.keys(event):
                    rows[key] = model.evolve(key, rows.get(key), event)
                    touched[model.name, key] = rows[key]
        return touched


def _in_order(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(keys))
