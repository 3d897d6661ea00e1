"""The one place that knows which of the two databases a statement is written for."""

from functools import cache

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert


def insert_into(table: Table, place: Engine | Connection) -> PostgresInsert | SqliteInsert:
    """Return an insert that can say what happens on a conflict, in the words of the database behind `place`."""
    return _insert_into(table, place.dialect.name)


def upsert(table: Table, place: Engine | Connection, *kept: str) -> PostgresInsert | SqliteInsert:
    """Return an insert that replaces the row under the same primary key, all but its columns in `kept`."""
    return _upsert(table, place.dialect.name, *kept)


def _insert_into(table: Table, dialect: str) -> PostgresInsert | SqliteInsert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _upsert(table: Table, dialect: str, *kept: str) -> PostgresInsert | SqliteInsert:
    """Made once: to make a statement takes longer than to run it for one row."""
    statement = _insert_into(table, dialect)
    key = [column.name for column in table.primary_key]
    replaced = {each.name: statement.excluded[each.name] for each in table.columns if each.name not in {*key, *kept}}
    return statement.on_conflict_do_update(index_elements=key, set_=replaced)


def let_commit_be_lost(connection: Connection) -> None:
    """Let the commit of a transaction not wait for the disk; for what is derived from the log, and nothing else.

    When the server fails, the last of these commits may be undone, always whole and the latest first: rows and position
    go back together, and are followed again. On SQLite the commit waits all the same.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL synchronous_commit = off"))
