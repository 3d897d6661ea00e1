"""The one place that knows which of the two databases an insert is written for."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert


def insert_into(table: Table, place: Engine | Connection) -> PostgresInsert | SqliteInsert:
    """Return an insert that can say what happens on a conflict, in the words of the database behind `place`."""
    return postgresql.insert(table) if place.dialect.name == "postgresql" else sqlite.insert(table)


def upsert(table: Table, place: Engine | Connection, kept: Sequence[str] = ()) -> PostgresInsert | SqliteInsert:
    """Return an insert that replaces the row under the same primary key, all but its columns in `kept`."""
    statement = insert_into(table, place)
    key = [column.name for column in table.primary_key]
    replaced = {each.name: statement.excluded[each.name] for each in table.columns if each.name not in {*key, *kept}}
    return statement.on_conflict_do_update(index_elements=key, set_=replaced)
