"""The part of a log that belongs to one application of the `eventsourcing` library: one institution of its own."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from threading import Event, Lock
from typing import Final
from uuid import UUID

from eventsourcing.persistence import IntegrityError, Notification, StoredEvent, Tracking

from services.clock import Clock
from services.event_log.contract import Batch, EventLog, Guard, LogEntry, NewEvent, StreamConflictError, Write
from services.event_log.library_streams import (
    SHIFTS,
    TRACKED,
    Run,
    is_tracking,
    notifications_of,
    originator_of,
    runs_of,
    stored_events_of,
    stream_of,
    tracking_stream,
)
from services.identity import new_command_id

PAGE: Final = 500

ACTOR: Final = "system:library"
_ROLE: Final = "library"


class LibraryScope:
    """Appends and reads what the library stores, in its terms; the errors are those of the contract of the log."""

    def __init__(self, log: EventLog, institution: str, clock: Clock) -> None:
        self._log = log
        self._institution = institution
        self._clock = clock
        self._tracked: dict[str, int] = {}
        self._lock = Lock()
        self._listeners: set[Event] = set()

    def append(self, stored_events: Sequence[StoredEvent], tracking: Tracking | None = None) -> list[int]:
        """Append events, and what was processed to make them, as one batch; return the position of each event.

        Raises:
            IntegrityError: see `runs_of`; or the notification, or a later one, has been tracked before.
            NotSupportedError: see `runs_of`.
            StreamConflictError: an originator does not stand at the version before.
            ValueError: something that no log stores.
        """
        runs = runs_of(stored_events)
        if not runs and tracking is None:
            return []
        first = self._append(runs, tracking) + (tracking is not None)
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.set()
        return list(range(first, first + len(stored_events)))

    def events(
        self, originator_id: UUID | str, gt: int | None, lte: int | None, limit: int | None, *, desc: bool
    ) -> list[StoredEvent]:
        """Return the events of an originator with gt < version ≤ lte: the first, or with `desc` the last, of them."""
        for shift in SHIFTS:
            low = 0 if gt is None else max(gt + shift, 0)
            high = None if lte is None else lte + shift
            read = self._last_of if desc else self._first_of
            if entries := read(stream_of(originator_id, shift), low, high, limit):
                return stored_events_of(entries)
        return []

    def notifications(self, after: int, limit: int, stop: int | None, topics: Sequence[str]) -> list[Notification]:
        """Return at most `limit` events of originators with a position greater than `after` and at most `stop`."""
        found: list[Notification] = []
        while len(found) < limit:
            asked = PAGE if topics else limit - len(found)
            page = self._log.read(self._institution, after, asked, stop)
            found += notifications_of(page, topics)
            if len(page) < asked:
                break
            after = page[-1].id
        return found[:limit]

    def head(self) -> int:
        """Return the last position, whether of an event or of a tracked notification; 0 where there is none."""
        return self._log.head(self._institution)

    def last_event(self) -> int | None:
        """Return the last position of an event of an originator, or None."""
        high, width = self.head(), 1
        while high > 0:
            low = max(high - width, 0)
            page = self._log.read(self._institution, low, high - low, high)
            if last := max((entry.id for entry in page if not is_tracking(entry.originator_id)), default=0):
                return last
            high, width = low, min(2 * width, PAGE)
        return None

    def last_tracked(self, application: str) -> int | None:
        """Return the last notification of an application that has been processed, or None."""
        return self._tracking(application)[1]

    def listen(self, event: Event) -> None:
        """Set an event whenever something has been appended here, until `unlisten`."""
        with self._lock:
            self._listeners.add(event)

    def unlisten(self, event: Event) -> None:
        """Set it no more; idempotent."""
        with self._lock:
            self._listeners.discard(event)

    def close(self) -> None:
        """Close the log; idempotent."""
        self._log.close()

    def _append(self, runs: Sequence[Run], tracking: Tracking | None) -> int:
        """Return the first position.

        Whether an originator counts from 1 or 0 is asked only where an append fails that took it to count from 1.
        """
        from_zero = {run.originator_id for run in runs if run.first == 0}
        while True:
            try:
                return self._log.append(self._batch(runs, from_zero, tracking)).first_position
            except StreamConflictError as conflict:
                if is_tracking(conflict.stream):
                    continue
                originator_id, shift = originator_of(conflict.stream)
                if originator_id in from_zero or (shift == 0 and conflict.actual > 0):
                    raise
                from_zero.add(originator_id)

    def _batch(self, runs: Sequence[Run], from_zero: set[UUID | str], tracking: Tracking | None) -> Batch:
        now = self._clock.now()
        writes = [] if tracking is None else [self._tracking_write(tracking, now)]
        guards = []
        for run in runs:
            shift = SHIFTS[run.originator_id in from_zero]
            expected = run.first - 1 + shift
            events = tuple(_new_event(event.topic, event.state, now) for event in run.events)
            writes.append(Write(stream=stream_of(run.originator_id, shift), expected=expected, events=events))
            if expected == 0:  # an originator counts either way, not both
                guards.append(Guard(stream=stream_of(run.originator_id, SHIFTS[1 - shift]), expected=0))
        return Batch(
            institution=self._institution,
            command_id=new_command_id(),
            digest=_digest(writes),
            writes=tuple(writes),
            guards=tuple(guards),
            actor_id=ACTOR,
            actor_role=_ROLE,
            actor_unit=None,
            origin="live",
            recorded_at=now,
        )

    def _tracking_write(self, tracking: Tracking, now: datetime) -> Write:
        version, last = self._tracking(tracking.application_name)
        if last is not None and tracking.notification_id <= last:
            raise IntegrityError(f"{tracking}: {last} has been tracked before")
        event = _new_event(TRACKED, str(tracking.notification_id).encode(), now)
        return Write(stream=tracking_stream(tracking.application_name), expected=version, events=(event,))

    def _tracking(self, application: str) -> tuple[int, int | None]:
        """Return the version of a tracking stream and the last notification in it."""
        stream = tracking_stream(application)
        version = self._version_of(stream, self._tracked.get(application, 0))
        if version == 0:
            return 0, None
        self._tracked[application] = version
        (entry,) = self._log.read_stream(self._institution, stream, version - 1, 1)
        return version, int(entry.state)

    def _first_of(self, stream: str, low: int, high: int | None, limit: int | None) -> Sequence[LogEntry]:
        widths = [width for width in (limit, None if high is None else high - low) if width is not None]
        if widths and min(widths) <= 0:
            return []
        return self._log.read_stream(self._institution, stream, low, min(widths, default=None))

    def _last_of(self, stream: str, low: int, high: int | None, limit: int | None) -> Sequence[LogEntry]:
        if limit is not None and (high is None or high > low):
            if high is None or not self._reaches(stream, high):
                high = self._version_of(stream, low)
            low = max(low, high - limit)
        return self._first_of(stream, low, high, limit)[::-1]

    def _version_of(self, stream: str, known: int) -> int:
        """Return the version of a stream that stands at `known` or later: steps that double, then steps that halve."""
        step = 1
        while self._reaches(stream, known + step):
            known += step
            step *= 2
        while step > 1:
            step //= 2
            if self._reaches(stream, known + step):
                known += step
        return known

    def _reaches(self, stream: str, version: int) -> bool:
        return bool(self._log.read_stream(self._institution, stream, version - 1, 1))


def _new_event(topic: str, state: bytes, now: datetime) -> NewEvent:
    return NewEvent(type=topic, payload=state, effective_on=now.date(), fiscal_year=None, correlation=None)


def _digest(writes: Sequence[Write]) -> str:
    payloads = (hashlib.sha256(event.payload).digest() for write in writes for event in write.events)
    return hashlib.sha256(b"".join(payloads)).hexdigest()
