"""The shape of a read model: a keyed fold, the same live and in replay, that answers one question.

It never looks at a clock, a random source or a database. What depends on the day is computed in `at`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, Generic, NamedTuple, Protocol, Self, TypeVar

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.dialects import postgresql

from domain.event import RecordedEvent
from domain.stream import category_of

METADATA = MetaData()


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a fold keeps under a key; `unit` and `fiscal_year` are what questions are filtered by."""

    key: str
    unit: str | None
    fiscal_year: int | None

    def now(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields of any row
        """Return this row with some fields changed."""
        return msgspec.structs.replace(self, **changes)


RowT = TypeVar("RowT", bound=Row)


class ReadModel(NamedTuple, Generic[RowT]):
    """One question's fold.

    `keys` names the rows that an event changes, `evolve(key, row, event)` gives the changed row, or null to remove it,
    and `at(row, day)` the answer on a day of valid time, null where on that day nothing had begun.

    `of_cycle` promises that a row is that of one cycle (key, unit and year are its own) and that only events in streams
    of this cycle change it, so that the cycle alone is replayed where no other is asked about. `of_event` promises that
    a row is that of one event, whose `position` it has, and never changes: the rows known at a position are those that
    were made by then. `streams` promises that only events in streams with these first words name rows (null: any may),
    so that others need not even be decoded.
    """

    name: str
    row: type[RowT]
    keys: Callable[[RecordedEvent[Any]], tuple[str, ...]]
    evolve: Callable[[str, RowT | None, RecordedEvent[Any]], RowT | None]
    at: Callable[[RowT, date], Any]
    table: Table
    of_cycle: bool = False
    of_event: bool = False
    streams: frozenset[str] | None = None

    def concerns(self, stream: str) -> bool:
        """Say whether events of a stream may name rows."""
        return self.streams is None or category_of(stream) in self.streams


class Rows(Protocol):
    """Where rows come from: the live tables, or a replay up to a position. Every query takes one of these."""

    def rows(
        self,
        model: ReadModel[RowT],
        *,
        unit: str | None = None,
        fiscal_year: int | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[RowT]:
        """Return the rows of one institution in the order of their keys by code point, filtered where asked.

        `after` leaves out keys up to and including that one, `limit` (at least 1) bounds the number of rows.
        """
        ...

    def row(self, model: ReadModel[RowT], key: str) -> RowT | None:
        """Return one row, or None."""
        ...


_BY_CODE_POINT = String(200).with_variant(postgresql.VARCHAR(200, collation="C"), "postgresql")
"""A key sorts by code point on every database, as it does in a replay."""

_BY_YEAR: Final = ("fiscal_year", "key", "unit")
"""By key before unit, since rows are asked for in the order of keys: else SQLite would walk through those of all years.

For a unit and year the index is walked through for that year.
"""


def rows_table(name: str) -> Table:
    """Return the table of a read model: one row per institution, generation and key, as `pack_row` writes it."""
    return Table(
        name,
        METADATA,
        Column("institution", String(40), primary_key=True),
        Column("generation", Integer, primary_key=True, autoincrement=False),
        Column("key", _BY_CODE_POINT, primary_key=True),
        Column("unit", String(40)),
        Column("fiscal_year", Integer),
        Column("position", BigInteger, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Index(f"{name}_by_year", "institution", "generation", *_BY_YEAR),
    )


projection_position = Table(
    "projection_position",
    METADATA,
    Column("institution", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False, server_default="0"),
    Column("fingerprint", String(64), nullable=False),
)
"""Up to which position an institution's rows are folded: one for all read models, so that they show one instant.

`generation` moves whenever rows may be replaced (a rebuild that begins or ends, a page of a retry), so that no page is
stored into rows that it was not folded from; no generation of rows was given its number before.
"""

projection_generation = Table(
    "projection_generation",
    METADATA,
    Column("institution", String(40), primary_key=True),
    Column("model", String(40), primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("state", String(10), nullable=False),
    Column("position", BigInteger, nullable=False),
)
"""The generations of the rows of a read model: `live`, `building` (up to `position`), or `discarded` and being removed.

A read model that was never rebuilt has none, and its rows are of generation 0.
"""

parked_key = Table(
    "parked_key",
    METADATA,
    Column("institution", String(40), primary_key=True),
    Column("model", String(40), primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("key", _BY_CODE_POINT, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("waiting", BigInteger, nullable=False),
    Column("positions", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)
"""The keys that failed: at which position and why, how many events wait from there on, and the first of them."""

milestone = Table(
    "milestone",
    METADATA,
    Column("institution", String(40), primary_key=True),
    Column("model", String(40), primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
)
"""The positions at which the rows of a read model were kept, each some thousand events after the one before."""

milestone_row = Table(
    "milestone_row",
    METADATA,
    Column("institution", String(40), primary_key=True),
    Column("model", String(40), primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("key", _BY_CODE_POINT, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", String(40)),
    Column("fiscal_year", Integer),
    Column("content", LargeBinary),
    Index("milestone_row_by_year", "institution", "model", "generation", *_BY_YEAR),
)
"""The rows that had changed since the milestone before, as they stood at one; no content: it had been removed."""

FOLDED_TABLES = (projection_position, projection_generation, parked_key, milestone, milestone_row)
"""What is kept beside the rows; all of it can be thrown away and folded again."""
