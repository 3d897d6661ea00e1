"""Between batches, entries and rows: what the recorders share."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from services.event_log import leaf
from services.event_log.contract import Appended, Batch, LogEntry, NewEvent

COLUMNS: Final = (
    "institution, position, stream, version, fiscal_year, type, recorded_at, effective_on, origin, actor_id,"
    " actor_role, actor_unit, command_id, idx, causation, correlation, payload, leaf_hash"
)
"""Of the table `event`, in the order that `entry_of` takes."""

_VERSIONS = tuple[tuple[str, int], ...]


class Unplaced(NamedTuple):
    """An event that lacks only position and time, and the parts of its leaf around these; `number` counts from 0."""

    stream: str
    version: int
    number: int
    event: NewEvent
    middle: bytes
    end: bytes


def unplaced(batch: Batch) -> list[Unplaced]:
    """Return the events of a batch in their order."""
    shared = leaf.envelope(batch.origin, batch.actor_id, batch.actor_role, batch.actor_unit, batch.command_id)
    numbered = (
        (write.stream, version, event)
        for write in batch.writes
        for version, event in enumerate(write.events, start=write.expected + 1)
    )
    return [
        Unplaced(
            stream,
            version,
            number,
            event,
            leaf.between(stream, version, event.fiscal_year, event.type),
            leaf.after_time(event.effective_on, shared, number, batch.causation, event.correlation, event.payload),
        )
        for number, (stream, version, event) in enumerate(numbered)
    ]


def expectations(batch: Batch) -> tuple[tuple[str, int], ...]:
    """Return (stream, expected version) of each guard, then of each write: the order of the checks."""
    guards = tuple((guard.stream, guard.expected) for guard in batch.guards)
    return guards + tuple((write.stream, write.expected) for write in batch.writes)


def versions_after(batch: Batch) -> tuple[tuple[str, int], ...]:
    """Return (stream, version) of each write, as they stand when the batch is in the log."""
    return tuple((write.stream, write.expected + len(write.events)) for write in batch.writes)


def entries_of(batch: Batch, head: int, recorded_at: datetime) -> Iterator[LogEntry]:
    """Yield the hashed entries of a batch after position `head`, at one instant; the caller holds the head lock."""
    before, time = leaf.before_position(batch.institution), leaf.microseconds(recorded_at)
    for position, each in enumerate(unplaced(batch), start=head + 1):
        yield LogEntry(
            institution=batch.institution,
            id=position,
            originator_id=each.stream,
            originator_version=each.version,
            fiscal_year=each.event.fiscal_year,
            topic=each.event.type,
            recorded_at=recorded_at,
            effective_on=each.event.effective_on,
            origin=batch.origin,
            actor_id=batch.actor_id,
            actor_role=batch.actor_role,
            actor_unit=batch.actor_unit,
            command_id=batch.command_id,
            index=each.number,
            causation=batch.causation,
            correlation=each.event.correlation,
            state=each.event.payload,
            leaf_hash=leaf.hash_of(leaf.joined(before, position, each.middle, time, each.end)),
        )


def entry_of(row: Sequence[object]) -> LogEntry:
    """Return the entry of a row of `COLUMNS`.

    A frozen dataclass sets its attributes one by one, which would be half the time of reading a stream; here they are
    put where they belong at once.
    """
    entry = object.__new__(LogEntry)
    its = entry.__dict__
    (
        its["institution"],
        its["id"],
        its["originator_id"],
        its["originator_version"],
        its["fiscal_year"],
        its["topic"],
        its["recorded_at"],
        its["effective_on"],
        its["origin"],
        its["actor_id"],
        its["actor_role"],
        its["actor_unit"],
        its["command_id"],
        its["index"],
        its["causation"],
        its["correlation"],
        its["state"],
        its["leaf_hash"],
    ) = row
    return entry


def versions_as_text(versions: tuple[tuple[str, int], ...]) -> str:
    """Return stream versions as the table `command` keeps them: [[stream, version], …]."""
    return msgspec.json.encode(versions).decode()


def result_of(first: int, last: int, versions: str, *, repeated: bool) -> Appended:
    """Return the result that a row of the table `command` records."""
    pairs = msgspec.json.decode(versions, type=_VERSIONS)
    return Appended(first_position=first, last_position=last, versions=pairs, repeated=repeated)
