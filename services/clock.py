"""What time it is: the one place that asks, so that everything else can be told."""

from datetime import UTC, date, datetime
from threading import Lock
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Gives the time as an aware UTC instant."""

    def now(self) -> datetime:
        """Return the instant."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the instant."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is set; for the demo and for tests."""

    def __init__(self, start: datetime) -> None:
        self._lock = Lock()
        self._now = start

    def now(self) -> datetime:
        """Return the instant it was last set to."""
        with self._lock:
            return self._now

    def set(self, instant: datetime) -> None:
        """Let it be another time; going back is refused with ValueError."""
        with self._lock:
            if instant < self._now:
                raise ValueError(f"the clock stands at {self._now} and does not go back to {instant}")
            self._now = instant


def local_day(instant: datetime, time_zone: str) -> date:
    """Return the day it is, at an instant, in a time zone such as `Asia/Jakarta`."""
    return instant.astimezone(ZoneInfo(time_zone)).date()
