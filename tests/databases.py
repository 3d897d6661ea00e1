"""Copies of SQLite databases that other processes may have open."""

import sqlite3
from contextlib import closing
from pathlib import Path


def copy_database(file: Path, target: Path) -> None:
    """Copy a database by SQLite itself; a system on the copy makes a key of its own.

    Files copied one by one tear: the last of those that have it open takes `-wal` and `-shm` away when it closes.
    """
    with (
        closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
