"""Reads JSON from strangers: nothing in it may be said twice, nested without end, or mean other than it says."""

import json
import re
from decimal import Decimal
from typing import Any

import msgspec

from domain.bounds import PLAIN_FIGURE

MAX_DEPTH = 32
"""The deepest command nests about eight levels."""

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[][{}]")


def demand_shallow(content: bytes) -> None:
    """Raise msgspec.ValidationError where JSON nests deeper than `MAX_DEPTH`, before any decoder recurses into it."""
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", content)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            raise msgspec.ValidationError(f"Isi bersarang lebih dari {MAX_DEPTH} tingkat")


def parse(content: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON that a typed decoder has read before as plain values, with figures as they were written.

    Raises msgspec.ValidationError where an object names a field twice: which of the two was meant is not ours to guess.
    """
    return json.loads(content, object_pairs_hook=_once, parse_float=Decimal)


def demand_plain_figures(sent: Any, read: Any, place: str = "$") -> None:  # noqa: ANN401 - any JSON
    """Raise msgspec.ValidationError, naming the place, where a text that was read as a figure is not written as one.

    `read` are the plain values of what a decoder made of `sent`, figures as Decimal. A decoder takes "1_000", " 1" or
    full-width digits for a figure; whoever reads the request later would not.
    """
    if isinstance(sent, dict) and isinstance(read, dict):
        for name, value in sent.items():
            demand_plain_figures(value, read.get(name), f"{place}.{name}")
    elif isinstance(sent, list) and isinstance(read, list | tuple):
        for index, (value, taken) in enumerate(zip(sent, read, strict=False)):
            demand_plain_figures(value, taken, f"{place}[{index}]")
    elif isinstance(read, Decimal) and isinstance(sent, str) and not PLAIN_FIGURE.fullmatch(sent):
        raise msgspec.ValidationError(f"Angka ditulis seperti -1234.5 - at `{place}`")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise msgspec.ValidationError(f"Isian tertulis dua kali - at `$.{repeated}`")
    return found
