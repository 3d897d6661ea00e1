"""Between batches, entries and rows: what the recorders share."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from services.event_log import leaf
from services.event_log.contract import Appended, Batch, LogEntry

COLUMNS: Final = (
    "institution, position, stream, version, fiscal_year, type, recorded_at, effective_on, origin, actor_id,"
    " actor_role, actor_unit, command_id, idx, causation, correlation, payload, leaf_hash"
)
"""Of the table `event`, in the order that `entry_of` takes."""

_UNHASHED = b""


def expectations(batch: Batch) -> tuple[tuple[str, int], ...]:
    """Return (stream, expected version) of each guard, then of each write: the order of the checks."""
    guards = tuple((guard.stream, guard.expected) for guard in batch.guards)
    return guards + tuple((write.stream, write.expected) for write in batch.writes)


def versions_after(batch: Batch) -> tuple[tuple[str, int], ...]:
    """Return (stream, version) of each write, as they stand when the batch is in the log."""
    return tuple((write.stream, write.expected + len(write.events)) for write in batch.writes)


def entries_of(batch: Batch, head: int, recorded_at: datetime) -> Iterator[LogEntry]:
    """Yield the hashed entries of a batch after position `head`, at one instant; the caller holds the head lock."""
    index = 0
    for write in batch.writes:
        for version, event in enumerate(write.events, start=write.expected + 1):
            entry = LogEntry(
                originator_id=write.stream,
                originator_version=version,
                topic=event.type,
                state=event.payload,
                id=head + index + 1,
                institution=batch.institution,
                fiscal_year=event.fiscal_year,
                recorded_at=recorded_at,
                effective_on=event.effective_on,
                origin=batch.origin,
                actor_id=batch.actor_id,
                actor_role=batch.actor_role,
                actor_unit=batch.actor_unit,
                command_id=batch.command_id,
                index=index,
                causation=batch.causation,
                correlation=event.correlation,
                leaf_hash=_UNHASHED,
            )
            yield replace(entry, leaf_hash=leaf.leaf_hash(entry))
            index += 1


def entry_of(  # noqa: PLR0913, PLR0917 - one parameter for each of COLUMNS
    institution: str,
    position: int,
    stream: str,
    version: int,
    fiscal_year: int | None,
    topic: str,
    recorded_at: datetime,
    effective_on: date,
    origin: str,
    actor_id: str,
    actor_role: str,
    actor_unit: str | None,
    command_id: str,
    index: int,
    causation: int | None,
    correlation: str | None,
    payload: bytes,
    leaf_hash: bytes,
) -> LogEntry:
    """Return the entry of a row."""
    return LogEntry(
        originator_id=stream,
        originator_version=version,
        topic=topic,
        state=payload,
        id=position,
        institution=institution,
        fiscal_year=fiscal_year,
        recorded_at=recorded_at,
        effective_on=effective_on,
        origin=origin,
        actor_id=actor_id,
        actor_role=actor_role,
        actor_unit=actor_unit,
        command_id=command_id,
        index=index,
        causation=causation,
        correlation=correlation,
        leaf_hash=leaf_hash,
    )


def versions_as_text(versions: tuple[tuple[str, int], ...]) -> str:
    """Return stream versions as the table `command` keeps them: [[stream, version], …]."""
    return json.dumps(versions)


def result_of(first: int, last: int, versions: str, *, repeated: bool) -> Appended:
    """Return the result that a row of the table `command` records."""
    pairs = tuple((stream, version) for stream, version in json.loads(versions))
    return Appended(first_position=first, last_position=last, versions=pairs, repeated=repeated)
