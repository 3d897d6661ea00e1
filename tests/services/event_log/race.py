"""A race of writers against one reader that follows the tail, and what the reader missed or saw twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

WRITERS = 16


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


def run_race(append: Callable[[int, int], object], read: Callable[[int], Sequence[int]], rounds: int) -> Race:
    """Let writers call `append(writer, round)` while one reader asks `read(after)` for the positions that follow."""
    seen: list[int] = []

    def follow(page: Sequence[int]) -> None:
        seen.extend(page)

    def write(writer: int) -> None:
        for number in range(rounds):
            append(writer, number)

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, writer) for writer in range(WRITERS)]
        while wait(writers, timeout=0.001).not_done:
            follow(read(seen[-1] if seen else 0))
        for each in writers:
            each.result()
    follow(read(seen[-1] if seen else 0))
    return Race(seen=seen, stored=read(0))
