"""Replay: the rows of any moment out of the log, for a whole institution and for one unit's year."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from itertools import count, groupby
from typing import Any, Final

from eventsourcing.application import Application

from domain.stream import cycle
from projections import achievement, cycle_status, obligation_calendar, organisation_chart
from projections.achievement import UnitAchievement
from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel
from projections.replay import ReplayedRows
from services.bootstrap import System
from services.folding import decoded
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

_OF_UNITS: Final = f"{len(LOADED)} units a turn; tail: the slowest"
_YEAR_END: Final = f"{FIRST_YEAR}-12-31"

_YEAR_ANEW: Final = "a unit's year folded anew"


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
            trials.append(trial_of(WHOLE_YEAR, system, "sakip", each.database, Stretch(0, events), check=True))
            whole_year = partial(_units, _unit_anew, system, Stretch(0, events), count())
            trials.append(Trial(_YEAR_ANEW, "sakip", each.database, "ms", whole_year, _OF_UNITS))
            trials.append(year_trial(system, "a unit's year, any moment", "sakip", each.database, Stretch(0, events)))
            trials += _of_library(stack, grounds, each.database)
        yield trials


def year_trial(system: System, what: str, contestant: str, database: str, stretch: Stretch) -> Trial:
    """Return the trial of the achievement of a unit in the first year, as known late in a stretch of the log."""
    return Trial(what, contestant, database, "ms", partial(_units, _unit_year, system, stretch, count()), _OF_UNITS)


def _institution_year(system: System, events: int, models: Sequence[ReadModel[Any]]) -> Reading:
    started = time.perf_counter()
    rows = ReplayedRows(system.reader.events(INSTITUTION, until=events), models)
    elapsed = time.perf_counter() - started
    return Reading(elapsed / events * YEAR_EVENTS, events, int(rows.position != events))


def _units(
    ask: Callable[[System, str, int], tuple[float, UnitAchievement | None]],
    system: System,
    stretch: Stretch,
    turns: Iterator[int],
) -> Reading:
    """Ask about units as known at other positions in each turn; each answer is compared with the other way."""
    chance, answers = random.Random(next(turns)), []
    for unit in LOADED:
        position = stretch.after + chance.randint(stretch.events // 2, stretch.events)
        seconds, found = ask(system, unit, position)
        other = _unit_anew if ask is _unit_year else _unit_year
        answers.append(Answer(seconds, found is None or found != other(system, unit, position)[1]))
    return reading_of(answers)


def _unit_year(system: System, unit: str, position: int) -> tuple[float, UnitAchievement | None]:
    """Ask as a page does, from a milestone on."""
    started = time.perf_counter()
    with system.reader.view(INSTITUTION, ONE, str(position), _YEAR_END, of_cycle=(unit, FIRST_YEAR)) as view:
        found = achievement.achievement(view.rows, view.valid_on, unit=unit, fiscal_year=FIRST_YEAR)
        return time.perf_counter() - started, found


def _unit_anew(system: System, unit: str, position: int) -> tuple[float, UnitAchievement | None]:
    """Fold all events of the cycle up to a position that the read model folds."""
    started = time.perf_counter()
    entries = system.log.read_cycle(INSTITUTION, cycle(unit, FIRST_YEAR), position)
    rows = ReplayedRows(decoded(system.codec, ONE, entries), ONE)
    found = achievement.achievement(rows, date.fromisoformat(_YEAR_END), unit=unit, fiscal_year=FIRST_YEAR)
    return time.perf_counter() - started, found


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

    yield Trial(_YEAR_ANEW, "eventsourcing 9.5.6", database, "ms", unit_years, f"{note}, {len(LOADED)} times a turn")
    whole = "institution-year folded anew, all models"
    yield Trial(whole, "eventsourcing 9.5.6", database, "s", institution_year, note)
