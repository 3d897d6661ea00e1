"""Folds read models anew beside those in use, compares both at one position, and switches at once (blue/green)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from domain.event import Event, RecordedEvent
from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel
from projections.row_codec import decode_row, encode_row
from services.clock import Clock
from services.dialect import let_commit_be_lost
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.folding import NOTHING_KNOWN, Known, decoded, fold_page, store_page
from services.generations import alone, claim, lock, move_built, sweep, switch
from services.milestones import lay
from services.read_tables import AT_ONCE, LiveRows, ReadTables, Stand

PAGE = 10_000

_Models = Sequence[ReadModel[Any]]


class _Page(NamedTuple):
    """Where a page of the log ends, and those of its events that may concern the read models being built."""

    position: int
    events: Sequence[RecordedEvent[Event]]


Filed = tuple[Any, ...]
"""Key, unit, fiscal year and content of a row, as they are stored."""


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """At which position the rows were compared, and how many keys differed, by read model; the new ones are in use.

    `compared` is null where the old rows had the shape of another program, so that nothing could be compared.
    """

    position: int
    compared: int | None
    differing: Mapping[str, int]


class Rebuilder:
    """Builds a new generation of read models while others append, follow and read.

    Until the switch readers see the old rows, from then on the new ones, never some of both: a view reads which
    generations are in use first, and everything at one instant. A rebuild that ends early leaves the old ones in use;
    the next one begins anew and removes what is left.
    """

    def __init__(self, log: EventLog, codec: Codec, tables: ReadTables, clock: Clock) -> None:
        self._log = log
        self._codec = codec
        self._tables = tables
        self._clock = clock

    def rebuild(
        self,
        institution: str,
        models: Sequence[ReadModel[Any]] = READ_MODELS,
        progress: Callable[[int], None] = lambda _position: None,
    ) -> Rebuilt:
        """Fold read models anew and let them take the place of the old ones; `progress` is told each position reached.

        Rows of another shape are only replaced all together. A rebuild by another process is waited for.

        Raises:
            TakenOverError: a later rebuild began meanwhile.
        """
        with alone(self._tables.engine, institution, wait=True):
            return self._rebuild(institution, models, progress)

    def replace_outdated(self, institution: str) -> None:
        """Replace rows of another shape, unless another process does so already."""
        with alone(self._tables.engine, institution, wait=False) as mine:
            if mine and self._tables.stand(institution).outdated:
                self._rebuild(institution, READ_MODELS, lambda _position: None)

    def _rebuild(self, institution: str, models: _Models, progress: Callable[[int], None]) -> Rebuilt:
        engine = self._tables.engine
        outdated = self._tables.stand(institution).outdated
        chosen = READ_MODELS if outdated else models
        built = claim(engine, institution, chosen)
        sweep(engine, institution)
        built = self._catch_up(institution, chosen, built, progress)
        with self._tables.snapshot(institution) as live:
            built = self._fold(institution, chosen, built, live.position(), progress)
            compared = None if outdated else built.position
            differing = {} if outdated else self._compare(institution, chosen, built, live)
        built = self._catch_up(institution, chosen, built, progress)
        with engine.begin() as connection:  # what was appended since is folded while nobody else can follow
            lock(connection, institution)
            until = LiveRows(connection, institution).position()
            for page in self._pages(institution, chosen, built.position, until):
                built, _ = self._fold_page(connection, institution, chosen, built, page)
            switch(connection, institution, built)
        sweep(engine, institution)
        return Rebuilt(position=built.position, compared=compared, differing=differing)

    def _catch_up(self, institution: str, models: _Models, built: Stand, progress: Callable[[int], None]) -> Stand:
        """Fold until nothing is left of what the rows in use show."""
        while built.position < (until := self._tables.stand(institution).position):
            built = self._fold(institution, models, built, until, progress)
        return built

    def _fold(
        self, institution: str, models: _Models, built: Stand, until: int, progress: Callable[[int], None]
    ) -> Stand:
        known = NOTHING_KNOWN
        for page in self._pages(institution, models, built.position, until):
            with self._tables.engine.begin() as connection:
                let_commit_be_lost(connection)
                built, known = self._fold_page(connection, institution, models, built, page, known)
            progress(built.position)
        return built

    def _fold_page(
        self,
        connection: Connection,
        institution: str,
        models: _Models,
        built: Stand,
        page: _Page,
        known: Known = NOTHING_KNOWN,
    ) -> tuple[Stand, Known]:
        """Fold a page into the rows that are being built; the position moves first, which makes sure of them."""
        moved = move_built(connection, institution, built, page.position)
        rows = LiveRows(connection, institution, built)
        folds = fold_page(rows, models, page.events, known)
        store_page(rows, folds, self._clock.now())
        lay(rows, models, moved.position)
        return moved, Known.after(moved.position, moved.generation, folds)

    def _pages(self, institution: str, models: _Models, after: int, until: int) -> Iterator[_Page]:
        while page := self._log.read(institution, after=after, limit=PAGE, until=until):
            after = page[-1].id
            yield _Page(after, decoded(self._codec, models, page))

    def _compare(self, institution: str, models: _Models, built: Stand, live: LiveRows) -> dict[str, int]:
        with self._tables.snapshot(institution, built) as rows:
            found = {model.name: _differing(model, live, rows) for model in models}
        return {name: number for name, number in found.items() if number}


def _differing(model: ReadModel[Any], old: LiveRows, new: LiveRows) -> int:
    """Return under how many keys two sets of rows of a read model differ."""
    before, after = _filed(model, old), _filed(model, new)
    left, right = next(before, None), next(after, None)
    number = 0
    while left is not None or right is not None:
        if left is not None and right is not None and left[0] == right[0]:
            number += not _same(model, left, right)
            left, right = next(before, None), next(after, None)
        elif right is None or (left is not None and left[0] < right[0]):
            number += 1
            left = next(before, None)
        else:
            number += 1
            right = next(after, None)
    return number


def _same(model: ReadModel[Any], left: Filed, right: Filed) -> bool:
    """Say whether two stored rows mean the same; fields may have been written in another order."""
    if left == right:
        return True
    try:
        written = [encode_row(decode_row(model.row, each[-1])) for each in (left, right)]
    except msgspec.MsgspecError:
        return False
    return left[:-1] == right[:-1] and written[0] == written[1]


def _filed(model: ReadModel[Any], rows: LiveRows) -> Iterator[Filed]:
    last: str | None = None
    while page := rows.filed(model, last, AT_ONCE):
        yield from page
        last = page[-1][0]
