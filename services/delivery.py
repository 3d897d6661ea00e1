"""Delivery in the same process: after each append, workflows react and read models follow, in the background."""

from collections.abc import Callable, Sequence
from math import ceil
from threading import Condition, Event, Thread

import structlog

from services.event_log.contract import EventLog
from services.follower import Follower
from services.workflow_runner import WorkflowRunner

POLL_SECONDS = 1.0
"""How often it looks by itself, as the net under the wake-up."""

LOOK_AGAIN_SECONDS = 0.05
"""How often who waits looks whether another process has followed."""

logger = structlog.get_logger()


class Delivery:
    """Keeps workflows and read models of all institutions up with the log."""

    def __init__(
        self, *, log: EventLog, follower: Follower, runner: WorkflowRunner, tick: Callable[[str], int]
    ) -> None:
        self._log = log
        self._follower = follower
        self._runner = runner
        self._tick = tick
        self._woken = Event()
        self._stopping = False
        self._keeps_time = True
        self._followed = Condition()
        self._thread: Thread | None = None

    def wake(self, _institution: str, _position: int) -> None:
        """Say that something was appended."""
        self._woken.set()

    def settle(self, institution: str) -> int:
        """React and follow until nothing is left to do; return the position reached."""
        while True:
            reacted = self._runner.catch_up(institution)
            position = self._follower.catch_up(institution)
            with self._followed:
                self._followed.notify_all()
            if reacted == position == self._log.head(institution):
                return position

    def wait(self, institution: str, position: int, seconds: float) -> bool:
        """Wait until the read models stand at a position or beyond; say whether they do.

        Another process may be the one that follows, and nobody tells this one: it looks again and again.
        """
        for _ in range(1 + ceil(seconds / LOOK_AGAIN_SECONDS)):
            with self._followed:
                if self._followed.wait_for(
                    lambda: self._follower.position(institution) >= position, LOOK_AGAIN_SECONDS
                ):
                    return True
        return False

    def start(self, *, keep_time: bool = True) -> None:
        """Begin to work in the background; without keeping time nothing becomes overdue by itself."""
        self._keeps_time = keep_time
        self._thread = Thread(target=self._run, name="delivery", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round under way and stop."""
        self._stopping = True
        self._woken.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            for institution in self._institutions():
                self._round(institution)
            self._woken.wait(POLL_SECONDS)
            self._woken.clear()

    def _institutions(self) -> Sequence[str]:
        try:
            return self._log.institutions()
        except Exception:  # the database may be away for a while; the loop outlives it
            logger.exception("delivery_failed", part="institutions")
            return ()

    def _round(self, institution: str) -> None:
        """Try each part by itself: what fails is logged, stops no other, and is tried again in the next round."""
        parts = {"timekeeper": self._tick, "workflows": self._runner.catch_up, "read_models": self._follower.catch_up}
        if not self._keeps_time:
            del parts["timekeeper"]
        for name, part in parts.items():
            try:
                part(institution)
            except Exception:
                logger.exception("delivery_failed", institution=institution, part=name)
        with self._followed:
            self._followed.notify_all()
