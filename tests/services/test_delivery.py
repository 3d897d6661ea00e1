"""Delivery in the background: everything follows what was appended, whatever fails on the way."""

import time
from collections.abc import Callable, Sequence

import pytest

from services import delivery
from services.follower import Follower
from tests.services.office import INSTITUTION, Office, office, open_year
from tests.services.until import PATIENCE, until

LONG = 2 * PATIENCE


@pytest.fixture(autouse=True)
def no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the loop look by itself so seldom that only being woken counts."""
    monkeypatch.setattr(delivery, "POLL_SECONDS", LONG)


@pytest.fixture
def running(regency: Office) -> Office:
    """Deliver in the background, with time standing still."""
    regency.system.delivery.start(keep_time=False)
    return regency


def follows(opened: Office, position: int | None = None) -> bool:
    """Say whether workflows and read models reach a position (the head) in good time."""
    return opened.system.delivery.wait(INSTITUTION, position or opened.head, PATIENCE)


def failing_once(function: Callable[..., object], error: Exception) -> Callable[..., object]:
    """Return a function that fails the first time."""
    errors = [error]

    def fail_once(*arguments: object) -> object:
        if errors:
            raise errors.pop()
        return function(*arguments)

    return fail_once


class TestBackground:
    def test_an_append_wakes_it_and_all_that_follows_is_delivered(self, running: Office) -> None:
        position = running.does("plan", "organisation.open_fiscal_year", fiscal_year=2024).position

        assert follows(running, position)
        assert until(lambda: running.types("agreement/dinkes/2024") == ["agreement.opened.v1"])
        assert follows(running)
        assert until(lambda: running.system.runner.position(INSTITUTION) == running.head)

    def test_what_was_appended_before_it_began_is_delivered_too(self, regency: Office) -> None:
        regency.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
        regency.system.delivery.start(keep_time=False)

        assert until(lambda: regency.types("agreement/dinkes/2024") == ["agreement.opened.v1"])
        assert follows(regency)

    def test_a_stopped_delivery_delivers_nothing_more(self, running: Office) -> None:
        assert follows(running)
        running.system.delivery.stop()
        running.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")

        assert not running.system.delivery.wait(INSTITUTION, running.head, 0.2)

    def test_it_may_be_stopped_without_having_been_started(self, regency: Office) -> None:
        regency.system.delivery.stop()
        assert regency.settle() == regency.head

    def test_the_poll_finds_what_nobody_told_of(self, file_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """As when another process appends: its wake-up does not reach this one."""
        monkeypatch.setattr(delivery, "POLL_SECONDS", 0.02)
        with office(file_url) as opened:
            monkeypatch.setattr(opened.system.handler, "_listeners", [])
            opened.system.delivery.start(keep_time=False)
            assert follows(opened)
            opened.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
            assert follows(opened)

    def test_it_keeps_time(self, regency: Office) -> None:
        open_year(regency)
        regency.on("2024-02-03")
        regency.system.delivery.start()

        assert until(lambda: "obligation.overdue.v1" in regency.types("obligation/2024.dinkes.agreement"))

    def test_without_keeping_time_nothing_becomes_overdue_by_itself(self, regency: Office) -> None:
        open_year(regency)
        regency.on("2024-02-03")
        regency.system.delivery.start(keep_time=False)
        regency.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")

        assert follows(regency)
        assert "obligation.overdue.v1" not in regency.types("obligation/2024.dinkes.agreement")


class TestFailures:
    @pytest.mark.parametrize(
        ("part", "method"),
        [("follower", "catch_up"), ("runner", "react"), ("runner", "note"), ("log", "institutions")],
    )
    def test_the_loop_outlives_a_failure_of_any_part(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch, part: str, method: str
    ) -> None:
        monkeypatch.setattr(delivery, "POLL_SECONDS", 0.02)
        failing, calls = getattr(regency.system, part), list[object]()
        once = failing_once(getattr(failing, method), OSError("gone for a moment"))

        def counted(*given: object) -> object:
            calls.append(given)
            return once(*given)

        monkeypatch.setattr(failing, method, counted)
        regency.system.delivery.start(keep_time=False)

        assert follows(regency)
        assert until(lambda: len(calls) > 1)
        assert until(lambda: regency.system.runner.position(INSTITUTION) == regency.head)

    def test_a_failing_clockwork_stops_neither_workflows_nor_read_models(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_institution: str) -> int:
            raise OSError("no time")

        monkeypatch.setattr(regency.system.delivery, "_tick", fail)
        regency.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
        regency.system.delivery.start()

        assert until(lambda: regency.types("agreement/dinkes/2024") == ["agreement.opened.v1"])
        assert follows(regency)

    def test_one_institution_that_fails_holds_up_no_other(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        catch_up = Follower.catch_up

        def fail(follower: Follower, institution: str) -> int:
            if institution == "antah":
                raise OSError("its rows are broken")
            return catch_up(follower, institution)

        both: Callable[[], Sequence[str]] = lambda: ["antah", INSTITUTION]  # noqa: E731
        monkeypatch.setattr(Follower, "catch_up", fail)
        monkeypatch.setattr(regency.system.log, "institutions", both)
        regency.system.delivery.start(keep_time=False)

        assert follows(regency)


class TestSettling:
    def test_nothing_is_left_to_do(self, regency: Office) -> None:
        regency.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
        position = regency.settle()

        assert position == regency.head == regency.system.runner.position(INSTITUTION)
        assert regency.system.follower.position(INSTITUTION) == position

    def test_what_is_appended_between_reacting_and_following_is_reacted_to(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        regency.settle()
        catch_up = regency.system.follower.catch_up
        waiting = [2024]

        def appended(institution: str) -> int:
            if waiting:
                regency.does("plan", "organisation.open_fiscal_year", fiscal_year=waiting.pop())
            return catch_up(institution)

        monkeypatch.setattr(regency.system.follower, "catch_up", appended)
        regency.settle()

        assert regency.types("agreement/dinkes/2024") == ["agreement.opened.v1"]
        assert regency.system.runner.position(INSTITUTION) == regency.head


class TestWaiting:
    def test_it_gives_up_after_its_time(self, regency: Office) -> None:
        regency.settle()
        begun = time.monotonic()

        assert not regency.system.delivery.wait(INSTITUTION, regency.head + 1, 0.3)
        assert 0.25 < time.monotonic() - begun < PATIENCE

    def test_what_stands_there_already_needs_no_time(self, regency: Office) -> None:
        regency.settle()
        assert regency.system.delivery.wait(INSTITUTION, regency.head, 0)

    def test_it_notices_what_another_process_has_followed(self, regency: Office) -> None:
        """As behind a web server whose workers follow: nobody notifies its own delivery."""
        system = regency.system
        other = delivery.Delivery(
            log=system.log,
            follower=system.follower,
            runner=system.runner,
            tick=lambda _institution: 0,
            clock=system.clock,
        )
        other.start(keep_time=False)
        try:
            begun = time.monotonic()
            assert system.delivery.wait(INSTITUTION, regency.head, LONG)
            assert time.monotonic() - begun < LONG / 2
        finally:
            other.stop()
