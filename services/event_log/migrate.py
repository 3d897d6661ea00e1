"""Brings a database to the newest schema; any number of processes may ask at once, and one of them does it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from services.event_log.sqlite import connect
from services.event_log.storage_faults import storage_errors
from services.event_log.writer_lock import WriterLock

PATIENCE_SECONDS = 60.0

_MIGRATIONS = Path(__file__).parents[2] / "deploy" / "migrations"
_LOCK_KEY = 0x53414B49  # any number of our own; it is the same in all versions


class DatabaseOfBeforeError(ValueError):
    """The database was made before the first release, by a program whose server functions were others."""


def migrate(url: str) -> None:
    """Apply the migrations that a database lacks, in one transaction; `memory:` needs none.

    `url` is `sqlite:///path` (the file and its folder are made), `postgresql://…` or `memory:`.

    Raises:
        LogInUseError: a server still writes to the SQLite file, and the file lacks a migration.
        StorageError: the database lacks a migration and can't take it, or is damaged.
        DatabaseOfBeforeError: see there; import its institutions into a new database.
    """
    if url == "memory:":
        return
    address = make_url(url)
    with storage_errors():
        if address.get_backend_name() == "sqlite":
            _migrate_sqlite(address)
        else:
            _migrate_postgres(address)


def _migrate_postgres(address: URL) -> None:
    engine = create_engine(address.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        _hold_back_others(connection)
        command.upgrade(_configuration(connection), "head")
        if connection.exec_driver_sql("SELECT to_regtype('append_event')").scalar() is None:
            raise DatabaseOfBeforeError(address.database)


def _migrate_sqlite(address: URL) -> None:
    if not address.database or address.database == ":memory:":
        raise ValueError("sqlite: a file is needed")
    path = Path(address.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=NullPool)
    if _is_current(engine, path):
        return
    lock = WriterLock(path)
    lock.take(PATIENCE_SECONDS)
    try:
        # The driver opens no transaction of its own here, and SQLite undoes a half-done schema change.
        with engine.begin() as connection:
            _hold_back_others(connection)
            command.upgrade(_configuration(connection), "head")
    finally:
        lock.release()


def _hold_back_others(connection: Connection) -> None:
    """Wait until nobody else migrates, and let nobody begin before this transaction ends."""
    postgres = connection.dialect.name == "postgresql"
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})" if postgres else "BEGIN IMMEDIATE")


def _is_current(engine: Engine, path: Path) -> bool:
    if not path.exists():
        return False
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def _configuration(connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration
