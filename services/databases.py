"""Opens the database in which read models, tokens and positions live beside the log."""

import sqlite3
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from projections.catalogue import READ_MODELS
from projections.read_model import FOLDED_TABLES, METADATA
from services.event_log.migrate import migrate
from services.event_log.still_file import connect_to_still, is_still
from services.event_log.write_ahead import WriteAhead, leave_to_us

BUSY_SECONDS = 30
_TABLES = [*FOLDED_TABLES, *(model.table for model in READ_MODELS)]
_SETUP_LOCK = 5_318_008


def open_database(url: str) -> Engine:
    """Return the engine for a log's URL; `memory:` gives a database that lives as long as the engine."""
    if url == "memory:":
        folder = TemporaryDirectory(prefix="sakip-")
        url = f"sqlite:///{folder.name}/rows.db"
        migrate(url)
        engine = _open_file(url)
        event.listen(engine, "engine_disposed", lambda _engine: folder.cleanup())
    elif url.startswith("sqlite"):
        engine = _open_file(url)
    else:
        engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def create_tables(engine: Engine) -> None:
    """Create the tables of read models that are missing; any number of processes may do so at once."""
    if not _missing(engine):
        return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SETUP_LOCK})
        else:  # ask for the right to write before looking, or two that looked would both wait for the other
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        METADATA.create_all(connection, tables=_TABLES)
        if engine.dialect.name == "postgresql":
            names = ", ".join(table.name for table in _TABLES)
            connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {names} TO sakip_app"))


def _missing(engine: Engine) -> bool:
    with engine.connect() as connection:
        return not {table.name for table in _TABLES} <= set(inspect(connection).get_table_names())


def _open_file(url: str) -> Engine:
    path = Path(make_url(url).database or "")
    if is_still(path):  # each question opens it anew
        return create_engine("sqlite://", creator=lambda: connect_to_still(path), poolclass=NullPool)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", lambda connection, _entry: leave_to_us(connection))
    # SQLAlchemy says "commit" before it commits: a copy made then would meet its own transaction. At "checkin" it has.
    ahead = WriteAhead(path)
    event.listen(engine, "commit", lambda connection: connection.info.update(committed=True))

    def given_back(_connection: sqlite3.Connection | None, entry: ConnectionPoolEntry) -> None:
        if entry.info.pop("committed", False):
            ahead.committed()

    event.listen(engine, "checkin", given_back)
    return engine


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """Let SQLAlchemy begin transactions, so that several reads in one see one instant; read whatever text is there.

    Somebody may have written text where the bytes of a row belong, and no proper text: that one row is told as wrong.
    """
    connection.isolation_level = None
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
