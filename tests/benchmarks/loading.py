"""Loading a stream of 50 events, as a command does before it decides, beside the library's repository."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from psycopg.conninfo import conninfo_to_dict

from domain.cycle import event_types, stage_of
from domain.decider import fold
from domain.indicator import NumberRealised
from domain.measurement.events import MeasurementOpened, RealisationRecorded
from domain.period import Period
from domain.realisation import Realisation
from services.clock import SystemClock
from services.command_handler import CommandHandler
from services.event_log.codec import Codec
from services.event_log.contract import Batch, EventLog, Write
from services.event_log.entries import COLUMNS
from services.event_log.opening import open_log
from tests.benchmarks.grounds import Filled, Grounds
from tests.benchmarks.regency import INSTITUTION
from tests.benchmarks.rival_view import Measurement, measurement
from tests.benchmarks.rounds import Reading, Trial
from tests.projections import sample

EVENTS = 50
STREAMS = 20
LOADS = 100
"""Of one turn; each stream has its turn in them."""

CODEC = Codec(event_types(), {})

_WHAT = f"load {EVENTS} events"
_PERIOD = Period(fiscal_year=2030, frequency="month", number=1)
_NAMES = tuple(f"measurement/load-{number}/2030" for number in range(STREAMS))


@contextmanager
def loading(grounds: Grounds, large: Sequence[Filled]) -> Iterator[list[Trial]]:
    """Yield the trials: the streams of ours lie in the large logs, the library has databases of its own."""
    with closing(_Closing()) as opened:
        trials = []
        for each in large:
            log = opened.keep(open_log(each.url))
            append_streams(log)
            trials.append(Trial(_WHAT, "sakip", each.database, "ms", _of_log(log)))
            kept = Trial(_WHAT, "sakip, again", each.database, "ms", _of_handler(log), "kept state, read on from there")
            trials.append(kept)
            trials.append(Trial(_WHAT, "eventsourcing 9.5.6", each.database, "ms", _of_library(opened, grounds, each)))
            select = _of_select(opened, each)
            trials.append(Trial(_WHAT, "SELECT alone", each.database, "ms", select, "ceiling: nothing is decoded"))
        yield trials


def load(log: EventLog, stream: str) -> int:
    """Load a stream as `services/command_handler.py` does; return the version of its state."""
    entries = log.read_stream(INSTITUTION, stream)
    return fold(stage_of(stream), (CODEC.decode(entry) for entry in entries)).version


def append_streams(log: EventLog) -> None:
    """Append the streams that are loaded, where they are not there yet."""
    for stream in _NAMES:
        if log.read_stream(INSTITUTION, stream):
            continue
        new = tuple(CODEC.new_event(body, fiscal_year=2030, correlation=None) for body in _bodies())
        log.append(
            Batch(
                institution=INSTITUTION,
                command_id=stream,
                digest="digest",
                writes=(Write(stream=stream, expected=0, events=new),),
                actor_id="p-17",
                actor_role="unit_operator",
                actor_unit="dinkes",
                origin="live",
                recorded_at=datetime.now(UTC),
            )
        )


def timed_loads(load_one: Callable[[int], int]) -> Reading:
    """Load one stream after the other; the value is the mean in milliseconds, wrong is what had not all its events."""
    started = time.perf_counter()
    versions = [load_one(number % STREAMS) for number in range(LOADS)]
    elapsed = time.perf_counter() - started
    return Reading(elapsed / LOADS * 1000, LOADS, sum(version != EVENTS for version in versions))


def load_trial(log: EventLog, what: str, contestant: str, database: str) -> Trial:
    """Return the trial of our log under another name."""
    return Trial(what, contestant, database, "ms", _of_log(log))


def library_environment(grounds: Grounds, database: str, name: str) -> dict[str, str]:
    """Return the settings of a stock application of the library with a database of its own."""
    if database == "sqlite":
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(grounds.path(name))}
    where = conninfo_to_dict(grounds.create(name))
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(where["dbname"]),
        "POSTGRES_HOST": str(where["host"]),
        "POSTGRES_PORT": str(where["port"]),
        "POSTGRES_USER": str(where["user"]),
        "POSTGRES_PASSWORD": str(where["password"]),
    }


class _Closing:
    """What has to be closed after the trials."""

    def __init__(self) -> None:
        self._kept: list[Any] = []

    def keep(self, closeable: Any) -> Any:  # noqa: ANN401 - logs, applications, connections
        self._kept.append(closeable)
        return closeable

    def close(self) -> None:
        for each in reversed(self._kept):
            each.close()


def _of_log(log: EventLog) -> Callable[[], Reading]:
    return lambda: timed_loads(lambda number: load(log, _NAMES[number]))


def _of_handler(log: EventLog) -> Callable[[], Reading]:
    handler = CommandHandler(log=log, codec=CODEC, clock=SystemClock(), rulebooks={}, digest_key=b"of the benchmark")
    return lambda: timed_loads(lambda number: handler._state(INSTITUTION, _NAMES[number]).version)


def _of_library(opened: _Closing, grounds: Grounds, filled: Filled) -> Callable[[], Reading]:
    environment = library_environment(grounds, filled.database, "bench_load")
    application: Application[UUID] = opened.keep(Application(environment))
    aggregates = [measurement(EVENTS) for _ in range(STREAMS)]
    for each in aggregates:
        application.save(each)
    ids = [each.id for each in aggregates]

    def load_one(number: int) -> int:
        found: Measurement = application.repository.get(ids[number])
        return found.version

    return lambda: timed_loads(load_one)


def _of_select(opened: _Closing, filled: Filled) -> Callable[[], Reading]:
    query = f"SELECT {COLUMNS} FROM event WHERE institution = ? AND stream = ? ORDER BY version"
    connection: Any
    if filled.database == "sqlite":
        connection = opened.keep(sqlite3.connect(filled.url.removeprefix("sqlite:///")))
    else:
        connection = opened.keep(psycopg.connect(filled.url, autocommit=True))
        query = query.replace("?", "%s")
    return lambda: timed_loads(lambda number: len(connection.execute(query, (INSTITUTION, _NAMES[number])).fetchall()))


def _bodies() -> tuple[MeasurementOpened | RealisationRecorded, ...]:
    return MeasurementOpened(effective_on=date(2030, 1, 2), opening=sample.IN_ORDER), *_realisations()


def _realisations() -> tuple[RealisationRecorded, ...]:
    return tuple(
        RealisationRecorded(
            effective_on=_PERIOD.last_day,
            realisation=Realisation(
                commitment=f"iku-{number:02d}", period=_PERIOD, realised=NumberRealised(value=Decimal(number) / 4)
            ),
        )
        for number in range(1, EVENTS)
    )
