"""What differs between two moments of one year: each value added, changed or removed, and the events in between."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from domain.event import Event, RecordedEvent
from domain.sealed_text import SealedText
from services.year_file import YearFile

REGISTERS = ("agreements", "achievements", "reports", "evaluations", "recommendations", "obligations", "holds")
_NAMES = ("id", "commitment", "sub_component", "period", "number", "unit", "person")
_PASSING = frozenset(
    {"trace", "steps", "days_open", "days_overdue", "days_late", "days_left", "revisions", "turns", "recorded", "ahead"}
)
"""What moves with every day or only tells again what another field says."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A value at a place of a register; null on the earlier side: added, on the later: removed."""

    register: str
    place: str
    earlier: str | None
    later: str | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The changes between two files of a year, and what was recorded between their positions, by whom."""

    earlier_position: int
    later_position: int
    changes: tuple[Change, ...]
    events: tuple[RecordedEvent[Event], ...]


def difference(earlier: YearFile, later: YearFile) -> Difference:
    """Compare two files of the same institution, year and unit."""
    return Difference(
        earlier_position=earlier.position,
        later_position=later.position,
        changes=tuple(change for register in REGISTERS for change in _compare(register, earlier, later)),
        events=tuple(event for event in later.events if event.position > earlier.position),
    )


def _compare(register: str, earlier: YearFile, later: YearFile) -> Iterator[Change]:
    before = dict(_leaves(_plain(getattr(earlier, register))))
    after = dict(_leaves(_plain(getattr(later, register))))
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        if old != new:
            yield Change(register=register, place=place, earlier=old, later=new)


def _plain(answers: object) -> Any:  # noqa: ANN401 - plain JSON values
    return msgspec.to_builtins(answers, enc_hook=_digest)


def _digest(value: object) -> str:
    if isinstance(value, SealedText):
        return value.digest
    raise TypeError(f"no written form for {type(value).__name__}")


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - plain JSON values
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in _PASSING:
                yield from _leaves(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list | tuple):
        for name, inner in zip(_names_of(value), value, strict=True):
            yield from _leaves(inner, f"{place}[{name}]")
    elif value is not None:
        yield place, str(value)


def _names_of(items: Sequence[Any]) -> list[str]:
    """Name the items of a list by what they are, so that an insertion does not shift all that follows."""
    names = [_name_of(item) or str(number) for number, item in enumerate(items)]
    return [name if names.count(name) == 1 else f"{name}#{number}" for number, name in enumerate(names)]


def _name_of(item: Any) -> str:  # noqa: ANN401 - plain JSON values
    if not isinstance(item, dict):
        return ""
    return "/".join(str(item[each]) for each in _NAMES if isinstance(item.get(each), str | int))
