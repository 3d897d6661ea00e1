"""Processes wake each other over PostgreSQL; the poll is so seldom here that only being woken counts."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from services import bootstrap, delivery, waking
from services.identity import new_command_id
from services.side_connection import connect_beside
from services.verification import verify
from services.waking import CHANNEL, NobodyElse, Notice, PostgresWaking
from tests.services.deliverer import delivering
from tests.services.office import INSTITUTION, Office, office, request
from tests.services.restartable import RestartableServer, restartable
from tests.services.until import PATIENCE, until

SOON = 2.0
NEVER = "60"


@pytest.fixture(autouse=True)
def no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let who waits here look by itself so seldom that only being told counts."""
    monkeypatch.setattr(delivery, "LOOK_AGAIN_SECONDS", float(NEVER))
    monkeypatch.setattr(delivery, "POLL_SECONDS", float(NEVER))


def rename(opened: Office, name: str = "Dinas Kesehatan") -> int:
    """Append something that every read model of the organisation shows."""
    return opened.does("admin", "organisation.rename_unit", unit="dinkes", name=name).position


def terminated(url: str, purpose: str) -> int:
    """Let the server end every connection to a database that serves some purpose; return how many there were."""
    with connect_beside(url, "tests") as connection:
        asked = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s"
        )
        return len(connection.execute(asked, [purpose]).fetchall())


def listeners(url: str) -> int:
    """Return how many connections listen."""
    with connect_beside(url, "tests") as connection:
        asked = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
        return len(connection.execute(asked, ["sakip listener"]).fetchall())


@contextmanager
def heard(url: str) -> Iterator[list[Notice | None]]:
    """Collect what one more process hears."""
    notices: list[Notice | None] = []
    ear = PostgresWaking(url)
    ear.listen(notices.append)
    try:
        assert until(lambda: notices == [None])  # it listens from now on
        yield notices
    finally:
        ear.close()


@pytest.fixture
def written(fresh_postgres_url: str) -> Iterator[Office]:
    """Open the regency in a process that only takes commands, with everything followed and its own ear open."""
    with office(fresh_postgres_url) as opened:
        opened.settle()
        opened.system.delivery.wait(INSTITUTION, opened.head + 1, 0.05)
        assert until(lambda: listeners(fresh_postgres_url) == 1)
        yield opened


def visible(opened: Office, position: int, seconds: float = PATIENCE) -> bool:
    """Say whether who waits here is told in time that a position is visible."""
    return opened.system.delivery.wait(INSTITUTION, position, seconds)


