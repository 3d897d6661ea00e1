"""Groups in the databases: a group comes to what its batches come to one after the other, and is whole or not there."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import psycopg
import pytest
from eventsourcing.persistence import RecordConflictError
from sqlalchemy import make_url

from domain.sealed_text import seal
from services.event_log import postgres_append, sqlite_append
from services.event_log.coalescing import Outcome
from services.event_log.connections import LogClosedError
from services.event_log.contract import (
    Appended,
    Batch,
    EventLog,
    Guard,
    SealedRow,
    StreamConflictError,
)
from services.event_log.memory import MemoryLog
from services.event_log.postgres import PostgresLog
from services.event_log.sqlite import SqliteLog
from services.event_log.verification import verify_entries
from tests.services.event_log.batches import INSTITUTION, NOON, a_batch, a_write
from tests.services.event_log.conftest import libpq
from tests.services.event_log.race import run_race
from tests.services.until import until

SEEDS = [pytest.param(range(25), id="short"), pytest.param(range(2_000), id="long", marks=pytest.mark.ordeal)]


def commit(log: EventLog, group: Sequence[Batch]) -> Sequence[Outcome]:
    """Append a group in one transaction, as whoever leads does."""
    if isinstance(log, SqliteLog):
        return log._commit(map(sqlite_append.prepared, group))
    assert isinstance(log, PostgresLog)
    return log._commit(map(postgres_append.prepared, group))


def one_by_one(log: EventLog, group: Sequence[Batch]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for batch in group:
        try:
            outcomes.append(log.append(batch))
        except RecordConflictError as refusal:
            outcomes.append(refusal)
    return outcomes


def told(outcomes: Sequence[Outcome]) -> list[object]:
    return [each if isinstance(each, Appended) else (type(each), str(each)) for each in outcomes]


def random_batch(chance: Random, institution: str) -> Batch:
    """Return a batch that often meets others: few streams, few command ids, few versions."""
    streams = chance.sample("abcd", chance.randint(0, 3))
    text = f"catatan {chance.randint(0, 5)}"
    salt = bytes(32)
    return a_batch(
        *(a_write(stream, chance.choice((0, 0, 1, 2, 3)), count=chance.choice((0, 1, 1, 2))) for stream in streams),
        institution=institution,
        command_id=f"c-{chance.randint(0, 30)}",
        digest=chance.choice(("one", "one", "one", "two")),
        guards=tuple(Guard(stream=stream, expected=chance.choice((0, 0, 1))) for stream in chance.sample("abcde", 1)),
        sealed=(SealedRow(digest=seal(salt, text).digest, salt=salt, text=text),),
        recorded_at=NOON + timedelta(seconds=chance.randint(-5, 5)),
    )


@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.timeout(900)
def test_a_group_comes_to_what_its_batches_come_to_one_after_the_other(
    stored_url: str, opened: Callable[[str], EventLog], seeds: range
) -> None:
    log, memory = opened(stored_url), MemoryLog()
    outcomes_seen: set[type] = set()
    for seed in seeds:
        chance, institution = Random(seed), f"kab-{seed}"
        for _ in range(3):
            group = [random_batch(chance, institution) for _ in range(chance.randint(1, 20))]
            outcomes = commit(log, group)
            assert told(outcomes) == told(one_by_one(memory, group)), seed
            outcomes_seen |= {type(each) for each in outcomes}
        assert log.read(institution) == memory.read(institution), seed
        digests = sorted({row.digest for batch in group for row in batch.sealed})
        assert log.texts(institution, digests) == memory.texts(institution, digests)
        assert verify_entries(log, institution) is None
    assert log.institutions() == memory.institutions()
    assert len(outcomes_seen) == 3, "results, conflicts and reused command ids all occurred"


def test_later_batches_of_a_group_see_what_earlier_ones_appended(
    stored_url: str, opened: Callable[[str], EventLog]
) -> None:
    log = opened(stored_url)
    row = SealedRow(digest=seal(bytes(32), "x").digest, salt=bytes(32), text="x")
    group = [
        a_batch(a_write("a", count=2), command_id="first"),
        a_batch(a_write("a", 0), a_write("b"), command_id="late", sealed=(row,)),
        a_batch(a_write("a", 2), guards=(Guard(stream="b", expected=0),), command_id="second"),
        a_batch(a_write("c"), guards=(Guard(stream="a", expected=2),), command_id="stale"),
        a_batch(a_write("a", count=2), command_id="first"),
        a_batch(a_write("a", count=2), command_id="first", digest="another"),
        a_batch(a_write("a", 3, count=0), command_id="nothing"),
        a_batch(a_write("c", count=2), command_id="third"),
    ]

    first, late, second, stale, again, reused, nothing, third = commit(log, group)

    assert first == Appended(first_position=1, last_position=2, versions=(("a", 2),))
    assert isinstance(late, StreamConflictError)
    assert (late.stream, late.expected, late.actual) == ("a", 0, 2)
    assert second == Appended(first_position=3, last_position=3, versions=(("a", 3),))
    assert isinstance(stale, StreamConflictError)
    assert (stale.stream, stale.expected, stale.actual) == ("a", 2, 3)
    assert again == replace(first, repeated=True)
    assert type(reused).__name__ == "CommandReusedError"
    assert nothing == Appended(first_position=4, last_position=3, versions=(("a", 3),))
    assert third == Appended(first_position=4, last_position=5, versions=(("c", 2),))
    # What was refused left no trace and may be sent again.
    assert log.read_stream(INSTITUTION, "b") == []
    assert log.texts(INSTITUTION, [row.digest]) == {}
    assert [log.repeated(INSTITUTION, name, "digest") for name in ("late", "stale", "nothing")] == [None] * 3
    assert [entry.command_id for entry in log.read(INSTITUTION)] == ["first", "first", "second", "third", "third"]
    assert verify_entries(log, INSTITUTION) is None


@contextmanager
def held_back(url: str) -> Iterator[None]:
    """Hold the lock that every append needs, so that appends queue up."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
            holder.execute("ROLLBACK")
    else:
        with psycopg.connect(libpq(url)) as holder:
            holder.execute("SELECT FROM log_head FOR UPDATE")
            yield


