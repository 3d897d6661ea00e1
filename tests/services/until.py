"""Waits for what another thread or process does."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 30.0
"""Longer than anything takes that will happen; tests in which a poll must not help poll more seldom than this."""


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something is so, and say whether it is."""
    deadline = time.monotonic() + seconds
    while not (so := true()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return so
