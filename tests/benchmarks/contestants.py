"""Those that append in the race: our log, the library that it is measured against, and what the databases allow."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from threading import Lock

import psycopg
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from psycopg.conninfo import conninfo_to_dict

from services.event_log.connections import ConnectionPool
from services.event_log.contract import Batch, NewEvent, Write
from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from services.event_log.sqlite import connect
from tests.benchmarks.regency import INSTITUTION

PAYLOAD = b'{"type":"agreement.signed.v1","text":"' + b"x" * 652 + b'"}'
"""692 bytes, the size of an ordinary event."""

CONNECTIONS = 20
ROWS_OF_A_COPY = 1_000

_EVENT = NewEvent(
    type="agreement.signed.v1",
    payload=PAYLOAD,
    effective_on=date(2024, 1, 31),
    fiscal_year=2024,
    correlation="dinkes/2024",
)
_UNLIMITED = 1_000_000


class Contestant(ABC):
    """One way to append; many threads call `append` at once while one follows the tail with `read`."""

    name: str
    database: str
    note: str = ""

    @abstractmethod
    def append(self) -> Sequence[int]:
        """Append one event to a stream of its own, durably; returns the positions that were acknowledged."""

    @abstractmethod
    def read(self, after: int) -> Sequence[int]:
        """Return all positions after one, in order."""

    def head(self) -> int:
        """Return the last position, 0 where there is none."""
        return max([0, *self.read(0)])

    @abstractmethod
    def close(self) -> None:
        """Give connections back."""


class OurLog(Contestant):
    """The log of this project, on either database."""

    name = "sakip"

    def __init__(self, database: str, url: str) -> None:
        migrate(url)
        self.database = database
        self._log = open_log(url)

    def append(self) -> Sequence[int]:
        stream = uuid.uuid4().hex
        result = self._log.append(
            Batch(
                institution=INSTITUTION,
                command_id=stream,
                digest="digest",
                writes=(Write(stream=f"agreement/{stream}/2024", expected=0, events=(_EVENT,)),),
                actor_id="p-17",
                actor_role="unit_head",
                actor_unit="dinkes",
                origin="live",
                recorded_at=datetime.now(UTC),
            )
        )
        return range(result.first_position, result.last_position + 1)

    def read(self, after: int) -> Sequence[int]:
        return [entry.id for entry in self._log.read(INSTITUTION, after, _UNLIMITED)]

    def head(self) -> int:
        return self._log.head(INSTITUTION)

    def close(self) -> None:
        self._log.close()


class Library(Contestant):
    """The recorders of eventsourcing as they come, below their mapper: stored events in, notifications out."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        self._recorder = recorder

    def append(self) -> Sequence[int]:
        event = StoredEvent(originator_id=uuid.uuid4(), originator_version=1, topic="agreement.signed", state=PAYLOAD)
        return self._recorder.insert_events([event]) or ()

    def read(self, after: int) -> Sequence[int]:
        page = self._recorder.select_notifications(after, _UNLIMITED, inclusive_of_start=False)
        return [notification.id for notification in page]


class LibraryOnSqlite(Library):
    """Its SQLite recorder with its defaults (write-ahead log, synchronous FULL)."""

    name = "eventsourcing 9.5.6"
    database = "sqlite"

    def __init__(self, path: Path) -> None:
        self._datastore = SQLiteDatastore(str(path), pool_size=CONNECTIONS, pool_timeout=60)
        recorder = SQLiteApplicationRecorder(self._datastore)
        recorder.create_table()
        super().__init__(recorder)

    def close(self) -> None:
        self._datastore.close()


class LibraryOnPostgres(Library):
    """Its PostgreSQL recorder with its default, a table lock; or with its database functions, which take none."""

    database = "postgresql"

    def __init__(self, address: str, *, database_functions: bool) -> None:
        self.name = f"eventsourcing 9.5.6{', database functions' if database_functions else ''}"
        self.note = "UNSAFE" if database_functions else ""
        where = conninfo_to_dict(address)
        self._datastore = PostgresDatastore(
            dbname=str(where["dbname"]),
            host=str(where["host"]),
            port=str(where["port"]),
            user=str(where["user"]),
            password=str(where["password"]),
            pool_size=CONNECTIONS,
            max_waiting=CONNECTIONS,
            enable_db_functions=database_functions,
        )
        recorder = PostgresApplicationRecorder(self._datastore)
        recorder.create_table()
        super().__init__(recorder)

    def close(self) -> None:
        self._datastore.close()


class RowsInSqlite(Contestant):
    """One row for each commit on one connection: what the file allows without any check, index or hash."""

    name = "single rows"
    database = "sqlite"
    note = "ceiling without groups"

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._writer, self._reader = connect(path), connect(path)
        self._writer.execute("CREATE TABLE plain (position INTEGER PRIMARY KEY AUTOINCREMENT, payload BLOB)")

    def append(self) -> Sequence[int]:
        with self._lock:
            cursor = self._writer.execute("INSERT INTO plain (payload) VALUES (?)", (PAYLOAD,))
            return [int(cursor.lastrowid or 0)]

    def read(self, after: int) -> Sequence[int]:
        query = "SELECT position FROM plain WHERE position > ? ORDER BY position"
        return [row[0] for row in self._reader.execute(query, (after,))]

    def close(self) -> None:
        self._writer.close()
        self._reader.close()


class RowsInPostgres(Contestant):
    """One row for each commit, each thread on its own connection, without any lock: readers miss rows."""

    name = "single rows"
    database = "postgresql"
    note = "ceiling without lock: UNSAFE"

    def __init__(self, address: str) -> None:
        self.connections = ConnectionPool(lambda: psycopg.connect(address, autocommit=True), CONNECTIONS)
        self._execute("CREATE TABLE plain (position bigserial PRIMARY KEY, payload bytea)")

    def append(self) -> Sequence[int]:
        return self._positions("INSERT INTO plain (payload) VALUES (%s) RETURNING position", PAYLOAD)

    def read(self, after: int) -> Sequence[int]:
        return self._positions("SELECT position FROM plain WHERE position > %s ORDER BY position", after)

    def close(self) -> None:
        self.connections.close()

    def _execute(self, query: str) -> None:
        with self.connections.lend() as connection:
            connection.execute(query.encode())

    def _positions(self, query: str, parameter: object) -> Sequence[int]:
        with self.connections.lend() as connection:
            return [row[0] for row in connection.execute(query.encode(), (parameter,))]


class CopyIntoPostgres(RowsInPostgres):
    """COPY of a thousand rows at a time: what the server takes in when nobody waits for a single event."""

    name = f"COPY of {ROWS_OF_A_COPY}"
    note = "ceiling of bulk: UNSAFE"

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._lock = Lock()
        self._numbers = count(1)

    def append(self) -> Sequence[int]:
        with self._lock:
            positions = [next(self._numbers) for _ in range(ROWS_OF_A_COPY)]
        command = "COPY plain (position, payload) FROM STDIN"
        with self.connections.lend() as connection, connection.cursor().copy(command) as copy:
            for position in positions:
                copy.write_row((position, PAYLOAD))
        return positions
