"""The cells that sheets share: who recorded a line and where it stands in the log, typed texts, figures, rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from domain.event import Event, RecordedEvent
from domain.indicator import ExactFigure, NumberRealised, NumberTarget, Realised, Target
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from projections.timeline import Trace, trace_of
from services.difference import ERASED
from services.indonesian import realised, target

T = TypeVar("T")
EventT = TypeVar("EventT", bound=Event)

Line = tuple[Any, ...]
"""The cells of a line: text, whole numbers, `Decimal`, `Quotient`, dates, aware instants, or nothing."""

NONE: Final = (None,)
"""An empty cell; `NONE * 3` are three."""

RECORDED_HEADS: Final = ("Dicatat oleh", "Dicatat pada", "Posisi")
"""The heads of `Cells.by`."""

RULE_HEADS: Final = ("Aturan", "Versi aturan", "Sidik aturan")
"""The heads of `rule`."""


class Quotient(NamedTuple):
    """A figure that was computed, which a cell may hold rounded."""

    value: Decimal


class Cells:
    """The cells that need more than their value: the texts that still exist, the time zone, the events of the file."""

    def __init__(self, texts: Mapping[str, str], time_zone: str, events: Iterable[RecordedEvent[Event]]) -> None:
        self.texts = texts
        self._zone = ZoneInfo(time_zone)
        self._events: dict[str, list[RecordedEvent[Event]]] = {}
        for event in events:
            self._events.setdefault(event.stream, []).append(event)

    def by(self, trace: Trace | None) -> Line:
        """Return who recorded it, when, and at which position: the cells below `RECORDED_HEADS`."""
        return NONE * 3 if trace is None else (trace.by, self.local(trace.recorded_at), trace.position)

    def local(self, instant: datetime) -> datetime:
        """Return an instant in the time zone of the institution."""
        return instant.astimezone(self._zone)

    def text(self, sealed: SealedText | None) -> str | None:
        """Return a typed text, or that it was erased."""
        return None if sealed is None else self.texts.get(sealed.digest, ERASED)

    def positions(self, stream: str) -> int | str | None:
        """Return where the events of a stream stand in the log."""
        return listed(event.position for event in self.events(stream))

    def events(self, stream: str) -> Sequence[RecordedEvent[Event]]:
        """Return the events of a stream that are in the file, in order."""
        return self._events.get(stream, ())

    def of_kind(self, kind: type[EventT], stream: str, day: date) -> Iterator[tuple[EventT, Trace]]:
        """Yield the events of one kind in a stream that had taken effect by a day, with what tells where they stand."""
        for event in self.events(stream):
            if isinstance(event.body, kind) and event.effective_on <= day:
                yield event.body, trace_of(event)

    def named(self, names: Callable[[Event], T | None], stream: str, position: int) -> T | None:
        """Return whom the events of a stream named last before a position; at the first of them whom it names itself.

        The registers tell only who has a thing on the day, not who had it when something happened to it.
        """
        found = [(event.position, name) for event in self.events(stream) if (name := names(event.body)) is not None]
        before = [name for at, name in found if at < position]
        return before[-1] if before else found[0][1] if found else None


def aim(value: Target | None) -> Line:
    """Return a target as text, and as a number where it is one."""
    return (None, None) if value is None else (target(value), _number(value))


def got(value: Realised | ExactFigure | None) -> Line:
    """Return a realisation as text, and as a number where it is one."""
    if isinstance(value, ExactFigure):
        return realised(value), Quotient(value.value)
    return realised(value), _number(value)


def quotient(value: Decimal | None) -> Quotient | None:
    """Return a computed figure, where there is one."""
    return None if value is None else Quotient(value)


def rule(ref: RuleRef | None) -> Line:
    """Return name, version and digest of a rulebook: the cells below `RULE_HEADS`."""
    return NONE * 3 if ref is None else (ref.name, ref.version, ref.digest)


def listed(positions: Iterable[int]) -> int | str | None:
    """Return one position as a number, several as text."""
    found = sorted(set(positions))
    return found[0] if len(found) == 1 else ", ".join(map(str, found)) or None


def _number(value: Target | Realised | None) -> Decimal | None:
    return value.value if isinstance(value, NumberTarget | NumberRealised) else None