def queued(log: EventLog) -> int:
    assert isinstance(log, SqliteLog | PostgresLog)
    return sum(len(lane.queue) for lane in log._appends._lanes.values())


@contextmanager
def queued_up(log: EventLog, url: str, batches: Sequence[Batch]) -> Iterator[list[Future[Appended]]]:
    """Let each batch be appended by a thread of its own and queue up; the context ends when each has its outcome."""
    with ThreadPoolExecutor(len(batches)) as pool, held_back(url):
        futures: list[Future[Appended]] = []
        for batch in batches:
            futures.append(pool.submit(log.append, batch))
            assert until(lambda: queued(log) == len(futures))
        yield futures


def outcome(future: Future[Appended]) -> Outcome:
    refusal = future.exception(60)
    assert refusal is None or isinstance(refusal, Exception)
    return refusal or future.result()


def test_a_refused_batch_hurts_nobody_in_its_group(stored_url: str, opened: Callable[[str], EventLog]) -> None:
    log = opened(stored_url)
    log.append(a_batch(a_write("a")))
    batches = [
        a_batch(a_write(f"s{number}"), a_write("a", 1 if number == 5 else 9 * (number % 3))) for number in range(9)
    ]

    with queued_up(log, stored_url, batches) as futures:
        pass

    came_to = [outcome(each) for each in futures]
    assert [isinstance(each, StreamConflictError) for each in came_to] == [number != 5 for number in range(9)]
    assert [entry.originator_id for entry in log.read(INSTITUTION)] == ["a", "s5", "a"]
    assert verify_entries(log, INSTITUTION) is None


def test_those_who_queue_up_are_appended_in_the_order_of_arrival(
    stored_url: str, opened: Callable[[str], EventLog]
) -> None:
    log = opened(stored_url)
    log.append(a_batch(a_write("a")))

    with queued_up(log, stored_url, [a_batch(a_write("a", version)) for version in range(1, 12)]) as futures:
        pass

    assert [outcome(each) for each in futures] == [
        Appended(first_position=version + 1, last_position=version + 1, versions=(("a", version + 1),))
        for version in range(1, 12)
    ]


def test_closing_while_appends_wait_appends_each_whole_or_not_at_all(
    stored_url: str, opened: Callable[[str], EventLog]
) -> None:
    log = opened(stored_url)
    log.append(a_batch(a_write("a")))
    batches = [a_batch(a_write(f"s{number}", count=3), command_id=f"c{number}") for number in range(8)]

    with ThreadPoolExecutor(1) as closer:
        with queued_up(log, stored_url, batches) as futures:
            closed = closer.submit(log.close)
            assert until(lambda: log._appends._closed)  # type: ignore[attr-defined]
        closed.result(60)

    came_to = [outcome(each) for each in futures]
    assert all(isinstance(each, Appended | LogClosedError) for each in came_to)
    assert any(isinstance(each, LogClosedError) for each in came_to)
    reader = opened(stored_url)
    for batch, answer in zip(batches, came_to, strict=True):
        stored = reader.repeated(INSTITUTION, batch.command_id, "digest")
        assert stored == (replace(answer, repeated=True) if isinstance(answer, Appended) else None)
    assert verify_entries(reader, INSTITUTION) is None


