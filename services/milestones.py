"""Milestones: rows kept every some thousand events, so that no question about the past folds more than these.

A milestone is a copy of what changed since the one before, made in the transaction that brought the rows there. Like
every read model it is derived: it is of the generation that it was copied from, and goes with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    literal,
    select,
)

from projections.keyed_fold import KeyedFold
from projections.read_model import ReadModel, milestone, milestone_row
from projections.row_codec import decode_row, encode_row
from services.dialect import insert_into, store, upsert
from services.read_tables import LiveRows

EVERY = 10_000
"""How many events lie between two milestones, and a page more at most: a regency records some ten times as many a year.

What a question about the past costs grows with it, what milestones take of the disk falls with it.
"""

_KEPT = ("institution", "model", "generation", "key", "position", "unit", "fiscal_year", "content")


class MilestoneRows(LiveRows):
    """The rows of one read model as they stood at the last milestone up to a position; none where that is `at` 0.

    Rows that are of one event need no copy: those made by then lie among the rows in use.
    """

    def __init__(self, live: LiveRows, model: ReadModel[Any], until: int) -> None:
        super().__init__(live.connection, live.institution, live.stand)
        self.at = min(until, live.position()) if model.of_event else _last(live, model, until)

    @staticmethod
    def table(model: ReadModel[Any]) -> Table:
        """Return the table that the rows lie in."""
        return model.table if model.of_event else milestone_row

    def contents(self, model: ReadModel[Any], keys: Iterable[str]) -> dict[str, bytes]:
        """Return the rows under some keys as they were kept."""
        return super().contents(model, keys) if self.at else {}

    def address(self, model: ReadModel[Any]) -> dict[str, Any]:
        """Return where the rows lie: with the position up to which they were laid."""
        return {**super().address(model), "at": self.at}

    @staticmethod
    @cache
    def _of(model: ReadModel[Any], *columns: str) -> Select[Any]:
        at: BindParameter[int] = bindparam("at")
        if model.of_event:
            return LiveRows._of(model, *columns).where(model.table.c.position <= at)  # noqa: SLF001 - of the base
        table, later = milestone_row, milestone_row.alias()
        replaced = select(literal(1)).where(
            _here(later), later.c.key == table.c.key, later.c.position > table.c.position, later.c.position <= at
        )
        return select(*(table.c[name] for name in columns)).where(
            _here(table), table.c.position <= at, table.c.content.is_not(None), ~replaced.exists()
        )


def lay(live: LiveRows, models: Sequence[ReadModel[Any]], after: int) -> None:
    """Keep the rows as they stand after a page that moved them on from where `live` stood, if it is time.

    The page must have been stored before, in the same transaction.
    """
    if live.position() // EVERY == after // EVERY:
        return
    for model in models:
        if not model.of_event:
            keep(live, model, after)
            address = {**live.address(model), "position": after}
            live.connection.execute(insert_into(milestone, live.connection).values(address).on_conflict_do_nothing())


def laid(live: LiveRows, model: ReadModel[Any], after: int = 0) -> list[int]:
    """Return the positions of the milestones of a read model beyond one, in order."""
    table = milestone
    query = select(table.c.position).where(_here(table), table.c.position > after).order_by(table.c.position)
    return list(live.connection.scalars(query, live.address(model)))


def note_removed(live: LiveRows, fold: KeyedFold[Any], removed: Sequence[str]) -> None:
    """Note that rows were removed: from the next milestone on they are not there, unless they come back before it."""
    if removed and not fold.model.of_event:
        address = {**live.address(fold.model), "unit": None, "fiscal_year": None, "content": None}
        notes = [{**address, "key": key, "position": fold.touched[key]} for key in removed]
        store(live.connection, milestone_row, notes)
        for note in notes:  # a retry passes milestones that were laid while the key had stopped
            stale = (milestone_row.c.key == note["key"]) & (milestone_row.c.position > note["position"])
            live.connection.execute(delete(milestone_row).where(_here(milestone_row), stale), live.address(fold.model))


def wrongly_laid(live: LiveRows, fold: KeyedFold[Any], position: int) -> bool:
    """Say whether a milestone kept, or filed, something else than a fold up to it changed since the one before."""
    changed = ((key, fold.rows[key]) for key in fold.touched)
    told = {key: row and (row.unit, row.fiscal_year, encode_row(row)) for key, row in changed}
    try:
        return told != {key: _told(fold.model, *filed) for key, *filed in _kept(live, fold.model, position)}
    except msgspec.MsgspecError:  # what lies there is no row of the model
        return True


def _told(
    model: ReadModel[Any], unit: str | None, year: int | None, content: bytes | None
) -> tuple[str | None, int | None, bytes] | None:
    return None if content is None else (unit, year, encode_row(decode_row(model.row, content)))


def keep(live: LiveRows, model: ReadModel[Any], position: int) -> None:
    """Copy the rows that changed last between the milestone before and a position, at which a milestone is or will be.

    A retry does so again for one that was laid while keys had stopped.
    """
    table = model.table
    of = {**live.address(model), "position": position}
    given = [literal(of[name], milestone_row.c[name].type) if name in of else table.c[name] for name in _KEPT]
    changed = select(*given).where(
        table.c.institution == live.institution,
        table.c.generation == of["generation"],
        table.c.position > _last(live, model, position - 1),
        table.c.position <= position,
    )
    live.connection.execute(upsert(milestone_row, live.connection).from_select(_KEPT, changed))


def _kept(live: LiveRows, model: ReadModel[Any], position: int) -> Iterator[tuple[Any, ...]]:
    """Yield key, unit, year and content of what was kept since the milestone before one; a row after its removal."""
    table = milestone_row
    query = select(table.c.key, table.c.unit, table.c.fiscal_year, table.c.content).where(
        _here(table), table.c.position > _last(live, model, position - 1), table.c.position <= position
    )
    return (tuple(row) for row in live.connection.execute(query.order_by(table.c.position), live.address(model)))


def _last(live: LiveRows, model: ReadModel[Any], until: int) -> int:
    """Return the position of the last milestone up to one, 0 where there is none."""
    query = select(func.max(milestone.c.position)).where(_here(milestone), milestone.c.position <= until)
    return live.connection.scalar(query, live.address(model)) or 0


def _here(table: FromClause) -> ColumnElement[bool]:
    """Return the condition that something lies at the `address` of a read model."""
    return and_(*(table.c[name] == bindparam(name) for name in ("institution", "model", "generation")))
