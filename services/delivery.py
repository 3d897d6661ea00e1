"""Delivery in the same process: after each append, workflows react and read models follow, in the background."""

from collections.abc import Callable
from threading import Condition, Event, Thread

import structlog

from services.event_log.contract import EventLog
from services.follower import Follower
from services.workflow_runner import WorkflowRunner

POLL_SECONDS = 1.0
"""How often it looks by itself, as the net under the wake-up."""

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
            self._runner.catch_up(institution)
            position = self._follower.catch_up(institution)
            with self._followed:
                self._followed.notify_all()
            if position == self._log.head(institution):
                return position

    def wait(self, institution: str, position: int, seconds: float) -> bool:
        """Wait until the read models stand at a position or beyond; say whether they do."""
        with self._followed:
            return self._followed.wait_for(lambda: self._follower.position(institution) >= position, seconds)

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
            for institution in self._log.institutions():
                self._round(institution)
            self._woken.wait(POLL_SECONDS)
            self._woken.clear()

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