def test_every_answer_names_the_entries_of_its_own_command(log: EventLog) -> None:
    answers: dict[str, Appended] = {}

    def append(writer: int, number: int) -> None:
        name = f"{writer}.{number}"
        sizes = range(1 + (writer + number) % 3)
        answers[name] = log.append(
            a_batch(*(a_write(f"{name}/{size}", count=size + 1) for size in sizes), command_id=name)
        )

    run_race(append, lambda _: [], 10)

    in_order = sorted(answers.items(), key=lambda pair: pair[1].first_position)
    assert in_order[0][1].first_position == 1
    assert all(after.first_position == before.last_position + 1 for (_, before), (_, after) in pairwise(in_order))
    commands = [entry.command_id for entry in log.read(INSTITUTION, limit=10_000)]
    for name, answer in in_order:
        assert set(commands[answer.first_position - 1 : answer.last_position]) == {name}
    assert verify_entries(log, INSTITUTION) is None


def test_two_processes_append_to_one_institution(fresh_postgres_url: str, opened: Callable[[str], EventLog]) -> None:
    logs = [opened(fresh_postgres_url), opened(fresh_postgres_url)]

    def append(writer: int, number: int) -> None:
        batch = a_batch(a_write(f"{writer // 2}.{number}", count=2), command_id=f"{writer // 2}.{number}")
        assert logs[writer % 2].append(batch).versions == ((f"{writer // 2}.{number}", 2),)

    def read(after: int) -> list[int]:
        return [entry.id for entry in logs[0].read(INSTITUTION, after, limit=10_000)]

    race = run_race(append, read, 20)

    assert race.stored == list(range(1, 1 + 2 * 8 * 20))
    assert (race.missed, race.doubled) == ([], [])
    assert verify_entries(logs[0], INSTITUTION) is None


def test_institutions_do_not_wait_for_each_other_on_postgres(
    fresh_postgres_url: str, opened: Callable[[str], EventLog]
) -> None:
    log = opened(fresh_postgres_url)
    log.append(a_batch(a_write("a")))

    with queued_up(log, fresh_postgres_url, [a_batch(a_write("a", version)) for version in (1, 2)]) as futures:
        assert log.append(a_batch(a_write("a"), institution="kota-b")).first_position == 1
        assert log.head(INSTITUTION) == 1

    assert all(isinstance(outcome(each), Appended) for each in futures)


def test_a_value_that_the_database_refuses_fails_its_own_caller(
    stored_url: str, opened: Callable[[str], EventLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "sqlite" if stored_url.startswith("sqlite") else "postgres"
    monkeypatch.setattr(f"services.event_log.{module}.check_batch", lambda _: None)
    log = opened(stored_url)
    log.append(a_batch(a_write("a")))
    batches = [a_batch(a_write(f"s{number}")) for number in range(6)]
    batches[3] = replace(batches[3], digest=None)  # type: ignore[arg-type]

    with queued_up(log, stored_url, batches) as futures:
        pass

    assert [isinstance(outcome(each), Appended) for each in futures] == [True, True, True, False, True, True]
    assert log.head(INSTITUTION) == 6
    assert verify_entries(log, INSTITUTION) is None


def test_a_full_disk_fails_the_group_whole_and_passes(sqlite_url: str, opened: Callable[[str], EventLog]) -> None:
    log = opened(sqlite_url)
    log.append(a_batch(a_write("a")))
    assert isinstance(log, SqliteLog)
    assert log._writer is not None
    (pages,) = log._writer.execute("PRAGMA page_count").fetchone()
    log._writer.execute(f"PRAGMA max_page_count = {pages}")

    large = a_batch(a_write("large", count=400))
    with queued_up(log, sqlite_url, [large, a_batch(a_write("b"), a_write("c", count=200))]) as futures:
        pass

    assert [str(outcome(each)) for each in futures] == ["database or disk is full"] * 2
    assert log.head(INSTITUTION) == 1
    assert log.append(large).first_position == 2
    assert verify_entries(log, INSTITUTION) is None
