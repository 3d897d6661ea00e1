"""Eight writers of batches of every kind against a reader of the tail, for a minute: nothing missed, nothing twice."""

import hashlib
import random
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest

from services.event_log.contract import Batch, CommandReusedError, EventLog, Guard, SealedRow, StreamConflictError
from services.event_log.verification import verify_entries
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq
from tests.services.event_log.race import Race, run_race_for

WRITERS = 8
SHARED = "shared"
SECONDS = [pytest.param(1.5, id="short"), pytest.param(60.0, id="long", marks=[pytest.mark.ordeal])]
SECONDS_OF_CONTROL = 3.0


def mixed(writer: int, number: int, shared: int) -> Batch:
    """Return a batch of one to forty events in one to four streams, some guarded, some with sealed text."""
    chance = random.Random(1_000_003 * writer + number)
    name = f"{writer}.{number}"
    writes = [a_write(f"{name}/{n}", count=chance.randint(1, 10)) for n in range(chance.randint(1, 4))]
    guards = (Guard(stream=f"{writer}.{number - 1}/0", expected=chance.choice((0, 1))),) if number % 5 == 4 else ()
    salt = hashlib.sha256(name.encode()).digest()
    text = SealedRow(digest=hashlib.sha256(salt + name.encode()).hexdigest(), salt=salt, text=name)
    if chance.random() < 0.3:
        writes.append(a_write(SHARED, shared))
    return a_batch(*writes, command_id=f"command/{name}", guards=guards, sealed=(text,) if number % 3 == 0 else ())


def read_tail(log: EventLog, after: int) -> list[int]:
    seen: list[int] = []
    while page := [entry.id for entry in log.read(INSTITUTION, seen[-1] if seen else after)]:
        seen.extend(page)
    return seen


def race_of(logs: Sequence[EventLog], seconds: float) -> tuple[Race, list[int]]:
    """Run the race; return it with the positions that were acknowledged. Half of the writers use the other log."""
    acknowledged: list[int] = []
    shared = [0]  # how far the stream that all write to has come, as far as somebody was told

    def append(writer: int, number: int) -> None:
        log = logs[writer % len(logs)]
        batch = mixed(writer, number, shared[0])
        try:
            result = log.append(batch)
        except StreamConflictError as conflict:
            if conflict.stream == SHARED:
                shared[0] = max(shared[0], conflict.actual)
            return
        shared[0] = max(shared[0], dict(result.versions).get(SHARED, 0))
        acknowledged.extend(range(result.first_position, result.last_position + 1))
        if number % 7 == 0:
            assert log.append(batch).last_position == result.last_position
            with pytest.raises(CommandReusedError):
                log.append(a_batch(a_write(), command_id=batch.command_id, digest="another"))

    return run_race_for(append, lambda after: read_tail(logs[0], after), seconds, WRITERS), acknowledged


@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.timeout(600)
def test_a_reader_of_the_tail_misses_nothing_of_eight_writers(
    stored_url: str, opened: Callable[[str], EventLog], seconds: float
) -> None:
    # Two log objects on PostgreSQL don't know of each other, as two processes: they meet at the head lock alone.
    logs = [opened(stored_url) for _ in range(2 if stored_url.startswith("postgresql") else 1)]

    race, acknowledged = race_of(logs, seconds)

    told = f"{len(race.stored)} stored, {len(race.missed)} missed, {len(race.doubled)} twice, {seconds} s"
    sys.stdout.write(f"{told}\n")
    assert race.stored == list(range(1, logs[0].head(INSTITUTION) + 1))
    assert (race.missed, race.doubled) == ([], []), told
    assert race.seen == race.stored
    assert sorted(acknowledged) == race.stored
    assert verify_entries(logs[0], INSTITUTION) is None


def test_the_race_finds_what_inserting_without_the_lock_loses(fresh_postgres_url: str) -> None:
    address = libpq(fresh_postgres_url)
    connections = [psycopg.connect(address, autocommit=True) for _ in range(WRITERS)]
    with psycopg.connect(address, autocommit=True) as reader:
        reader.execute("CREATE TABLE unlocked (position bigserial PRIMARY KEY, payload bytea NOT NULL)")

        def append(writer: int, number: int) -> None:
            connections[writer].execute(
                "INSERT INTO unlocked (payload) SELECT decode(repeat('00', 600), 'hex') FROM generate_series(1, %s)",
                (1 + (writer + number) % 40,),
            )

        def read(after: int) -> Sequence[int]:
            rows = reader.execute("SELECT position FROM unlocked WHERE position > %s ORDER BY position", (after,))
            return [position for (position,) in rows]

        race = run_race_for(append, read, SECONDS_OF_CONTROL, WRITERS)
    for each in connections:
        each.close()

    assert race.missed


def test_the_race_finds_what_numbering_before_the_lock_loses(tmp_path: Path) -> None:
    """On SQLite the file itself is the lock; who draws positions before it holds it loses order all the same."""
    numbers, file = count(1), tmp_path / "unlocked.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode = WAL")
        reader.execute("CREATE TABLE unlocked (position INTEGER PRIMARY KEY)")

        def append(_writer: int, _number: int) -> None:
            position = next(numbers)
            with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as connection:
                connection.execute("INSERT INTO unlocked (position) VALUES (?)", (position,))

        def read(after: int) -> Sequence[int]:
            rows = reader.execute("SELECT position FROM unlocked WHERE position > ? ORDER BY position", (after,))
            return [position for (position,) in rows]

        race = run_race_for(append, read, SECONDS_OF_CONTROL, WRITERS)

    assert race.missed


def test_the_race_finds_a_reader_that_sees_twice() -> None:
    positions: list[int] = []

    race = run_race_for(
        lambda _writer, _number: positions.append(len(positions) + 1),
        lambda after: positions[max(0, after - 1) : len(positions)],
        0.5,
        1,
    )

    assert race.doubled
    assert not race.missed
