"""What only the SQLite log has to show: one writing process, and commits that survive a kill."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest
from sqlalchemy import make_url

from services.event_log.connections import LogClosedError
from services.event_log.contract import EventLog
from services.event_log.sqlite import connect
from services.event_log.verification import verify_entries
from services.event_log.writer_lock import LogInUseError
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write

ROOT = Path(__file__).parents[3]


def test_a_second_writer_is_told_who_writes_and_may_read(sqlite_url: str, opened: Callable[[str], EventLog]) -> None:
    first, second = opened(sqlite_url), opened(sqlite_url)
    first.append(a_batch(a_write("a")))

    with pytest.raises(LogInUseError, match=rf"log\.db\.lock: held by process {os.getpid()}$"):
        second.append(a_batch(a_write("a", 1)))
    assert second.head(INSTITUTION) == 1
    assert len(second.read(INSTITUTION)) == 1

    first.close()
    second.append(a_batch(a_write("a", 1)))
    assert second.head(INSTITUTION) == 2


def test_reading_alone_takes_no_lock(sqlite_url: str, opened: Callable[[str], EventLog]) -> None:
    reader, writer = opened(sqlite_url), opened(sqlite_url)

    assert reader.read(INSTITUTION) == []
    writer.append(a_batch(a_write()))
    assert len(reader.read(INSTITUTION)) == 1


def test_a_closed_log_says_so(sqlite_url: str, opened: Callable[[str], EventLog]) -> None:
    log = opened(sqlite_url)
    log.close()

    with pytest.raises(LogClosedError):
        log.append(a_batch(a_write()))
    with pytest.raises(LogClosedError):
        log.read(INSTITUTION)


def test_every_connection_syncs_at_commit(sqlite_url: str) -> None:
    with closing(connect(Path(str(make_url(sqlite_url).database)))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def acknowledged_before_kill(url: str, run: str, *mode: str) -> list[str]:
    """Start the appender, kill it with signal 9 at some moment after its first acknowledgement."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.services.event_log.appender", url, run, *mode],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as appender:
        assert appender.stdout is not None
        first = appender.stdout.readline()
        time.sleep(crc32(run.encode()) % 1000 / 5000)
        appender.kill()
        # A line that was cut in the middle was not acknowledged.
        return [line.strip() for line in (first, *appender.stdout) if line.endswith("\n")]


def lost(log: EventLog, commands: list[str]) -> list[str]:
    return [each for each in commands if log.repeated(INSTITUTION, each, "digest") is None]


@pytest.mark.parametrize("rounds", [3, pytest.param(500, marks=pytest.mark.ordeal)])
@pytest.mark.timeout(3000)
def test_a_kill_during_commits_loses_nothing_acknowledged(
    sqlite_url: str, rounds: int, opened: Callable[[str], EventLog]
) -> None:
    acknowledged: list[str] = []
    for number in range(rounds):
        commands = acknowledged_before_kill(sqlite_url, f"run{number}")
        assert commands
        acknowledged += commands

    log = opened(sqlite_url)
    assert lost(log, acknowledged) == []
    assert log.head(INSTITUTION) % 4 == 0, "a batch of four is in the log whole or not at all"
    assert verify_entries(log, INSTITUTION) is None
    with closing(sqlite3.connect(str(make_url(sqlite_url).database))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_an_acknowledgement_before_the_commit_is_noticed(sqlite_url: str, opened: Callable[[str], EventLog]) -> None:
    commands = acknowledged_before_kill(sqlite_url, "run", "early")

    assert "run.0.1" in lost(opened(sqlite_url), commands)
