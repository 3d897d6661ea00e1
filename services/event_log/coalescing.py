"""Lets appends that are made at once share one durable commit, each with an answer of its own.

There is no thread and no waiting window: who appends while nobody else does commits at once, and leads the lane. Who
comes while a commit is under way waits in the lane; when it is over, the first that waits leads the next one and takes
the others along.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import sleep
from typing import Final, TypeAlias

from services.event_log.connections import LogClosedError
from services.event_log.contract import Appended, Batch

GROUP_BATCHES: Final = 64
GROUP_BYTES: Final = 1024 * 1024
"""Of payloads and sealed texts; a single batch may be larger and is then committed alone."""

Outcome: TypeAlias = Appended | Exception
"""What a batch came to: its result, or the refusal that its caller is told."""

Commit: TypeAlias = Callable[[Iterable[Batch]], Sequence[Outcome]]


class Coalescer:
    """Calls `commit` with the batches that wait in a lane, one call at a time for each lane.

    `commit` draws batches from the iterable in the order of their arrival (there may be none), makes those that it drew
    durable in one transaction and returns one outcome for each. A fault that it raises is that of all if it is one of
    `shared_faults` (no disk, no server); after any other, each batch is committed alone, so that only the caller whose
    fault it is hears of it. So `commit` must leave nothing behind when it fails, or know a batch by its command id.
    """

    def __init__(
        self, commit: Commit, *, lane: Callable[[Batch], str], shared_faults: tuple[type[Exception], ...]
    ) -> None:
        self._commit = commit
        self._name_of_lane = lane
        self._shared_faults = shared_faults
        self._lock = Lock()
        self._lanes: dict[str, _Lane] = {}
        self._closed = False

    def append(self, batch: Batch) -> Appended:
        """Return the result when the batch is durable, or raise its refusal.

        Raises:
            LogClosedError: the log was closed before the batch had its turn; it is not in the log.
        """
        request = _Request(batch)
        lane = self._enter(request)
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

    def _enter(self, request: "_Request") -> "_Lane":
        name = self._name_of_lane(request.batch)
        with self._lock:
            if self._closed:
                raise LogClosedError
            lane = self._lanes.get(name)
            if lane is None:
                lane = self._lanes[name] = _Lane(name, leader=request)
            lane.queue.append(request)
            return lane

    def _serve(self, lane: "_Lane") -> None:
        group: list[_Request] = []
        batches = self._drawn(lane, group)
        try:
            outcomes = self._commit(batches)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is handed to the callers
            for _ in batches:
                """Who waits meets the same fault: they are drawn too."""
            shared = len(group) == 1 or isinstance(fault, self._shared_faults)
            outcomes = [fault if shared else self._alone(request.batch) for request in group]
        for request, outcome in zip(group, outcomes, strict=True):
            request.outcome = outcome

    def _drawn(self, lane: "_Lane", group: "list[_Request]") -> Iterator[Batch]:
        """Yield what has queued up, and what comes while it is drawn, up to the bounds of a group."""
        sleep(0)  # gives way once to the threads that are about to append, and comes back at once where there are none
        size = 0
        for request in lane.queue:
            size += request.size
            if self._closed or len(group) == GROUP_BATCHES or (group and size > GROUP_BYTES):
                return
            if not request.left:
                group.append(request)
                yield request.batch

    def _alone(self, batch: Batch) -> Outcome:
        try:
            return self._commit([batch])[0]
        except Exception as fault:  # noqa: BLE001 - as above
            return fault

    def _leave(self, lane: "_Lane", request: "_Request") -> None:
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


class _Request:
    """One batch that waits for its outcome, and the gate at which its thread waits until it is called."""

    __slots__ = ("_gate", "batch", "left", "outcome", "size")

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.size = sum(len(event.payload) for write in batch.writes for event in write.events)
        self.size += sum(len(row.text) for row in batch.sealed)
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
class _Lane:
    """Those that wait, in order of arrival, and the one of them that commits; it is there as long as somebody leads."""

    name: str
    leader: _Request
    queue: list[_Request] = field(default_factory=list)
