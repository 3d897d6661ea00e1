"""Copies the write-ahead log of a SQLite file into the file, without ever losing what was committed.

Left to itself SQLite does so after a commit, on whichever connection committed. Before 3.51.3 that could lose commits
of others for good, and damage the file ("WAL-reset bug" in its manual): one connection begins to copy a log that
another has just copied, a third commits and begins the log anew, and the first marks the new frames as copied. So here
no connection does it by itself, and it is done only while nobody can commit. (SQLite calls this copying a checkpoint;
here that is a signed root of the log.)
"""

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import structlog

from services.event_log.storage_faults import is_busy

EVERY_SECONDS: Final = 1.0
"""How long after a copy the next may be, unless the write-ahead log was found long."""

LONG: Final = 1_000
"""When the last copy found so many pages, the next commit copies again at once: readers had held SQLite up."""

logger = structlog.get_logger()


def leave_to_us(connection: sqlite3.Connection) -> None:
    """Let a connection copy nothing by itself; the last to close still does, when no other is left."""
    connection.execute("PRAGMA wal_autocheckpoint = 0")


class WriteAhead:
    """The write-ahead log of a file, for those that commit to it.

    Threads may share it: of two that copy at once one is refused as busy, and leaves it to a later commit.
    """

    def __init__(self, path: Path) -> None:
        # mode=rw: makes no file where there is none any more
        self._address: Final = f"{path.absolute().as_uri()}?mode=rw"
        self._name: Final = path.name
        self._next = 0.0

    def committed(self) -> None:
        """Copy what was committed, if it is time and nobody writes just now; else a later commit tries again.

        A commit stands whatever fails here, and what was not copied stays in the write-ahead log: nothing is raised.
        """
        if time.monotonic() < self._next:
            return
        try:
            pages = self._copy()
        except Exception as error:  # noqa: BLE001 - the commit stands; without memory SQLite says MemoryError
            if is_busy(error):
                return
            self._next = time.monotonic() + EVERY_SECONDS
            with suppress(Exception):  # where lines go may be full, too
                logger.warning("write_ahead_not_copied", file=self._name, error=repr(error))
        else:
            self._next = time.monotonic() + (EVERY_SECONDS if pages < LONG else 0)

    def _copy(self) -> int:
        """Return how many pages the write-ahead log has."""
        with closing(self._connect()) as holder, closing(self._connect()) as copier:
            holder.execute("BEGIN IMMEDIATE")  # nobody commits until it is closed
            _busy, pages, _copied = copier.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return int(pages)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._address, uri=True, timeout=0, isolation_level=None)  # noqa: TID251 - the one to copy
