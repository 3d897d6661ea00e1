"""Copies of a SQLite file that is appended to meanwhile: each is a beginning of the log, or says that it isn't."""

import random
import shutil
import sqlite3
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import make_url

from services.event_log.contract import EventLog, Write
from services.event_log.merkle import Frontier
from services.event_log.opening import open_log
from services.event_log.storage_faults import StorageError
from services.event_log.verification import verify_entries
from tests.databases import copy_database
from tests.services.event_log.batches import INSTITUTION, a_batch, an_event

PAYLOAD = b'{"type":"agreement.signed.v1","text":"' + b"x" * 6_000 + b'"}'
COPIES = [pytest.param(6, id="short"), pytest.param(40, id="long", marks=[pytest.mark.ordeal])]


class Found(StrEnum):
    """What a copy turns out to be; the last must never be."""

    BEGINNING = "a beginning of the log"
    REFUSED = "an error of the storage"
    BAD_POSITION = "a position that verification names"
    GARBAGE = "something else that verifies"


def look_at(copy: Path, original: EventLog) -> Found:
    """Open a copy as if it were the log, and compare the roots at its size."""
    try:
        with closing(open_log(f"sqlite:///{copy}")) as log:
            if verify_entries(log, INSTITUTION) is not None:
                return Found.BAD_POSITION
            size = log.head(INSTITUTION)
            same = root_of(log, size) == root_of(original, size)
    except StorageError:
        return Found.REFUSED
    return Found.BEGINNING if same and size > 0 else Found.GARBAGE


def root_of(log: EventLog, size: int) -> bytes:
    tree = Frontier()
    for each in log.leaf_hashes(INSTITUTION, 0, size):
        tree.append(each)
    return tree.root()


@contextmanager
def appended_to(log: EventLog) -> Iterator[Callable[[int], None]]:
    """Append in the background; what is yielded waits until so many more batches are in the log."""
    stop = Event()

    def append() -> None:
        while not stop.is_set():
            log.append(a_batch(Write(stream=uuid.uuid4().hex, expected=0, events=(an_event(PAYLOAD), an_event()))))

    def wait(more: int) -> None:
        enough = log.head(INSTITUTION) + 2 * more
        while thread.is_alive() and log.head(INSTITUTION) < enough:
            stop.wait(0.001)

    thread = Thread(target=append)
    thread.start()
    try:
        yield wait
    finally:
        stop.set()
        thread.join()


def plainly(file: Path, target: Path, chance: random.Random, wait: Callable[[int], None], *suffixes: str) -> None:
    """Copy files one after the other, some time apart, as `cp` would."""
    for suffix in suffixes:
        wait(chance.randrange(100))
        shutil.copyfile(f"{file}{suffix}", f"{target}{suffix}")


def by_vacuum(file: Path, target: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


@pytest.mark.parametrize("copies", COPIES)
@pytest.mark.parametrize("suffixes", [("",), ("", "-wal"), ("-wal", "")], ids=["file", "file-wal", "wal-file"])
@pytest.mark.timeout(900)
def test_a_plain_copy_is_a_beginning_or_says_that_it_is_none(
    sqlite_url: str, tmp_path: Path, opened: Callable[[str], EventLog], copies: int, suffixes: tuple[str, ...]
) -> None:
    log, file, chance = opened(sqlite_url), Path(str(make_url(sqlite_url).database)), random.Random(1)
    found: Counter[Found] = Counter()
    with appended_to(log) as wait:
        wait(300)
        for number in range(copies):
            target = tmp_path / f"copy{number}.db"
            plainly(file, target, chance, wait, *suffixes)
            found[look_at(target, log)] += 1
            for each in tmp_path.glob(f"{target.name}*"):
                each.unlink()

    sys.stdout.write(f"{found}\n")
    assert found.total() == copies
    assert found[Found.GARBAGE] == 0, found


@pytest.mark.parametrize("copies", COPIES)
@pytest.mark.parametrize("copy", [by_vacuum, copy_database])
@pytest.mark.timeout(900)
def test_a_copy_by_sqlite_itself_is_a_beginning(
    sqlite_url: str,
    tmp_path: Path,
    opened: Callable[[str], EventLog],
    copies: int,
    copy: Callable[[Path, Path], None],
) -> None:
    log, file = opened(sqlite_url), Path(str(make_url(sqlite_url).database))
    with appended_to(log) as wait:
        wait(100)
        for number in range(copies):
            before = log.head(INSTITUTION)
            target = tmp_path / f"copy{number}.db"
            copy(file, target)
            assert look_at(target, log) is Found.BEGINNING
            with closing(open_log(f"sqlite:///{target}")) as copied:
                assert copied.head(INSTITUTION) >= before
            wait(10)


def test_a_copy_of_pages_of_two_moments_says_so(
    sqlite_url: str, tmp_path: Path, opened: Callable[[str], EventLog]
) -> None:
    """The first half as it was, the second as it became: what a copy during a checkpoint can be."""
    file, target = Path(str(make_url(sqlite_url).database)), tmp_path / "torn.db"
    log = opened(sqlite_url)
    halves = []
    for _ in range(2):
        with appended_to(log) as wait:
            wait(300)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        halves.append(file.read_bytes())
    early, late = halves
    target.write_bytes(early[: len(early) // 2] + late[len(early) // 2 :])

    assert look_at(target, log) in {Found.REFUSED, Found.BAD_POSITION}


def test_a_copy_that_was_changed_and_hashed_anew_is_no_beginning(
    sqlite_url: str, tmp_path: Path, opened: Callable[[str], EventLog]
) -> None:
    """The comparison of roots tells another log of the same length, which verifies by itself, from a copy."""
    log, other_url = opened(sqlite_url), f"sqlite:///{tmp_path / 'other.db'}"
    by_vacuum(Path(str(make_url(sqlite_url).database)), tmp_path / "other.db")
    other = opened(other_url)
    for each, name in ((log, "original"), (other, "another")):
        each.append(a_batch(Write(stream=name, expected=0, events=(an_event(),))))

    assert look_at(tmp_path / "other.db", log) is Found.GARBAGE
