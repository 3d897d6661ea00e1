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
the leaf hash of RFC 6962. `deploy/sql/postgresql/leaf_hash.sql` computes the same in the database.
"""

import hashlib
from datetime import UTC, datetime, timedelta

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


def instant_of(count: int) -> datetime:
    """Return the aware UTC instant of whole microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=count)


def leaf(entry: LogEntry) -> bytes:
    """Return the `leaf.v1` bytes of an entry; its `leaf_hash` is the one column that is not in them.

    Raises:
        ValueError: a text that is not Unicode (lone surrogates).
        OverflowError: an integer beyond 64 bits.
    """
    return b"".join(
        (
            _text(FORMAT),
            _text(entry.institution),
            _integer(entry.id),
            _text(str(entry.originator_id)),
            _integer(entry.originator_version),
            _integer(entry.fiscal_year),
            _text(entry.topic),
            _integer(microseconds(entry.recorded_at)),
            _text(entry.effective_on.isoformat()),
            _text(entry.origin),
            _text(entry.actor_id),
            _text(entry.actor_role),
            _text(entry.actor_unit),
            _text(entry.command_id),
            _integer(entry.index),
            _integer(entry.causation),
            _text(entry.correlation),
            _DIGEST_LENGTH,
            hashlib.sha256(entry.state).digest(),
        )
    )


def leaf_hash(entry: LogEntry) -> bytes:
    """Return SHA-256(`00` ‖ leaf), 32 bytes, whatever the entry's own `leaf_hash` says."""
    return hashlib.sha256(LEAF_PREFIX + leaf(entry)).digest()


def _text(value: str | None) -> bytes:
    if value is None:
        return _NULL
    encoded = value.encode()
    return len(encoded).to_bytes(4, "big") + encoded


def _integer(value: int | None) -> bytes:
    if value is None:
        return _NULL
    return _INTEGER_LENGTH + value.to_bytes(8, "big", signed=True)
