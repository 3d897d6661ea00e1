"""Replay: the rows of any moment out of the log, for a whole institution and for one unit's year."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import groupby
from typing import Any, Final

from eventsourcing.application import Application

from projections import achievement, cycle_status, obligation_calendar, organisation_chart
from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel
from projections.replay import ReplayedRows
from services.bootstrap import System
from tests.benchmarks.asking import WHOLE_YEAR, Answer, Stretch, reading_of, trial_of
from tests.benchmarks.following import ONE, system_on
from tests.benchmarks.grounds import Filled, Grounds
from tests.benchmarks.loading import library_environment
from tests.benchmarks.regency import FIRST_YEAR, INSTITUTION, UNITS
from tests.benchmarks.rival_view import measurement
from tests.benchmarks.rounds import Reading, Trial
from tests.benchmarks.unit_year import year_of_unit

YEAR_EVENTS: Final = 100_000
"""Of an institution-year: 56 units with all that a regency records (`DESIGN.md` §10: 60,000 to 150,000)."""

PAGE_OF_MODELS: Final[Sequence[ReadModel[Any]]] = (
    organisation_chart.READ_MODEL,
    cycle_status.READ_MODEL,
    obligation_calendar.READ_MODEL,
)
"""What the first page of an institution needs."""

LOADED: Final = UNITS[1::6]
"""Whose years are loaded in each turn, one after the other."""

_YEAR_WHAT: Final = "a unit's year"


@contextmanager
def replaying(grounds: Grounds, large: Sequence[Filled]) -> Iterator[list[Trial]]:
    """Yield the trials on the large logs; the library folds the same number of events, cut into as many streams."""
    with ExitStack() as stack:
        trials = []
        for each in large:
            system = system_on(each.url)
            stack.callback(system.close)
            events = min(YEAR_EVENTS, each.events)
            note = f"seconds for {YEAR_EVENTS:,} events, from {events:,}"
            for what, models in (("one model", ONE), ("three models", PAGE_OF_MODELS), ("all models", READ_MODELS)):
                run = partial(_institution_year, system, events, models)
                trials.append(Trial(f"institution-year folded anew, {what}", "sakip", each.database, "s", run, note))
            trials.append(trial_of(WHOLE_YEAR, system, "sakip", each.database, Stretch(0, events), check=False))
            trials.append(year_trial(system, _YEAR_WHAT, "sakip", each.database, each.events))
            trials += _of_library(stack, grounds, each.database)
        yield trials


def year_trial(system: System, what: str, contestant: str, database: str, known_at: int) -> Trial:
    """Return the trial of the achievement of a unit and year, as known at a position."""

    def loaded() -> Reading:
        return reading_of([_unit_year(system, unit, str(known_at)) for unit in LOADED])

    return Trial(what, contestant, database, "ms", loaded, f"{len(LOADED)} units a turn; tail: the slowest")


def _institution_year(system: System, events: int, models: Sequence[ReadModel[Any]]) -> Reading:
    started = time.perf_counter()
    rows = ReplayedRows(system.reader.events(INSTITUTION, until=events), models)
    elapsed = time.perf_counter() - started
    return Reading(elapsed / events * YEAR_EVENTS, events, int(rows.position != events))


def _unit_year(system: System, unit: str, known_at: str) -> Answer:
    started = time.perf_counter()
    with system.reader.view(INSTITUTION, ONE, known_at=known_at, of_cycle=(unit, FIRST_YEAR)) as view:
        found = achievement.achievement(view.rows, view.valid_on, unit=unit, fiscal_year=FIRST_YEAR)
        seconds = time.perf_counter() - started
    figures = 0 if found is None else sum(each.recorded is not None for c in found.commitments for each in c.periods)
    return Answer(seconds, figures == 0)


def _of_library(stack: ExitStack, grounds: Grounds, database: str) -> Iterator[Trial]:
    application: Application[Any] = Application(library_environment(grounds, database, "bench_replay"))
    stack.callback(application.close)
    told = sorted(each.stream for each in year_of_unit(LOADED[0], FIRST_YEAR))
    aggregates = [measurement(len(list(events))) for _, events in groupby(told)]
    for each in aggregates:
        application.save(each)
    ids, events = [each.id for each in aggregates], len(told)
    note = f"repository.get of {len(ids)} aggregates, {events:,} events"

    def folded() -> Answer:
        started = time.perf_counter()
        versions: list[int] = [application.repository.get(each).version for each in ids]
        return Answer(time.perf_counter() - started, sum(versions) != events)

    def unit_years() -> Reading:
        return reading_of([folded() for _ in LOADED])

    def institution_year() -> Reading:
        seconds, wrong = folded()
        return Reading(seconds / events * YEAR_EVENTS, events, wrong)

    yield Trial(_YEAR_WHAT, "eventsourcing 9.5.6", database, "ms", unit_years, f"{note}, {len(LOADED)} times a turn")
    whole = "institution-year folded anew, all models"
    yield Trial(whole, "eventsourcing 9.5.6", database, "s", institution_year, note)
