"""The generations of the rows of an institution: one is built beside the one in use, and takes its place at once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Table, Update, bindparam, delete, select, text, update

from projections.catalogue import READ_MODELS
from projections.read_model import (
    ReadModel,
    milestone,
    milestone_row,
    parked_key,
    projection_generation,
    projection_position,
)
from services.dialect import insert_into
from services.read_tables import FINGERPRINT, Stand

REBUILDING = 7_110_023
"""The class of the server's locks that keep rebuilds of an institution apart; log and migrations have others."""

REMOVED_AT_ONCE = 2_000
"""How many rows of a discarded generation one transaction removes, so that nobody waits long for it."""

_MOVE: Final = (
    update(projection_position)
    .where(projection_position.c.institution == bindparam("of"))
    .where(projection_position.c.position == bindparam("begin"))
    .where(projection_position.c.generation == bindparam("made"))
    .values(position=bindparam("position"))
    .returning(projection_position.c.position)
)
_TABLES = {model.name: model.table for model in READ_MODELS}


class PositionMovedError(RuntimeError):
    """Another follower wrote in between, or other rows came into use; nothing was written."""


class TakenOverError(RuntimeError):
    """A later rebuild of the same read models began, or a failing server took a page of this one back."""


@contextmanager
def alone(engine: Engine, institution: str, *, wait: bool) -> Iterator[bool]:
    """Keep other processes from rebuilding read models of an institution; say whether it is this one's turn.

    The server drops the lock when the session ends, so that a process that died is in nobody's way. On SQLite one
    process writes to the file.
    """
    if engine.dialect.name != "postgresql":
        yield True
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = {"class": REBUILDING, "institution": institution}
        verb = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        granted = connection.scalar(text(f"SELECT {verb}(:class, hashtext(:institution))"), name)
        mine = wait or bool(granted)
        try:
            yield mine
        finally:
            if mine:
                connection.execute(text("SELECT pg_advisory_unlock(:class, hashtext(:institution))"), name)


def lock(connection: Connection, institution: str) -> int:
    """Let nobody else move or switch rows until the transaction ends; return a number that no generation has yet.

    It must be the first statement of the transaction. Whoever folded a page meanwhile will find that it doesn't fit.
    """
    table = projection_position
    first = {"institution": institution, "position": 0, "generation": 0, "fingerprint": FINGERPRINT}
    connection.execute(insert_into(table, connection).values(**first).on_conflict_do_nothing())
    move = update(table).where(table.c.institution == institution).values(generation=table.c.generation + 1)
    return int(connection.execute(move.returning(table.c.generation)).scalar_one())


def move(connection: Connection, institution: str, stand: Stand, after: int) -> None:
    """Move the position of the rows in use on from where they stood, or raise `PositionMovedError`."""
    table = projection_position
    # the row comes back where it was written: PostgreSQL's driver counts none for an insert
    if stand.fingerprint is None:
        first = {"institution": institution, "position": after, "generation": 0, "fingerprint": FINGERPRINT}
        begin = insert_into(table, connection).on_conflict_do_nothing().returning(table.c.position)
        moved = connection.scalar(begin, first)
    else:
        moved = connection.scalar(
            _MOVE, {"of": institution, "begin": stand.position, "made": stand.generation, "position": after}
        )
    if moved is None:
        raise PositionMovedError(f"{institution} does not stand at {stand.position} any more")


def claim(engine: Engine, institution: str, models: Sequence[ReadModel[Any]]) -> Stand:
    """Begin a generation of some read models; whatever was being built of them before is discarded."""
    with engine.begin() as connection:
        number = lock(connection, institution)
        connection.execute(_set(institution, models, "building", state="discarded"))
        begun = {"institution": institution, "generation": number, "state": "building", "position": 0}
        connection.execute(
            insert_into(projection_generation, connection), [{**begun, "model": model.name} for model in models]
        )
    return Stand(position=0, generation=number, fingerprint=FINGERPRINT, of={model.name: number for model in models})


def move_built(connection: Connection, institution: str, stand: Stand, after: int) -> Stand:
    """Move the position of a generation that is being built, or raise `TakenOverError`; return where it stands then."""
    table = projection_generation
    statement = (
        update(table)
        .where(table.c.institution == institution, table.c.generation == stand.generation)
        .where(table.c.state == "building", table.c.position == stand.position)
        .values(position=after)
    )
    _demand(connection, statement, stand)
    return stand._replace(position=after)


def switch(connection: Connection, institution: str, stand: Stand) -> None:
    """Let a generation that was built take the place of the one in use, within a transaction that began with `lock`.

    Raises:
        TakenOverError: it is not being built any more; the transaction must not be committed.
    """
    table = projection_generation
    models = [model for model in READ_MODELS if model.name in stand.of]
    replaced = set(connection.scalars(_set(institution, models, "live", state="discarded").returning(table.c.model)))
    first = {"institution": institution, "generation": 0, "state": "discarded", "position": 0}
    never = [{**first, "model": model.name} for model in models if model.name not in replaced]
    if never:
        connection.execute(insert_into(table, connection).on_conflict_do_nothing(), never)
    built = update(table).where(table.c.institution == institution, table.c.generation == stand.generation)
    _demand(connection, built.where(table.c.state == "building").values(state="live"), stand)
    if len(models) == len(READ_MODELS):
        position = projection_position
        connection.execute(
            update(position).where(position.c.institution == institution).values(fingerprint=FINGERPRINT)
        )


def sweep(engine: Engine, institution: str) -> None:
    """Remove the rows of discarded generations, a batch at a time."""
    table = projection_generation
    discarded = select(table.c.model, table.c.generation).where(
        table.c.institution == institution, table.c.state == "discarded"
    )
    with engine.connect() as connection:
        found = connection.execute(discarded).all()
    for model, generation in found:
        address = {"institution": institution, "model": model, "generation": generation}
        for rows in (_TABLES.get(model), milestone_row):
            while rows is not None and _delete_some(engine, rows, address):
                pass
        with engine.begin() as connection:
            for beside in (parked_key, milestone, table):
                connection.execute(delete(beside).where(*_at(beside, address)))


def _delete_some(engine: Engine, table: Table, address: Mapping[str, Any]) -> bool:
    some = select(table.c.key).where(*_at(table, address)).order_by(table.c.key).limit(REMOVED_AT_ONCE)
    with engine.begin() as connection:
        return connection.execute(delete(table).where(*_at(table, address), table.c.key.in_(some))).rowcount > 0


def _at(table: Table, address: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Return the conditions on those columns of an address that a table has: one of rows is of one read model."""
    return [table.c[name] == value for name, value in address.items() if name in table.c]


def _set(institution: str, models: Sequence[ReadModel[Any]], old: str, *, state: str) -> Update:
    table = projection_generation
    return (
        update(table)
        .where(table.c.institution == institution, table.c.state == old)
        .where(table.c.model.in_([model.name for model in models]))
        .values(state=state)
    )


def _demand(connection: Connection, statement: Update, stand: Stand) -> None:
    """Let a statement change one row of each read model that is being built, or raise `TakenOverError`."""
    changed = connection.execute(statement.returning(projection_generation.c.model)).all()
    if len(changed) != len(stand.of):
        raise TakenOverError(f"generation {stand.generation} is not being built any more")
