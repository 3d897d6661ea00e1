"""The log in one SQLite file: many readers, one writing process, full durability."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from services.event_log.bounds import check_batch, check_instant, check_name, check_window, first_after
from services.event_log.coalescing import Coalescer, Outcome
from services.event_log.connections import ConnectionPool, LogClosedError
from services.event_log.contract import Appended, Batch, EventLog, LogEntry, SealedRow
from services.event_log.entries import COLUMNS, entry_of
from services.event_log.leaf import instant_of, microseconds
from services.event_log.sqlite_append import PreparedBatch, append_group, first_result, prepared
from services.event_log.still_file import connect_to_still, is_still
from services.event_log.storage_faults import is_busy, storage_errors
from services.event_log.write_ahead import WriteAhead, leave_to_us
from services.event_log.writer_lock import LogInUseError, WriterLock

BUSY_SECONDS = 30.0
_RETRY_SECONDS = 0.01
READERS = 16

_SELECT = f"SELECT {COLUMNS} FROM event WHERE institution = ?"  # noqa: S608 - constants
_SELECT_OF_CYCLE = f"SELECT {COLUMNS} FROM event INDEXED BY event_cycle WHERE institution = ?"  # noqa: S608 - constants
_NO_LIMIT = -1
_END = 2**63 - 1


class SqliteLog(EventLog):
    """A log in a file that `migrate` has prepared.

    The first append takes `<file>.lock` and keeps it until `close`; reading needs no lock and is always possible.
    """

    def __init__(self, path: Path) -> None:
        """Raise FileNotFoundError where the file does not exist."""
        if not path.is_file():
            raise FileNotFoundError(path)
        self._path = path
        self._lock = Lock()
        self._writer_lock = WriterLock(path)
        self._writer: sqlite3.Connection | None = None
        self._ahead = WriteAhead(path)
        self._closed = False
        self._readers = ConnectionPool(self._open_reader, READERS)
        # One lane for all institutions: a file has one writer, and its commits come one after the other anyhow.
        self._appends = Coalescer(
            self._commit,
            prepare=prepared,
            lane=lambda _: "",
            shared_faults=(sqlite3.OperationalError, LogInUseError, LogClosedError),
        )

    def append(self, batch: Batch) -> Appended:
        """See the contract.

        Raises:
            LogInUseError: another process writes to the file.
            StorageError: the disk is full, the file or its folder read-only, or damaged.
        """
        check_batch(batch)
        with storage_errors():
            return self._appends.append(batch)

    def repeated(self, institution: str, command_id: str, digest: str) -> Appended | None:
        """See the contract."""
        check_name("institution", institution)
        check_name("command_id", command_id)
        with self._lend() as connection:
            return first_result(connection, institution, command_id, digest)

    def read_stream(
        self, institution: str, stream: str, after: int = 0, limit: int | None = None
    ) -> Sequence[LogEntry]:
        """See the contract."""
        check_name("stream", stream)
        check_window(after=after, limit=limit)
        return self._entries(
            f"{_SELECT} AND stream = ? AND version > ? ORDER BY version LIMIT ?",
            institution,
            stream,
            after,
            _NO_LIMIT if limit is None else limit,
        )

    def read_cycle(self, institution: str, prefix: str, until: int, after: int = 0) -> Sequence[LogEntry]:
        """See the contract."""
        check_window(after=after, until=until)
        # Left to itself SQLite walks through all positions, which come sorted, to find the few of the cycle.
        return self._entries(
            f"{_SELECT_OF_CYCLE} AND correlation >= ? AND correlation < ? AND position > ? AND position <= ?"
            " ORDER BY position",
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
            f"{_SELECT} AND position > ? AND position <= ? ORDER BY position LIMIT ?",
            institution,
            after,
            _END if until is None else until,
            limit,
        )

    def leaf_hashes(self, institution: str, after: int, until: int) -> Sequence[bytes]:
        """See the contract."""
        check_name("institution", institution)
        check_window(after=after, until=until)
        query = "SELECT leaf_hash FROM event WHERE institution = ? AND position > ? AND position <= ? ORDER BY position"
        with self._lend() as connection:
            return [row[0] for row in connection.execute(query, (institution, after, until))]

    def head(self, institution: str) -> int:
        """See the contract."""
        check_name("institution", institution)
        return self._position("SELECT position FROM log_head WHERE institution = ?", institution)

    def position_at(self, institution: str, instant: datetime) -> int:
        """See the contract."""
        check_name("institution", institution)
        return self._position(
            "SELECT position FROM event WHERE institution = ? AND recorded_at <= ?"
            " ORDER BY recorded_at DESC, position DESC LIMIT 1",
            institution,
            microseconds(check_instant(instant)),
        )

    def institutions(self) -> Sequence[str]:
        """See the contract."""
        with self._lend() as connection:
            return [row[0] for row in connection.execute("SELECT institution FROM log_head ORDER BY institution")]

    def sealed_rows(self, institution: str, digests: Sequence[str]) -> Sequence[SealedRow]:
        """See the contract."""
        check_name("institution", institution)
        for digest in digests:
            check_name("digest", digest)
        query = (
            "SELECT digest, salt, text FROM sealed_text WHERE institution = ?"
            " AND digest IN (SELECT value FROM json_each(?))"
        )
        with self._lend() as connection:
            rows = connection.execute(query, (institution, json.dumps(list(digests)))).fetchall()
        return [SealedRow(digest=digest, salt=salt, text=text) for digest, salt, text in rows]

    def close(self) -> None:
        """Close all connections and drop the writer's lock; a commit under way is finished. Idempotent."""
        self._appends.close()
        self._readers.close()
        with self._lock:
            self._closed = True
            self._close_writer()
            self._writer_lock.release()

    def _commit(self, batches: Iterable[PreparedBatch]) -> list[Outcome]:
        with self._lock:
            try:
                with _transaction(self._open_writer()) as connection:
                    outcomes = append_group(connection, batches)
            except sqlite3.OperationalError:
                # What was opened read-only stays so when the rights are back: the next append opens the file anew.
                self._close_writer()
                raise
            self._ahead.committed()
            return outcomes

    def _open_writer(self) -> sqlite3.Connection:
        if self._closed:
            raise LogClosedError
        if self._writer is None:
            self._writer_lock.take()
            self._writer = connect(self._path)
        return self._writer

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    @contextmanager
    def _lend(self) -> Iterator[sqlite3.Connection]:
        with storage_errors():
            still = is_still(self._path)
            with self._readers.lend() as connection:
                yield connection
            if still:
                self._readers.forget_idle()

    def _open_reader(self) -> sqlite3.Connection:
        connection = connect(self._path)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _position(self, query: str, *parameters: object) -> int:
        with self._lend() as connection:
            rows: list[tuple[int]] = connection.execute(query, parameters).fetchall()
        return rows[0][0] if rows else 0

    def _entries(self, query: str, institution: str, *parameters: object) -> list[LogEntry]:
        check_name("institution", institution)
        try:
            with self._lend() as connection:
                rows = connection.execute(query, (institution, *parameters)).fetchall()
        except sqlite3.OperationalError as error:
            if "decode to UTF-8" in str(error):
                raise ValueError(str(error)) from error
            raise
        return [_entry(row) for row in rows]


def connect(path: Path) -> sqlite3.Connection:
    """Open a file with write-ahead log, a sync at every commit and explicit transactions; a still one to read only."""
    if is_still(path):
        return connect_to_still(path)
    connection = sqlite3.connect(  # noqa: TID251 - the place for it
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    _write_ahead(connection)
    leave_to_us(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; while others open a new file too, SQLite says at once that it is busy."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > give_up:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _entry(row: tuple[Any, ...]) -> LogEntry:
    columns = list(row)
    try:
        columns[6:8] = instant_of(row[6]), date.fromisoformat(row[7])
    except OverflowError as error:
        raise ValueError(f"recorded_at: {row[6]}") from error
    return entry_of(columns)
