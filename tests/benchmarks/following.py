"""Catching up: events folded into stored rows, exactly once, by our follower and by the library's runner."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo

from projections import achievement, audit_trail, obligation_calendar
from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel
from projections.replay import ReplayedRows, digest_of_rows
from services.bootstrap import System, bootstrap
from services.generations import move
from services.settings import Settings
from tests.benchmarks.grounds import DATABASES, SMALL, Filled, Grounds
from tests.benchmarks.loading import library_environment
from tests.benchmarks.regency import INSTITUTION
from tests.benchmarks.rival_view import EVENTS_OF_AN_AGGREGATE, TRACKING, VIEW, Figures, runner
from tests.benchmarks.rounds import Reading, Trial

ONE: Final[Sequence[ReadModel[Any]]] = (achievement.READ_MODEL,)
"""The read model with the largest rows, in which three of four events of a regency leave something."""

SINGLES: Final[Sequence[ReadModel[Any]]] = (*ONE, obligation_calendar.READ_MODEL, audit_trail.READ_MODEL)
"""Large rows that change often, small ones, and a new row for every event."""

RIVAL_EVENTS: Final = 1_000
_NOTE: Final = "wrong: rows or position differ from the fold"


@contextmanager
def following(grounds: Grounds) -> Iterator[list[Trial]]:
    """Yield the trials, each on a fresh copy of a small log."""
    trials = []
    for database in DATABASES:
        grounds.filled(database, "followed", SMALL)
        for model in SINGLES:
            run = partial(_caught_up, grounds, database, (model,))
            trials.append(Trial("catch up, one read model", f"sakip: {model.name}", database, "events/s", run, _NOTE))
        run = partial(_caught_up, grounds, database, READ_MODELS)
        trials.append(Trial("catch up, all read models", "sakip", database, "events/s", run, _NOTE))
    environment = library_environment(grounds, "postgresql", "bench_runner")
    with closing(Figures(environment)) as application:
        for _ in range(RIVAL_EVENTS // EVENTS_OF_AN_AGGREGATE):
            application.append(EVENTS_OF_AN_AGGREGATE)
        run = partial(_rival_caught_up, environment, application.last())
        note = "ProjectionRunner; its view only counts, ours fold what they keep"
        trials.append(Trial("catch up, one read model", "eventsourcing 9.5.6", "postgresql", "events/s", run, note))
        yield trials


def system_on(url: str) -> System:
    """Return a system on a log that exists; nothing runs in the background."""
    return bootstrap(Settings(database_url=url, secret="of the benchmark"))


def catch_up(system: System, models: Sequence[ReadModel[Any]]) -> int:
    """Fold the whole log into stored rows of some read models, exactly once; return the position reached.

    All of them together are followed. One alone is what a rebuild of it does, beside rows that stand at the head; here
    there are none of these, so that only the one is folded.
    """
    if len(models) == len(READ_MODELS):
        return system.follower.catch_up(INSTITUTION)
    pretend_followed(system)
    return system.follower.rebuild(INSTITUTION, models).position


def pretend_followed(system: System) -> None:
    """Let the position stand at the head, with no row folded."""
    stand = system.reader._tables.stand(INSTITUTION)
    if not stand.position:
        with system.engine.begin() as connection:
            move(connection, INSTITUTION, stand, system.log.head(INSTITUTION))


def differing(system: System, models: Sequence[ReadModel[Any]]) -> int:
    """Return how many of the read models differ from the fold of the log, and one more if the position is not exact."""
    with system.reader.live(INSTITUTION) as live:
        folded = ReplayedRows(system.reader.events(INSTITUTION), models)
        wrong = sum(digest_of_rows(live, [model]) != digest_of_rows(folded, [model]) for model in models)
        return wrong + (live.position() != system.log.head(INSTITUTION))


def _caught_up(grounds: Grounds, database: str, models: Sequence[ReadModel[Any]]) -> Reading:
    with closing(system_on(grounds.copied(database, "followed", "follows"))) as system:
        return timed_catch_up(system, models, check=True)


def timed_catch_up(system: System, models: Sequence[ReadModel[Any]], *, check: bool) -> Reading:
    """Measure events per second from an empty set of rows to the head."""
    started = time.perf_counter()
    position = catch_up(system, models)
    rate = position / (time.perf_counter() - started)
    return Reading(rate, position, differing(system, models) if check else 0)


def _rival_caught_up(environment: Mapping[str, str], last: int) -> Reading:
    _forgotten(environment)
    started = time.perf_counter()
    with runner(environment) as running:
        running.wait(last, timeout=120)
        elapsed = time.perf_counter() - started
        total = running.view.total()
    return Reading(last / elapsed, last, abs(last - total))


def _forgotten(environment: Mapping[str, str]) -> None:
    """Let the rival begin anew: its view and its position are gone."""
    address = make_conninfo(
        **{name: environment[f"POSTGRES_{name.upper()}"] for name in ("dbname", "host", "port", "user", "password")}
    )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {VIEW}, {TRACKING}".encode())


def follow_to_head(grounds: Grounds, filled: Filled) -> None:
    """Let read models and tiles stand at the head, and tell how long following the whole log took."""
    with closing(system_on(filled.url)) as system:
        started = time.perf_counter()
        position = system.follower.catch_up(INSTITUTION)
        seconds = time.perf_counter() - started
        system.runner._advance(INSTITUTION, position)  # nobody reacts to what the regency's own events tell of
        system.delivery.settle(INSTITUTION)
    grounds.tidy(filled.database, filled.name)
    rate = f"{position / seconds:,.0f}/s"
    sys.stderr.write(f"{filled.database}: {position:,} events followed in {seconds:.1f} s ({rate}), all read models\n")
