"""`leaf.v1`: the bytes of one log entry that its hash covers, fixed for ever.

A leaf is the concatenation of fields. A field is a length, four bytes big-endian, and that many bytes; a null is the
length `ff ff ff ff` and no bytes, so it differs from an empty text. The fields, in this order:

| field | bytes |
|---|---|
| format | the text `leaf.v1` |
| institution | text |
| position | integer |
| stream | text |
| version | integer |
| fiscal_year | integer or null |
| type | text |
| recorded_at | instant |
| effective_on | day |
| origin | text |
| actor_id | text |
| actor_role | text |
| actor_unit | text or null |
| command_id | text |
| index | integer |
| causation | integer or null |
| correlation | text or null |
| payload | the SHA-256 of the stored bytes, 32 bytes |

Text is UTF-8, not normalised. An integer is eight bytes, big-endian, two's complement. An instant is an integer: whole
microseconds since 1970-01-01T00:00:00Z. A day is the text `YYYY-MM-DD`. The hash of an entry is SHA-256(`00` ‖ leaf),
the leaf hash of RFC 6962. Only the log knows position and time, so the parts around them can be made beforehand, and
`deploy/sql/postgresql/append_group.sql` joins and hashes them on the server.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from services.event_log.contract import LogEntry

FORMAT = "leaf.v1"
LEAF_PREFIX = b"\x00"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NULL = b"\xff\xff\xff\xff"
_INTEGER_LENGTH = (8).to_bytes(4, "big")
_DIGEST_LENGTH = (32).to_bytes(4, "big")


def microseconds(instant: datetime) -> int:
    """Return whole microseconds since 1970 in UTC of an aware instant; exact."""
    return (instant - _EPOCH) // _MICROSECOND


@lru_cache(1_024)  # entries of one batch, which are read one after the other, have the same
def instant_of(count: int) -> datetime:
    """Return the aware UTC instant of whole microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=count)


def before_position(institution: str) -> bytes:
    """Return the fields of a leaf before the position, and the length of the position."""
    return _text(FORMAT) + _text(institution) + _INTEGER_LENGTH


def between(stream: str, version: int, fiscal_year: int | None, type_: str) -> bytes:
    """Return the fields between position and `recorded_at`, and the length of the latter."""
    return _text(stream) + _integer(version) + _integer(fiscal_year) + _text(type_) + _INTEGER_LENGTH


def envelope(origin: str, actor_id: str, actor_role: str, actor_unit: str | None, command_id: str) -> bytes:
    """Return the five fields that all entries of a batch share."""
    return _text(origin) + _text(actor_id) + _text(actor_role) + _text(actor_unit) + _text(command_id)


def after_time(
    effective_on: date, shared: bytes, index: int, causation: int | None, correlation: str | None, payload: bytes
) -> bytes:
    """Return the fields after `recorded_at`; `shared` is the `envelope`."""
    return b"".join(
        (
            _text(effective_on.isoformat()),
            shared,
            _integer(index),
            _integer(causation),
            _text(correlation),
            _DIGEST_LENGTH,
            hashlib.sha256(payload).digest(),
        )
    )


def joined(before: bytes, position: int, middle: bytes, recorded_at: int, end: bytes) -> bytes:
    """Return a leaf out of its parts; `recorded_at` in microseconds."""
    return b"".join((before, _eight_bytes(position), middle, _eight_bytes(recorded_at), end))


def leaf(entry: LogEntry) -> bytes:
    """Return the `leaf.v1` bytes of an entry; its `leaf_hash` is the one column that is not in them.

    Raises:
        ValueError: a text that is not Unicode (lone surrogates).
        OverflowError: an integer beyond 64 bits.
    """
    shared = envelope(entry.origin, entry.actor_id, entry.actor_role, entry.actor_unit, entry.command_id)
    return joined(
        before_position(entry.institution),
        entry.id,
        between(str(entry.originator_id), entry.originator_version, entry.fiscal_year, entry.topic),
        microseconds(entry.recorded_at),
        after_time(entry.effective_on, shared, entry.index, entry.causation, entry.correlation, entry.state),
    )


def hash_of(leaf_bytes: bytes) -> bytes:
    """Return SHA-256(`00` ‖ leaf), 32 bytes."""
    return hashlib.sha256(LEAF_PREFIX + leaf_bytes).digest()


def leaf_hash(entry: LogEntry) -> bytes:
    """Return the hash of an entry, whatever its own `leaf_hash` says."""
    return hash_of(leaf(entry))


def _text(value: str | None) -> bytes:
    if value is None:
        return _NULL
    encoded = value.encode()
    return len(encoded).to_bytes(4, "big") + encoded


def _integer(value: int | None) -> bytes:
    if value is None:
        return _NULL
    return _INTEGER_LENGTH + _eight_bytes(value)


def _eight_bytes(value: int) -> bytes:
    return value.to_bytes(8, "big", signed=True)
