"""The live rows of the read models in the database, and the one position that they stand at."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    Table,
    bindparam,
    func,
    or_,
    select,
)

from domain.cycle import event_types
from projections.catalogue import READ_MODELS
from projections.keyed_fold import Parked
from projections.read_model import ReadModel, RowT, parked_key, projection_generation, projection_position
from projections.row_codec import STORED_AS, decode_row

AT_ONCE = 5_000
"""How many keys one question names: every database takes that many parameters."""


def _shape() -> str:
    """Digest the names of the read models, the fields of their rows, how these are stored, and the events' versions."""
    shapes = [
        (model.name, msgspec.json.schema(model.row, schema_hook=lambda _kind: {"type": "string"}))
        for model in READ_MODELS
    ]
    told = msgspec.json.encode([shapes, STORED_AS, sorted(event_types())], order="deterministic")
    return hashlib.sha256(told).hexdigest()


FINGERPRINT = _shape()
"""Of what this program folds into rows, their shape and form: where the stored one differs, they are folded again.

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
    """The rows of one institution as one open connection sees them: those in use, or those of another stand.

    Statements are made once, with bind parameters: SQLAlchemy takes longer to make one than to run it.
    """

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
        asked = {"unit": unit, "fiscal_year": fiscal_year, "after": after}
        given = {name: value for name, value in asked.items() if value is not None}
        query = self._by(model, *given)
        contents = self.connection.scalars(query.limit(limit), {**self.address(model), **given})
        return [decode_row(model.row, content) for content in contents]

    def row(self, model: ReadModel[RowT], key: str) -> RowT | None:
        """Return one row, or None."""
        content = self.contents(model, [key]).get(key)
        return None if content is None else decode_row(model.row, content)

    def contents(self, model: ReadModel[Any], keys: Iterable[str]) -> dict[str, bytes]:
        """Return the rows under some keys as they are stored."""
        found: dict[str, bytes] = {}
        wanted = list(keys)
        for first in range(0, len(wanted), AT_ONCE):
            given = {**self.address(model), "keys": wanted[first : first + AT_ONCE]}
            found.update((key, content) for key, content in self.connection.execute(self._under(model), given))
        return found

    def filed(self, model: ReadModel[Any], after: str | None, limit: int) -> Sequence[tuple[Any, ...]]:
        """Return key, unit, fiscal year and content of rows, in the order of their keys."""
        key = self.table(model).c.key
        query = self._of(model, "key", "unit", "fiscal_year", "content").order_by(key).limit(limit)
        if after is not None:
            query = query.where(key > after)
        return [tuple(row) for row in self.connection.execute(query, self.address(model))]

    def misfiled(self, model: ReadModel[Any]) -> bool:
        """Say whether a row lies under another key, unit or year than its own, so that questions would miss it.

        One of an event has to lie at the event's position too, by which the past is told.
        """
        filed = self._of(model, "key", "unit", "fiscal_year", "position", "content")
        for key, unit, fiscal_year, position, content in self.connection.execute(filed, self.address(model)):
            row: Any = decode_row(model.row, content)
            if (row.key, row.unit, row.fiscal_year) != (key, unit, fiscal_year):
                return True
            if model.of_event and row.position != position:
                return True
        return False

    def stretch(self, model: ReadModel[Any], fiscal_year: int, until: int) -> tuple[int, int]:
        """Return between which positions, both included and up to one, rows of a fiscal year changed last; 0: none."""
        position = model.table.c.position
        query = select(func.min(position), func.max(position)).where(
            *_here(model.table), model.table.c.fiscal_year == fiscal_year, position <= until
        )
        first, last = self.connection.execute(query, self.address(model)).one()
        return first or 0, last or 0

    def parked(self, models: Iterable[ReadModel[Any]], limit: int | None = None) -> list[ParkedSince]:
        """Return the parked keys of some read models, in the order of the positions that they stopped at."""
        if not self.stand.parks:
            return []
        table = parked_key
        generations = [(table.c.model == each.name) & (table.c.generation == self.generation(each)) for each in models]
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

    def generation(self, model: ReadModel[Any]) -> int:
        """Return the number of the generation of the rows of a read model; 0 where it was never rebuilt."""
        return self.stand.of.get(model.name, 0)

    def address(self, model: ReadModel[Any]) -> dict[str, Any]:
        """Return where what belongs to a read model lies: institution, model and generation."""
        return {"institution": self.institution, "model": model.name, "generation": self.generation(model)}

    @staticmethod
    def table(model: ReadModel[Any]) -> Table:
        """Return the table that the rows of a read model lie in."""
        return model.table

    @classmethod
    @cache
    def _by(cls, model: ReadModel[Any], *names: str) -> Select[Any]:
        """Return the statement for rows in the order of their keys, narrowed by what is named."""
        table = cls.table(model)
        narrowed = {
            "unit": table.c.unit == bindparam("unit"),
            "fiscal_year": table.c.fiscal_year == bindparam("fiscal_year"),
            "after": table.c.key > bindparam("after"),
        }
        return cls._of(model, "content").where(*(narrowed[name] for name in names)).order_by(table.c.key)

    @classmethod
    @cache
    def _under(cls, model: ReadModel[Any]) -> Select[Any]:
        """Return the statement for the rows under some keys."""
        keys = cls.table(model).c.key.in_(bindparam("keys", expanding=True))
        return cls._of(model, "key", "content").where(keys)

    @staticmethod
    @cache
    def _of(model: ReadModel[Any], *columns: str) -> Select[Any]:
        """Return the statement for all rows at an `address`."""
        return select(*(model.table.c[name] for name in columns)).where(*_here(model.table))


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


def _here(table: Table) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that a row lies at the `address` of a read model."""
    return [table.c.institution == bindparam("institution"), table.c.generation == bindparam("generation")]


_INSTITUTION: Final[BindParameter[Any]] = bindparam("institution")
_STAND: Final = select(
    projection_position.c.position,
    projection_position.c.generation,
    projection_position.c.fingerprint,
    select(parked_key.c.key).where(parked_key.c.institution == _INSTITUTION).exists(),
).where(projection_position.c.institution == _INSTITUTION)
_IN_USE: Final = select(projection_generation.c.model, projection_generation.c.generation).where(
    projection_generation.c.institution == _INSTITUTION, projection_generation.c.state == "live"
)


def _stand(connection: Connection, institution: str) -> Stand:
    found = connection.execute(_STAND, {"institution": institution}).one_or_none()
    if found is None:
        return Stand(parks=False)
    position, generation, fingerprint, some = found
    of = _generations(connection, institution) if generation else {}
    return Stand(position, generation, fingerprint, of, bool(some))


def _generations(connection: Connection, institution: str) -> dict[str, int]:
    return {row.model: row.generation for row in connection.execute(_IN_USE, {"institution": institution})}


def _parked(stored: RowMapping) -> ParkedSince:
    since: datetime = stored["since"]
    given = {name: stored[name] for name in ("model", "key", "position", "reason", "waiting")}
    positions = msgspec.json.decode(stored["positions"], type=tuple[int, ...])
    # SQLite keeps no offset: what was stored was UTC
    return ParkedSince(**given, positions=positions, since=since if since.tzinfo else since.replace(tzinfo=UTC))
