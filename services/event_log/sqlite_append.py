"""What one append does to a SQLite file, inside a transaction that the caller holds."""

import sqlite3

from services.event_log.bounds import check_instant
from services.event_log.contract import Appended, Batch, CommandReusedError, LogEntry, StreamConflictError
from services.event_log.entries import (
    COLUMNS,
    entries_of,
    expectations,
    result_of,
    versions_after,
    versions_as_text,
)
from services.event_log.leaf import instant_of, microseconds

_INSERT = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants


def append_batch(connection: sqlite3.Connection, batch: Batch) -> Appended:
    """Append inside a transaction that holds the write lock; the refusals are those of the contract."""
    if first := first_result(connection, batch.institution, batch.command_id, batch.digest):
        return first
    _check_expectations(connection, batch)
    head, earliest = connection.execute(
        "SELECT coalesce(max(position), 0), max(recorded_at) FROM log_head WHERE institution = ?", (batch.institution,)
    ).fetchone()
    given = check_instant(batch.recorded_at)
    recorded_at = given if earliest is None else max(given, instant_of(earliest))
    entries = list(entries_of(batch, head, recorded_at))
    result = Appended(first_position=head + 1, last_position=head + len(entries), versions=versions_after(batch))
    if entries:
        _insert(connection, batch, entries, result)
    return result


def _insert(connection: sqlite3.Connection, batch: Batch, entries: list[LogEntry], result: Appended) -> None:
    connection.execute(
        "INSERT INTO command (institution, command_id, digest, first_position, last_position, versions)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            batch.institution,
            batch.command_id,
            batch.digest,
            result.first_position,
            result.last_position,
            versions_as_text(result.versions),
        ),
    )
    connection.executemany(_INSERT, [_parameters(entry) for entry in entries])
    connection.executemany(
        "INSERT INTO sealed_text (institution, digest, salt, text) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(batch.institution, row.digest, row.salt, row.text) for row in batch.sealed],
    )
    connection.execute(
        "INSERT INTO log_head (institution, position, recorded_at) VALUES (?, ?, ?) ON CONFLICT (institution)"
        " DO UPDATE SET position = excluded.position, recorded_at = excluded.recorded_at",
        (batch.institution, result.last_position, microseconds(entries[-1].recorded_at)),
    )


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


def _check_expectations(connection: sqlite3.Connection, batch: Batch) -> None:
    for stream, expected in expectations(batch):
        (actual,) = connection.execute(
            "SELECT coalesce(max(version), 0) FROM event WHERE institution = ? AND stream = ?",
            (batch.institution, stream),
        ).fetchone()
        if actual != expected:
            raise StreamConflictError(stream, expected, actual)


def _parameters(entry: LogEntry) -> tuple[object, ...]:
    return (
        entry.institution,
        entry.id,
        entry.originator_id,
        entry.originator_version,
        entry.fiscal_year,
        entry.topic,
        microseconds(entry.recorded_at),
        entry.effective_on.isoformat(),
        entry.origin,
        entry.actor_id,
        entry.actor_role,
        entry.actor_unit,
        entry.command_id,
        entry.index,
        entry.causation,
        entry.correlation,
        entry.state,
        entry.leaf_hash,
    )
