"""Appends that are made at once share a commit: who leads, who waits, what becomes of each when something breaks."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from services.event_log import coalescing
from services.event_log.coalescing import GROUP_BATCHES, GROUP_BYTES, Coalescer, Outcome
from services.event_log.connections import LogClosedError
from services.event_log.contract import Appended, Batch, Write
from tests.services.event_log.batches import a_batch, a_write, an_event
from tests.services.until import until


class NoDisk(Exception):
    """A fault that meets every batch."""


class BadValue(Exception):
    """A fault of one batch."""


class Gateway:
    """A commit that waits until it is let through, remembers its groups and fails where a batch is named so."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.open = threading.Event()
        self.busy = threading.Semaphore(0)
        self.coalescer = Coalescer(
            self.commit, prepare=lambda batch: batch, lane=lambda batch: batch.institution, shared_faults=(NoDisk,)
        )
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=200)

    def commit(self, batches: Iterable[Batch]) -> Sequence[Outcome]:
        group = list(batches)
        names = [batch.command_id for batch in group]
        self.groups.append(names)
        self.busy.release()
        assert self.open.wait(20)
        for fault in (NoDisk, BadValue, KeyboardInterrupt):
            if fault.__name__ in names:
                raise fault
        return [LookupError(name) if name == "refused" else result(name) for name in names]

    def send(self, *batches: Batch) -> list[Future[Appended]]:
        """Start an append for each batch, one after the other has its place in its lane."""
        started = []
        for batch in batches:
            before = self.waiting(batch.institution)
            started.append(self._pool.submit(self.coalescer.append, batch))
            self._await_place(batch.institution, before)
        return started

    def _await_place(self, institution: str, before: int) -> None:
        assert until(lambda: self.waiting(institution) > before)

    def waiting(self, institution: str) -> int:
        lane = self.coalescer._lanes.get(institution)
        return len(lane.queue) if lane else 0

    def close(self) -> None:
        self.open.set()
        self._pool.shutdown()


def result(name: str) -> Appended:
    return Appended(first_position=1, last_position=1, versions=((name, 1),))


def named(*names: str, institution: str = "kota-a") -> list[Batch]:
    return [a_batch(a_write(name), command_id=name, institution=institution) for name in names]


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """Return a gateway that is shut."""
    gateway = Gateway()
    yield gateway
    gateway.close()


def test_an_idle_log_commits_at_once_and_alone(gateway: Gateway) -> None:
    gateway.open.set()

    for name in ("one", "two"):
        assert gateway.coalescer.append(*named(name)) == result(name)

    assert gateway.groups == [["one"], ["two"]]
    assert gateway.coalescer._lanes == {}


def test_who_comes_during_a_commit_shares_the_next_in_order_of_arrival(gateway: Gateway) -> None:
    first = gateway.send(*named("leader"))
    assert gateway.busy.acquire(timeout=20)
    names = [f"c{number}" for number in range(20)]
    others = gateway.send(*named(*names))
    gateway.open.set()

    assert [each.result(20) for each in first + others] == [result(name) for name in ["leader", *names]]
    assert gateway.groups == [["leader"], names]


def test_a_refusal_is_told_to_its_own_caller_only(gateway: Gateway) -> None:
    gateway.send(*named("leader"))
    assert gateway.busy.acquire(timeout=20)
    before, refused, after = gateway.send(*named("before", "refused", "after"))
    gateway.open.set()

    assert isinstance(refused.exception(20), LookupError)
    assert (before.result(20), after.result(20)) == (result("before"), result("after"))


def test_lanes_do_not_wait_for_each_other(gateway: Gateway) -> None:
    gateway.send(*named("one", institution="kota-a"), *named("two", institution="kota-b"))

    assert gateway.busy.acquire(timeout=20)
    assert gateway.busy.acquire(timeout=20)
    assert sorted(gateway.groups) == [["one"], ["two"]]


def test_a_group_is_bounded_by_number(gateway: Gateway) -> None:
    gateway.send(*named("leader"))
    assert gateway.busy.acquire(timeout=20)
    others = gateway.send(*named(*(f"c{number}" for number in range(GROUP_BATCHES + 3))))
    gateway.open.set()

    assert [each.result(20).first_position for each in others] == [1] * len(others)
    assert [len(group) for group in gateway.groups] == [1, GROUP_BATCHES, 3]


