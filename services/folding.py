"""Folds a page of events into rows that lie in the database, and stores what changed, one statement for many rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import delete

from domain.event import Event, RecordedEvent
from domain.stream import category_of
from projections.keyed_fold import KeyedFold
from projections.read_model import ReadModel, Row, parked_key
from projections.row_codec import decode_row, pack_row
from services.dialect import store, store_new
from services.event_log.codec import Codec
from services.event_log.contract import LogEntry
from services.milestones import note_removed
from services.read_tables import AT_ONCE, LiveRows, Stand

Keyed = Iterable[tuple[RecordedEvent[Any], Iterable[str]]]
"""Events, and the keys of one read model that each of them is to be folded into."""


def decoded(codec: Codec, models: Iterable[ReadModel[Any]], page: Iterable[LogEntry]) -> list[RecordedEvent[Event]]:
    """Return the events of a page that may concern some read models; the others are not even decoded."""
    every = [model.streams for model in models]
    if None in every:
        return [codec.decode(entry) for entry in page]
    wanted = frozenset[str]().union(*(each for each in every if each is not None))
    return [codec.decode(entry) for entry in page if category_of(str(entry.originator_id)) in wanted]


class Known(NamedTuple):
    """The rows that a page changed, as they stand where it ended: the next page need not read them."""

    position: int = -1
    generation: int = -1
    rows: Mapping[str, Mapping[str, Row | None]] = {}

    @classmethod
    def after(cls, position: int, generation: int, folds: Iterable[KeyedFold[Any]]) -> "Known":
        """Return what is known when a page was stored; what is of one event is never asked for again."""
        rows = {
            fold.model.name: {key: fold.rows[key] for key in fold.touched} for fold in folds if not fold.model.of_event
        }
        return cls(position, generation, rows)

    def of(self, stand: Stand, model: str) -> dict[str, Any]:
        """Return the rows of a read model, none where they are not at that stand."""
        fits = (self.position, self.generation) == (stand.position, stand.generation)
        return dict(self.rows.get(model, {})) if fits else {}


NOTHING_KNOWN = Known()


def fold_page(
    live: LiveRows,
    models: Sequence[ReadModel[Any]],
    events: Sequence[RecordedEvent[Any]],
    known: Known = NOTHING_KNOWN,
) -> list[KeyedFold[Any]]:
    """Fold events into the rows as they stand; return what became of each read model."""
    parked: dict[str, dict[str, Any]] = {model.name: {} for model in models}
    for each in live.parked(models):
        parked[each.model][each.key] = each
    folds = [KeyedFold(model, parked[model.name], known.of(live.stand, model.name)) for model in models]
    for fold in folds:
        fold_keyed(live, fold, [(event, keys) for event in events if (keys := fold.keys(event))])
    return folds


def fold_keyed(live: LiveRows, fold: KeyedFold[Any], keyed: Keyed) -> None:
    """Fold events into the rows of their keys; a row that can't be read parks its key like an event that fails.

    The row of an event is not looked for: nothing was there before it.
    """
    named = () if fold.model.of_event else (key for _, keys in keyed for key in keys)
    keys = dict.fromkeys(key for key in named if key not in fold.rows)
    unreadable: dict[str, Exception] = {}
    for key, content in live.contents(fold.model, keys).items():
        try:
            fold.rows[key] = decode_row(fold.model.row, content)
        except msgspec.MsgspecError as fault:
            unreadable[key] = fault.with_traceback(None)  # or it would hold this frame, and with it the page
    for event, keys_of_event in keyed:
        for key in keys_of_event:
            if key in unreadable and key not in fold.parked:
                fold.park(key, event.position, unreadable[key])
            else:
                fold.evolve(key, event)


def store_page(live: LiveRows, folds: Sequence[KeyedFold[Any]], at: datetime) -> None:
    """Store the rows that changed and what was parked `at` an instant, within the transaction of `live`."""
    connection = live.connection
    for fold in folds:
        note_removed(live, fold, _store_rows(live, fold))
        parked = [
            {
                **live.address(fold.model),
                **msgspec.structs.asdict(fold.parked[key]),
                "positions": msgspec.json.encode(fold.parked[key].positions).decode(),
                "since": at,
            }
            for key in sorted(fold.halted)
        ]
        if parked:
            store(connection, parked_key, parked, kept=("since",))


def _store_rows(live: LiveRows, fold: KeyedFold[Any]) -> list[str]:
    """Store what changed, and return the keys whose rows were removed."""
    connection, table = live.connection, fold.model.table
    address = {"institution": live.institution, "generation": live.generation(fold.model)}
    gone = [key for key in fold.touched if fold.rows[key] is None]
    kept: list[dict[str, Any]] = []
    for key in sorted(fold.touched):
        row: Row | None = fold.rows[key]
        if row is not None:
            filed = {"key": key, "unit": row.unit, "fiscal_year": row.fiscal_year}
            kept.append({**address, **filed, "position": fold.touched[key], "content": pack_row(row)})
    for first in range(0, len(gone), AT_ONCE):
        here = (table.c.institution == address["institution"]) & (table.c.generation == address["generation"])
        connection.execute(delete(table).where(here, table.c.key.in_(gone[first : first + AT_ONCE])))
    if kept and fold.model.of_event:
        store_new(connection, table, kept)
    elif kept:
        store(connection, table, kept)
    return gone
