"""Processes that commit to one SQLite file, and copy its write-ahead log, as fast as they can.

`python crowd.py FILE SECONDS SEED` commits and `python crowd.py FILE SECONDS` copies only; with `alone` behind it, as
SQLite would by itself. Who commits prints the last number that was acknowledged.
"""

import random
import sqlite3
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from services.event_log import write_ahead
from services.event_log.sqlite import connect
from services.event_log.write_ahead import WriteAhead

KEPT = 300
"""How many numbers of each process stay in the file, so that it stays small and all of it is in motion."""

Copy = Callable[[], object]


def commit(connection: sqlite3.Connection, copy: Copy, until: float, seed: int) -> int:
    """Commit one number after the other; return the last."""
    chance, number = random.Random(seed), 0
    while time.monotonic() < until:
        number += 1
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM kept WHERE process = ? AND number <= ?", (seed, number - KEPT))
        connection.execute(
            "INSERT INTO kept VALUES (?, ?, ?)", (seed, number, chance.randbytes(chance.randrange(3_000)))
        )
        connection.execute("COMMIT")
        copy()
    return number


def main(file: str, seconds: str, *more: str) -> None:
    write_ahead.EVERY_SECONDS = 0  # type: ignore[misc]
    connection, until = connect(Path(file)), time.monotonic() + float(seconds)
    connection.execute("PRAGMA synchronous = OFF")  # no power is cut here, and without waiting far more happens
    alone = more[-1:] == ("alone",)
    by_sqlite = partial(connection.execute, "PRAGMA wal_checkpoint(PASSIVE)")  # while others may commit
    copy: Copy = by_sqlite if alone else WriteAhead(Path(file)).committed
    seeds = [int(each) for each in more if each != "alone"]
    if seeds:
        sys.stdout.write(f"{commit(connection, copy, until, *seeds)}\n")
    while time.monotonic() < until:
        copy()


if __name__ == "__main__":
    main(*sys.argv[1:])
