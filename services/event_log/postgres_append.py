"""What appends send to the function `append_batches` of PostgreSQL, and what it answers."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

from psycopg.types.numeric import Int8

from services.event_log.bounds import check_instant
from services.event_log.coalescing import Outcome
from services.event_log.contract import Batch, CommandReusedError, StreamConflictError
from services.event_log.entries import expectations, result_of, versions_after, versions_as_text

APPEND: Final = (
    "SELECT * FROM append_batches(%b::text,"
    " %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],"
    " %b::text[], %b::bigint[], %b::timestamptz[], %b::text[], %b::bigint[],"
    " %b::bigint[], %b::text[], %b::bigint[], %b::bigint[],"
    " %b::bigint[], %b::text[], %b::bigint[], %b::text[], %b::bytea[],"
    " %b::date[], %b::bigint[], %b::text[],"
    " %b::bigint[], %b::text[], %b::bytea[], %b::text[])"
)
"""The parameters are those of `arguments`."""


def arguments(group: Sequence[Batch]) -> list[object]:
    """Return the arguments for batches of one institution, in the order of their arrival; there is at least one."""
    numbered = list(enumerate(group, start=1))
    checks = [
        (number, stream, expected, added)
        for number, batch in numbered
        for (stream, expected), added in zip(expectations(batch), _added(batch), strict=True)
    ]
    events = [
        (number, write.stream, version, event)
        for number, batch in numbered
        for write in batch.writes
        for version, event in enumerate(write.events, start=write.expected + 1)
    ]
    sealed = [(number, row) for number, batch in numbered for row in batch.sealed]
    return [
        group[0].institution,
        [batch.command_id for batch in group],
        [batch.digest for batch in group],
        [batch.actor_id for batch in group],
        [batch.actor_role for batch in group],
        [batch.actor_unit for batch in group],
        [batch.origin for batch in group],
        [None if batch.causation is None else Int8(batch.causation) for batch in group],
        [check_instant(batch.recorded_at) for batch in group],
        [versions_as_text(versions_after(batch)) for batch in group],
        [Int8(end) for end in accumulate(sum(_added(batch)) for batch in group)],
        [Int8(number) for number, _, _, _ in checks],
        [stream for _, stream, _, _ in checks],
        [Int8(expected) for _, _, expected, _ in checks],
        [Int8(added) for _, _, _, added in checks],
        [Int8(number) for number, _, _, _ in events],
        [stream for _, stream, _, _ in events],
        [Int8(version) for _, _, version, _ in events],
        [event.type for _, _, _, event in events],
        [event.payload for _, _, _, event in events],
        [event.effective_on for _, _, _, event in events],
        [None if event.fiscal_year is None else Int8(event.fiscal_year) for _, _, _, event in events],
        [event.correlation for _, _, _, event in events],
        [Int8(number) for number, _ in sealed],
        [row.digest for _, row in sealed],
        [row.salt for _, row in sealed],
        [row.text for _, row in sealed],
    ]


def outcomes(group: Sequence[Batch], rows: Sequence[tuple[Any, ...]]) -> list[Outcome]:
    """Return the outcome of each batch from the rows of the function, which come in any order."""
    by_number = {row[0]: row[1:] for row in rows}
    return [_outcome(batch, *by_number[number]) for number, batch in enumerate(group, start=1)]


def _added(batch: Batch) -> list[int]:
    """Return how many events a batch adds to each stream that it checks: none to those that it only guards."""
    return [0] * len(batch.guards) + [len(write.events) for write in batch.writes]


def _outcome(  # noqa: PLR0913, PLR0917 - a row of the function
    batch: Batch,
    outcome: str,
    first: int,
    last: int,
    versions: str,
    stream: str,
    expected: int,
    actual: int,
) -> Outcome:
    if outcome == "reused":
        return CommandReusedError(batch.command_id)
    if outcome == "conflict":
        return StreamConflictError(stream, expected, actual)
    return result_of(first, last, versions, repeated=outcome == "repeated")
