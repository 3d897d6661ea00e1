"""The live rows of the read models in the database, and the one position that they stand at."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel, Row, RowT, projection_position
from projections.row_codec import decode_row, encode_row

Changes = Mapping[tuple[str, str], Row | None]
"""The row to store, or null to remove it, by (read model, key)."""

_BY_NAME: dict[str, ReadModel[Any]] = {model.name: model for model in READ_MODELS}


def _shape() -> str:
    """Digest the names of the read models and the fields of their rows."""
    shapes = [
        (model.name, msgspec.json.schema(model.row, schema_hook=lambda _kind: {"type": "string"}))
        for model in READ_MODELS
    ]
    return hashlib.sha256(msgspec.json.encode(shapes, order="deterministic")).hexdigest()


FINGERPRINT = _shape()
"""The shape of the rows that this program writes: where the stored one differs, they are folded again."""


class PositionMovedError(RuntimeError):
    """Another follower wrote in between; nothing was written."""


class LiveRows:
    """The rows of one institution as one open connection sees them."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._connection = connection
        self._institution = institution

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
        table = model.table
        query = select(table.c.content).where(table.c.institution == self._institution).order_by(table.c.key)
        if unit is not None:
            query = query.where(table.c.unit == unit)
        if fiscal_year is not None:
            query = query.where(table.c.fiscal_year == fiscal_year)
        if after is not None:
            query = query.where(table.c.key > after)
        return [decode_row(model.row, content) for content in self._connection.scalars(query.limit(limit))]

    def row(self, model: ReadModel[RowT], key: str) -> RowT | None:
        """Return one row, or None."""
        found = self.many(model, [key])
        return found.get(key)

    def many(self, model: ReadModel[RowT], keys: Iterable[str]) -> dict[str, RowT]:
        """Return the rows under some keys."""
        table = model.table
        query = select(table.c.key, table.c.content).where(
            table.c.institution == self._institution, table.c.key.in_(list(keys))
        )
        return {key: decode_row(model.row, content) for key, content in self._connection.execute(query)}

    def misfiled(self, model: ReadModel[Any]) -> bool:
        """Say whether a row lies under another key, unit or year than its own, so that questions would miss it."""
        table = model.table
        filed = select(table.c.content, table.c.key, table.c.unit, table.c.fiscal_year)
        for content, *columns in self._connection.execute(filed.where(table.c.institution == self._institution)):
            row = decode_row(model.row, content)
            if [row.key, row.unit, row.fiscal_year] != columns:
                return True
        return False

    def position(self) -> int:
        """Return the position up to which the rows are folded."""
        query = select(projection_position.c.position).where(projection_position.c.institution == self._institution)
        return self._connection.scalar(query) or 0


class ReadTables:
    """Writes rows and position in one transaction, and opens consistent views of them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def snapshot(self, institution: str) -> Iterator[LiveRows]:
        """Open the rows as they stand at one instant, whatever is written meanwhile."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901 - the same one
            yield LiveRows(connection, institution)

    def outdated(self, institution: str) -> bool:
        """Say whether the rows were written by a program whose read models had another shape."""
        table = projection_position
        with self.engine.connect() as connection:
            stored = connection.scalar(select(table.c.fingerprint).where(table.c.institution == institution))
        return stored is not None and stored != FINGERPRINT

    def store(self, institution: str, changes: Changes, *, before: int, after: int) -> None:
        """Store changed rows and move the position from `before` to `after`, or raise `PositionMovedError`."""
        with self.engine.begin() as connection:
            self._move(connection, institution, before, after)
            for (name, key), row in changes.items():
                self._store(connection, _BY_NAME[name], institution, key, row, after)

    def forget(self, institution: str) -> None:
        """Delete every row of an institution and its position."""
        with self.engine.begin() as connection:
            for model in READ_MODELS:
                connection.execute(delete(model.table).where(model.table.c.institution == institution))
            connection.execute(delete(projection_position).where(projection_position.c.institution == institution))

    def _move(self, connection: Connection, institution: str, before: int, after: int) -> None:
        """The row comes back where it was written: PostgreSQL's driver counts none for an insert."""
        table = projection_position
        move: Any = (
            self._insert(table)
            .values(institution=institution, position=after, fingerprint=FINGERPRINT)
            .on_conflict_do_nothing()
            if before == 0
            else table.update()
            .where(table.c.institution == institution, table.c.position == before)
            .values(position=after)
        )
        if connection.scalar(move.returning(table.c.position)) is None:
            raise PositionMovedError(f"{institution} does not stand at {before} any more")

    def _store(
        self,
        connection: Connection,
        model: ReadModel[Any],
        institution: str,
        key: str,
        row: Row | None,
        position: int,
    ) -> None:
        table = model.table
        if row is None:
            connection.execute(delete(table).where(table.c.institution == institution, table.c.key == key))
            return
        values = {"unit": row.unit, "fiscal_year": row.fiscal_year, "position": position, "content": encode_row(row)}
        connection.execute(
            self._insert(table)
            .values(institution=institution, key=key, **values)
            .on_conflict_do_update(index_elements=["institution", "key"], set_=values)
        )

    def _insert(self, table: Any) -> Any:  # noqa: ANN401 - the two dialects share no type for it
        insert: Insert = postgresql.insert(table) if self.engine.dialect.name == "postgresql" else sqlite.insert(table)
        return insert
