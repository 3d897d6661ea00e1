"""The write-ahead log of SQLite is copied while nobody can commit: nothing that was acknowledged is lost to it."""

import errno
import math
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text
from structlog.testing import capture_logs

from services.databases import open_database
from services.event_log import write_ahead
from services.event_log.contract import EventLog, Write
from services.event_log.sqlite import connect
from services.event_log.write_ahead import WriteAhead
from tests.services.event_log.batches import INSTITUTION, a_batch, an_event
from tests.services.event_log.crowd import KEPT
from tests.services.event_log.test_storage_faults import said_by_sqlite

ROOT = Path(__file__).parents[3]
WRITERS, COPIERS = 3, 2
SECONDS = [pytest.param(2, id="short"), pytest.param(180, id="long", marks=[pytest.mark.ordeal])]
SECONDS_OF_CONTROL, TURNS_OF_CONTROL = 60, 6
FIXED_SINCE = [(3, 51, 3), (3, 50, 7), (3, 44, 6)]
COMMITS, SMALL = 200, 500_000
BUSY_OF_PYTHON = 5.0
NOT_COPIED = {"event": "write_ahead_not_copied", "log_level": "warning", "file": "log.db"}
FULL = said_by_sqlite(sqlite3.SQLITE_FULL)


@pytest.fixture
def file(sqlite_url: str) -> Path:
    """Return a migrated file."""
    return Path(str(make_url(sqlite_url).database))


@pytest.fixture
def engine(sqlite_url: str, file: Path) -> Iterator[Engine]:
    """Yield the engine of the read models on it."""
    with closing(connect(file)) as connection:
        connection.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, content BLOB)")
    engine = open_database(sqlite_url)
    yield engine
    engine.dispose()


def append(log: EventLog, number: int) -> None:
    log.append(a_batch(Write(stream=f"stream/{number}", expected=0, events=(an_event(b"x" * 6_000),))))


