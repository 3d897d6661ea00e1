"""Lets several things begin at the same moment, each in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def at_once(*works: Callable[[], T]) -> list[T | Exception]:
    """Do all at once; return for each its result, or what it raised."""
    start = Barrier(len(works))

    def begin(work: Callable[[], T]) -> T | Exception:
        start.wait(30)
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the outcome, whatever it is
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))
