"""What a question about a past moment costs in a small log and in a large one, where only the rest of the log differs.

Two things could make it dearer: what was recorded after that moment, and what before it. For the one, both logs are
asked as known after the same of their first events, which are the same. For the other, the same months of a year that
neither has anything of are appended to both from a milestone on, so that each question meets the same rows of that year
and as many events since a milestone.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Final

from services.bootstrap import System
from tests.benchmarks.asking import STATUS, Stretch, trial_of
from tests.benchmarks.following import system_on
from tests.benchmarks.grounds import SMALL, Filled, Grounds
from tests.benchmarks.regency import INSTITUTION, UNITS, month_of
from tests.benchmarks.replaying import year_trial
from tests.benchmarks.rounds import Trial

ASKED_YEAR: Final = 2048
"""Of what is appended here: two million events end before it."""

MONTHS: Final = 4
"""Some 13,000 events: they reach beyond the next milestone."""

_COPY: Final = "small_read"
_FIRST: Final = STATUS._replace(what="status of all units, as known in the first events")
_LAST: Final = STATUS._replace(what="status of all units, as known in the last events")


def asking(stack: ExitStack, grounds: Grounds, small: Filled, large: Filled) -> Iterator[Trial]:
    """Yield a unit's year, and the status of all units, each in a system that stays open as a server does."""
    database = large.database
    grounds.copied(database, small.name, _COPY)
    opened = [
        (f"{filled.events:,} events", *_opened(stack, grounds, filled, name))
        for filled, name in ((small, _COPY), (large, large.name))
    ]
    for name, system, _ in opened:
        yield year_trial(system, "a unit's year in a log", name, database, Stretch(0, SMALL))
    for name, system, _ in opened:
        note = f" in the same {SMALL:,}"
        yield trial_of(_FIRST, system, name, database, Stretch(0, SMALL), note, check=True)
    for name, system, last in opened:
        note = f" in the same {last.events:,}, appended to both"
        yield trial_of(_LAST, system, name, database, last, note, check=True)


def _opened(stack: ExitStack, grounds: Grounds, filled: Filled, name: str) -> tuple[System, Stretch]:
    """Append to a log that stands at a milestone, and open it; return where the appended events lie."""
    url = grounds.url(filled.database, name)
    with closing(system_on(url)) as system:
        versions = dict[str, int]()
        for month in range(MONTHS):
            for batch in month_of(ASKED_YEAR, month, UNITS, versions):
                system.log.append(batch)
        head = system.follower.catch_up(INSTITUTION)
    grounds.tidy(filled.database, name)
    system = system_on(url)
    stack.callback(system.close)
    return system, Stretch(filled.events, head - filled.events)
