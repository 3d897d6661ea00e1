"""Follows the log of an institution and folds it into the live read models, exactly once."""

from collections.abc import Iterable, Sequence
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
        """Fold all that is committed, and return the position reached."""
        with self._lock:
            position = self.position(institution)
            while page := self._log.read(institution, after=position, limit=PAGE):
                events = [self._codec.decode(entry) for entry in page]
                changes = self._fold(institution, events)
                try:
                    self._tables.store(institution, changes, before=position, after=events[-1].position)
                except PositionMovedError:  # another process followed this page first
                    position = self.position(institution)
                else:
                    position = events[-1].position
            return position

    def position(self, institution: str) -> int:
        """Return the position that the read models stand at."""
        with self._tables.engine.connect() as connection:
            return LiveRows(connection, institution).position()

    def rebuild(self, institution: str) -> int:
        """Throw the read models of an institution away and fold them again; return the position reached."""
        with self._lock:
            self._tables.forget(institution)
        return self.catch_up(institution)

    def _fold(self, institution: str, events: Sequence[RecordedEvent[Event]]) -> dict[tuple[str, str], Row | None]:
        touched: dict[tuple[str, str], Row | None] = {}
        with self._tables.engine.connect() as connection:
            live = LiveRows(connection, institution)
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
