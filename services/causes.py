"""The chain of cause: what brought an event about, and what brought that about, back to where a person began it.

What counts as a cause is in the events themselves: the position that caused it, the version or the document that it
names, the step before it in the same document, the due date that ran out, the adoption of the rule that it cites.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

import msgspec

from domain.event import Event, RecordedEvent, StatusChange
from domain.obligation.events import DueDateSet, ObligationExtended, ObligationMet, ObligationOverdue
from domain.organisation.events import RulebookAdopted
from domain.stream import ORGANISATION, cycle_of, obligation_stream, recommendation_stream
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.told_event import ToldEvent, rules_of, tell

Link = Literal["asked", "causation", "reference", "version", "due_date", "step", "rule"]

LINK_WORDS: Final = {
    "asked": "peristiwa yang ditanyakan",
    "causation": "dipicu oleh",
    "reference": "menunjuk pada",
    "version": "menyangkut versi yang dibuat oleh",
    "due_date": "menurut jatuh tempo dari",
    "step": "melanjutkan",
    "rule": "menurut aturan yang diberlakukan oleh",
}
"""How an event is tied to its cause, in words that come before the cause."""

_VERSIONS: Final = ("corrects", "withdraws", "binds", "amended_by")
_STREAMS: Final = {
    "obligation": obligation_stream,
    "repeats": recommendation_stream,
    "repeated_by": recommendation_stream,
}
_OPENS: Final = frozenset({"repeats", "repeated_by"})
"""The references that are to the beginning of another document; the others are to its last step by then."""


class CauseStep(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the chain, and the position of the one that it brought about (null: it is the one asked about).

    `why` joins the two in Indonesian; `depth` counts the links to the event asked about; a `root` has no cause in the
    log: somebody decided it.
    """

    of: int | None
    link: Link
    why: str
    depth: int
    root: bool
    event: ToldEvent


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The chain behind the event at a position, every event once, each right after what it brought about.

    `unit` is the unit of the event's cycle, null where it concerns the institution.
    """

    position: int
    unit: str | None
    steps: tuple[CauseStep, ...]


class Effect(NamedTuple):
    """What a chain leads to; `unit` is the unit of the event's cycle, null where it concerns the institution."""

    unit: str | None


def effect(log: EventLog, institution: str, position: int) -> Effect | None:
    """Say whom the event at a position concerns, without its causes; None where the log has no such position."""
    entries = log.read(institution, after=position - 1, limit=1)
    return _effect(str(entries[0].originator_id)) if entries else None


def chain(log: EventLog, codec: Codec, institution: str, position: int) -> Chain | None:
    """Return the chain behind the event at a position, or None where the log has no such position."""
    past = _Past(log, codec, institution)
    asked = past.at(position)
    if asked is None:
        return None
    return Chain(position=position, unit=_effect(asked.stream).unit, steps=tuple(_steps(past, asked)))


def _effect(stream: str) -> Effect:
    found = cycle_of(stream)
    return Effect(None if found is None else found[0])


class _Past:
    """The log as it is asked about: by position, and by stream."""

    def __init__(self, log: EventLog, codec: Codec, institution: str) -> None:
        self._log = log
        self._codec = codec
        self._institution = institution
        self._streams: dict[str, list[RecordedEvent[Event]]] = {}

    def at(self, position: int) -> RecordedEvent[Event] | None:
        entries = self._log.read(self._institution, after=position - 1, limit=1)
        return self._codec.decode(entries[0]) if entries else None

    def before(self, stream: str, position: int) -> list[RecordedEvent[Event]]:
        """Return the events of a stream before a position, in order."""
        if stream not in self._streams:
            entries = self._log.read_stream(self._institution, stream)
            self._streams[stream] = [self._codec.decode(entry) for entry in entries]
        return [event for event in self._streams[stream] if event.position < position]


def _steps(past: _Past, asked: RecordedEvent[Event]) -> Iterator[CauseStep]:
    told: set[int] = set()
    waiting: list[tuple[int | None, Link, int, RecordedEvent[Event]]] = [(None, "asked", 0, asked)]
    while waiting:
        of, link, depth, event = waiting.pop()
        if event.position in told:
            continue
        told.add(event.position)
        causes = list(_causes(past, event))
        yield CauseStep(of=of, link=link, why=LINK_WORDS[link], depth=depth, root=not causes, event=tell(event))
        waiting.extend((event.position, each, depth + 1, cause) for each, cause in reversed(causes))


def _causes(past: _Past, event: RecordedEvent[Event]) -> Iterator[tuple[Link, RecordedEvent[Event]]]:
    """Yield what brought an event about, the nearest first."""
    trigger = None if event.causation is None else past.at(event.causation)
    if trigger is not None:
        yield "causation", trigger
    yield from _named(past, event)
    yield from _due_date(past, event)
    if trigger is None and (step := _step_before(past, event)) is not None:
        yield "step", step
    for rule in rules_of(event.body):
        adopted = [
            each
            for each in past.before(ORGANISATION, event.position)
            if isinstance(each.body, RulebookAdopted) and each.body.rule == rule
        ]
        if adopted:
            yield "rule", adopted[-1]


def _named(past: _Past, event: RecordedEvent[Event]) -> Iterator[tuple[Link, RecordedEvent[Event]]]:
    """Yield the versions and documents that an event names in its own fields."""
    for name in _VERSIONS:
        version: Any = getattr(event.body, name, None)
        for each in past.before(event.stream, event.position) if isinstance(version, int) else ():
            if each.version == version:
                yield "version", each
    for name, stream_of in _STREAMS.items():
        other: Any = getattr(event.body, name, None)
        known = past.before(stream_of(other), event.position) if isinstance(other, str) else []
        if known:
            yield "reference", known[0 if name in _OPENS else -1]


def _due_date(past: _Past, event: RecordedEvent[Event]) -> Iterator[tuple[Link, RecordedEvent[Event]]]:
    """Yield what fixed the date that a duty was held to."""
    if isinstance(event.body, ObligationOverdue | ObligationMet):
        due_on = event.body.due_on
        for each in reversed(past.before(event.stream, event.position)):
            if isinstance(each.body, DueDateSet | ObligationExtended) and each.body.due_on == due_on:
                yield "due_date", each
                return


def _step_before(past: _Past, event: RecordedEvent[Event]) -> RecordedEvent[Event] | None:
    """Return the step that an event goes on from: the one before it of the same period, else the document's first.

    The organisation is no document: what is recorded there stands by itself.
    """
    if event.stream == ORGANISATION:
        return None
    earlier = past.before(event.stream, event.position)
    period = getattr(event.body, "period", None)
    steps = [
        each
        for each in earlier
        if isinstance(event.body, StatusChange)
        and isinstance(each.body, StatusChange)
        and getattr(each.body, "period", None) == period
    ]
    return steps[-1] if steps else next(iter(earlier), None)
