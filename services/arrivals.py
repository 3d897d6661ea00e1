"""What is told to those who wait in this process: how far workflows and read models of an institution have come."""

from threading import Condition


class Arrivals:
    """A mark taken before looking makes sure that nothing told after it is slept through."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._missed = 0
        self._positions: dict[str, int] = {}

    def mark(self) -> int:
        """Return the present moment."""
        with self._changed:
            return self._missed

    def tell(self, institution: str, position: int) -> None:
        """Say that a log is visible up to a position, with what workflows sent because of it."""
        with self._changed:
            self._positions[institution] = max(position, self._positions.get(institution, 0))
            self._changed.notify_all()

    def tell_all(self) -> None:
        """Say that any may have come further, or have fallen back with a server that failed: who waits has to look."""
        with self._changed:
            self._missed += 1
            self._positions.clear()
            self._changed.notify_all()

    def wait(self, institution: str, position: int, mark: int, seconds: float) -> bool:
        """Wait until a position was told, and say whether it was; else it is time to look."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._positions.get(institution, 0) >= position or self._missed > mark, seconds
            )
            return self._positions.get(institution, 0) >= position
