"""Maintenance of PostgreSQL while a client appends: nobody waits for VACUUM, ANALYZE or a concurrent index build."""

import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from threading import Event, Thread

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from services.event_log.contract import EventLog, Write
from services.event_log.migrate import migrate
from services.event_log.verification import verify_entries
from tests import servers
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write, an_event
from tests.services.event_log.conftest import libpq

FLOOR_SECONDS = 0.020
PAUSE_SECONDS = 0.002
ROWS_A_BATCH = 500
STOCK_TABLE = "stored_events"

Append = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Weight:
    """How much is stored, how the vacuum is throttled, and how long it is therefore to last at least."""

    rows: int
    cost_limit: int
    cost_delay_ms: int
    seconds: float


SHORT = Weight(rows=2_000, cost_limit=50, cost_delay_ms=50, seconds=0.5)
LONG = Weight(rows=30_000, cost_limit=150, cost_delay_ms=40, seconds=5.0)
PAYLOAD = b'{"type":"agreement.signed.v1","text":"' + b"x" * 560 + b'"}'


class Client(Thread):
    """Appends steadily until it is stopped; `waits` are the seconds that each append took."""

    def __init__(self, append: Append) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._append = append
        self._stop_asked = Event()

    def run(self) -> None:
        while not self._stop_asked.wait(PAUSE_SECONDS):
            begun = time.perf_counter()
            self._append()
            self.waits.append(time.perf_counter() - begun)

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Seconds: of appends without and during maintenance, and of the throttled vacuum itself."""

    quiet: list[float]
    busy: list[float]
    vacuum: float

    @property
    def bound(self) -> float:
        return max(2 * p99(self.quiet), FLOOR_SECONDS)

    def __str__(self) -> str:
        told = {"quiet": p99(self.quiet), "busy": p99(self.busy), "longest": max(self.busy), "vacuum": self.vacuum}
        return ", ".join(f"{name} {1000 * seconds:.1f} ms" for name, seconds in told.items())


def p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) > 1 else seconds[0]


@contextmanager
def appending(append: Append) -> Iterator[Client]:
    client = Client(append)
    client.start()
    try:
        yield client
    finally:
        client.stop()


def measure(address: str, table: str, append: Append, weight: Weight) -> Figures:
    """Append in quiet, during the three commands, one after the other, and in quiet again: a disk has its moods."""
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("CHECKPOINT")  # what filling the table left to be written is not what is measured
        before = in_quiet(append, weight)
        throttle = {"vacuum_cost_limit": weight.cost_limit, "vacuum_cost_delay": weight.cost_delay_ms}
        for name, value in throttle.items():
            owner.execute(f"SET {name} = {value}".encode())
        with appending(append) as busy:
            begun = time.perf_counter()
            owner.execute(f"VACUUM (FREEZE) {table}".encode())
            vacuum = time.perf_counter() - begun
            owner.execute(f"ANALYZE {table}".encode())
            index = f"CREATE INDEX CONCURRENTLY {table}_during_appends ON {table} (md5(topic_of({table})))"
            owner.execute(index.encode())
    return Figures(quiet=before + in_quiet(append, weight), busy=busy.waits, vacuum=vacuum)


def in_quiet(append: Append, weight: Weight) -> list[float]:
    with appending(append) as quiet:
        time.sleep(weight.seconds)
    return quiet.waits


def prepare_index(address: str, table: str, column: str) -> None:
    """Make the function that the index is built on: slow enough to build that appends meet it."""
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(
            f"CREATE FUNCTION topic_of({table}) RETURNS text LANGUAGE sql IMMUTABLE RETURN $1.{column}".encode()
        )


def measure_our_log(url: str, log: EventLog, weight: Weight) -> Figures:
    address = libpq(url)
    for number in range(weight.rows // ROWS_A_BATCH):
        events = (an_event(PAYLOAD),) * ROWS_A_BATCH
        log.append(a_batch(Write(stream=f"stored/{number}", expected=0, events=events)))
    prepare_index(address, "event", "stream")
    numbers = count()
    figures = measure(address, "event", lambda: log.append(a_batch(a_write(f"steady/{next(numbers)}"))), weight)
    assert log.head(INSTITUTION) == weight.rows + len(figures.quiet) + len(figures.busy)
    assert verify_entries(log, INSTITUTION) is None
    return figures


def measure_stock(url: str, weight: Weight) -> Figures:
    """Do the same with the library's own recorder, which locks its table for each append."""
    address = libpq(url)
    named = conninfo_to_dict(address)
    names = ("dbname", "host", "port", "user", "password")
    with closing(PostgresDatastore(*(str(named[name]) for name in names))) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name=STOCK_TABLE)
        recorder.create_table()
        for _ in range(weight.rows // ROWS_A_BATCH):
            recorder.insert_events([stock_event() for _ in range(ROWS_A_BATCH)])
        prepare_index(address, STOCK_TABLE, "topic")
        return measure(address, STOCK_TABLE, lambda: recorder.insert_events([stock_event()]), weight)


def stock_event() -> StoredEvent:
    return StoredEvent(originator_id=uuid.uuid4(), originator_version=1, topic="agreement.signed.v1", state=PAYLOAD)


def test_no_append_waits_for_maintenance(fresh_postgres_url: str, opened: Callable[[str], EventLog]) -> None:
    figures = measure_our_log(fresh_postgres_url, opened(fresh_postgres_url), SHORT)

    assert figures.vacuum >= SHORT.seconds
    assert max(figures.busy) < figures.vacuum / 2, str(figures)


def test_the_library_s_own_recorder_waits_for_it(fresh_postgres_url: str) -> None:
    figures = measure_stock(fresh_postgres_url, SHORT)

    assert max(figures.busy) > figures.vacuum / 2, str(figures)


@pytest.mark.ordeal
@pytest.mark.timeout(300)
def test_an_append_takes_as_long_as_ever_during_maintenance(opened: Callable[[str], EventLog]) -> None:
    with servers.running("postgres") as url:
        with psycopg.connect(libpq(url), autocommit=True) as owner:
            for setting in ("fsync", "full_page_writes"):
                owner.execute(f"ALTER SYSTEM SET {setting} = on".encode())
            owner.execute("SELECT pg_reload_conf()")
        migrate(url)
        log = opened(url)
        ours, stock = measure_our_log(url, log, LONG), measure_stock(url, LONG)
        log.close()

    sys.stdout.write(f"ours: {ours}\nstock: {stock}\n")
    assert ours.vacuum >= LONG.seconds
    assert p99(ours.busy) <= ours.bound, str(ours)
    assert max(stock.busy) > stock.bound, str(stock)
    assert max(stock.busy) > stock.vacuum / 2, f"it waits for the whole command: {stock}"
