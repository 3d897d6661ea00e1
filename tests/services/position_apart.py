"""Broken followers, for controls: rows and position in two transactions, one after the other."""

import time
from collections.abc import Sequence
from typing import Any

from projections.keyed_fold import KeyedFold
from services.folding import store_page
from services.follower import Follower
from services.generations import move
from services.read_tables import LiveRows


class PositionAfterwards(Follower):
    """Rows in one transaction, the position in a second one; `pause` is how many seconds lie between them."""

    pause = 0.0

    def _store(self, live: LiveRows, folds: Sequence[KeyedFold[Any]], after: int) -> None:
        with self._tables.engine.begin() as connection:
            store_page(LiveRows(connection, live.institution, live.stand), folds, self._clock.now())
        time.sleep(self.pause)
        with self._tables.engine.begin() as connection:
            move(connection, live.institution, live.stand, after)


class PositionFirst(Follower):
    """The position in a transaction of its own, then the rows."""

    def _store(self, live: LiveRows, folds: Sequence[KeyedFold[Any]], after: int) -> None:
        with self._tables.engine.begin() as connection:
            move(connection, live.institution, live.stand, after)
        with self._tables.engine.begin() as connection:
            store_page(LiveRows(connection, live.institution, live.stand), folds, self._clock.now())


class SlowPositionAfterwards(PositionAfterwards):
    """The same, with so much time in between that nobody who is killed within a second gets past it."""

    pause = 2.0
