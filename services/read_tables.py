"""The live rows of the read models in the database, and the one position that they stand at."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, RowMapping, Select, Table, or_, select

from domain.cycle import event_types
from projections.catalogue import READ_MODELS
from projections.keyed_fold import Parked
from projections.read_model import ReadModel, RowT, parked_key, projection_generation, projection_position
from projections.row_codec import decode_row

AT_ONCE = 5_000
"""How many keys one question names: every database takes that many parameters."""


def _shape() -> str:
    """Digest the names of the read models, the fields of their rows and the versions of the events that they fold."""
    shapes = [
        (model.name, msgspec.json.schema(model.row, schema_hook=lambda _kind: {"type": "string"}))
        for model in READ_MODELS
    ]
    return hashlib.sha256(msgspec.json.encode([shapes, sorted(event_types())], order="deterministic")).hexdigest()


FINGERPRINT = _shape()
"""Of what this program folds into rows, and of their shape: where the stored one differs, they are folded again.

The versions of events belong to it because an upcast changes what a row that was folded before it would say.
"""


class Stand(NamedTuple):
    """Where some rows stand: up to which position they are folded, and which generation of each read model they are.

    `generation` is the number that was given last, `fingerprint` null where nothing was ever followed. `parks` is false
    where nothing is parked in the institution, so that nobody need ask.
    """

    position: int = 0
    generation: int = 0
    fingerprint: str | None = None
    of: Mapping[str, int] = {}
    parks: bool = True

    @property
    def outdated(self) -> bool:
        """Whether the rows were written by a program whose read models had another shape."""
        return self.fingerprint not in {None, FINGERPRINT}


class ParkedSince(Parked, frozen=True, kw_only=True):
    """A parked key, and since when it is."""

    since: datetime


class LiveRows:
    """The rows of one institution as one open connection sees them: those in use, or those of another stand."""

    def __init__(self, connection: Connection, institution: str, stand: Stand | None = None) -> None:
        self.connection = connection
        self.institution = institution
        self.stand = _stand(connection, institution) if stand is None else stand

    def rows(
        self,
        model: ReadModel[RowT],
        *,
        unit: str | None = None,
        fiscal_year: int | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[RowT]:
        """Return the rows in the order of their keys, filtered where asked."""
        table = self.table(model)
        query = self._of(model, "content").order_by(table.c.key)
        if unit is not None:
            query = query.where(table.c.unit == unit)
        if fiscal_year is not None:
            query = query.where(table.c.fiscal_year == fiscal_year)
        if after is not None:
            query = query.where(table.c.key > after)
        return [decode_row(model.row, content) for content in self.connection.scalars(query.limit(limit))]

    def row(self, model: ReadModel[RowT], key: str) -> RowT | None:
        """Return one row, or None."""
        content = self.contents(model, [key]).get(key)
        return None if content is None else decode_row(model.row, content)

    def contents(self, model: ReadModel[Any], keys: Iterable[str]) -> dict[str, bytes]:
        """Return the rows under some keys as they are stored."""
        found: dict[str, bytes] = {}
        wanted = list(keys)
        for first in range(0, len(wanted), AT_ONCE):
            some = self.table(model).c.key.in_(wanted[first : first + AT_ONCE])
            query = self._of(model, "key", "content").where(some)
            found.update((key, content) for key, content in self.connection.execute(query))
        return found

    def filed(self, model: ReadModel[Any], after: str | None, limit: int) -> Sequence[tuple[Any, ...]]:
        """Return key, unit, fiscal year and content of rows, in the order of their keys."""
        key = self.table(model).c.key
        query = self._of(model, "key", "unit", "fiscal_year", "content").order_by(key).limit(limit)
        if after is not None:
            query = query.where(key > after)
        return [tuple(row) for row in self.connection.execute(query)]

    def misfiled(self, model: ReadModel[Any]) -> bool:
        """Say whether a row lies under another key, unit or year than its own, so that questions would miss it.

        One of an event has to lie at the event's position too, by which the past is told.
        """
        filed = self._of(model, "key", "unit", "fiscal_year", "position", "content")
        for key, unit, fiscal_year, position, content in self.connection.execute(filed):
            row: Any = decode_row(model.row, content)
            if (row.key, row.unit, row.fiscal_year) != (key, unit, fiscal_year):
                return True
            if model.of_event and row.position != position:
                return True
        return False

    def parked(self, models: Iterable[ReadModel[Any]], limit: int | None = None) -> list[ParkedSince]:
        """Return the parked keys of some read models, in the order of the positions that they stopped at."""
        if not self.stand.parks:
            return []
        table = parked_key
        generations = [(table.c.model == each.name) & (table.c.generation == self._generation(each)) for each in models]
        query = (
            select(table)
            .where(table.c.institution == self.institution)
            .where(or_(*generations))
            .order_by(table.c.position, table.c.model, table.c.key)
            .limit(limit)
        )
        return [_parked(row) for row in self.connection.execute(query).mappings()]

    def position(self) -> int:
        """Return the position up to which the rows are folded."""
        return self.stand.position

    def table(self, model: ReadModel[Any]) -> Table:
        """Return the table that the rows of a read model lie in."""
        return model.table

    def _generation(self, model: ReadModel[Any]) -> int:
        return self.stand.of.get(model.name, 0)

    def _of(self, model: ReadModel[Any], *columns: str) -> Select[Any]:
        table = model.table
        return select(*(table.c[name] for name in columns)).where(
            table.c.institution == self.institution, table.c.generation == self._generation(model)
        )


class ReadTables:
    """Opens consistent views of the rows, and lets them be written."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def snapshot(self, institution: str, stand: Stand | None = None) -> Iterator[LiveRows]:
        """Open the rows as they stand at one instant, whatever is written or switched meanwhile."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901 - the same one
            yield LiveRows(connection, institution, stand)

    def stand(self, institution: str) -> Stand:
        """Return where the rows in use stand."""
        with self.snapshot(institution) as live:
            return live.stand


def _stand(connection: Connection, institution: str) -> Stand:
    table = projection_position
    parks = select(parked_key.c.key).where(parked_key.c.institution == institution).exists()
    found = connection.execute(
        select(table.c.position, table.c.generation, table.c.fingerprint, parks).where(
            table.c.institution == institution
        )
    ).one_or_none()
    if found is None:
        return Stand(parks=False)
    position, generation, fingerprint, some = found
    of = _generations(connection, institution) if generation else {}
    return Stand(position, generation, fingerprint, of, bool(some))


def _generations(connection: Connection, institution: str) -> dict[str, int]:
    table = projection_generation
    query = select(table.c.model, table.c.generation).where(table.c.institution == institution, table.c.state == "live")
    return {row.model: row.generation for row in connection.execute(query)}


def _parked(stored: RowMapping) -> ParkedSince:
    since: datetime = stored["since"]
    given = {name: stored[name] for name in ("model", "key", "position", "reason", "waiting")}
    positions = msgspec.json.decode(stored["positions"], type=tuple[int, ...])
    # SQLite keeps no offset: what was stored was UTC
    return ParkedSince(**given, positions=positions, since=since if since.tzinfo else since.replace(tzinfo=UTC))
