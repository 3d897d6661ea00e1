"""Between the streams of a log and the originators of the `eventsourcing` library.

A stream of the log counts from 1; an originator of the library counts from 1 (its aggregates) or from 0. The name of a
stream tells which of the two, and the type of the id, so that an entry alone says what the library wrote:

| stream | originator |
|---|---|
| `uuid/1b4e28ba-…`, `text/cart-7` | counts from 1 |
| `uuid-from-0/1b4e28ba-…`, `text-from-0/cart-7` | counts from 0 |
| `tracking/{application}` | none: which notifications of an application have been processed |
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal
from uuid import UUID

from eventsourcing.persistence import IntegrityError, Notification, NotSupportedError, StoredEvent

from services.event_log.contract import LogEntry

TRACKED: Final = "library.tracked.v1"
"""The type of the entries of a tracking stream; their payload is the id of a notification, in decimal digits."""

Shift = Literal[0, 1]
"""Version in the log less version in the library: 1 where the library counts from 0."""

SHIFTS: Final[tuple[Shift, Shift]] = (0, 1)

_TRACKING: Final = "tracking/"
_KINDS: Final[dict[str, tuple[type[UUID | str], Shift]]] = {
    "uuid": (UUID, 0),
    "text": (str, 0),
    "uuid-from-0": (UUID, 1),
    "text-from-0": (str, 1),
}


@dataclass(frozen=True, kw_only=True)
class Run:
    """Events of one originator, one version after the other."""

    originator_id: UUID | str
    first: int
    events: tuple[StoredEvent, ...]


def runs_of(stored_events: Iterable[StoredEvent]) -> list[Run]:
    """Return what the library inserts at once, by originator, in the order given.

    Raises:
        IntegrityError: the versions of an originator don't follow one another.
        NotSupportedError: the events of an originator don't stand together. A batch writes each stream once, so they
            would get other positions than the order in which the library goes on to tell of them.
    """
    runs = [
        _run(originator_id, tuple(events))
        for originator_id, events in groupby(stored_events, lambda each: each.originator_id)
    ]
    if len({run.originator_id for run in runs}) < len(runs):
        raise NotSupportedError("the events of an originator don't stand together")
    return runs


def stream_of(originator_id: UUID | str, shift: Shift) -> str:
    """Return the stream of an originator that counts from 1 (shift 0) or from 0 (shift 1)."""
    kind = "uuid" if isinstance(originator_id, UUID) else "text"
    return f"{kind}-from-0/{originator_id}" if shift else f"{kind}/{originator_id}"


def originator_of(stream: str) -> tuple[UUID | str, Shift]:
    """Return the originator of a stream and its shift.

    Raises:
        ValueError: nobody but `stream_of` makes streams for the library, and this is not one of them.
    """
    kind, _, text = stream.partition("/")
    if kind not in _KINDS:
        raise ValueError(f"{stream}: not a stream of the library")
    id_type, shift = _KINDS[kind]
    return id_type(text), shift


def tracking_stream(application: str) -> str:
    """Return the stream that tells which notifications of an application have been processed."""
    return _TRACKING + application


def is_tracking(stream: UUID | str) -> bool:
    """Tell a tracking stream from those of originators."""
    return str(stream).startswith(_TRACKING)


def stored_events_of(entries: Iterable[LogEntry]) -> list[StoredEvent]:
    """Return entries as the library stored them."""
    return [StoredEvent(*_columns(entry)) for entry in entries]


def notifications_of(entries: Iterable[LogEntry], topics: Sequence[str]) -> list[Notification]:
    """Return the entries of originators, of the given topics where some are given, as the library tells of them."""
    return [
        Notification(*_columns(entry), entry.id)
        for entry in entries
        if not is_tracking(entry.originator_id) and (not topics or entry.topic in topics)
    ]


def _columns(entry: LogEntry) -> tuple[UUID | str, int, str, bytes]:
    originator_id, shift = originator_of(str(entry.originator_id))
    return originator_id, entry.originator_version - shift, entry.topic, entry.state


def _run(originator_id: UUID | str, events: tuple[StoredEvent, ...]) -> Run:
    first = events[0].originator_version
    versions = [event.originator_version for event in events]
    if first < 0 or versions != list(range(first, first + len(events))):
        raise IntegrityError(f"{originator_id}: versions {versions} don't follow one another")
    return Run(originator_id=originator_id, first=first, events=events)
