"""Many writers at once: no position is missing, missed or seen twice, and each conflict is its own."""

from collections.abc import Sequence
from itertools import count

import psycopg
import pytest

from services.event_log.contract import EventLog, StreamConflictError
from services.event_log.verification import verify_entries
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq
from tests.services.event_log.race import WRITERS, run_race

ROUNDS = [pytest.param(15, id="short"), pytest.param(1_500, id="long", marks=[pytest.mark.ordeal])]
SHARED = "shared"


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_reader_of_the_tail_sees_each_entry_once(log: EventLog, rounds: int) -> None:
    def append(writer: int, number: int) -> None:
        sizes = range(1, 2 + (writer + number) % 3)
        own = [a_write(f"{writer}.{number}.{size}", count=size + writer % 2) for size in sizes]
        log.append(a_batch(*own))
        append_to_shared(log)

    def read(after: int) -> list[int]:
        pages: list[int] = []
        while page := [entry.id for entry in log.read(INSTITUTION, pages[-1] if pages else after)]:
            pages.extend(page)
        return pages

    race = run_race(append, read, rounds)

    assert race.stored == list(range(1, log.head(INSTITUTION) + 1))
    assert (race.missed, race.doubled) == ([], [])
    assert race.seen == race.stored
    assert len(log.read_stream(INSTITUTION, SHARED)) == WRITERS * rounds
    assert verify_entries(log, INSTITUTION) is None


def append_to_shared(log: EventLog) -> None:
    """Append to a stream that all write to, at the version that the refusal names."""
    expected = 0
    while True:
        try:
            log.append(a_batch(a_write(SHARED, expected)))
        except StreamConflictError as conflict:
            expected = conflict.actual
        else:
            return


def test_the_race_finds_what_appending_without_the_head_lock_loses(fresh_postgres_url: str) -> None:
    address = libpq(fresh_postgres_url)
    with psycopg.connect(address, autocommit=True) as reader:
        reader.execute("CREATE TABLE unlocked (position bigserial PRIMARY KEY)")

        def append(writer: int, number: int) -> None:
            with psycopg.connect(address) as connection:
                connection.execute("INSERT INTO unlocked DEFAULT VALUES")
                connection.execute("SELECT pg_sleep(%s)", ((writer * 7 + number * 3) % 10 / 500,))

        def read(after: int) -> Sequence[int]:
            rows = reader.execute("SELECT position FROM unlocked WHERE position > %s ORDER BY position", (after,))
            return [position for (position,) in rows]

        race = run_race(append, read, 10)

    assert len(race.stored) == 10 * WRITERS
    assert race.missed


@pytest.mark.parametrize("rounds", ROUNDS)
def test_one_command_sent_many_times_at_once_is_carried_out_once(log: EventLog, rounds: int) -> None:
    def append(_: int, number: int) -> None:
        result = log.append(a_batch(a_write(f"s{number}", count=2), command_id=f"c-{number}"))
        assert result.versions == ((f"s{number}", 2),)

    run_race(append, lambda _: [], rounds)

    assert log.head(INSTITUTION) == 2 * rounds
    assert verify_entries(log, INSTITUTION) is None


def test_institutions_are_begun_and_written_side_by_side(log: EventLog) -> None:
    numbers = count()

    def append(writer: int, number: int) -> None:
        institution = f"i{next(numbers) % 3}"
        if writer % 2:
            with pytest.raises(StreamConflictError):
                log.append(a_batch(a_write("never begun", 1), institution=institution))
        log.append(a_batch(a_write(f"{writer}.{number}"), institution=institution))

    run_race(append, lambda _: [], 10)

    assert log.institutions() == ["i0", "i1", "i2"]
    assert sum(log.head(institution) for institution in log.institutions()) == 10 * WRITERS
    assert [verify_entries(log, institution) for institution in log.institutions()] == [None] * 3
