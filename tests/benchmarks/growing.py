"""What a log loses when it grows: appends, loading a stream and reading a page, in a small log and in a large one."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from services.event_log.contract import EventLog
from services.event_log.opening import open_log
from tests.benchmarks.contestants import OurLog
from tests.benchmarks.grounds import SMALL, Filled, Grounds
from tests.benchmarks.loading import append_streams, load_trial
from tests.benchmarks.measuring import take_turn
from tests.benchmarks.regency import INSTITUTION
from tests.benchmarks.rounds import Figure, Reading, Trial

CLIENTS = (1, 16)
PAGES = 40
PAGE = 500


@contextmanager
def growing(grounds: Grounds, large: Sequence[Filled], seconds: float) -> Iterator[list[Trial]]:
    """Yield the trials, small and large in turns; appends meet a fresh copy of the small log each time."""
    with ExitStack() as stack:
        trials: list[Trial] = []
        for each in large:
            grounds.filled(each.database, "small", SMALL)
            grounds.copied(each.database, "small", "small_read")
            sizes = {f"{SMALL:,} events": grounds.url(each.database, "small_read"), f"{each.events:,} events": each.url}
            logs = {name: open_log(url) for name, url in sizes.items()}
            for log in logs.values():
                stack.callback(log.close)
            trials += _reading(each.database, logs)
            trials += _appending(grounds, each, list(sizes), seconds)
        yield trials


def losses(figures: Sequence[Figure]) -> Iterator[str]:
    """Tell, for each pair of figures, how much the large log loses against the small one."""
    for small, large in zip(figures[::2], figures[1::2], strict=True):
        ratio = large.median / small.median
        loss = 1 - ratio if small.unit.endswith("/s") else ratio - 1
        yield f"{small.what}, {small.database}, {small.contestant} → {large.contestant}: {loss:+.1%} lost"


def _reading(database: str, logs: dict[str, EventLog]) -> Iterator[Trial]:
    for name, log in logs.items():
        append_streams(log)
        yield load_trial(log, "load a stream in a log", name, database)
    for name, log in logs.items():
        yield Trial(f"read pages of {PAGE}", name, database, "events/s", partial(_pages, log))


def _pages(log: EventLog) -> Reading:
    chance = random.Random(PAGES)
    head = log.head(INSTITUTION)
    begins = [chance.randint(0, head - PAGE) for _ in range(PAGES)]
    started = time.perf_counter()
    pages = [log.read(INSTITUTION, begin, PAGE) for begin in begins]
    elapsed = time.perf_counter() - started
    wrong = sum(
        [entry.id for entry in page] != list(range(begin + 1, begin + PAGE + 1))
        for begin, page in zip(begins, pages, strict=True)
    )
    return Reading(PAGES * PAGE / elapsed, PAGES, wrong)


def _appending(grounds: Grounds, filled: Filled, names: Sequence[str], seconds: float) -> Iterator[Trial]:
    database = filled.database
    for clients in CLIENTS:
        what = f"append, {clients} clients"
        for name, url in ((names[0], partial(grounds.copied, database, "small", "small_append")), (names[1], None)):
            run = partial(_appends, database, url or partial(str, filled.url), clients, seconds)
            yield Trial(what, name, database, "events/s", run, "wrong: missed, duplicated or lost")


def _appends(database: str, url: Callable[[], str], clients: int, seconds: float) -> Reading:
    contestant = OurLog(database, url())
    try:
        for _ in range(50):  # a copy has never been read: let it be as warm as the other
            contestant.append()
        turn = take_turn(contestant, clients, seconds)
    finally:
        contestant.close()
    return Reading(turn.rate, turn.events, turn.missed + turn.duplicated + turn.lost, tail=None)
