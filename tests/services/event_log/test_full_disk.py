"""A disk without room: the append is refused by name, nothing is half-written, and with room again appends go on.

The tests on a small file system need the right to mount one and are ordeals.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from services.event_log.contract import EventLog
from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from services.event_log.sqlite import SqliteLog
from services.event_log.storage_faults import StorageError, StorageFullError
from services.event_log.verification import verify_entries
from services.verification import verify
from tests.servers import UNPRIVILEGED
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq
from tests.services.event_log.small_disk import no_room_at_all, resize, small_disk
from tests.services.office import INSTITUTION as OFFICE
from tests.services.office import office

ROOT = Path(__file__).parents[3]
EVENTS = 20
TRIES = 5


def fill(log: EventLog, name: str = "filling") -> StorageError:
    """Append batches of twenty until one is refused; return the refusal."""
    for number in count():
        try:
            log.append(a_batch(a_write(f"{name}/{number}", count=EVENTS)))
        except StorageError as refusal:
            return refusal
    raise AssertionError


def is_whole(log: EventLog) -> bool:
    """Tell whether batches are in the log whole or not at all, and every entry is what it was."""
    return log.head(INSTITUTION) % EVENTS == 0 and verify_entries(log, INSTITUTION) is None


@pytest.fixture
def small() -> Iterator[Path]:
    """Mount a small file system."""
    with small_disk("2m") as folder:
        yield folder


def test_a_full_sqlite_file_refuses_by_name_and_goes_on_later(
    sqlite_url: str, opened: Callable[[str], EventLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = opened(sqlite_url)
    assert isinstance(log, SqliteLog)
    open_writer = log._open_writer

    def bounded() -> object:
        connection = open_writer()
        connection.execute("PRAGMA max_page_count = 200")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(log, "_open_writer", bounded)
        assert isinstance(fill(log), StorageFullError)
        head = log.head(INSTITUTION)
        for number in range(TRIES):
            with pytest.raises(StorageFullError):
                log.append(a_batch(a_write(f"again/{number}", count=EVENTS * EVENTS)))
        assert log.head(INSTITUTION) == head > 0
        assert is_whole(log)

    log.append(a_batch(a_write("later", count=EVENTS)))
    assert log.head(INSTITUTION) == head + EVENTS
    assert is_whole(log)


def test_a_write_cut_short_by_a_limit_leaves_nothing_half_written(
    sqlite_url: str, opened: Callable[[str], EventLog]
) -> None:
    """The kernel lets a write end in the middle of a page, as a quota does."""
    command = [sys.executable, "-m", "tests.services.event_log.limited", sqlite_url]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    refused, head, later = json.loads(told.stdout)

    assert refused == ["storage_failed"] * TRIES
    assert later == head + EVENTS > EVENTS
    log = opened(sqlite_url)
    assert log.head(INSTITUTION) == later
    assert is_whole(log)


@pytest.mark.ordeal
def test_a_file_on_a_full_disk_stays_whole_and_goes_on_with_room(small: Path) -> None:
    url = f"sqlite:///{small / 'log.db'}"
    migrate(url)
    with closing(open_log(url)) as log:
        for size in ("3m", "4m", "5m"):
            assert isinstance(fill(log, size), StorageFullError)
            head = log.head(INSTITUTION)
            assert is_whole(log)
            with closing(open_log(url)) as other:
                assert other.head(INSTITUTION) == head, "reading goes on"
            resize(small, size)
            log.append(a_batch(a_write(f"after {size}", count=EVENTS)))
            assert log.head(INSTITUTION) == head + EVENTS
            assert is_whole(log)


@pytest.mark.ordeal
def test_a_log_that_is_opened_on_a_full_disk_takes_no_harm(small: Path) -> None:
    """Not even its lock can be written to; when there is room, the same log object appends."""
    url = f"sqlite:///{small / 'log.db'}"
    migrate(url)
    with closing(open_log(url)) as log:
        log.append(a_batch(a_write("before", count=EVENTS)))
    (small / "log.db.lock").write_bytes(b"")
    with closing(open_log(url)) as log:
        with no_room_at_all(small):
            for _ in range(TRIES):
                with pytest.raises(StorageFullError):
                    log.append(a_batch(a_write("during", count=EVENTS)))
        log.append(a_batch(a_write("after", count=EVENTS)))
        assert log.head(INSTITUTION) == 2 * EVENTS
        assert is_whole(log)


@pytest.mark.ordeal
def test_a_whole_system_on_a_full_disk_is_sound_afterwards(small: Path) -> None:
    with office(f"sqlite:///{small / 'sakip.db'}") as opened:
        names = (f"Dinas {number} {'x' * 150}" for number in count())
        with pytest.raises(StorageFullError):  # noqa: PT012 - as many as there is room for
            while True:
                opened.does("admin", "organisation.rename_unit", unit="dinkes", name=next(names))
        head = opened.head
        resize(small, "8m")

        opened.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
        assert opened.head == head + 1
        assert opened.settle() == opened.head
        assert verify(opened.system, OFFICE).sound


@pytest.fixture
def small_postgres_url(postgres_url: str, small: Path) -> Iterator[str]:
    """Yield the URL of a migrated database whose tables lie on the small file system, its log elsewhere."""
    resize(small, "16m")
    shutil.chown(small, UNPRIVILEGED)
    name = sql.Identifier("sakip_small")
    url = make_url(postgres_url).set(database="sakip_small").render_as_string(hide_password=False)
    with psycopg.connect(libpq(postgres_url), autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(name, str(small)))
        try:
            owner.execute(sql.SQL("CREATE DATABASE {} TABLESPACE {}").format(name, name))
            migrate(url)
            yield url
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        finally:
            owner.execute(sql.SQL("DROP TABLESPACE {}").format(name))


@pytest.mark.ordeal
def test_a_postgresql_server_on_a_full_disk_stays_whole_and_goes_on_with_room(
    small_postgres_url: str, small: Path
) -> None:
    with closing(open_log(small_postgres_url)) as log:
        assert isinstance(fill(log), StorageFullError)
        head = log.head(INSTITUTION)
        for _ in range(TRIES):
            with pytest.raises(StorageFullError):
                log.append(a_batch(a_write("again", count=EVENTS * EVENTS)))
        assert log.head(INSTITUTION) == head > 0
        assert is_whole(log)

        resize(small, "32m")
        log.append(a_batch(a_write("later", count=EVENTS)))
        assert log.head(INSTITUTION) == head + EVENTS
        assert is_whole(log)
