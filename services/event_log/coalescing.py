"""Lets appends that are made at once share one durable commit, each with an answer of its own.

There is no thread and no waiting window: who appends while nobody else does commits at once, and leads the lane. Who
comes while a commit is under way waits in the lane; when it is over, the first that waits leads the next one and takes
the others along.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import sleep
from typing import Final, Generic, TypeAlias, TypeVar

from services.event_log.connections import LogClosedError
from services.event_log.contract import Appended, Batch

GROUP_BATCHES: Final = 64
GROUP_BYTES: Final = 1024 * 1024
"""Of payloads and sealed texts; a single batch may be larger and is then committed alone."""

Outcome: TypeAlias = Appended | Exception
"""What a batch came to: its result, or the refusal that its caller is told."""

P = TypeVar("P")
"""A batch as a recorder prepares it for writing."""

Commit: TypeAlias = Callable[[Iterable[P]], Sequence[Outcome]]


class Coalescer(Generic[P]):
    """Calls `commit` with the batches that wait in a lane, one call at a time for each lane.

    `prepare` does, before a batch gets in line, what needs no lock. `commit` draws prepared batches from the iterable
    in the order of their arrival (there may be none), makes those that it drew durable and returns one outcome for
    each. A fault that it raises is that of all if it is one of `shared_faults` (no disk, no server); after any other,
    each batch is committed alone, so that only the caller whose fault it is hears of it. So `commit` must leave nothing
    behind when it fails, or know a batch by its command id.
    """

    def __init__(
        self,
        commit: Commit[P],
        *,
        prepare: Callable[[Batch], P],
        lane: Callable[[Batch], str],
        shared_faults: tuple[type[Exception], ...],
    ) -> None:
        self._commit = commit
        self._prepare = prepare
        self._name_of_lane = lane
        self._shared_faults = shared_faults
        self._lock = Lock()
        self._lanes: dict[str, _Lane[P]] = {}
        self._closed = False

    def append(self, batch: Batch) -> Appended:
        """Return the result when the batch is durable, or raise its refusal.

        Raises:
            LogClosedError: the log was closed before the batch had its turn; it is not in the log.
        """
        request = _Request(self._prepare(batch), size_of(batch))
        lane = self._enter(request, self._name_of_lane(batch))
        try:
            if lane.leader is not request:
                request.wait()
            if lane.leader is request:
                self._serve(lane)
        finally:
            # Also when this thread was interrupted: nobody may wait for ever for one who doesn't come back.
            self._leave(lane, request)
        if isinstance(request.outcome, Appended):
            return request.outcome
        raise request.outcome or LogClosedError

    def close(self) -> None:
        """Refuse those that wait and those that come; a commit under way is carried through by its leader."""
        with self._lock:
            self._closed = True

    def _enter(self, request: "_Request[P]", name: str) -> "_Lane[P]":
        with self._lock:
            if self._closed:
                raise LogClosedError
            lane = self._lanes.get(name)
            if lane is None:
                lane = self._lanes[name] = _Lane(name, leader=request)
            lane.queue.append(request)
            return lane

    def _serve(self, lane: "_Lane[P]") -> None:
        group: list[_Request[P]] = []
        batches = self._drawn(lane, group)
        try:
            outcomes = self._commit(batches)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is handed to the callers
            deque(batches, maxlen=0)  # who waits meets the same fault: they are drawn too
            shared = len(group) == 1 or isinstance(fault, self._shared_faults)
            outcomes = [fault if shared else self._alone(request.prepared) for request in group]
        for request, outcome in zip(group, outcomes, strict=True):
            request.outcome = outcome

    def _drawn(self, lane: "_Lane[P]", group: "list[_Request[P]]") -> Iterator[P]:
        """Yield what has queued up, and what comes while it is drawn, up to the bounds of a group."""
        sleep(0)  # gives way once to the threads that are about to append, and comes back at once where there are none
        size = 0
        for request in lane.queue:
            size += request.size
            if self._closed or len(group) == GROUP_BATCHES or (group and size > GROUP_BYTES):
                return
            if not request.left:
                group.append(request)
                yield request.prepared

    def _alone(self, prepared: P) -> Outcome:
        try:
            return self._commit([prepared])[0]
        except Exception as fault:  # noqa: BLE001 - as above
            return fault

    def _leave(self, lane: "_Lane[P]", request: "_Request[P]") -> None:
        with self._lock:
            request.left = True
            if lane.leader is not request:
                return
            # Who has no answer, as when this leader was interrupted, is drawn again: a command id is carried out once.
            others = [each for each in lane.queue if each is not request]
            ended = [each for each in others if self._closed or each.outcome is not None]
            lane.queue = [each for each in others if not (self._closed or each.left or each.outcome is not None)]
            if lane.queue:
                lane.leader = successor = lane.queue[0]
                ended.append(successor)
            else:
                del self._lanes[lane.name]
        for each in ended:
            each.call()


def size_of(batch: Batch) -> int:
    """Return the bytes of payloads and sealed texts."""
    payloads = sum(len(event.payload) for write in batch.writes for event in write.events)
    return payloads + sum(len(row.text) for row in batch.sealed)


class _Request(Generic[P]):
    """One batch that waits for its outcome, and the gate at which its thread waits until it is called."""

    __slots__ = ("_gate", "left", "outcome", "prepared", "size")

    def __init__(self, prepared: P, size: int) -> None:
        self.prepared = prepared
        self.size = size
        self.outcome: Outcome | None = None
        self.left = False
        self._gate = Lock()
        self._gate.acquire()

    def wait(self) -> None:
        """Return when there is an outcome, when it is this one's turn to lead, or when the log was closed."""
        self._gate.acquire()

    def call(self) -> None:
        """End the wait."""
        self._gate.release()


@dataclass
class _Lane(Generic[P]):
    """Those that wait, in order of arrival, and the one of them that commits; it is there as long as somebody leads."""

    name: str
    leader: _Request[P]
    queue: list[_Request[P]] = field(default_factory=list)