def store(engine: Engine, number: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO row VALUES (:number, zeroblob(6000))"), {"number": number})


def stored(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM row")).scalar_one())


def ahead_of(file: Path) -> int:
    """Return the size of the write-ahead log."""
    return file.with_name(f"{file.name}-wal").stat().st_size


def test_no_connection_copies_by_itself(file: Path, engine: Engine) -> None:
    with closing(connect(file)) as of_log, engine.connect() as of_rows:
        assert of_log.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
        assert of_rows.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0


@pytest.mark.parametrize(("every", "small"), [(0, True), (math.inf, False)], ids=["copied", "control"])
def test_what_is_appended_does_not_pile_up(
    sqlite_url: str,
    file: Path,
    opened: Callable[[str], EventLog],
    monkeypatch: pytest.MonkeyPatch,
    every: float,
    small: bool,  # noqa: FBT001 - a case
) -> None:
    monkeypatch.setattr(write_ahead, "EVERY_SECONDS", every)
    log = opened(sqlite_url)
    for number in range(COMMITS):
        append(log, number)
    assert (ahead_of(file) < SMALL) == small
    assert log.head(INSTITUTION) == COMMITS


@pytest.mark.parametrize(("every", "small"), [(0, True), (math.inf, False)], ids=["copied", "control"])
def test_rows_that_are_stored_do_not_pile_up(
    file: Path,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    every: float,
    small: bool,  # noqa: FBT001 - a case
) -> None:
    monkeypatch.setattr(write_ahead, "EVERY_SECONDS", every)
    for number in range(COMMITS):
        store(engine, number)
    assert (ahead_of(file) < SMALL) == small


def test_nothing_is_copied_while_another_may_commit(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_ahead, "EVERY_SECONDS", 0)
    ahead = WriteAhead(file)
    with closing(connect(file)) as committing, closing(connect(file)) as another:
        committing.execute("CREATE TABLE grown (content BLOB)")
        committing.execute("INSERT INTO grown VALUES (zeroblob(1000000))")
        another.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        ahead.committed()
        assert time.monotonic() - began < BUSY_OF_PYTHON / 2  # nor does it wait for the other
        before = file.stat().st_size
        another.execute("COMMIT")
        ahead.committed()
        assert file.stat().st_size >= before + 1_000_000


@pytest.mark.parametrize(("long", "again"), [(100, True), (10_000, False)], ids=["long", "short"])
def test_a_long_one_is_copied_again_at_once_when_a_reader_held_it_up(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    long: int,
    again: bool,  # noqa: FBT001 - a case
) -> None:
    monkeypatch.setattr(write_ahead, "EVERY_SECONDS", math.inf)
    monkeypatch.setattr(write_ahead, "LONG", long)
    ahead = WriteAhead(file)
    with closing(connect(file)) as committing, closing(connect(file)) as reading:
        committing.execute("CREATE TABLE grown (content BLOB)")
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM grown").fetchone()
        committing.execute("INSERT INTO grown VALUES (zeroblob(1000000))")
        ahead.committed()
        before = file.stat().st_size
        reading.execute("COMMIT")
        ahead.committed()
        assert (file.stat().st_size >= before + 1_000_000) == again


def nothing_is_copied(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_: WriteAhead) -> int:
        raise error

    monkeypatch.setattr(WriteAhead, "_copy", fail)
    monkeypatch.setattr(write_ahead, "EVERY_SECONDS", math.inf)


@pytest.mark.parametrize("error", [FULL, MemoryError()], ids=repr)
def test_what_can_not_be_copied_is_committed_all_the_same(
    sqlite_url: str, opened: Callable[[str], EventLog], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    nothing_is_copied(monkeypatch, error)
    log = opened(sqlite_url)
    with capture_logs() as told:
        for number in range(2):
            append(log, number)
    assert log.head(INSTITUTION) == 2
    assert told == [NOT_COPIED | {"error": repr(error)}]


@pytest.mark.parametrize("error", [FULL, MemoryError()], ids=repr)
def test_rows_that_can_not_be_copied_are_committed_all_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    nothing_is_copied(monkeypatch, error)
    with capture_logs() as told:
        for number in range(2):
            store(engine, number)
    assert stored(engine) == 2
    assert told == [NOT_COPIED | {"error": repr(error)}]


def test_a_commit_stands_where_its_lines_can_not_be_written_either(
    sqlite_url: str, opened: Callable[[str], EventLog], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OnTheSameDisk:
        def warning(self, event: str, **_: object) -> None:
            tried.append(event)
            raise OSError(errno.ENOSPC, "No space left on device")

    tried: list[str] = []
    nothing_is_copied(monkeypatch, FULL)
    monkeypatch.setattr(write_ahead, "logger", OnTheSameDisk())
    log = opened(sqlite_url)
    append(log, 1)
    store(engine, 1)
    assert (log.head(INSTITUTION), stored(engine)) == (1, 1)
    assert tried == [NOT_COPIED["event"]] * 2


def test_what_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with capture_logs() as told:
        WriteAhead(tmp_path / "gone.db").committed()
    assert list(tmp_path.iterdir()) == []
    assert [line["event"] for line in told] == ["write_ahead_not_copied"]


def test_it_is_found_from_another_folder(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    ahead = WriteAhead(Path(file.name))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    elsewhere.rmdir()
    with closing(connect(file)) as committing:
        committing.execute("CREATE TABLE grown (content BLOB)")
        committing.execute("INSERT INTO grown VALUES (zeroblob(1000000))")
        before = file.stat().st_size
        ahead.committed()
    assert file.stat().st_size >= before + 1_000_000


def lost_in_a_crowd(file: Path, seconds: float, *alone: str) -> list[str]:
    """Let processes commit and copy; return what is missing or damaged afterwards."""
    with closing(connect(file)) as connection:
        connection.execute("CREATE TABLE kept (process, number, content, PRIMARY KEY (process, number))")
    command = [sys.executable, "-m", "tests.services.event_log.crowd", str(file), str(seconds)]
    more = [[str(seed)] for seed in range(WRITERS)] + [[] for _ in range(COPIERS)]
    crowd = [
        subprocess.Popen([*command, *each, *alone], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for each in more
    ]
    told = [(each.communicate(), each.returncode) for each in crowd]
    wrong = [errors for (_, errors), code in told if code]
    try:
        with closing(connect(file)) as connection:
            wrong += [row[0] for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)]
            for seed, ((last, _), code) in enumerate(told[:WRITERS]):
                query = "SELECT max(number), count(*) FROM kept WHERE process = ?"
                found = connection.execute(query, (seed,)).fetchone()
                if code == 0 and found != (int(last), min(KEPT, int(last))):
                    wrong.append(f"process {seed}: {last} acknowledged, found {found}")
    except sqlite3.DatabaseError as error:
        wrong.append(str(error))
    return wrong


@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.timeout(900)
def test_nothing_is_lost_in_a_crowd(file: Path, seconds: float) -> None:
    assert lost_in_a_crowd(file, seconds) == []


@pytest.mark.ordeal
@pytest.mark.timeout(900)
@pytest.mark.skipif(
    any(sqlite3.sqlite_version_info[:2] == fixed[:2] and sqlite3.sqlite_version_info >= fixed for fixed in FIXED_SINCE)
    or sqlite3.sqlite_version_info >= max(FIXED_SINCE),
    reason="this SQLite has the fault no more",
)
def test_left_to_sqlite_it_is(tmp_path: Path) -> None:
    """The control: the same crowd, copying while others may commit."""
    turns = (lost_in_a_crowd(tmp_path / f"{turn}.db", SECONDS_OF_CONTROL, "alone") for turn in range(TURNS_OF_CONTROL))
    assert any("malformed" in each or "acknowledged" in each for turn in turns for each in turn)
