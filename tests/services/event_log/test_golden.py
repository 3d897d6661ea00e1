"""Golden samples: what was once written is read for ever, and written again as the same bytes.

A line of `golden/events.jsonl` is the payload of one event version. Lines are added at the end, never changed: where a
meaning changes, the event gets a new version with a line of its own, and an upcast reads the old one.
"""

import dataclasses
import hashlib
from pathlib import Path

import msgspec
import pytest

from domain.cycle import event_types
from domain.event import type_of
from services.event_log.codec import Codec, UnknownEventType
from services.event_log.contract import LogEntry
from tests.services.event_log.test_leaf import ENTRY

SAMPLES = (Path(__file__).parent / "golden" / "events.jsonl").read_bytes().splitlines()
RELEASED_LINES = 81
RELEASED_DIGEST = "c8098be0701eee8ea87508fea4cb4b59a012b8c3ccd34dc3443c0002aa890fda"
"""How many lines were released, and the SHA-256 of them: those are kept as they are."""

CODEC = Codec(event_types(), {})


class Head(msgspec.Struct):
    """What every payload begins with."""

    type: str
    effective_on: str


def entry_of(payload: bytes) -> LogEntry:
    """Return a stored entry with a payload."""
    head = msgspec.json.decode(payload, type=Head)
    day = msgspec.convert(head.effective_on, type(ENTRY.effective_on))
    return dataclasses.replace(ENTRY, topic=head.type, state=payload, effective_on=day)


@pytest.mark.parametrize("payload", SAMPLES, ids=lambda each: msgspec.json.decode(each, type=Head).type)
def test_a_sample_is_read_and_written_again_as_the_same_bytes(payload: bytes) -> None:
    event = CODEC.decode(entry_of(payload))
    assert event.type == type_of(event.body)
    assert CODEC.encode(event.body) == payload


def test_every_event_version_has_a_sample() -> None:
    assert {msgspec.json.decode(each, type=Head).type for each in SAMPLES} >= set(event_types())


def test_released_samples_are_never_changed() -> None:
    released = b"".join(line + b"\n" for line in SAMPLES[:RELEASED_LINES])
    assert hashlib.sha256(released).hexdigest() == RELEASED_DIGEST


def test_an_unknown_type_is_refused_and_not_imported() -> None:
    payload = b'{"type":"os.system.v1","effective_on":"2025-01-01"}'
    with pytest.raises(UnknownEventType):
        CODEC.decode(entry_of(payload))
