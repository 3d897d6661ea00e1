"""A SQLite file in a folder that can't be written to: an archive, a mounted backup, an auditor's copy.

SQLite reads a file with a write-ahead log only where it can make two files beside it. In a folder that refuses them a
file is still, and can be read as it is, when all of its log is in it.
"""

import os
import sqlite3
from pathlib import Path

from services.event_log.storage_faults import StorageReadOnlyError


def is_still(path: Path) -> bool:
    """Tell whether a file must be read as it is: its folder refuses the files beside it, and nobody else made them.

    Raises:
        StorageReadOnlyError: entries lie in the write-ahead log and can't be read without its index, `-shm`.
    """
    if not path.is_file() or os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        return False
    ahead, index = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))
    if not ahead.exists():
        return True
    if index.exists():
        return False
    if ahead.stat().st_size:
        raise StorageReadOnlyError(f"{ahead}: holds entries that can be read only in a folder that can be written to")
    return True


def address_of_still(path: Path) -> str:
    """Return the URI by which SQLite reads a file without asking for locks or a write-ahead log."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def connect_to_still(path: Path) -> sqlite3.Connection:
    """Open a still file; for a short time, since a writer with more rights could come."""
    return sqlite3.connect(  # noqa: TID251 - it writes nothing
        address_of_still(path), uri=True, isolation_level=None, check_same_thread=False
    )
