"""Write → visible: from the answer of a command to the moment when the read models show it."""

import logging
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Any

import structlog

from projections import organisation_chart
from services.bootstrap import System
from tests.benchmarks.grounds import DATABASES, Grounds
from tests.benchmarks.loading import library_environment
from tests.benchmarks.rival_view import EVENTS_OF_AN_AGGREGATE, Figures, runner
from tests.benchmarks.rounds import Reading, Trial
from tests.services.office import INSTITUTION, Office, office

WRITES = 60
PATIENCE_SECONDS = 5.0
_WHAT = "write → visible"
PAUSE_SECONDS = 0.005
"""Between two writes, as between the requests of one person: the follower is at rest when the next one comes."""


@contextmanager
def seeing(grounds: Grounds) -> Iterator[list[Trial]]:
    """Yield the trials; each system delivers in the background, as `sakip serve` does."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with ExitStack() as stack:
        trials = []
        for database in DATABASES:
            opened = stack.enter_context(office(grounds.empty(database, "seen")))
            opened.settle()
            opened.system.delivery.start(keep_time=False)
            trials.append(Trial(_WHAT, "sakip", database, "ms", partial(_seen, opened), "workflows before; tail: p95"))
        environment = library_environment(grounds, "postgresql", "bench_wait")
        application = stack.enter_context(closing(Figures(environment)))
        application.append(EVENTS_OF_AN_AGGREGATE)
        running = stack.enter_context(runner(environment))
        run = partial(_waited, application, partial(running.wait, timeout=PATIENCE_SECONDS), running.view.total)
        trials.append(
            Trial(_WHAT, "eventsourcing 9.5.6", "postgresql", "ms", run, "runner.wait(), small view; tail: p95")
        )
        yield trials


def _seen(opened: Office) -> Reading:
    spent = []
    wrong = 0
    for _ in range(WRITES):
        unit = f"unit-{opened.head}"
        position = opened.does("admin", "organisation.establish_unit", unit=unit, name=unit).position
        started = time.perf_counter()
        seen = opened.system.delivery.wait(INSTITUTION, position, PATIENCE_SECONDS)
        spent.append(time.perf_counter() - started)
        wrong += not (seen and _shows(opened.system, unit))
        time.sleep(PAUSE_SECONDS)
    return _reading(spent, wrong)


def _shows(system: System, unit: str) -> bool:
    with system.reader.live(INSTITUTION) as rows:
        return rows.row(organisation_chart.READ_MODEL, f"unit/{unit}") is not None


def _waited(application: Figures, wait: Callable[[int], Any], total: Callable[[], int]) -> Reading:
    spent = []
    wrong = 0
    for _ in range(WRITES // 6):  # each takes a tenth of a second
        position = application.append(1)
        started = time.perf_counter()
        wait(position)
        spent.append(time.perf_counter() - started)
        wrong += total() != position
        time.sleep(PAUSE_SECONDS)
    return _reading(spent, wrong)


def _reading(spent: list[float], wrong: int) -> Reading:
    in_order = sorted(seconds * 1000 for seconds in spent)
    tail = in_order[len(in_order) * 95 // 100]
    return Reading(statistics.median(in_order), len(spent), wrong, tail=tail)
