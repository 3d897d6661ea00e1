"""Waits for what another thread or process does."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 20.0
"""Longer than anything takes that happens at all; where a poll must not count, it is rarer still."""


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something is so, and say whether it is."""
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()
