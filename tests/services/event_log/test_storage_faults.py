"""What a storage refuses has one name, whichever driver says it, and is told by HTTP and on the command line."""

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest
from eventsourcing.persistence import OperationalError
from litestar import get
from litestar.testing import create_test_client
from psycopg import errors
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from services.event_log.contract import EventLog
from services.event_log.library_errors import as_library_errors
from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from services.event_log.sqlite import connect
from services.event_log.storage_faults import (
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
    is_busy,
    storage_error,
    storage_errors,
)
from services.http.problems import HANDLERS
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write

ROOT = Path(__file__).parents[3]
KINDS = [StorageError, StorageFullError, StorageReadOnlyError, StorageDamagedError]


def said_by_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (said_by_sqlite(sqlite3.SQLITE_BUSY), True),
        (said_by_sqlite(sqlite3.SQLITE_BUSY_RECOVERY), True),
        (said_by_sqlite(sqlite3.SQLITE_LOCKED), False),
        (sqlite3.ProgrammingError("Cannot operate on a closed database."), False),
        (MemoryError(), False),
    ],
    ids=repr,
)
def test_only_what_another_has_is_busy(error: Exception, busy: bool) -> None:  # noqa: FBT001 - a case
    assert is_busy(error) == busy


def test_a_file_that_another_recovers_is_waited_for(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Recovered(sqlite3.Connection):
        """A connection whose first statement meets another one's recovery."""

        met = False

        def execute(self, sql: str, /, *values: object) -> sqlite3.Cursor:
            if not self.met:
                self.met = True
                raise said_by_sqlite(sqlite3.SQLITE_BUSY_RECOVERY)
            return super().execute(sql, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Recovered))
    with closing(connect(Path(str(make_url(sqlite_url).database)))) as connection:
        assert isinstance(connection, Recovered)
        assert connection.met
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (said_by_sqlite(sqlite3.SQLITE_FULL), StorageFullError),
        (said_by_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE), StorageFullError),
        (said_by_sqlite(sqlite3.SQLITE_IOERR_WRITE), StorageError),
        (said_by_sqlite(sqlite3.SQLITE_CANTOPEN), StorageError),
        (said_by_sqlite(sqlite3.SQLITE_READONLY_DIRECTORY), StorageReadOnlyError),
        (said_by_sqlite(sqlite3.SQLITE_CORRUPT_INDEX), StorageDamagedError),
        (said_by_sqlite(sqlite3.SQLITE_NOTADB), StorageDamagedError),
        (errors.DiskFull("53100"), StorageFullError),
        (errors.ReadOnlySqlTransaction("25006"), StorageReadOnlyError),
        (errors.IoError("58030"), StorageError),
        (errors.DataCorrupted("XX001"), StorageDamagedError),
        (errors.IndexCorrupted("XX002"), StorageDamagedError),
        (OSError(errno.ENOSPC, "no room"), StorageFullError),
        (OSError(errno.EDQUOT, "no quota"), StorageFullError),
        (OSError(errno.EROFS, "read-only"), StorageReadOnlyError),
        (OSError(errno.EIO, "broken"), StorageError),
        (DBAPIError("INSERT", {}, said_by_sqlite(sqlite3.SQLITE_FULL)), StorageFullError),
        (StorageFullError(), StorageFullError),
    ],
    ids=repr,
)
def test_each_fault_has_its_name(error: Exception, kind: type[StorageError]) -> None:
    assert type(storage_error(error)) is kind


@pytest.mark.parametrize(
    "error",
    [
        said_by_sqlite(sqlite3.SQLITE_BUSY),
        sqlite3.OperationalError("Could not decode to UTF-8"),
        errors.UniqueViolation("23505"),
        psycopg.OperationalError("the connection is closed"),
        FileNotFoundError(errno.ENOENT, "no such file"),
        ValueError("not of the storage"),
    ],
    ids=repr,
)
def test_what_is_no_fault_of_the_storage_passes_as_it_is(error: Exception) -> None:
    assert storage_error(error) is None
    with pytest.raises(type(error)) as raised, storage_errors():
        raise error
    assert raised.value is error


def test_each_has_a_code_of_its_own_and_an_indonesian_title() -> None:
    assert len({kind.code for kind in KINDS}) == len({kind.title for kind in KINDS}) == len(KINDS)
    assert all(kind.title.startswith(("Penyimpanan", "Berkas")) for kind in KINDS)


def test_the_library_is_told_in_its_own_words() -> None:
    with pytest.raises(OperationalError, match="no room"), as_library_errors():
        raise StorageFullError("no room")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StorageFullError("/var/lib/sakip.db"), 507, "storage_full"),
        (StorageReadOnlyError("/var/lib/sakip.db"), 503, "storage_read_only"),
        (StorageError("/var/lib/sakip.db"), 503, "storage_failed"),
        (StorageDamagedError("/var/lib/sakip.db"), 500, "storage_damaged"),
        (DBAPIError("INSERT", {}, said_by_sqlite(sqlite3.SQLITE_FULL)), 507, "storage_full"),
        (said_by_sqlite(sqlite3.SQLITE_IOERR_READ), 503, "storage_failed"),
    ],
    ids=repr,
)
def test_http_tells_the_kind_and_logs_the_rest(error: Exception, status: int, code: str) -> None:
    @get("/", sync_to_thread=False)
    def fail() -> None:
        raise error

    client = create_test_client(fail, exception_handlers={**HANDLERS}, raise_server_exceptions=False)
    with capture_logs() as logs, client:
        answer = client.get("/")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "sakip.db" not in answer.text
    assert [(each["event"], each["code"]) for each in logs] == [("storage", code)]


def sakip(database: Path, *arguments: str) -> tuple[int, str]:
    """Run the command line on a file; return its exit code and what it says on standard error."""
    command = [sys.executable, "-c", "from services.cli import main; main()", *arguments]
    environment = {**os.environ, "SAKIP_DATABASE_URL": f"sqlite:///{database}"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stderr


def test_the_command_line_tells_it_in_one_line(tmp_path: Path) -> None:
    damaged = tmp_path / "log.db"
    damaged.write_bytes(b"no database at all, though it bears the name of one" * 100)

    assert sakip(damaged, "verify", "--institution", INSTITUTION) == (
        2,
        f"{StorageDamagedError.title} [storage_damaged]\n",
    )


def test_a_file_whose_pages_are_cut_says_so(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    log = open_log(sqlite_url)
    for number in range(20):
        log.append(a_batch(a_write(f"stream/{number}", count=50)))
    log.close()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    log = open_log(sqlite_url)
    with pytest.raises(StorageDamagedError):
        log.append(a_batch(a_write("refused", count=200)))
    log.close()
    assert path.read_bytes() == content[: len(content) // 2], "and it is left as it was found"


def test_a_database_that_is_none_is_not_migrated(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(b"x" * 8192)

    with pytest.raises(StorageDamagedError):
        migrate(f"sqlite:///{path}")
    assert path.read_bytes() == b"x" * 8192


def test_what_sqlalchemy_wraps_is_unwrapped(sqlite_url: str, opened: Callable[[str], EventLog]) -> None:
    opened(sqlite_url).append(a_batch(a_write()))
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
        with pytest.raises(StorageReadOnlyError), storage_errors():
            connection.execute(text("DELETE FROM sealed_text"))
    engine.dispose()
