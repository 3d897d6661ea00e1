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
    """A key that stopped at a position: why, how many events wait from there on, and the first of them.

    What stopped at an event waits from that event on, itself included. Between two pages of a retry a key stands where
    the page ended, at whatever event comes then. No more of `positions` is known there than was listed before.
    """

    model: str
    key: str
    position: int
    reason: str
    waiting: int = 1
    positions: tuple[int, ...]

    def and_(self, position: int) -> "Parked":
        """Return it with one more event waiting; none is listed behind one that isn't."""
        listed = (*self.positions, position) if len(self.positions) == self.waiting < LISTED else self.positions
        return msgspec.structs.replace(self, waiting=self.waiting + 1, positions=listed)

    def beyond(self, position: int, counted: int) -> "Parked":
        """Return what of it waits beyond a position, when so many of the waiting events lie up to there."""
        listed = tuple(each for each in self.positions if each > position)
        waiting = max(self.waiting - counted, len(listed))
        return msgspec.structs.replace(self, position=position + 1, waiting=waiting, positions=listed)

    def and_all(self, rest: "Parked") -> "Parked":
        """Return it with all that waits in a rest of the log, which begins where it was counted to."""
        listed = (*self.positions, *rest.positions)[:LISTED]
        return msgspec.structs.replace(self, waiting=self.waiting + rest.waiting, positions=listed)


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
        reason = reason_of(fault)
        self.halt(Parked(model=self.model.name, key=key, position=position, reason=reason, positions=(position,)))

    def halt(self, parked: Parked) -> None:
        """Let a key be parked as is said, whatever was said of it before."""
        self.parked[parked.key] = parked
        self.halted.add(parked.key)

    def _wait(self, key: str, position: int) -> None:
        self.halt(self.parked[key].and_(position))


def reason_of(fault: Exception) -> str:
    """Return the exception's name and text, in characters that every database takes."""
    said = f"{type(fault).__name__}: {fault}".replace("\0", "\\0")[:_LONGEST_REASON]
    return said.encode("utf-8", "backslashreplace").decode()
