"""The key of command digests: kept outside the log, so that with the log alone nobody can try out erased texts."""

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import make_url

from services.event_log.still_file import is_still
from services.identity import new_command_id, new_salt
from services.settings import Settings


def digest_key(settings: Settings) -> bytes:
    """Return the key of a system: SAKIP_SECRET, else a file that is made beside a SQLite database, for its owner alone.

    Raises:
        ValueError: a database that several machines share, without SAKIP_SECRET.
    """
    if settings.secret:
        return settings.secret.encode()
    address = make_url(settings.database_url) if settings.database_url != "memory:" else None
    if address is None:
        return new_salt()
    if address.get_backend_name() != "sqlite" or not address.database:
        raise ValueError("SAKIP_SECRET harus diisi untuk basis data bersama")
    return _beside(Path(address.database))


def _beside(database: Path) -> bytes:
    path = database.with_name(database.name + ".key")
    if not path.exists() and is_still(database):
        return new_salt()  # nothing can be appended here, so that nobody asks for this key again
    if not path.exists():
        draft = path.with_name(f"{path.name}.{new_command_id()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(new_salt())
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()
