"""Folds one read model key by key: where an event fails, its key is parked there, and the other keys go on."""

from collections.abc import Mapping
from typing import Any, Final, Generic

import msgspec

from domain.event import RecordedEvent
from projections.read_model import ReadModel, RowT

WHOLE: Final = "*"
"""The key under which a read model is parked as a whole: it could not even name the rows that an event changes."""

LISTED: Final = 100
"""How many of the waiting positions are listed; the others are counted."""

_LONGEST_REASON: Final = 500


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """A key that stopped at an event: why, how many events wait (that one included), and the first of them."""

    model: str
    key: str
    position: int
    reason: str
    waiting: int = 1
    positions: tuple[int, ...]

    def and_(self, position: int) -> "Parked":
        """Return it with one more event waiting."""
        listed = (*self.positions, position) if len(self.positions) < LISTED else self.positions
        return msgspec.structs.replace(self, waiting=self.waiting + 1, positions=listed)


class KeyedFold(Generic[RowT]):
    """The rows of one read model by key, null where one was removed, and what is parked.

    `touched` are the keys whose rows changed, with the position that did it last; `halted` those that were parked or
    got more to wait for.
    """

    def __init__(
        self, model: ReadModel[RowT], parked: Mapping[str, Parked] = {}, rows: Mapping[str, RowT | None] = {}
    ) -> None:
        self.model = model
        self.rows = dict(rows)
        self.parked = dict(parked)
        self.touched: dict[str, int] = {}
        self.halted: set[str] = set()

    def keys(self, event: RecordedEvent[Any]) -> tuple[str, ...]:
        """Return the keys that an event changes; none once the read model is parked as a whole."""
        if not self.model.concerns(event.stream):
            return ()
        if WHOLE in self.parked:
            self._wait(WHOLE, event.position)
            return ()
        try:
            return self.model.keys(event)
        except Exception as fault:  # noqa: BLE001 - whatever is wrong in one read model stops no other
            self.park(WHOLE, event.position, fault)
            return ()

    def evolve(self, key: str, event: RecordedEvent[Any]) -> None:
        """Fold an event into the row of a key, unless the key is parked."""
        if key in self.parked:
            self._wait(key, event.position)
            return
        before = self.rows.get(key)
        try:
            row = self.model.evolve(key, before, event)
        except Exception as fault:  # noqa: BLE001 - whatever is wrong under one key stops no other
            self.park(key, event.position, fault)
            return
        if row is not before:
            self.rows[key] = row
            self.touched[key] = event.position

    def park(self, key: str, position: int, fault: Exception) -> None:
        """Park a key at the event that it failed at; the machine's want of memory is no fault of an event."""
        if isinstance(fault, MemoryError):
            raise fault
        self.parked[key] = Parked(
            model=self.model.name, key=key, position=position, reason=_told(fault), positions=(position,)
        )
        self.halted.add(key)

    def _wait(self, key: str, position: int) -> None:
        self.parked[key] = self.parked[key].and_(position)
        self.halted.add(key)


def _told(fault: Exception) -> str:
    """Return the exception's name and text, in characters that every database takes."""
    said = f"{type(fault).__name__}: {fault}".replace("\0", "\\0")[:_LONGEST_REASON]
    return said.encode("utf-8", "backslashreplace").decode()
