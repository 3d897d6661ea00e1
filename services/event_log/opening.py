"""Chooses the recorder that a database URL names."""

from pathlib import Path

from sqlalchemy import make_url

from services.event_log.contract import EventLog
from services.event_log.memory import MemoryLog
from services.event_log.postgres import PostgresLog
from services.event_log.sqlite import SqliteLog


def open_log(url: str) -> EventLog:
    """Return the log of `memory:`, `sqlite:///path` or `postgresql://…` (a driver name such as `+psycopg` is ignored).

    The database must have been prepared with `migrate`.

    Raises:
        ValueError: another kind of URL.
        FileNotFoundError: the SQLite file does not exist.
    """
    if url == "memory:":
        return MemoryLog()
    address = make_url(url)
    match address.get_backend_name():
        case "sqlite":
            return SqliteLog(Path(address.database or ""))
        case "postgresql":
            # Only the name of the driver goes: SQLAlchemy writes a space as "+", which libpq doesn't take.
            return PostgresLog(f"postgresql{url[url.index(':') :]}")
        case other:
            raise ValueError(f"{other}: neither sqlite nor postgresql")
