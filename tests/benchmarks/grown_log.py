"""What reads lose when a log grows: following at its head, a write until it is visible, a question about any moment.

Small and large take turns with the same months of a regency, in years that neither has anything of, so that the events
are no reason for a difference.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import count, islice
from typing import Final

import structlog

from domain.stream import cycle
from projections.catalogue import READ_MODELS
from projections.read_model import Rows
from projections.replay import ReplayedRows
from projections.row_codec import encode_row
from services.bootstrap import System
from services.event_log.contract import Batch
from services.milestones import EVERY
from tests.benchmarks.asking import Answer
from tests.benchmarks.following import follow_to_head, system_on
from tests.benchmarks.grounds import SMALL, Filled, Grounds
from tests.benchmarks.moments import asking
from tests.benchmarks.regency import INSTITUTION, UNITS, month_of
from tests.benchmarks.rounds import Reading, Trial
from tests.benchmarks.seeing import PATIENCE_SECONDS, PAUSE_SECONDS

WRITES: Final = 45
FIRST_WRITES: Final = 5
"""Not counted: the system has just begun to deliver."""

MONTH: Final = 3_500
"""No month of all units has more events."""

FOLLOWED_FROM: Final = 2050
SEEN_FROM: Final = 2095
"""First years of what is appended here: two million events end before them."""

_OF_CYCLE: Final = tuple(model for model in READ_MODELS if model.of_cycle)
"""What the events of a cycle alone are folded into, so that a check needs no fold of the whole log."""


@contextmanager
def grown_reads(grounds: Grounds, large: Sequence[Filled]) -> Iterator[list[Trial]]:
    """Yield the trials, small and large in turns; the large ones were followed to their heads before."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with ExitStack() as stack:
        trials: list[Trial] = []
        for each in large:
            small = grounds.filled(each.database, "small", SMALL)
            follow_to_head(grounds, small)
            trials += asking(stack, grounds, small, each)
            trials += _following(grounds, small, each)
            trials += _seeing(grounds, small, each)
        yield trials


def _at_rest(system: System) -> None:
    """Let everything stand at the head; workflows as if they had reacted, which the regency's own events tell of."""
    system.runner._advance(INSTITUTION, system.log.head(INSTITUTION))
    system.delivery.settle(INSTITUTION)


def _name(filled: Filled) -> str:
    return f"{filled.events:,} events"


def _following(grounds: Grounds, small: Filled, large: Filled) -> Iterator[Trial]:
    """Yield the trials of following; the small log is a fresh copy each time, lest it grow."""
    urls = partial(grounds.copied, small.database, small.name, "small_follows"), partial(str, large.url)
    for filled, url in zip((small, large), urls, strict=True):
        run = partial(_followed, url, count(FOLLOWED_FROM))
        note = f"one page: a month of {len(UNITS)} units"
        yield Trial("follow at the head, all models", _name(filled), filled.database, "events/s", run, note)


def _followed(url: Callable[[], str], years: Iterator[int]) -> Reading:
    """Follow a month of all units, after the January before it, which makes a copy as warm as the other.

    Januaries of other years are followed before, until no milestone lies within the month that is measured.
    """
    with closing(system_on(url())) as system:
        for year in years:
            versions = dict[str, int]()
            before = _record(system, month_of(year, 0, UNITS, versions))
            system.follower.catch_up(INSTITUTION)
            if before % EVERY + MONTH < EVERY:
                break
        head = _record(system, month_of(year, 1, UNITS, versions))
        started = time.perf_counter()
        position = system.follower.catch_up(INSTITUTION)
        elapsed = time.perf_counter() - started
        wrong = (position != head) + sum(_differs(system, unit, year, head) for unit in UNITS)
    return Reading((head - before) / elapsed, head - before, wrong)


def _record(system: System, batches: Iterator[Batch]) -> int:
    """Append at least one batch; return the last position."""
    return [system.log.append(batch).last_position for batch in batches][-1]


def _differs(system: System, unit: str, year: int, head: int) -> bool:
    """Say whether the rows of a cycle are not those of its events, or do not stand at the head."""
    entries = system.log.read_cycle(INSTITUTION, cycle(unit, year), head)
    folded = ReplayedRows(map(system.codec.decode, entries), _OF_CYCLE)
    with system.reader.live(INSTITUTION) as live:
        told = [_written(rows, unit, year) for rows in (live, folded)]
        return live.position() != head or told[0] != told[1]


def _written(rows: Rows, unit: str, year: int) -> list[bytes]:
    found = (row for model in _OF_CYCLE for row in rows.rows(model, unit=unit, fiscal_year=year))
    return [encode_row(row) for row in found]


def _seeing(grounds: Grounds, small: Filled, large: Filled) -> Iterator[Trial]:
    """Yield the trials of what a writer waits for, the half and nearly all of the writes."""
    urls = grounds.copied(small.database, small.name, "small_seen"), large.url
    logs = [(filled, url, count()) for filled, url in zip((small, large), urls, strict=True)]
    for percent in (50, 95):
        for filled, url, turns in logs:
            run = partial(_seen, url, turns, percent)
            yield Trial(
                f"write → visible, p{percent}",
                _name(filled),
                filled.database,
                "ms",
                run,
                "of one figure; tail: the slowest",
            )


def _seen(url: str, turns: Iterator[int], percent: int) -> Reading:
    """Write figures of another unit in each turn, one after the other, while the system delivers as `sakip serve` does.

    No workflow answers a figure, so that the log holds what is written here and nothing else.
    """
    later, number = divmod(next(turns), len(UNITS))
    year, units, versions = SEEN_FROM + later, UNITS[number : number + 1], dict[str, int]()
    with closing(system_on(url)) as system:
        _record(system, month_of(year, 0, units, versions))
        _at_rest(system)
        system.delivery.start(keep_time=False)
        figures = month_of(year, 1, units, versions, at_once=1)
        for batch in islice(figures, FIRST_WRITES):
            _write(system, batch, units[0], year)
        answers = [_write(system, batch, units[0], year) for batch in islice(figures, WRITES)]
    spent = sorted(each.seconds * 1000 for each in answers)
    return Reading(spent[len(spent) * percent // 100], len(spent), sum(each.wrong for each in answers), tail=spent[-1])


def _write(system: System, batch: Batch, unit: str, year: int) -> Answer:
    position = system.log.append(batch).last_position
    started = time.perf_counter()
    system.delivery.wake(INSTITUTION, position)
    seen = system.delivery.wait(INSTITUTION, position, PATIENCE_SECONDS)
    seconds = time.perf_counter() - started
    wrong = not seen or _differs(system, unit, year, position)
    time.sleep(PAUSE_SECONDS)
    return Answer(seconds, wrong)
