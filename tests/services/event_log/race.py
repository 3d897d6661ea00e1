"""A race of writers against one reader that follows the tail, and what the reader missed or saw twice."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import count, takewhile
from typing import TypeAlias

WRITERS = 16

Append: TypeAlias = Callable[[int, int], object]
Read: TypeAlias = Callable[[int], Sequence[int]]


@dataclass(frozen=True)
class Race:
    """The positions that a reader of the tail saw, and those that are stored when all writers have ended."""

    seen: Sequence[int]
    stored: Sequence[int]

    @property
    def missed(self) -> list[int]:
        return sorted(set(self.stored) - set(self.seen))

    @property
    def doubled(self) -> list[int]:
        return [position for position, times in Counter(self.seen).items() if times > 1]


def run_race(append: Append, read: Read, rounds: int) -> Race:
    """Let writers call `append(writer, round)` while one reader asks `read(after)` for the positions that follow."""
    return _race(append, read, WRITERS, lambda: iter(range(rounds)))


def run_race_for(append: Append, read: Read, seconds: float, writers: int) -> Race:
    """Do the same for a time instead of a number of rounds."""
    end = time.monotonic() + seconds
    return _race(append, read, writers, lambda: takewhile(lambda _: time.monotonic() < end, count()))


def _race(append: Append, read: Read, writers: int, rounds: Callable[[], Iterator[int]]) -> Race:
    seen: list[int] = []

    def follow(page: Sequence[int]) -> None:
        seen.extend(page)

    def write(writer: int) -> None:
        for number in rounds():
            append(writer, number)

    with ThreadPoolExecutor(writers) as pool:
        writing = [pool.submit(write, writer) for writer in range(writers)]
        while wait(writing, timeout=0.001).not_done:
            follow(read(seen[-1] if seen else 0))
        for each in writing:
            each.result()
    follow(read(seen[-1] if seen else 0))
    return Race(seen=seen, stored=read(0))
