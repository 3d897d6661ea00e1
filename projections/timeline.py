"""Steps of a stage: what became of it, from which day on, and who recorded it; a status is a question about a day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from domain.dated import Dated, Version
from domain.event import Origin, RecordedEvent
from domain.sealed_text import SealedText


class Trace(Struct, frozen=True, kw_only=True, gc=False):
    """Which event a value comes from: its place in stream and log, when it takes effect, who recorded it and when."""

    version: int
    position: int
    effective_on: date
    recorded_at: datetime
    by: str
    origin: Origin


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """A status that something reached. One with `until` ends by itself after that day: then the step before holds."""

    status: str
    trace: Trace
    reason: SealedText | None = None
    until: date | None = None


class Traced(Protocol):
    """Anything that says which event it comes from."""

    @property
    def trace(self) -> Trace:
        """The event it comes from."""
        ...


TracedT = TypeVar("TracedT", bound=Traced)
T = TypeVar("T")


def trace_of(event: RecordedEvent[Any]) -> Trace:
    """Return the trace that an event leaves in a row."""
    return Trace(
        version=event.version,
        position=event.position,
        effective_on=event.effective_on,
        recorded_at=event.recorded_at,
        by=event.actor.id,
        origin=event.origin,
    )


def step(
    event: RecordedEvent[Any], status: str, *, reason: SealedText | None = None, until: date | None = None
) -> Step:
    """Return the step that an event makes."""
    return Step(status=status, trace=trace_of(event), reason=reason, until=until)


def until(entries: Iterable[TracedT], day: date) -> tuple[TracedT, ...]:
    """Return the entries that have taken effect on a day, in the order in which they were recorded."""
    return tuple(entry for entry in entries if entry.trace.effective_on <= day)


def last_until(entries: Iterable[TracedT], day: date) -> TracedT | None:
    """Return the entry recorded last among those that have taken effect on a day, or None."""
    reached = until(entries, day)
    return reached[-1] if reached else None


def status_on(steps: Sequence[Step], day: date) -> str | None:
    """Return the status on a day, or None where nothing had begun."""
    for each in reversed(until(steps, day)):
        if each.until is None or day <= each.until:
            return each.status
    return None


def days_between(earlier: date, later: date) -> int:
    """Return how many days `later` lies after `earlier`."""
    return (later - earlier).days


def stretches(dated: Dated[T]) -> tuple[tuple[Version[T], date | None], ...]:
    """Return every version with the day on which it ends (exclusive), null when open.

    A version that a later one of the same day replaces ends on the day on which it begins: it never holds.
    """
    ends: list[date | None] = [each.effective_on for each in dated.versions[1:]]
    return tuple(zip(dated.versions, [*ends, None][: len(dated.versions)], strict=True))
