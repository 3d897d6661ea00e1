"""The thin path over a real queue: pointers wake a worker, and what the queue loses or doubles changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import dramatiq
import pytest
import redis

from services import delivery
from services.delivery import Delivery
from services.tasks import QUEUE, Pointers, open_broker, open_worker
from tests.services.office import INSTITUTION, Office, office, sign
from tests.services.until import PATIENCE, until


class Distributed(NamedTuple):
    """A process that takes commands, one that works, and the queue between them, on one PostgreSQL database."""

    web: Office
    worker: Office
    receiving: dramatiq.Worker
    pointers: Pointers
    queue: redis.Redis


@pytest.fixture
def distributed(fresh_postgres_url: str, fresh_redis_url: str) -> Iterator[Distributed]:
    """Open both processes; the worker does not work yet, and never looks by itself."""
    with office(fresh_postgres_url) as web, office(fresh_postgres_url, founded=False) as worker:
        web.settle()
        pointers = Pointers(open_broker(fresh_redis_url))
        web.system.handler.on_append(pointers.send)
        receiving = open_worker(open_broker(fresh_redis_url), worker.system.delivery)
        with redis.Redis.from_url(fresh_redis_url) as queue:
            yield Distributed(web, worker, receiving, pointers, queue)


@contextmanager
def working(receiving: dramatiq.Worker) -> Iterator[None]:
    """Let the worker work."""
    receiving.start()
    try:
        yield
    finally:
        receiving.stop()


def delivered(both: Distributed) -> bool:
    """Say whether workflows and read models stand at the head."""
    head = both.web.head
    stands = both.web.system.follower.position(INSTITUTION), both.web.system.runner.position(INSTITUTION)
    return stands == (head, head)


def pending(both: Distributed) -> int:
    """Return how many pointers wait in the queue."""
    return int(both.queue.llen(f"sakip:{QUEUE}"))


class TestPointers:
    def test_a_pointer_wakes_the_worker_and_everything_follows(self, distributed: Distributed) -> None:
        web = distributed.web
        with working(distributed.receiving):
            position = web.does("plan", "organisation.open_fiscal_year", fiscal_year=2024).position

            assert web.system.delivery.wait(INSTITUTION, position, PATIENCE)
            assert until(lambda: web.types("agreement/dinkes/2024") == ["agreement.opened.v1"])
            assert until(lambda: delivered(distributed))

        assert web.system.delivery.wait(INSTITUTION, web.head, 1)

    def test_without_a_worker_nothing_moves(self, distributed: Distributed) -> None:
        """The control: it is the pointers that the worker acts on."""
        distributed.web.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)

        assert pending(distributed) == 1
        assert not until(lambda: delivered(distributed), 0.3)

    def test_pointers_that_come_twice_change_nothing(self, distributed: Distributed) -> None:
        web = distributed.web
        with working(distributed.receiving):
            web.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
            assert until(lambda: delivered(distributed))
            told = web.told()
            for position in (1, web.head, web.head, 10**9) * 5:
                distributed.pointers.send(INSTITUTION, position)
            assert until(lambda: pending(distributed) == 0)
            distributed.receiving.join()

        assert web.told() == told
        assert delivered(distributed)

    def test_a_delivery_that_fails_is_tried_again(
        self, distributed: Distributed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settle = Delivery.settle
        failures = [OSError("gone for a moment")]

        def fail_once(self: Delivery, institution: str) -> int:
            if failures:
                raise failures.pop()
            return settle(self, institution)

        monkeypatch.setattr(Delivery, "settle", fail_once)
        with working(distributed.receiving):
            distributed.web.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
            assert until(lambda: not failures and delivered(distributed))


class TestLosses:
    def test_a_flushed_queue_is_made_up_for_by_the_sweep(self, distributed: Distributed) -> None:
        web = distributed.web
        web.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
        distributed.queue.flushdb()
        with working(distributed.receiving):
            assert not until(lambda: delivered(distributed), 0.5)  # the pointer is gone, the log is not
            distributed.worker.system.delivery.start(keep_time=False)
            assert until(lambda: delivered(distributed))

    def test_a_queue_flushed_again_and_again_loses_nothing(
        self, distributed: Distributed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(delivery, "POLL_SECONDS", 0.1)
        web = distributed.web
        with working(distributed.receiving):
            distributed.worker.system.delivery.start(keep_time=False)
            web.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
            web.does("plan", "organisation.ratify_budget", unit="dinkes", fiscal_year=2024, document="DPA", number="1")
            for turn in range(15):
                web.does("admin", "organisation.rename_unit", unit="dinkes", name=f"Dinas {turn}")
                distributed.queue.flushdb()
            assert until(lambda: web.types("agreement/dinkes/2024") == ["agreement.opened.v1"])
            assert until(lambda: delivered(distributed))
            sign(web)
            assert until(lambda: web.types("measurement/dinkes/2024") == ["measurement.opened.v1"])

        with office() as alone:
            alone.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
            alone.does(
                "plan", "organisation.ratify_budget", unit="dinkes", fiscal_year=2024, document="DPA", number="1"
            )
            for turn in range(15):
                alone.does("admin", "organisation.rename_unit", unit="dinkes", name=f"Dinas {turn}")
            alone.settle()
            sign(alone)
            said = sorted((stream, version, topic) for stream, version, topic, *_ in alone.told())
        assert sorted((stream, version, topic) for stream, version, topic, *_ in web.told()) == said

    def test_a_queue_that_is_away_refuses_no_command(self, regency: Office) -> None:
        """It is in the log, and the sweep will find it: whoever sent it must not hear that it failed."""
        regency.system.handler.on_append(Pointers(open_broker("redis://127.0.0.1:1/0")).send)

        receipt = regency.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")

        assert receipt.position == regency.head
