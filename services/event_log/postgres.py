"""The log in PostgreSQL 15 or newer: one server function appends what came at once in a single round trip."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, LiteralString

import psycopg

from services.event_log.bounds import check_batch, check_instant, check_name, check_window, first_after
from services.event_log.coalescing import Coalescer, Outcome
from services.event_log.connections import ConnectionPool, LogClosedError
from services.event_log.contract import Appended, Batch, CommandReusedError, EventLog, LogEntry, SealedRow
from services.event_log.entries import COLUMNS, entry_of, result_of
from services.event_log.postgres_append import (
    APPEND,
    ROW_TYPES,
    PreparedBatch,
    RowTypes,
    arguments,
    independent,
    outcomes,
    prepared,
)
from services.event_log.postgres_rows import accept_row_arrays
from services.event_log.storage_faults import storage_errors

CONNECTIONS = 16

Row = tuple[Any, ...]

# What the log relies on, whatever the defaults of the server, the database or the role.
_SESSION: Final = (
    "SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC';"
    " SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
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
        self._row_types: RowTypes | None = None
        self._appends = Coalescer(
            self._commit,
            prepare=prepared,
            lane=lambda batch: batch.institution,
            shared_faults=(psycopg.OperationalError, LogClosedError),
        )

    def append(self, batch: Batch) -> Appended:
        """See the contract.

        Raises:
            StorageError: the server's disk is full or damaged, or it takes no changes.
        """
        check_batch(batch)
        with storage_errors():
            return self._appends.append(batch)

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
        query: Final = "SELECT digest, salt, text FROM sealed_text WHERE institution = %s AND digest = ANY(%s::text[])"
        rows = self._rows(query, institution, list(digests))
        return [SealedRow(digest=digest, salt=salt, text=text) for digest, salt, text in rows]

    def close(self) -> None:
        """Refuse the appends that wait and close the connections; idempotent."""
        self._appends.close()
        self._connections.close()

    def _commit(self, batches: Iterable[PreparedBatch]) -> list[Outcome]:
        """Append a group part by part; only a fault of the first, when nothing is there yet, is raised."""
        first, *others = list(independent(batches)) or [[]]
        found = list(self._append(first)) if first else []
        return found + [outcome for part in others for outcome in self._settled(part)]

    def _settled(self, part: Sequence[PreparedBatch]) -> list[Outcome]:
        """Append a part after which no fault may be raised: what was committed before it is there."""
        try:
            return list(self._append(part))
        except Exception as fault:  # noqa: BLE001 - handed to the callers
            return [fault] if len(part) == 1 else [outcome for each in part for outcome in self._settled([each])]

    def _append(self, group: Sequence[PreparedBatch]) -> Iterator[Outcome]:
        types = self._row_types  # another thread forgets them when it loses its connection
        if types is None:
            types = self._row_types = RowTypes(*self._rows(ROW_TYPES)[0])
        ((head, findings),) = self._rows(APPEND, *arguments(group, types))
        return outcomes(group, head, findings)

    def _connect(self) -> psycopg.Connection[Row]:
        connection = psycopg.connect(self._address, autocommit=True)
        connection.execute(_SESSION)
        accept_row_arrays(connection)
        return connection

    def _entries(self, query: LiteralString, institution: str, *parameters: object) -> list[LogEntry]:
        check_name("institution", institution)
        try:
            rows = self._rows(query, institution, *parameters)
        except psycopg.DataError as error:
            raise ValueError(str(error)) from error
        return [entry_of(row) for row in rows]

    def _rows(self, query: LiteralString, *parameters: object) -> list[Row]:
        try:
            return self._once(query, parameters)
        except psycopg.OperationalError as error:
            if not _is_lost_connection(error):
                raise
        self._connections.forget_idle()
        self._row_types = None  # the database may have been restored, with other numbers
        return self._once(query, parameters)

    def _once(self, query: LiteralString, parameters: Sequence[object]) -> list[Row]:
        with self._connections.lend() as connection, connection.cursor(binary=True) as cursor:
            return cursor.execute(query, parameters, prepare=True).fetchall()


def _is_lost_connection(error: psycopg.OperationalError) -> bool:
    """Tell a broken, refused or ended connection from a statement that failed: the driver itself gives no SQLSTATE."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
