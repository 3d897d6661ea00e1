"""Delivery: after each append workflows react and read models follow, in whichever process holds the lease."""

from collections.abc import Callable, Sequence
from threading import Condition, Thread
from time import monotonic, sleep
from typing import TypeVar

import structlog

from services.arrivals import Arrivals
from services.clock import Clock
from services.event_log.contract import EventLog
from services.follower import Follower
from services.lag import Lag, lag_of
from services.lease import Lease, SoleProcess
from services.waking import NobodyElse, Notice, Waking
from services.workflow_runner import WorkflowRunner

POLL_SECONDS = 1.0
"""How often it looks by itself, as the net under the wake-up, and asks the clock what has become due."""

LOOK_AGAIN_SECONDS = 0.5
"""How often who waits looks by itself, as the net under being told."""

HOLDER_SECONDS = 10.0
"""How long another process that delivers is given before this one does it itself."""

LAG_LOOK_SECONDS = 10.0
LAG_SECONDS = 10.0
"""How often it looks how far delivery is behind, and the age of an entry from which on it says so."""

T = TypeVar("T")

logger = structlog.get_logger()


class Delivery:
    """Keeps workflows and read models up with the log, for the institutions that this process holds."""

    def __init__(
        self,
        *,
        log: EventLog,
        follower: Follower,
        runner: WorkflowRunner,
        tick: Callable[[str], int],
        clock: Clock,
        waking: Waking | None = None,
        lease: Lease | None = None,
    ) -> None:
        self._log = log
        self._follower = follower
        self._runner = runner
        self._tick = tick
        self._clock = clock
        self._after: list[Callable[[str, int], None]] = []
        self._waking = waking or NobodyElse()
        self._lease = lease or SoleProcess()
        self._bell = Condition()
        self._due: set[str] = set()
        self._next_poll = 0.0
        self._next_lag = 0.0
        self._stopping = False
        self._keeps_time = True
        self._arrivals = Arrivals()
        self._told: dict[str, int] = {}
        self._thread: Thread | None = None

    def on_followed(self, listener: Callable[[str, int], None]) -> None:
        """Call a listener with the institution and position of whatever was delivered from now on."""
        self._after.append(listener)

    def wake(self, institution: str, position: int) -> None:
        """Say that something was appended, here or to the process that delivers for the institution."""
        self._summon(institution)
        if not self._lease.holds(institution):
            self._waking.tell(Notice("appended", institution, position))

    def settle(self, institution: str) -> int:
        """React and follow until nothing is left to do; return the position reached.

        Where another process delivers for the institution, it is told and waited for.
        """
        patient_until = monotonic() + HOLDER_SECONDS
        while not self._lease.take(institution):
            head = self._log.head(institution)
            self._waking.tell(Notice("appended", institution, head))
            if self.wait(institution, head, LOOK_AGAIN_SECONDS) and self._log.head(institution) == head:
                return head
            if monotonic() > patient_until:
                logger.warning("holder_does_not_deliver", institution=institution)
                break
        try:
            return self._settle_here(institution)
        finally:
            if self._thread is None:
                self._lease.give_up(institution)

    def wait(self, institution: str, position: int, seconds: float) -> bool:
        """Wait until workflows have reacted to a position and read models show it and what they sent; say whether.

        Whichever process delivers tells this one; it looks by itself only as the net.
        """
        give_up = monotonic() + seconds
        target: int | None = None
        while True:
            mark = self._arrivals.mark()
            if target is None and self._runner.position(institution) >= position:
                target = max(position, self._log.head(institution))
            if target is not None and self._follower.position(institution) >= target:
                return True
            left = give_up - monotonic()
            if left <= 0:
                return False
            self._waking.listen(self._hear)
            if self._arrivals.wait(institution, position, mark, min(left, LOOK_AGAIN_SECONDS)):
                return True

    def lag(self, institution: str) -> Lag:
        """Return how far read models and workflows of an institution are behind its log."""
        read_models, workflows = self._follower.position(institution), self._runner.position(institution)
        return lag_of(self._log, self._clock, institution, read_models, workflows)

    def start(self, *, keep_time: bool = True) -> None:
        """Begin to work in the background; without keeping time nothing becomes overdue by itself."""
        self._keeps_time = keep_time
        self._waking.listen(self._hear)
        self._lease.start(self._log.institutions, self._summon)
        self._thread = Thread(target=self._run, name="delivery", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round under way, stop, and leave the institutions to other processes."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
        if self._thread is not None:
            self._thread.join()
        self._lease.close()
        self._waking.close()

    def _settle_here(self, institution: str) -> int:
        before = -1
        while True:
            reacted = self._runner.catch_up(institution)
            position = self._follower.catch_up(institution)
            self._announce(institution, min(reacted, position))
            self._tell_listeners(institution, position)
            if reacted == position == self._log.head(institution):
                return position
            if position == before:  # another process follows, or replaces the rows
                sleep(LOOK_AGAIN_SECONDS)
            before = position

    def _tell_listeners(self, institution: str, position: int) -> None:
        for listener in self._after:
            listener(institution, position)

    def _announce(self, institution: str, position: int) -> None:
        """Tell everybody who waits; read models followed after the workflows, so they show what these sent."""
        self._arrivals.tell(institution, position)
        if self._told.get(institution) != position:
            self._told[institution] = position
            self._waking.tell(Notice("followed", institution, position))

    def _hear(self, notice: Notice | None) -> None:
        """Take a notice of another process; null is as good as all that may have been missed."""
        if notice is None:
            self._arrivals.tell_all()
            with self._bell:
                self._next_poll = 0.0
                self._bell.notify_all()
        elif notice.kind == "appended":
            self._summon(notice.institution)
        else:
            self._arrivals.tell(notice.institution, notice.position)

    def _summon(self, institution: str) -> None:
        with self._bell:
            self._due.add(institution)
            self._bell.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            institutions, polled = self._awaited()
            for institution in institutions:
                if self._lease.holds(institution) and not self._stopping:
                    self._round(institution, timed=polled and self._keeps_time)
            if polled and monotonic() >= self._next_lag:
                self._next_lag = monotonic() + LAG_LOOK_SECONDS
                self._publish_lag(institutions)

    def _awaited(self) -> tuple[Sequence[str], bool]:
        """Wait for what is to be looked at: what was woken, or everything when it is time for that."""
        with self._bell:
            while not self._due and not self._stopping and (left := self._next_poll - monotonic()) > 0:
                self._bell.wait(left)
            due, self._due = self._due, set()
            if monotonic() < self._next_poll:
                return sorted(due), False
            self._next_poll = monotonic() + POLL_SECONDS
        try:
            return self._log.institutions(), True
        except Exception:  # the database may be away for a while; the loop outlives it
            logger.exception("delivery_failed", part="institutions")
            return sorted(due), False

    def _round(self, institution: str, *, timed: bool) -> None:
        """Try each part by itself: what fails is logged, stops no other, and is tried again in the next poll."""
        reacted = self._tried("workflows", self._runner.react, institution)
        followed = self._tried("read_models", self._follower.catch_up, institution)
        if followed is not None:
            if reacted is not None:
                self._announce(institution, min(reacted, followed))
            self._tried("after", lambda name: self._tell_listeners(name, followed), institution)
        if reacted is not None:  # those who wait were told first
            self._tried("noting", lambda name: self._runner.note(name, reacted), institution)
        if timed:
            self._tried("timekeeper", self._tick, institution)

    def _tried(self, name: str, part: Callable[[str], T], institution: str) -> T | None:
        try:
            return part(institution)
        except Exception:
            logger.exception("delivery_failed", institution=institution, part=name)
            return None

    def _publish_lag(self, institutions: Sequence[str]) -> None:
        for institution in institutions:
            try:
                lag = self.lag(institution)
            except Exception:
                logger.exception("delivery_failed", institution=institution, part="lag")
                return
            if lag.oldest_seconds > LAG_SECONDS:
                logger.warning(
                    "delivery_lags",
                    institution=institution,
                    head=lag.head,
                    read_models=lag.read_models,
                    workflows=lag.workflows,
                    oldest_seconds=round(lag.oldest_seconds, 3),
                    held_here=self._lease.holds(institution),
                )
