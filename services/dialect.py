"""The one place that knows which of the two databases a statement is written for."""

from collections.abc import Sequence
from contextlib import closing, suppress
from functools import cache
from typing import Any, Final

from psycopg import sql
from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

STREAMED_FROM: Final = 100
"""How many rows a stream is worth its beginning and end."""


def insert_into(table: Table, bind: Engine | Connection) -> PostgresInsert | SqliteInsert:
    """Return an insert that can say what happens on a conflict, in the words of the database behind `bind`."""
    return _insert_into(table, bind.dialect.name)


def upsert(table: Table, bind: Engine | Connection, kept: tuple[str, ...] = ()) -> PostgresInsert | SqliteInsert:
    """Return an insert that replaces the row under the same primary key, all but its columns in `kept`."""
    return _upsert(table, bind.dialect.name, kept)


def _insert_into(table: Table, dialect: str) -> PostgresInsert | SqliteInsert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _upsert(table: Table, dialect: str, kept: tuple[str, ...]) -> PostgresInsert | SqliteInsert:
    """Made once: to make a statement takes longer than to run it for one row."""
    statement = _insert_into(table, dialect)
    key = [column.name for column in table.primary_key]
    replaced = {each.name: statement.excluded[each.name] for each in table.columns if each.name not in {*key, *kept}}
    return statement.on_conflict_do_update(index_elements=key, set_=replaced)


def store(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *, kept: tuple[str, ...] = ()) -> None:
    """Store at least one row in place of those under the same primary keys, all but their columns in `kept`.

    For a single row that is quicker when it isn't given as one of many.
    """
    connection.execute(upsert(table, connection, kept), rows if len(rows) > 1 else rows[0])


def store_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Store at least one row, none of which should be there yet; PostgreSQL takes many as one stream.

    All name the same columns. Where one is there all the same, they are stored as others are, in its place.

    Raises:
        psycopg.Error: PostgreSQL refuses a row of a stream for another reason; then none is stored.
    """
    if connection.dialect.name == "postgresql" and len(rows) >= STREAMED_FROM:
        with suppress(UniqueViolation), connection.begin_nested():
            _stream(connection, table, rows)
            return
    store(connection, table, rows)


def _stream(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    with closing(connection.connection.cursor()) as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row([row[name] for name in rows[0]])


def let_commit_be_lost(connection: Connection) -> None:
    """Let the commit of a transaction not wait for the disk; for what is derived from the log, and nothing else.

    When the server fails, the last of these commits may be undone, always whole and the latest first: rows and position
    go back together, and are followed again. On SQLite the commit waits all the same.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL synchronous_commit = off"))
