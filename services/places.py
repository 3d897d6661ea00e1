"""Names every value in an answer by its place, and compares two answers place by place."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, NamedTuple

import msgspec

from domain.commitment import Commitment
from domain.period import Period
from domain.sealed_text import SealedText
from services.register_words import field_in_words

Kind = Literal["figure", "date", "typed", "other"]
"""What a value is: a figure, a day, a text that a person typed (its digest), or a word of the system."""

_NAMES: Final = ("commitment", "sub_component", "period", "number", "code", "unit", "person", "version", "year")
_PASSING: Final = frozenset(
    {"trace", "steps", "days_open", "days_overdue", "days_late", "days_left", "revisions", "turns", "ahead", "label"}
)
"""What moves with every day or only tells again what another field says."""

_TOLD_ELSEWHERE: Final[Mapping[str, frozenset[str]]] = {
    "Realisation": frozenset({"commitment", "period", "realised"}),
    "RealisationEntry": frozenset({"reason"}),
}
"""Fields of a kind of struct that another place of the same answer says already."""

_PART: Final = re.compile(r"\[([^\]]*)\]|([a-z_]+)")


class Leaf(NamedTuple):
    """A value that has no parts, as text."""

    kind: Kind
    text: str


class Compared(NamedTuple):
    """A place whose value differs; null on one side: it is not there."""

    place: str
    earlier: Leaf | None
    later: Leaf | None


def name_of(item: Any) -> str | None:  # noqa: ANN401 - an item of any answer
    """Return the name of an item in a list: by its id, by what else it is named, or by the event that it comes from."""
    if (own := _word(_field(item, "id"))) is not None:
        return own
    known = _NAMES if isinstance(item, dict) else _names_in(item.__class__)
    names = [word for each in known if (word := _word(_field(item, each))) is not None]
    if names:
        return "/".join(names)
    trace = _field(item, "trace") or _field(_field(item, "due"), "trace")
    return None if trace is None else f"posisi {trace.position}"


@cache
def _names_in(kind: type[Any]) -> Sequence[str]:
    """Return by what the items of a kind can be named at all."""
    return tuple(each for each in _NAMES if hasattr(kind, each))


@cache
def _fields_in(kind: type[msgspec.Struct]) -> Sequence[tuple[str, str]]:
    """Return the fields of a kind that are looked into, with the endings of their places."""
    hidden = _PASSING | _TOLD_ELSEWHERE.get(kind.__name__, frozenset())
    return tuple((name, f".{name}") for name in kind.__struct_fields__ if name not in hidden)


def compare(earlier: object, later: object, place: str = "") -> Iterator[Compared]:
    """Yield every place at which two answers differ; what is equal is not looked into."""
    if earlier == later:
        return
    before, after = _parts(earlier), _parts(later)
    if before is None or after is None:
        here = Compared(place, _leaf(earlier, before), _leaf(later, after))
        if here.earlier != here.later:
            yield here
    before, after = before or {}, after or {}
    for part in {**before, **after}:
        inner, then = before.get(part), after.get(part)
        if inner is not then:
            yield from compare(inner, then, f"{place}{part}" if place else part.removeprefix("."))


def in_words(place: str, labels: Mapping[str, str]) -> str:
    """Write a place such as `[dinkes].commitments[aki].realised` for people; `labels` are the names of ids."""
    told: list[str] = []
    before = ""
    for name, field in _PART.findall(place):
        label = _period_in_words(name) if before == "periods" else labels.get(name, name)
        if field:
            told.append(field_in_words(field))
        elif told:
            told[-1] = f"{told[-1]} {label}"
        else:
            told.append(label)
        before = field
    return " → ".join(told)


def _period_in_words(code: str) -> str:
    try:
        return Period.parse(code).label
    except ValueError:  # two of one name have numbers
        return code


def _parts(value: object) -> dict[str, Any] | None:
    """Return what a value consists of, by the ending of its place; null where it is a leaf."""
    if isinstance(value, Period):
        return None
    if isinstance(value, msgspec.Struct):
        return {ending: getattr(value, name) for name, ending in _fields_in(type(value))}
    if isinstance(value, dict):
        return {f".{name}": inner for name, inner in value.items() if name not in _PASSING}
    return _items(value) if isinstance(value, list | tuple) and any(map(_has_parts, value)) else None


def _has_parts(item: object) -> bool:
    """Say whether an item of a list is no leaf; a tuple in it is a name and a value."""
    if isinstance(item, tuple | dict):
        return True
    if isinstance(item, list):
        return any(map(_has_parts, item))
    return isinstance(item, msgspec.Struct) and not isinstance(item, Period)


def _items(items: Sequence[Any]) -> dict[str, Any]:
    """Name the items of a list by what they are, so that an insertion does not shift all that follows."""
    if all(isinstance(item, tuple) for item in items):
        return {f"[{item[0]}]": item[1] for item in items}
    names = [name_of(item) or str(number) for number, item in enumerate(items)]
    shared = Counter(names)
    return {
        f"[{name}]" if shared[name] == 1 else f"[{name}#{number}]": item
        for number, (name, item) in enumerate(zip(names, items, strict=True))
    }


def _leaf(value: object, parts: object) -> Leaf | None:
    if value is None or parts is not None:
        return None
    match value:
        case SealedText():
            return Leaf("typed", value.digest)
        case Decimal():
            return Leaf("figure", str(value))
        case datetime() | date():
            return Leaf("date", value.isoformat())
        case list() | tuple():
            return Leaf("other", ", ".join(map(_plain, value))) if value else None
        case _:
            return Leaf("other", _plain(value))


def _plain(value: object) -> str:
    match value:
        case bool():
            return "ya" if value else "tidak"
        case Enum():
            return str(value.value)
        case Period():
            return value.code
        case _:
            return str(value)


def _field(item: object, name: str) -> Any:  # noqa: ANN401 - whatever the item has there
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)


def _word(value: object) -> str | None:
    if type(value) is str:  # nearly always
        return value
    match value:
        case Commitment():
            return value.id
        case Period():
            return value.code
        case str() | int():
            return _plain(value)
        case _:
            return None
