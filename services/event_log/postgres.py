"""The log in PostgreSQL 15 or newer: one server function appends a batch in a single round trip."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, LiteralString

import psycopg

from services.event_log.bounds import check_batch, check_instant, check_name, check_window, first_after
from services.event_log.connections import ConnectionPool
from services.event_log.contract import (
    Appended,
    Batch,
    CommandReusedError,
    EventLog,
    LogEntry,
    SealedRow,
    StreamConflictError,
)
from services.event_log.entries import COLUMNS, entry_of, expectations, result_of, versions_after, versions_as_text

CONNECTIONS = 16

Row = tuple[Any, ...]

# What the log relies on, whatever the defaults of the server, the database or the role.
_SESSION: Final = (
    "SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC';"
    " SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)
_APPEND: Final = (
    "SELECT * FROM append_batch(%s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::bigint,"
    " %s::timestamptz, %s::text[], %s::bigint[], %s::text, %s::text[], %s::bigint[], %s::text[], %s::bytea[],"
    " %s::date[], %s::bigint[], %s::text[], %s::text[], %s::bytea[], %s::text[])"
)
_SELECT: Final = f"SELECT {COLUMNS} FROM event WHERE institution = %s"  # noqa: S608 - constants
_END = 2**63 - 1


class PostgresLog(EventLog):
    """A log in a database that `migrate` has prepared; `address` is a libpq URL.

    A connection that breaks is replaced and the request is sent once more: reading changes nothing, and an append whose
    answer was lost after its commit is recognised by its command id and returns the first result (`repeated`).
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._connections = ConnectionPool(self._connect, CONNECTIONS)

    def append(self, batch: Batch) -> Appended:
        """See the contract."""
        check_batch(batch)
        outcome, first, last, versions, stream, expected, actual = self._rows(_APPEND, *_arguments(batch))[0]
        if outcome == "reused":
            raise CommandReusedError(batch.command_id)
        if outcome == "conflict":
            raise StreamConflictError(stream, expected, actual)
        return result_of(first, last, versions, repeated=outcome == "repeated")

    def repeated(self, institution: str, command_id: str, digest: str) -> Appended | None:
        """See the contract."""
        check_name("institution", institution)
        check_name("command_id", command_id)
        rows = self._rows(
            "SELECT digest, first_position, last_position, versions FROM command"
            " WHERE institution = %s AND command_id = %s",
            institution,
            command_id,
        )
        if not rows:
            return None
        known, first, last, versions = rows[0]
        if known != digest:
            raise CommandReusedError(command_id)
        return result_of(first, last, versions, repeated=True)

    def read_stream(
        self, institution: str, stream: str, after: int = 0, limit: int | None = None
    ) -> Sequence[LogEntry]:
        """See the contract."""
        check_name("stream", stream)
        check_window(after=after, limit=limit)
        return self._entries(
            _SELECT + " AND stream = %s AND version > %s ORDER BY version LIMIT %s", institution, stream, after, limit
        )

    def read_cycle(self, institution: str, prefix: str, until: int, after: int = 0) -> Sequence[LogEntry]:
        """See the contract."""
        check_window(after=after, until=until)
        return self._entries(
            _SELECT
            + " AND correlation >= %s AND correlation < %s AND position > %s AND position <= %s ORDER BY position",
            institution,
            prefix,
            first_after(prefix),
            after,
            until,
        )

    def read(self, institution: str, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[LogEntry]:
        """See the contract."""
        check_window(after=after, limit=limit, until=until)
        return self._entries(
            _SELECT + " AND position > %s AND position <= %s ORDER BY position LIMIT %s",
            institution,
            after,
            _END if until is None else until,
            limit,
        )

    def leaf_hashes(self, institution: str, after: int, until: int) -> Sequence[bytes]:
        """See the contract."""
        check_name("institution", institution)
        check_window(after=after, until=until)
        query: Final = (
            "SELECT leaf_hash FROM event WHERE institution = %s AND position > %s AND position <= %s ORDER BY position"
        )
        return [row[0] for row in self._rows(query, institution, after, until)]

    def head(self, institution: str) -> int:
        """See the contract."""
        check_name("institution", institution)
        rows = self._rows("SELECT position FROM log_head WHERE institution = %s", institution)
        return int(rows[0][0]) if rows else 0

    def position_at(self, institution: str, instant: datetime) -> int:
        """See the contract."""
        check_name("institution", institution)
        rows = self._rows(
            "SELECT position FROM event WHERE institution = %s AND recorded_at <= %s"
            " ORDER BY recorded_at DESC, position DESC LIMIT 1",
            institution,
            check_instant(instant),
        )
        return int(rows[0][0]) if rows else 0

    def institutions(self) -> Sequence[str]:
        """See the contract."""
        return [
            row[0] for row in self._rows("SELECT institution FROM log_head WHERE position > 0 ORDER BY institution")
        ]

    def sealed_rows(self, institution: str, digests: Sequence[str]) -> Sequence[SealedRow]:
        """See the contract."""
        check_name("institution", institution)
        for digest in digests:
            check_name("digest", digest)
        query: Final = (
            "SELECT digest, salt, text FROM sealed_text WHERE institution = %s AND digest = ANY(%s::text[])"
        )
        rows = self._rows(query, institution, list(digests))
        return [SealedRow(digest=digest, salt=salt, text=text) for digest, salt, text in rows]

    def close(self) -> None:
        """Close the connections; idempotent."""
        self._connections.close()

    def _connect(self) -> psycopg.Connection[Row]:
        connection = psycopg.connect(self._address, autocommit=True)
        connection.execute(_SESSION)
        return connection

    def _entries(self, query: LiteralString, institution: str, *parameters: object) -> list[LogEntry]:
        check_name("institution", institution)
        try:
            rows = self._rows(query, institution, *parameters)
        except psycopg.DataError as error:
            raise ValueError(str(error)) from error
        return [entry_of(*row) for row in rows]

    def _rows(self, query: LiteralString, *parameters: object) -> list[Row]:
        try:
            return self._once(query, parameters)
        except psycopg.OperationalError as error:
            if not _is_lost_connection(error):
                raise
        self._connections.forget_idle()
        return self._once(query, parameters)

    def _once(self, query: LiteralString, parameters: Sequence[object]) -> list[Row]:
        with self._connections.lend() as connection, connection.cursor(binary=True) as cursor:
            return cursor.execute(query, parameters, prepare=True).fetchall()


def _is_lost_connection(error: psycopg.OperationalError) -> bool:
    """Tell a broken, refused or ended connection from a statement that failed: the driver itself gives no SQLSTATE."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


def _arguments(batch: Batch) -> Row:
    checks = expectations(batch)
    events = [(write, version, event) for write in batch.writes for version, event in enumerate(write.events, 1)]
    return (
        batch.institution,
        batch.command_id,
        batch.digest,
        batch.actor_id,
        batch.actor_role,
        batch.actor_unit,
        batch.origin,
        batch.causation,
        check_instant(batch.recorded_at),
        [stream for stream, _ in checks],
        [expected for _, expected in checks],
        versions_as_text(versions_after(batch)),
        [write.stream for write, _, _ in events],
        [write.expected + version for write, version, _ in events],
        [event.type for _, _, event in events],
        [event.payload for _, _, event in events],
        [event.effective_on for _, _, event in events],
        [event.fiscal_year for _, _, event in events],
        [event.correlation for _, _, event in events],
        [row.digest for row in batch.sealed],
        [row.salt for row in batch.sealed],
        [row.text for row in batch.sealed],
    )