class TestProcesses:
    def test_an_append_here_is_visible_there_long_before_the_poll(
        self, written: Office, fresh_postgres_url: str, record_property: Callable[[str, object], None]
    ) -> None:
        seconds = []
        with delivering(fresh_postgres_url, "--poll", NEVER):
            assert visible(written, rename(written))
            for turn in range(20):
                begun = time.monotonic()
                assert visible(written, rename(written, f"Dinas {turn}"))
                seconds.append(time.monotonic() - begun)

        record_property("median_milliseconds", round(1000 * statistics.median(seconds), 1))
        assert statistics.median(seconds) < SOON
        assert max(seconds) < float(NEVER) / 3

    def test_without_being_woken_it_is_not_visible_in_that_time(self, written: Office, fresh_postgres_url: str) -> None:
        """The control: nothing but the notice explains how soon it is seen."""
        with delivering(fresh_postgres_url, "--poll", NEVER, "--deaf") as there:
            followed = written.system.follower.position
            assert until(lambda: followed(INSTITUTION) == written.head and bool(there.rounds))
            time.sleep(1)  # the process has begun its long wait
            position = rename(written)

            assert not until(lambda: followed(INSTITUTION) >= position, SOON)

    def test_who_waits_is_told_by_the_process_that_followed(
        self, fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: deaf itself, this process waits in vain though the rows are there."""
        monkeypatch.setattr(bootstrap, "open_waking", lambda _url: NobodyElse())
        with office(fresh_postgres_url) as deaf, delivering(fresh_postgres_url, "--poll", "0.3"):
            position = rename(deaf)
            begun = time.monotonic()

            assert visible(deaf, position, 1.5)  # looks a last time when its time is over
            assert time.monotonic() - begun > 1.4

    def test_what_workflows_send_is_visible_too(self, written: Office, fresh_postgres_url: str) -> None:
        with delivering(fresh_postgres_url, "--poll", NEVER):
            position = written.does("plan", "organisation.open_fiscal_year", fiscal_year=2024).position

            assert visible(written, position)
            assert written.types("agreement/dinkes/2024") == ["agreement.opened.v1"]
            assert written.system.follower.position(INSTITUTION) > position


class TestCuts:
    @pytest.mark.parametrize("purpose", ["sakip listener", "sakip notifier"])
    def test_a_cut_connection_is_made_up_for(self, written: Office, fresh_postgres_url: str, purpose: str) -> None:
        seconds = []
        with delivering(fresh_postgres_url, "--poll", NEVER):
            assert visible(written, rename(written))
            for turn in range(3):
                assert terminated(fresh_postgres_url, purpose) >= 1
                begun = time.monotonic()
                assert visible(written, rename(written, f"Dinas {turn}"))
                seconds.append(time.monotonic() - begun)

        assert statistics.median(seconds) < SOON
        assert verify(written.system, INSTITUTION).sound


@pytest.fixture
def server() -> Iterator[RestartableServer]:
    """Run a server that only this test uses."""
    with restartable() as running:
        yield running


def insisting(opened: Office, stopping: Event) -> Iterator[int]:
    """Append without end, each command until it is answered; yields the positions."""
    while not stopping.is_set():
        command = request(
            "admin", "organisation.rename_unit", unit="dinkes", name=f"Dinas {new_command_id()}", id_=new_command_id()
        )
        while True:
            try:
                yield opened.system.handler.handle(command).position
                break
            except (psycopg.Error, SQLAlchemyError):
                time.sleep(0.02)
        time.sleep(0.005)


class TestRestarts:
    @pytest.mark.parametrize(
        ("restarts", "apart"),
        [(2, 0.7), pytest.param(36, 5.0, id="long", marks=[pytest.mark.ordeal, pytest.mark.timeout(600)])],
    )
    def test_a_restarted_server_costs_no_row(self, server: RestartableServer, restarts: int, apart: float) -> None:
        modes = random.Random(restarts)
        positions: list[int] = []
        took: list[float] = []
        stopping = Event()
        with office(server.url) as opened, delivering(server.url) as there:
            followed = opened.system.follower.position
            assert visible(opened, opened.head)
            writer = Thread(target=lambda: positions.extend(insisting(opened, stopping)))
            writer.start()
            try:
                for _ in range(restarts):
                    time.sleep(apart)
                    server.stop(modes.choice(["fast", "immediate"]))
                    server.start()
                    head, begun = len(positions), time.monotonic()
                    assert until(lambda head=head: len(positions) > head)  # type: ignore[misc]
                    assert until(lambda last=positions[-1]: followed(INSTITUTION) >= last)  # type: ignore[misc]
                    took.append(time.monotonic() - begun)
            finally:
                stopping.set()
                writer.join()

            assert visible(opened, positions[-1])
            assert positions == sorted(set(positions))
            assert followed(INSTITUTION) == opened.head == positions[-1]
            assert until(lambda: opened.system.runner.position(INSTITUTION) == opened.head)
            assert verify(opened.system, INSTITUTION).sound
            assert there.folded > 0  # not counted: what was cut after its commit; twice: what the server took back
        assert statistics.median(took) < 2 * SOON


class TestNotices:
    def test_telling_neither_waits_nor_fails_where_no_server_answers(self) -> None:
        waking_nobody = PostgresWaking("postgresql://nobody@127.0.0.1:1/none")
        begun = time.monotonic()
        for position in range(1_000):
            waking_nobody.tell(Notice("appended", INSTITUTION, position))
        told = time.monotonic() - begun
        waking_nobody.close()

        assert told < 1
        assert time.monotonic() - begun < 2 * waking.CLOSE_SECONDS

    def test_what_is_told_at_once_goes_along(self, fresh_postgres_url: str) -> None:
        mouth = PostgresWaking(fresh_postgres_url)
        with heard(fresh_postgres_url) as notices:
            for position in range(1, 5_001):
                mouth.tell(Notice("appended", "a", position))
                mouth.tell(Notice("followed", "b", position))
            assert until(lambda: notices[-2:].count(Notice("followed", "b", 5_000)) == 1)
            assert until(lambda: Notice("appended", "a", 5_000) in notices)
            assert len(notices) < 1_000
        mouth.close()

    def test_closing_sends_what_was_told(self, fresh_postgres_url: str) -> None:
        """As when a verb on the command line appends, and ends."""
        with heard(fresh_postgres_url) as notices:
            mouth = PostgresWaking(fresh_postgres_url)
            mouth.tell(Notice("appended", "a", 7))
            mouth.close()
            mouth.tell(Notice("appended", "a", 8))

            assert until(lambda: notices == [None, Notice("appended", "a", 7)])
            assert not until(lambda: len(notices) > 2, 0.1)

    def test_nobody_hears_himself(self, fresh_postgres_url: str) -> None:
        with heard(fresh_postgres_url) as others:
            notices: list[Notice | None] = []
            both = PostgresWaking(fresh_postgres_url)
            both.listen(notices.append)
            assert until(lambda: notices == [None])
            both.tell(Notice("appended", "a", 1))

            assert until(lambda: others[1:] == [Notice("appended", "a", 1)])
            assert not until(lambda: len(notices) > 1, 0.1)
            both.close()

    @pytest.mark.parametrize("payload", ["", "?", '["grown","a",1]', '["appended","a"]', '["appended","a","1"]'])
    def test_a_notice_that_is_not_understood_may_mean_anything(self, fresh_postgres_url: str, payload: str) -> None:
        with heard(fresh_postgres_url) as notices, connect_beside(fresh_postgres_url, "tests") as connection:
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
            assert until(lambda: notices == [None, None])

    def test_the_append_itself_sends_no_notice(self, fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A NOTIFY in its transaction would make every institution wait for every other."""
        monkeypatch.setattr(bootstrap, "open_waking", lambda _url: NobodyElse())
        with office(fresh_postgres_url) as opened, heard(fresh_postgres_url) as notices:
            rename(opened)
            assert not until(lambda: len(notices) > 1, 0.2)

    def test_a_member_of_the_application_role_may_wake_and_hear(self, written: Office, fresh_postgres_url: str) -> None:
        assert written.head
        name = f"clerk_{new_command_id()[:8]}"
        with connect_beside(fresh_postgres_url, "tests") as connection:
            connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'clerk' IN ROLE sakip_app")
        clerk = make_url(fresh_postgres_url).set(username=name, password="clerk")
        mouth = PostgresWaking(clerk.render_as_string(hide_password=False))
        with heard(clerk.render_as_string(hide_password=False)) as notices:
            mouth.tell(Notice("appended", "a", 1))
            assert until(lambda: Notice("appended", "a", 1) in notices)
        mouth.close()
        with connect_beside(fresh_postgres_url, "tests") as connection:
            connection.execute(f"DROP ROLE {name}")
