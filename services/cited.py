"""What the payload of an event cites: sealed texts, rulebooks and files, each by its digest."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_RULE: Final = frozenset({"name", "version", "digest"})


class CitedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence or a signed paper; name and date (`YYYY-MM-DD`) where the event tells them."""

    position: int
    file: str
    name: str | None
    dated: str | None


class Citations:
    """What the events so far cite."""

    def __init__(self) -> None:
        self.digests: dict[str, None] = {}
        self.rules: set[tuple[str, int, str]] = set()
        self.files: list[CitedFile] = []

    def note(self, position: int, payload: bytes) -> None:
        """Take in what the payload at a position cites; a payload that is no JSON cites nothing."""
        try:
            content = json.loads(payload)
        except ValueError:
            return
        for value in _values(content):
            if isinstance(value, str) and _DIGEST.fullmatch(value):
                self.digests[value] = None
            elif isinstance(value, dict):
                self._note_object(position, value)

    def _note_object(self, position: int, found: dict[str, Any]) -> None:
        if found.keys() == _RULE and _is_digest(found["digest"]):
            self.rules.add((found["name"], found["version"], found["digest"]))
        if _is_digest(found.get("file")):
            name, dated = found.get("name"), found.get("dated")
            self.files.append(CitedFile(position=position, file=found["file"], name=name, dated=dated))


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _values(content: object) -> Iterator[object]:
    """Yield a value and everything in it."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
