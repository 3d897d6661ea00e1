"""A PostgreSQL server whose processes are killed during commits: what was acknowledged is there, and nothing twice."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

import psycopg
import pytest

from services.event_log import postgres
from services.event_log.contract import EventLog
from services.event_log.migrate import migrate
from services.event_log.verification import verify_entries
from tests import servers
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq
from tests.services.until import until

THREADS = 8
KILLS_OF_CONTROL = 3


class Writer(Thread):
    """Appends until it is stopped; a command that failed for want of a server is sent again until it is answered."""

    def __init__(self, log: EventLog, number: int) -> None:
        super().__init__()
        self.acknowledged: list[str] = []
        self.stop = Event()
        self._log = log
        self._number = number

    def run(self) -> None:
        while not self.stop.is_set():
            name = f"{self._number}.{len(self.acknowledged)}"
            batch = a_batch(a_write(f"{name}/a", count=3), a_write(f"{name}/b"), command_id=name)
            while True:
                with suppress(psycopg.OperationalError):
                    assert self._log.append(batch).versions == ((f"{name}/a", 3), (f"{name}/b", 1))
                    self.acknowledged.append(name)
                    break
                time.sleep(0.02)


def kill_a_backend(address: str) -> None:
    """Kill the server's side of a connection that appends; the server ends all others and recovers."""
    query = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%append_group%' AND pid <> pg_backend_pid() LIMIT 1"
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    os.kill(row[0], signal.SIGKILL)


def acknowledged_through_kills(log: EventLog, url: str, kills: int) -> list[str]:
    """Append from several threads while the server is killed; return the acknowledged commands once it answers."""
    writers = [Writer(log, number) for number in range(THREADS)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(kills):
            await_more(writers)
            kill_a_backend(libpq(url))
    finally:
        for writer in writers:
            writer.stop.set()
        for writer in writers:
            writer.join()
    assert until(lambda: answers(log), 60)
    return [name for writer in writers for name in writer.acknowledged]


@pytest.mark.parametrize("rounds", [2, pytest.param(100, marks=pytest.mark.ordeal)])
@pytest.mark.timeout(1800)
def test_a_kill_of_the_server_during_commits_loses_nothing_acknowledged(
    rounds: int, opened: Callable[[str], EventLog]
) -> None:
    with servers.running("postgres") as url:
        migrate(url)
        log = opened(url)
        names = acknowledged_through_kills(log, url, rounds)

        assert [name for name in names if log.repeated(INSTITUTION, name, "digest") is None] == []
        assert log.head(INSTITUTION) == 4 * len(names)
        assert verify_entries(log, INSTITUTION) is None
        log.close()


def test_commits_that_do_not_wait_for_the_disk_are_noticed(
    opened: Callable[[str], EventLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_SESSION", f"{postgres._SESSION}; SET synchronous_commit = off")
    with servers.running("postgres") as url:
        migrate(url)
        log = opened(url)
        names = acknowledged_through_kills(log, url, KILLS_OF_CONTROL)

        assert [name for name in names if log.repeated(INSTITUTION, name, "digest") is None]
        log.close()


def answers(log: EventLog) -> bool:
    """Say whether the server is through its recovery."""
    try:
        log.head(INSTITUTION)
    except psycopg.OperationalError:
        return False
    return True


def acknowledged(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


def await_more(writers: list[Writer]) -> None:
    enough = acknowledged(writers) + 100
    assert until(lambda: acknowledged(writers) >= enough, 60)
