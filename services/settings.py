"""What can be set from outside, each by one environment variable."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_DATABASE = "sqlite:///sakip.db"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process.

    `database_url` is a SQLAlchemy URL (SAKIP_DATABASE_URL; a SQLite file in the working folder by default), `redis_url`
    turns delivery over a queue on (SAKIP_REDIS_URL), `rulebooks` is a folder of local rulebooks (SAKIP_RULEBOOKS), and
    `secret` keys the digests of commands (SAKIP_SECRET; the same for all processes of a database). `signing_key` is the
    file of the key that signs checkpoints (SAKIP_SIGNING_KEY) and `checkpoints` the folder where the last of each
    institution is kept (SAKIP_CHECKPOINTS): both lie outside the database, best on another machine.
    """

    database_url: str = DEFAULT_DATABASE
    redis_url: str | None = None
    rulebooks: Path | None = None
    secret: str | None = None
    signing_key: Path | None = None
    checkpoints: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "INFO"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raise ValueError with the name of a variable that makes no sense."""
    port = environment.get("SAKIP_PORT", "8000")
    if not port.isascii() or not port.isdigit() or len(port) > 5 or int(port) > 65535:  # noqa: PLR2004 - the highest port
        raise ValueError(f"SAKIP_PORT harus bilangan 0 sampai 65535, bukan {port!r}")
    rulebooks = environment.get("SAKIP_RULEBOOKS")
    if rulebooks and not Path(rulebooks).is_dir():
        raise ValueError(f"SAKIP_RULEBOOKS bukan folder: {rulebooks}")
    log_level = environment.get("SAKIP_LOG_LEVEL", "INFO").upper()
    if log_level not in LOG_LEVELS:
        raise ValueError(f"SAKIP_LOG_LEVEL harus salah satu dari {', '.join(LOG_LEVELS)}, bukan {log_level!r}")
    return Settings(
        database_url=_database(environment.get("SAKIP_DATABASE_URL") or DEFAULT_DATABASE),
        redis_url=environment.get("SAKIP_REDIS_URL") or None,
        secret=environment.get("SAKIP_SECRET") or None,
        signing_key=_path(environment.get("SAKIP_SIGNING_KEY")),
        checkpoints=_path(environment.get("SAKIP_CHECKPOINTS")),
        rulebooks=_path(rulebooks),
        host=environment.get("SAKIP_HOST", "127.0.0.1"),
        port=int(port),
        log_level=log_level,
    )


def _path(named: str | None) -> Path | None:
    return Path(named) if named else None


def _database(url: str) -> str:
    """The message does not repeat the address: it may hold a password."""
    try:
        known = url == "memory:" or make_url(url).get_backend_name() in {"sqlite", "postgresql"}
    except ArgumentError:
        known = False
    if not known:
        raise ValueError("SAKIP_DATABASE_URL harus sqlite:///berkas atau postgresql://…")
    return url
