"""What differs between two moments of one year: every place that changed, and the events that changed it.

Both sides are asked about the same day of valid time, so that only what was recorded in between can make a difference.
The log is folded event by event, and each change is noted at the very event after which the value is another one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from domain.errors import DifferenceTooLarge
from domain.event import Event, RecordedEvent
from services.change_tracing import Tracing, Trail
from services.places import Kind, Leaf, in_words
from services.settling import Against, Span, settled_until
from services.told_event import ToldEvent, tell
from services.year_file import REGISTERS, may_concern

ERASED: Final = "(teks telah dihapus)"
_ORDER: Final = {each.name: number for number, each in enumerate(REGISTERS)}
_NOTHING: Final = Leaf("other", "")


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """The value that the event at a position left at a place; null: it was there no more."""

    position: int
    value: str | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A value at a place of a register; null on the earlier side: added, on the later: removed.

    `told` is the place in Indonesian, `turns` every event in between that touched it, in the order of the log; the last
    one left the later value. Of kind `typed` the values are digests of texts until `with_texts`.
    """

    register: str
    place: str
    told: str
    kind: Kind
    earlier: str | None
    later: str | None
    turns: tuple[Turn, ...]


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """The event that a document (of a period) is held against; `register` is null where it is a unit's whole year."""

    register: str | None
    document: str
    period: str | None
    event: ToldEvent


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The changes, and each event behind one of them. `told` says in one sentence what came out.

    `unit` is the one asked about. `baselines` are empty where a moment was asked for.
    """

    unit: str | None
    year: int
    against: Against
    earlier: int | None
    later: int
    valid_on: date
    told: str
    baselines: tuple[Baseline, ...]
    changes: tuple[Change, ...]
    events: tuple[ToldEvent, ...]


def difference(
    events: Iterable[RecordedEvent[Event]],
    span: Span,
    labels: Mapping[str, str] | None = None,
    *,
    most: int | None = None,
    progress: Callable[[int], None] = lambda _position: None,
) -> Difference:
    """Compare by the events of the year up to `span.later`, in order; `labels` are the names of units.

    `progress` is told each position reached.

    Raises:
        DifferenceTooLarge: what more than `most` events changed would have to be compared.
    """
    known = [event for event in events if may_concern(span.unit, event.stream)]
    tracing = Tracing(span, dict(labels or {}), settled_until(known, span))
    for event in known:
        tracing.take(event)
        if most is not None and len(tracing.events) > most:
            raise DifferenceTooLarge(most=most, unit=span.unit, against=span.against)
        progress(event.position)
    found = (_change(each, tracing.labels) for each in tracing.trails())
    changes = tuple(sorted((each for each in found if each.earlier != each.later), key=_in_order))
    behind = sorted({turn.position for each in changes for turn in each.turns})
    return Difference(
        unit=span.unit,
        year=span.year,
        against=span.against,
        earlier=span.earlier,
        later=span.later,
        valid_on=span.day,
        told=_sentence(changes, span, tracing.baselines),
        baselines=tuple(_baselines(tracing, span)),
        changes=changes,
        events=tuple(tell(tracing.events[position]) for position in behind),
    )


def typed_in(found: Difference) -> list[str]:
    """Return the digests of the typed texts among the values."""
    values = (value for each in found.changes if each.kind == "typed" for value in _values(each))
    return [value for value in values if value is not None]


def with_texts(found: Difference, texts: Mapping[str, str]) -> Difference:
    """Return the same with typed texts in place of their digests, as far as they still exist."""

    def text(digest: str | None) -> str | None:
        return None if digest is None else texts.get(digest, ERASED)

    def spoken(change: Change) -> Change:
        if change.kind != "typed":
            return change
        turns = tuple(Turn(position=turn.position, value=text(turn.value)) for turn in change.turns)
        return msgspec.structs.replace(change, earlier=text(change.earlier), later=text(change.later), turns=turns)

    return msgspec.structs.replace(found, changes=tuple(map(spoken, found.changes)))


def _change(trail: Trail, labels: Mapping[str, str]) -> Change:
    earlier, later = trail.steps[0][1].earlier, trail.steps[-1][1].later
    return Change(
        register=trail.document.register,
        place=trail.place,
        told=in_words(trail.place, labels),
        kind=(later or earlier or _NOTHING).kind,
        earlier=_text(earlier),
        later=_text(later),
        turns=tuple(Turn(position=position, value=_text(each.later)) for position, each in trail.steps),
    )


def _in_order(change: Change) -> tuple[int, str]:
    return _ORDER[change.register], change.place


def _baselines(tracing: Tracing, span: Span) -> Iterator[Baseline]:
    for (document, period), event in tracing.baselines.items():
        register = None if span.against == "report" else document.register
        yield Baseline(register=register, document=document.key, period=period or None, event=tell(event))


def _text(leaf: Leaf | None) -> str | None:
    return None if leaf is None else leaf.text


def _values(change: Change) -> Iterator[str | None]:
    yield from (change.earlier, change.later, *(turn.value for turn in change.turns))


def _sentence(changes: Sequence[Change], span: Span, baselines: Mapping[Any, object]) -> str:
    if span.against == "report" and not baselines:
        return "Belum ada laporan yang disampaikan, jadi belum ada yang dapat dibandingkan."
    if span.against == "approval" and not baselines:
        return "Belum ada dokumen yang disahkan, jadi belum ada yang dapat dibandingkan."
    if not changes:
        return "Tidak ada yang berubah."
    added = sum(each.earlier is None for each in changes)
    removed = sum(each.later is None for each in changes)
    return f"{len(changes)} nilai berbeda: {added} baru, {len(changes) - added - removed} berubah, {removed} hilang."
