"""What appends do to a SQLite file, inside a transaction that the caller holds."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from eventsourcing.persistence import RecordConflictError

from services.event_log import leaf
from services.event_log.bounds import check_instant
from services.event_log.coalescing import Outcome
from services.event_log.contract import Appended, Batch, CommandReusedError, StreamConflictError
from services.event_log.entries import (
    COLUMNS,
    Unplaced,
    expectations,
    result_of,
    unplaced,
    versions_after,
    versions_as_text,
)
from services.event_log.leaf import microseconds

_INSERT_EVENT = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants
_INSERT_COMMAND = (
    "INSERT INTO command (institution, command_id, digest, first_position, last_position, versions)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_TEXT = "INSERT INTO sealed_text (institution, digest, salt, text) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_HEAD = "SELECT position, recorded_at FROM log_head WHERE institution = ?"
_LONG_AGO: Final = -(2**63)
_MOVE_HEAD = (
    "INSERT INTO log_head (institution, position, recorded_at) VALUES (?, ?, ?) ON CONFLICT (institution)"
    " DO UPDATE SET position = excluded.position, recorded_at = excluded.recorded_at"
)


@dataclass(frozen=True, slots=True)
class PreparedBatch:
    """A batch, and its events but for position and time."""

    batch: Batch
    events: Sequence[Unplaced]


def prepared(batch: Batch) -> PreparedBatch:
    """Return a batch in the form in which it waits."""
    return PreparedBatch(batch, unplaced(batch))


def append_group(connection: sqlite3.Connection, batches: Iterable[PreparedBatch]) -> list[Outcome]:
    """Append one batch after the other in a transaction that holds the write lock; a refusal writes nothing.

    Each batch is checked against the file and against those before it; then all that passed is written.
    """
    group = _Group(connection)
    outcomes = [group.outcome_of(batch) for batch in batches]
    group.write()
    return outcomes


def first_result(connection: sqlite3.Connection, institution: str, command_id: str, digest: str) -> Appended | None:
    """Return the first result of a command, or None; raise `CommandReusedError` where the digest is another."""
    row = connection.execute(
        "SELECT digest, first_position, last_position, versions FROM command WHERE institution = ? AND command_id = ?",
        (institution, command_id),
    ).fetchone()
    if row is None:
        return None
    known, first, last, versions = row
    if known != digest:
        raise CommandReusedError(command_id)
    return result_of(first, last, versions, repeated=True)


class _Group:
    """The batches of one transaction: what is known of the file and of them, and the rows that are not written yet."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._heads: dict[str, tuple[int, int]] = {}
        self._versions: dict[tuple[str, str], int] = {}
        self._appended: dict[tuple[str, str], tuple[Batch, Appended]] = {}
        self._rows: list[tuple[object, ...]] = []

    def outcome_of(self, waiting: PreparedBatch) -> Outcome:
        """Return the result, or the refusal that the contract names."""
        try:
            if first := self._first_result(waiting.batch):
                return first
            self._check_expectations(waiting.batch)
        except RecordConflictError as refusal:
            return refusal
        return self._append(waiting.batch, waiting.events)

    def write(self) -> None:
        """Write the rows of all that was appended."""
        batches = self._appended.values()
        self._connection.executemany(_INSERT_COMMAND, [_command_row(*each) for each in batches])
        self._connection.executemany(_INSERT_EVENT, self._rows)
        self._connection.executemany(
            _INSERT_TEXT,
            [(batch.institution, row.digest, row.salt, row.text) for batch, _ in batches for row in batch.sealed],
        )
        moved = [(batch.institution, *self._heads[batch.institution]) for batch, _ in batches]
        self._connection.executemany(_MOVE_HEAD, dict.fromkeys(moved))

    def _first_result(self, batch: Batch) -> Appended | None:
        if known := self._appended.get((batch.institution, batch.command_id)):
            earlier, result = known
            if earlier.digest != batch.digest:
                raise CommandReusedError(batch.command_id)
            return replace(result, repeated=True)
        return first_result(self._connection, batch.institution, batch.command_id, batch.digest)

    def _check_expectations(self, batch: Batch) -> None:
        for stream, expected in expectations(batch):
            actual = self._version(batch.institution, stream)
            if actual != expected:
                raise StreamConflictError(stream, expected, actual)

    def _version(self, institution: str, stream: str) -> int:
        known = self._versions.get((institution, stream))
        if known is None:
            ((known,),) = self._connection.execute(
                "SELECT coalesce(max(version), 0) FROM event WHERE institution = ? AND stream = ?",
                (institution, stream),
            )
            self._versions[institution, stream] = known
        return known

    def _head(self, institution: str) -> tuple[int, int]:
        """Return the last position and its time; both as if long ago where there is none."""
        if institution not in self._heads:
            rows = self._connection.execute(_HEAD, (institution,)).fetchall()
            self._heads[institution] = rows[0] if rows else (0, _LONG_AGO)
        return self._heads[institution]

    def _append(self, batch: Batch, events: Sequence[Unplaced]) -> Appended:
        head, earliest = self._head(batch.institution)
        result = Appended(first_position=head + 1, last_position=head + len(events), versions=versions_after(batch))
        if events:
            recorded_at = max(microseconds(check_instant(batch.recorded_at)), earliest)
            self._rows.extend(_event_rows(batch, events, head, recorded_at))
            self._appended[batch.institution, batch.command_id] = batch, result
            self._heads[batch.institution] = result.last_position, recorded_at
            self._versions.update(((batch.institution, stream), version) for stream, version in result.versions)
        return result


def _command_row(batch: Batch, result: Appended) -> tuple[object, ...]:
    return (
        batch.institution,
        batch.command_id,
        batch.digest,
        result.first_position,
        result.last_position,
        versions_as_text(result.versions),
    )


def _event_rows(batch: Batch, events: Sequence[Unplaced], head: int, recorded_at: int) -> Iterator[tuple[object, ...]]:
    before = leaf.before_position(batch.institution)
    for position, each in enumerate(events, start=head + 1):
        yield (
            batch.institution,
            position,
            each.stream,
            each.version,
            each.event.fiscal_year,
            each.event.type,
            recorded_at,
            each.event.effective_on.isoformat(),
            batch.origin,
            batch.actor_id,
            batch.actor_role,
            batch.actor_unit,
            batch.command_id,
            each.number,
            batch.causation,
            each.event.correlation,
            each.event.payload,
            leaf.hash_of(leaf.joined(before, position, each.middle, recorded_at, each.end)),
        )
