"""One process delivers for an institution; another takes over within seconds when it dies or hangs."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest

from services import delivery, lease
from services.event_log.migrate import migrate
from services.lease import SharedLease, SoleProcess, open_lease
from services.side_connection import connect_beside
from services.verification import verify
from tests.services.at_once import at_once
from tests.services.deliverer import Deliverer, delivering
from tests.services.office import INSTITUTION, Office, office
from tests.services.until import PATIENCE, until

TAKEN_OVER = 10.0
"""Seconds after which another process must have followed."""


def rename(opened: Office, name: str = "Dinas Kesehatan") -> int:
    """Append something that every read model of the organisation shows."""
    return opened.does("admin", "organisation.rename_unit", unit="dinkes", name=name).position


@contextmanager
def leases(url: str, count: int = 2) -> Iterator[list[SharedLease]]:
    """Open the leases of several processes."""
    with ExitStack() as closing:
        opened = [SharedLease(url) for _ in range(count)]
        for each in opened:
            closing.callback(each.close)
        yield opened


@pytest.fixture
def migrated(fresh_postgres_url: str) -> str:
    """Return the URL of a database with all its tables."""
    migrate(fresh_postgres_url)
    return fresh_postgres_url


class TestTaking:
    def test_one_process_holds_an_institution(self, migrated: str) -> None:
        with leases(migrated) as (first, second):
            assert first.take("a")
            assert not second.take("a")
            assert first.take("a")
            assert (first.holds("a"), second.holds("a")) == (True, False)

    def test_institutions_are_held_one_by_one(self, migrated: str) -> None:
        with leases(migrated) as (first, second):
            assert first.take("a")
            assert second.take("b")
            assert (first.take("b"), second.take("a")) == (False, False)

    def test_what_is_given_up_can_be_taken_at_once(self, migrated: str) -> None:
        with leases(migrated) as (first, second):
            first.take("a")
            first.take("b")
            first.give_up("a")

            assert not first.holds("a")
            assert second.take("a")
            assert not second.take("b")

    def test_a_process_that_ends_leaves_everything(self, migrated: str) -> None:
        with leases(migrated) as (first, second):
            first.take("a")
            first.close()

            assert not first.holds("a")
            assert second.take("a")

    def test_what_is_not_renewed_lapses_and_its_holder_knows(
        self, migrated: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lease, "LEASE_SECONDS", 2)
        with leases(migrated) as (first, second):
            assert first.take("a")
            assert not second.take("a")
            time.sleep(2.05)

            assert not first.holds("a")
            assert second.take("a")
            assert not first.take("a")

    def test_many_that_begin_at_once_never_hold_the_same(self, migrated: str) -> None:
        wanted = [f"i{number}" for number in range(30)]
        with leases(migrated, 8) as all_of_them:
            at_once(*(partial(each._beat, wanted) for each in all_of_them))
            holders = [sum(each.holds(institution) for each in all_of_them) for institution in wanted]

        assert holders == [1] * len(wanted)

    def test_in_the_background_it_keeps_what_it_has_and_takes_what_falls_free(
        self, migrated: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lease, "LEASE_SECONDS", 2)
        monkeypatch.setattr(lease, "BEAT_SECONDS", 0.2)
        gained: list[str] = []
        with leases(migrated) as (first, second):
            first.start(lambda: ["a", "b"], lambda _institution: None)
            assert until(lambda: first.holds("a") and first.holds("b"))
            second.start(lambda: ["a", "b"], gained.append)
            time.sleep(1)
            assert (first.holds("a"), gained) == (True, [])
            first.close()

            assert until(lambda: gained == ["a", "b"])

    def test_a_process_that_stops_in_the_middle_of_taking_blocks_the_others_for_a_moment_only(
        self, migrated: str
    ) -> None:
        with connect_beside(migrated, "stopped") as stopped, leases(migrated, 1) as (other,):
            stopped.execute("BEGIN")
            stopped.execute(lease._TURN)
            begun = time.monotonic()

            assert other.take("a")
            assert 0.5 < time.monotonic() - begun < PATIENCE
            stopped.close()

    def test_a_process_that_has_the_database_to_itself_holds_everything(self, file_url: str) -> None:
        sole = open_lease(file_url)
        assert isinstance(sole, SoleProcess)
        assert sole.take("a")
        assert sole.holds("b")


@pytest.fixture
def written(fresh_postgres_url: str) -> Iterator[Office]:
    """Open the regency in a process that only takes commands."""
    with office(fresh_postgres_url) as opened:
        opened.settle()
        yield opened


def keep_writing(opened: Office, times: int = 20) -> None:
    """Append now and then, and wait until the last is visible."""
    for turn in range(times):
        last = rename(opened, f"Dinas {turn}")
        time.sleep(0.01)
    assert opened.system.delivery.wait(INSTITUTION, last, PATIENCE)


def holder_and_other(both: tuple[Deliverer, Deliverer]) -> tuple[Deliverer, Deliverer]:
    """Return the one of two that delivers, and the one that does not."""
    first, second = both
    assert until(lambda: bool(first.rounds or second.rounds))
    return (first, second) if first.rounds else (second, first)


class TestProcesses:
    def test_two_that_live_never_both_fold_and_one_takes_over_when_the_other_is_killed(
        self, written: Office, fresh_postgres_url: str
    ) -> None:
        with delivering(fresh_postgres_url) as first, delivering(fresh_postgres_url) as second:
            keep_writing(written)
            holder, other = holder_and_other((first, second))
            time.sleep(1)  # both renew
            keep_writing(written)
            assert until(lambda: holder.folded >= 40)
            assert other.rounds == []

            holder.send(signal.SIGKILL)
            position = rename(written)
            assert written.system.delivery.wait(INSTITUTION, position, TAKEN_OVER)
            assert other.folded >= 1

        assert verify(written.system, INSTITUTION).sound

    def test_without_a_lease_both_try(self, written: Office, fresh_postgres_url: str) -> None:
        """The control: the count sees two that do the same work, and correctness does not depend on the lease."""
        with (
            delivering(fresh_postgres_url, "--unleased") as first,
            delivering(fresh_postgres_url, "--unleased") as second,
        ):
            keep_writing(written)
            assert until(lambda: bool(first.rounds and second.rounds))

        assert verify(written.system, INSTITUTION).sound

    def test_another_takes_over_from_one_that_hangs_and_keeps_it(
        self, written: Office, fresh_postgres_url: str
    ) -> None:
        with delivering(fresh_postgres_url) as first, delivering(fresh_postgres_url) as second:
            keep_writing(written)
            holder, other = holder_and_other((first, second))
            holder.send(signal.SIGSTOP)
            position = rename(written)
            assert written.system.delivery.wait(INSTITUTION, position, TAKEN_OVER)
            holder.send(signal.SIGCONT)
            time.sleep(1)
            before = len(holder.rounds)
            keep_writing(written)

            assert len(holder.rounds) == before
            assert other.rounds

        assert verify(written.system, INSTITUTION).sound


class TestSettling:
    def test_it_lets_the_process_deliver_that_does(
        self, written: Office, fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with delivering(fresh_postgres_url):
            keep_writing(written)
            monkeypatch.delattr(type(written.system.follower), "catch_up")
            written.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)

            assert written.settle() == written.head
            assert written.types("agreement/dinkes/2024") == ["agreement.opened.v1"]

    def test_it_does_it_itself_where_the_other_lives_but_does_not_deliver(
        self, written: Office, fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(delivery, "HOLDER_SECONDS", 0.2)
        with leases(fresh_postgres_url, 1) as (mute,):
            assert mute.take(INSTITUTION)
            position = rename(written)

            assert written.settle() == position

    def test_whoever_settles_keeps_nothing(self, written: Office, fresh_postgres_url: str) -> None:
        rename(written)
        written.settle()
        with leases(fresh_postgres_url, 1) as (other,):
            assert other.take(INSTITUTION)
