"""Copies the write-ahead log of a SQLite file into the file, without ever losing what was committed.

Left to itself SQLite does so after a commit, on whichever connection committed. Before 3.51.3 that could lose commits
of others for good, and damage the file ("WAL-reset bug" in its manual): one connection begins to copy a log that
another has just copied, a third commits and begins the log anew, and the first marks the new frames as copied. So here
no connection does it by itself, and it is done only while nobody can commit.
"""

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

EVERY_SECONDS: Final = 1.0
"""How long commits gather in the write-ahead log: that much more to read through, and as much disk."""


def leave_to_us(connection: sqlite3.Connection) -> None:
    """Let a connection copy nothing by itself; the last to close still does, when no other is left."""
    connection.execute("PRAGMA wal_autocheckpoint = 0")


class WriteAhead:
    """The write-ahead log of a file, for those that commit to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 0.0

    def committed(self) -> None:
        """Copy what was committed, if it is time and nobody writes just now; else a later commit tries again.

        Nothing that fails here undoes a commit, so nothing is raised: on a full disk the next append says so.
        """
        if time.monotonic() >= self._next:
            with suppress(sqlite3.Error):
                self._copy()
                self._next = time.monotonic() + EVERY_SECONDS

    def _copy(self) -> None:
        with closing(self._connect()) as holder, closing(self._connect()) as copier:
            holder.execute("BEGIN IMMEDIATE")  # nobody commits until it is closed
            copier.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=0, isolation_level=None)
