"""What differs between two moments of a year, asked as `sakip diff` asks it, of one unit and of a whole institution."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, Final

import msgspec

from services.bootstrap import System
from services.difference import Difference
from services.queries.asked import OfDifference
from services.queries.history import year_difference
from services.queries.table import QUERIES
from tests.benchmarks.ends import told_of, wrongly_told
from tests.benchmarks.following import follow_to_head, system_on
from tests.benchmarks.grounds import Filled, Grounds
from tests.benchmarks.regency import FIRST_YEAR, INSTITUTION, UNITS
from tests.benchmarks.replaying import YEAR_EVENTS
from tests.benchmarks.rounds import Reading, Trial

ONE_BY_ONE: Final = UNITS[7::20]
"""The units that are asked about in each turn; of a whole institution the first of them is checked."""

_MONTH: Final = {"earlier": f"{FIRST_YEAR}-05-31", "later": f"{FIRST_YEAR}-06-30"}
_HALF_YEAR: Final = {"earlier": f"{FIRST_YEAR}-03-31", "later": f"{FIRST_YEAR}-09-30"}
_YEAR: Final = OfDifference(fiscal_year=FIRST_YEAR, valid_on=f"{FIRST_YEAR + 1}-12-31")
_ASKED: Final[Sequence[tuple[str, Sequence[str | None], dict[str, Any]]]] = (
    ("one unit, half a year", ONE_BY_ONE, _HALF_YEAR),
    ("one unit, since approval", ONE_BY_ONE, {"since_approval": True}),
    ("one unit, as reported", ONE_BY_ONE, {"as_reported": True}),
    ("all units, one month", [None], _MONTH),
    ("all units, half a year", [None], _HALF_YEAR),
)


@contextmanager
def differing(grounds: Grounds, large: Sequence[Filled]) -> Iterator[list[Trial]]:
    """Yield the trials on the large logs, or on logs of a year where these are smaller than that."""
    with ExitStack() as stack:
        trials: list[Trial] = []
        for each in large:
            system = system_on(_of_a_year(grounds, each).url)
            stack.callback(system.close)
            trials += _trials(system, each.database)
        yield trials


def _of_a_year(grounds: Grounds, large: Filled) -> Filled:
    """Return a log that was followed and holds all of its first year."""
    if large.events >= YEAR_EVENTS:
        return large
    filled = grounds.filled(large.database, "year", YEAR_EVENTS)
    follow_to_head(grounds, filled)
    return filled


def _trials(system: System, database: str) -> Iterator[Trial]:
    for what, units, moments in _ASKED:
        asked = msgspec.structs.replace(_YEAR, **moments)
        run = partial(_turn, system, asked, units)
        note = f"{len(units)} units a turn; tail: the slowest" if len(units) > 1 else "checked: one unit of it"
        yield Trial(f"difference: {what}", "sakip", database, "s", run, f"{note}; of: places")


def _turn(system: System, asked: OfDifference, units: Sequence[str | None]) -> Reading:
    """Ask about one unit after the other; an answer in which nothing differs is counted as wrong."""
    spent, checked, wrong = [], 0, 0
    for unit in units:
        found, seconds = _told(system, msgspec.structs.replace(asked, unit=unit))
        one = unit or ONE_BY_ONE[0]
        spent.append(seconds)
        checked += len(told_of(found, one))
        wrong += len(wrongly_told(system, found, one)) + (not found.changes)
    return Reading(statistics.median(spent), checked, wrong, tail=max(spent) if len(spent) > 1 else None)


def _told(system: System, asked: OfDifference) -> tuple[Difference, float]:
    started = time.perf_counter()
    with system.reader.view(INSTITUTION, QUERIES["difference"].models, asked.known_at, asked.valid_on) as view:
        found = year_difference(system.reader, system.log, view, asked)
    return found, time.perf_counter() - started
