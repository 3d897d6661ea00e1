"""The keys of read models that failed: listed, and folded anew once the fault is mended."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete

from domain.event import Event, RecordedEvent
from projections.catalogue import READ_MODELS
from projections.keyed_fold import WHOLE, KeyedFold, Parked
from projections.read_model import ReadModel, parked_key
from services.clock import Clock
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.folding import fold_keyed, store_page
from services.generations import lock
from services.milestones import keep, laid
from services.read_tables import LiveRows, ParkedSince, ReadTables

PAGE = 2_000

Place = tuple[str, str]
"""Read model and key; the key `*` is the read model as a whole."""


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

    def retry(self, institution: str, chosen: Collection[Place] | None = None) -> list[ParkedSince]:
        """Fold parked keys (by default all) on from where they stopped, and return those of them that failed again.

        Rows and what is parked change in one transaction, during which nobody follows; what fails again is parked
        where it fails then.

        Raises:
            Exception: whatever `keys` of a read model raises at an event that it has named the rows of before.
        """
        with self._tables.engine.begin() as connection:
            lock(connection, institution)
            live = LiveRows(connection, institution)
            for model in READ_MODELS:
                parked = {each.key: each for each in live.parked([model])}
                released = {key for key in parked if chosen is None or (model.name, key) in chosen}
                if released:
                    self._retry(live, model, parked, released)
            return [each for each in live.parked(READ_MODELS) if chosen is None or (each.model, each.key) in chosen]

    def _retry(
        self, live: LiveRows, model: ReadModel[Any], parked: dict[str, ParkedSince], released: Collection[str]
    ) -> None:
        connection, stand = live.connection, live.stand
        table = parked_key
        here = (table.c.institution == live.institution) & (table.c.model == model.name)
        generation = stand.of.get(model.name, 0)
        connection.execute(delete(table).where(here, table.c.generation == generation, table.c.key.in_(released)))
        remaining: dict[str, Parked] = {key: each for key, each in parked.items() if key not in released}
        whole = remaining.pop(WHOLE, None)  # as long as it is parked as a whole, its keys go only so far
        until = live.position() if whole is None else whole.position - 1
        begin = {key: parked[key].position for key in released}
        after = min(begin.values()) - 1
        # pages end where milestones lie, which lacked these keys
        marks = laid(live, model, after)
        ends = [*(each for each in marks if each < until), until]
        while page := self._log.read(live.institution, after=after, limit=PAGE, until=_next(ends, after)):
            fold = KeyedFold(model, parked=remaining)
            events = [self._codec.decode(entry) for entry in page]
            keyed = [(event, _due(fold, event, begin)) for event in events]
            fold_keyed(live, fold, keyed)
            store_page(live, [fold], self._clock.now())
            remaining, after = fold.parked, page[-1].id
            if after in marks:
                keep(live, model, after)


def _next(ends: Sequence[int], after: int) -> int:
    """Return the first end beyond a position, the last where there is none."""
    return next((each for each in ends if each > after), ends[-1])


def _due(fold: KeyedFold[Any], event: RecordedEvent[Event], begin: dict[str, int]) -> Sequence[str]:
    """Return the keys that an event is still to be folded into.

    Before the position at which the read model was parked as a whole its other rows have this event already: there it
    must not be parked as a whole, and what `keys` raises ends the retry.
    """
    if WHOLE in begin and event.position >= begin[WHOLE]:
        return fold.keys(event)
    return [key for key in fold.model.keys(event) if event.position >= begin.get(key, event.position + 1)]