def test_a_group_is_bounded_by_bytes_and_a_large_batch_goes_alone(gateway: Gateway) -> None:
    gateway.send(*named("leader"))
    assert gateway.busy.acquire(timeout=20)
    sizes = {"half": GROUP_BYTES // 2, "rest": GROUP_BYTES // 2, "large": 2 * GROUP_BYTES, "small": 1, "tiny": 1}
    others = gateway.send(
        *(
            a_batch(
                Write(stream="a", expected=0, events=(an_event(bytes(size)),)), command_id=name, institution="kota-a"
            )
            for name, size in sizes.items()
        )
    )
    gateway.open.set()

    assert all(each.result(20) for each in others)
    assert gateway.groups == [["leader"], ["half", "rest"], ["large"], ["small", "tiny"]]


def test_a_value_that_spoils_a_group_is_found_by_committing_each_alone(gateway: Gateway) -> None:
    gateway.send(*named("leader"))
    assert gateway.busy.acquire(timeout=20)
    good, bad, other = gateway.send(*named("good", "BadValue", "other"))
    gateway.open.set()

    assert isinstance(bad.exception(20), BadValue)
    assert (good.result(20), other.result(20)) == (result("good"), result("other"))
    assert gateway.groups == [["leader"], ["good", "BadValue", "other"], ["good"], ["BadValue"], ["other"]]


def test_a_fault_of_the_disk_is_told_to_all_at_once(gateway: Gateway) -> None:
    gateway.send(*named("leader"))
    assert gateway.busy.acquire(timeout=20)
    others = gateway.send(*named("good", "NoDisk", "other"))
    gateway.open.set()

    assert all(isinstance(each.exception(20), NoDisk) for each in others)
    assert len(gateway.groups) == 2
    assert gateway.coalescer.append(*named("later")) == result("later")


def test_a_fault_before_anything_was_drawn_meets_those_who_wait() -> None:
    def commit(_: Iterable[Batch]) -> Sequence[Outcome]:
        raise NoDisk

    with pytest.raises(NoDisk):
        Coalescer(commit, prepare=lambda batch: batch, lane=lambda _: "", shared_faults=(NoDisk,)).append(*named("one"))


def test_a_leader_that_is_interrupted_strands_nobody(gateway: Gateway) -> None:
    gateway.send(*named("first"))
    assert gateway.busy.acquire(timeout=20)
    leader, *others = gateway.send(*named("KeyboardInterrupt", "one", "two"))
    gateway.open.set()

    assert isinstance(leader.exception(20), KeyboardInterrupt)
    assert [each.result(20) for each in others] == [result("one"), result("two")]
    assert gateway.groups == [["first"], ["KeyboardInterrupt", "one", "two"], ["one", "two"]]
    assert gateway.coalescer._lanes == {}


@contextmanager
def interrupted_while_waiting(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[threading.Event]:
    """Raise KeyboardInterrupt out of the wait of one batch, when the event is set."""
    interrupt, wait = threading.Event(), coalescing._Request.wait

    def patched(request: coalescing._Request[Batch]) -> None:
        if request.prepared.command_id != name:
            return wait(request)
        assert interrupt.wait(20)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(coalescing._Request, "wait", patched)
        yield interrupt


def test_who_is_interrupted_while_waiting_is_not_appended(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    with interrupted_while_waiting(monkeypatch, "gone") as interrupt:
        gateway.send(*named("leader"))
        assert gateway.busy.acquire(timeout=20)
        gone, other = gateway.send(*named("gone", "other"))
        interrupt.set()
        assert isinstance(gone.exception(20), KeyboardInterrupt)
        gateway.open.set()

        assert other.result(20) == result("other")
        assert gateway.groups == [["leader"], ["other"]]


def test_who_is_interrupted_when_called_to_lead_passes_the_lead_on(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with interrupted_while_waiting(monkeypatch, "gone") as interrupt:
        (leader,) = gateway.send(*named("leader"))
        assert gateway.busy.acquire(timeout=20)
        gone, other = gateway.send(*named("gone", "other"))
        gateway.open.set()
        assert leader.result(20) == result("leader")
        assert not other.done()
        interrupt.set()

        assert isinstance(gone.exception(20), KeyboardInterrupt)
        assert other.result(20) == result("other")
        assert gateway.groups == [["leader"], ["other"]]


def test_closing_refuses_who_waits_and_finishes_what_is_under_way(gateway: Gateway) -> None:
    (leader,) = gateway.send(*named("leader"))
    assert gateway.busy.acquire(timeout=20)
    others = gateway.send(*named("one", "two"))
    gateway.coalescer.close()
    gateway.open.set()

    assert leader.result(20) == result("leader")
    assert all(isinstance(each.exception(20), LogClosedError) for each in others)
    with pytest.raises(LogClosedError):
        gateway.coalescer.append(*named("late"))
    assert gateway.groups == [["leader"]]
    assert gateway.coalescer._lanes == {}


def test_closing_and_an_interrupt_together_strand_nobody(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    with interrupted_while_waiting(monkeypatch, "gone") as interrupt:
        (leader,) = gateway.send(*named("leader"))
        assert gateway.busy.acquire(timeout=20)
        gone, other = gateway.send(*named("gone", "other"))
        gateway.open.set()
        assert leader.result(20) == result("leader")
        gateway.coalescer.close()
        interrupt.set()

        assert isinstance(gone.exception(20), KeyboardInterrupt)
        assert isinstance(other.exception(20), LogClosedError)
        assert gateway.coalescer._lanes == {}
