"""What any log can hold: one set of limits for all recorders, checked before a database is touched.

PostgreSQL refuses NUL in texts, SQLite overflows beyond 64 bits, lone surrogates fail in both, and an index entry has a
greatest size; without these checks such input would surface as a fault of the server.
"""

from datetime import UTC, datetime

from domain.sealed_text import SALT_BYTES, seal
from services.event_log.contract import Batch, SealedRow, Write

NAME_BYTES = 512
"""Of an institution, stream, id, type or correlation, as UTF-8: two of them fit into one index entry."""

CONTENT_BYTES = 4 * 1024 * 1024
"""Of a payload or of a sealed text."""

_GREATEST = 2**63 - 1
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def check_batch(batch: Batch) -> None:
    """Raise ValueError, naming the field, unless every recorder can store the batch."""
    check_name("institution", batch.institution)
    check_name("command_id", batch.command_id)
    check_name("digest", batch.digest)
    check_name("actor_id", batch.actor_id)
    check_name("actor_role", batch.actor_role)
    check_name("origin", batch.origin)
    if batch.actor_unit is not None:
        check_name("actor_unit", batch.actor_unit)
    if batch.causation is not None:
        check_integer("causation", batch.causation)
    check_instant(batch.recorded_at)
    for write in batch.writes:
        _check_write(write)
    for guard in batch.guards:
        check_name("stream", guard.stream)
        check_integer("expected", guard.expected)
    for row in batch.sealed:
        _check_sealed(row)
    if len({write.stream for write in batch.writes}) != len(batch.writes):
        raise ValueError("writes: a stream is written twice in one batch")


def check_name(field: str, value: str) -> None:
    """Raise ValueError unless a name is not empty, has no NUL or surrogate and is at most `NAME_BYTES` long."""
    if not value:
        raise ValueError(f"{field}: empty")
    _check_text(field, value, NAME_BYTES)


def check_integer(field: str, value: int) -> None:
    """Raise ValueError unless a number is between zero and 2⁶³ − 1."""
    if not 0 <= value <= _GREATEST:
        raise ValueError(f"{field}: not between 0 and 2^63 - 1")


def check_window(*, after: int = 0, limit: int | None = None, until: int | None = None) -> None:
    """Raise ValueError unless what a reader asks for can be asked."""
    check_integer("after", after)
    for field, value in (("limit", limit), ("until", until)):
        if value is not None:
            check_integer(field, value)


def check_instant(value: datetime) -> datetime:
    """Return an aware instant in UTC, or raise ValueError."""
    if value.tzinfo is None:
        raise ValueError("instant: without a time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("instant: outside the years 1 to 9999") from error


def first_after(prefix: str) -> str:
    """Return the first text, in code point order, after all those that start with a prefix.

    >>> first_after("dinkes/2024")
    'dinkes/2025'
    """
    check_name("prefix", prefix)
    kept = prefix.rstrip(chr(_LAST_CHARACTER))
    if not kept:
        raise ValueError("prefix: nothing comes after it")
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if following in _SURROGATES else following)


def _check_write(write: Write) -> None:
    check_name("stream", write.stream)
    check_integer("expected", write.expected)
    check_integer("expected", write.expected + len(write.events))
    for event in write.events:
        check_name("type", event.type)
        if event.correlation is not None:
            check_name("correlation", event.correlation)
        if event.fiscal_year is not None:
            check_integer("fiscal_year", event.fiscal_year)
        if len(event.payload) > CONTENT_BYTES:
            raise ValueError(f"payload: longer than {CONTENT_BYTES} bytes")


def _check_sealed(row: SealedRow) -> None:
    _check_text("text", row.text, CONTENT_BYTES)
    if len(row.salt) != SALT_BYTES or seal(row.salt, row.text).digest != row.digest:
        raise ValueError("sealed: the digest is not that of salt and text")


def _check_text(field: str, value: str, limit: int) -> None:
    if "\x00" in value:
        raise ValueError(f"{field}: contains NUL")
    try:
        length = len(value.encode())
    except UnicodeEncodeError as error:
        raise ValueError(f"{field}: contains a lone surrogate") from error
    if length > limit:
        raise ValueError(f"{field}: longer than {limit} bytes")
