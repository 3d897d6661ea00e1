"""One turn of a contestant: clients that append as fast as they can, and a reader of the tail that counts."""

import statistics
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.benchmarks.contestants import Contestant

POLL_SECONDS = 0.005


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one turn gave: events per second, latencies in milliseconds, and the safety counts of its reader."""

    rate: float
    p50: float
    p99: float
    events: int
    missed: int
    duplicated: int
    lost: int


@dataclass
class Tail:
    """Follows a contestant from a position on, as a follower does: what comes after the last one that it saw."""

    contestant: Contestant
    after: int
    seen: list[int] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    def follow(self) -> None:
        while not self.stop.wait(POLL_SECONDS):
            self.look()

    def look(self) -> None:
        page = self.contestant.read(self.after)
        self.seen.extend(page)
        self.after = max([self.after, *page])


def take_turn(contestant: Contestant, clients: int, seconds: float) -> Turn:
    """Let a number of clients append for some seconds; then count what the reader missed, saw twice, and what is lost.

    Missed: stored but never seen by the reader. Duplicated: seen more than once. Lost: acknowledged but not stored.
    """
    before = contestant.head()
    tail = Tail(contestant, before)
    reader = Thread(target=tail.follow)
    reader.start()
    started = time.perf_counter()
    end = started + seconds
    with ThreadPoolExecutor(clients) as pool:
        runs = [each.result() for each in [pool.submit(_append_until, contestant, end) for _ in range(clients)]]
    elapsed = time.perf_counter() - started
    tail.stop.set()
    reader.join()
    tail.look()
    acknowledged = [position for run in runs for _, positions in run for position in positions]
    latencies = sorted(latency * 1000 for run in runs for latency, _ in run)
    stored = set(contestant.read(before))
    return Turn(
        rate=len(acknowledged) / elapsed,
        p50=latencies[len(latencies) // 2],
        p99=latencies[len(latencies) * 99 // 100],
        events=len(acknowledged),
        missed=len(stored - set(tail.seen)),
        duplicated=sum(times > 1 for times in Counter(tail.seen).values()),
        lost=len(set(acknowledged) - stored),
    )


def _append_until(contestant: Contestant, end: float) -> list[tuple[float, Sequence[int]]]:
    answers: list[tuple[float, Sequence[int]]] = []
    begun = time.perf_counter()
    while begun < end:
        positions = contestant.append()
        now = time.perf_counter()
        answers.append((now - begun, positions))
        begun = now
    return answers


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The turns of one contestant: median and quartiles of the rate, medians of the latencies, sums of the counts."""

    contestant: str
    database: str
    clients: int
    note: str
    rates: tuple[float, ...]
    lower: float
    median: float
    upper: float
    p50: float
    p99: float
    events: int
    missed: int
    duplicated: int
    lost: int


def summary_of(contestant: Contestant, clients: int, turns: Sequence[Turn]) -> Summary:
    """Return the summary of at least one turn."""
    rates = tuple(turn.rate for turn in turns)
    lower, median, upper = statistics.quantiles(rates, n=4, method="inclusive") if len(rates) > 1 else rates * 3
    return Summary(
        contestant=contestant.name,
        database=contestant.database,
        clients=clients,
        note=contestant.note,
        rates=rates,
        lower=lower,
        median=median,
        upper=upper,
        p50=statistics.median(turn.p50 for turn in turns),
        p99=statistics.median(turn.p99 for turn in turns),
        events=sum(turn.events for turn in turns),
        missed=sum(turn.missed for turn in turns),
        duplicated=sum(turn.duplicated for turn in turns),
        lost=sum(turn.lost for turn in turns),
    )
