"""The event log: its tables, its guards, and on PostgreSQL its one server function and the role of the application."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[2] / "sql"

# Each file holds one object; the order is that of their dependence.
_FILES = {
    "sqlite": ("command", "event", "log_head", "sealed_text", "append_only"),
    "postgresql": (
        "role",
        "event",
        "log_head",
        "command",
        "sealed_text",
        "append_rows",
        "append_group",
        "refuse_change",
        "append_only",
        "grants",
    ),
}


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    for name in _FILES[dialect]:
        text = (_SQL / dialect / f"{name}.sql").read_text(encoding="utf-8")
        for statement in _statements(text) if dialect == "sqlite" else [text]:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _statements(text: str) -> Iterator[str]:
    """Split a file for SQLite, whose driver takes one statement at a time inside a transaction."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
