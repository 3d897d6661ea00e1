"""Plays on a system through its command handler: whose turn it is, what is remembered, what was refused.

Chance decides everything, and a seed decides chance: the same seed gives the same play on every recorder.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.institution import Institution
from services.bootstrap import System
from services.clock import VirtualClock
from services.command_handler import Receipt, Request
from tests.cycle.five_years.cast import HEAD_UNIT, operator_of
from tests.services.office import INSTITUTION, request

ZONE = ZoneInfo("Asia/Jakarta")
T = TypeVar("T")


@dataclass
class Remembered:
    """What the people know of an entity's year: what they promised, and how far they are."""

    commitments: list[dict[str, Any]] = field(default_factory=list)
    signed: bool = False
    targets: dict[str, list[int]] = field(default_factory=dict)
    quarters: dict[int, str] = field(default_factory=lambda: dict.fromkeys(range(1, 5), "begun"))
    realised: dict[tuple[int, str], int] = field(default_factory=dict)
    report: str = "none"
    evaluation: str = "none"
    findings: int = 0


class Player:
    """A system on a clock of its own; `ask` is called at each of the drawn `instants`, and at times while it stands."""

    def __init__(
        self, system: System, clock: VirtualClock, seed: int, instants: Sequence[datetime], ask: Callable[[bool], None]
    ) -> None:
        self.system = system
        self.clock = clock
        self.rng = Random(seed)
        self.cycles: dict[tuple[str, int], Remembered] = {}
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.repeated = 0
        self.calendar_revisions = 0
        self._settled = 0
        self._stood = 0
        self._instants = sorted(instants)
        self._ask = ask
        self._asking = Random(seed + 1)

    @property
    def today(self) -> date:
        """The local day."""
        return self.clock.now().astimezone(ZONE).date()

    @property
    def head(self) -> int:
        """The last position."""
        return self.system.log.head(INSTITUTION)

    @property
    def institution(self) -> Institution:
        """The institution as it stands."""
        return self.system.handler.institution(INSTITUTION)

    def chance(self, share: float) -> bool:
        """Say yes in a share of all cases."""
        return self.rng.random() < share

    def one(self, of: Iterable[T]) -> T | None:
        """Return one of several, or None where there is none."""
        several = list(of)
        return self.rng.choice(several) if several else None

    @property
    def under_way(self) -> list[tuple[str, int, Remembered]]:
        """The entities' years that somebody carries on; now and then also those that nobody does."""
        known, today = self.institution, self.today
        carried = {unit for unit in known.units if known.in_being(unit, today) or known.successors_of(unit, today)}
        return [
            (unit, year, each) for (unit, year), each in self.cycles.items() if unit in carried or self.chance(0.02)
        ]

    def day(self, earliest: int, latest: int) -> str:
        """Return a day between so many days from today (negative: past), as the API takes it."""
        return (self.today + timedelta(days=self.rng.randint(earliest, latest))).isoformat()

    def acting_for(self, unit: str) -> str:
        """Return the operator of a unit or, where it has ended, of one that carries on its work."""
        carried_on = self.institution.successors_of(unit, self.today)
        return operator_of(carried_on[0] if carried_on else unit)

    def head_of(self, unit: str) -> str:
        """Return who heads a unit today; where nobody does, its operator, who will be refused."""
        head = self.institution.head_of(unit, self.today)
        return operator_of(unit) if head is None else head.person

    def signatories(self, unit: str) -> tuple[str, ...]:
        """Return who signs a unit's agreement."""
        return tuple(dict.fromkeys((self.head_of(unit), self.head_of(HEAD_UNIT))))

    def until(self, instant: datetime) -> None:
        """Let time pass up to an instant, and ask at every drawn one on the way."""
        while self._instants and self._instants[0] <= instant:
            self.clock.set(self._instants.pop(0))
            self._ask(self._asking.random() < 0.7)
        self.clock.set(instant)

    def wakes(self, day: date) -> None:
        """Let it be the morning of a day, with all that time brings about."""
        self.until(datetime.combine(day, time(1), UTC) + timedelta(microseconds=self.rng.randrange(10**9)))
        self.settle()
        while self.system.timekeeper.tick(INSTITUTION):
            self.settle()

    def settle(self) -> None:
        """Let workflows react and read models follow, where anything has happened."""
        if self._settled != self.head:
            self._settled = self.system.delivery.settle(INSTITUTION)

    def tries(self, person: str, command: str, /, **fields: Any) -> Receipt | None:  # noqa: ANN401 - any command
        """Let a person send a command; return its receipt, or None where it is refused, which leaves no event."""
        if self.chance(0.7):
            self.until(self.clock.now() + timedelta(microseconds=self.rng.randrange(1, 8 * 10**8)))
        else:  # the clock stands still: several facts are recorded at one instant
            self._stood += bool(self.cycles)
            if self._stood % 25 == 24:
                self._ask(self._asking.random() < 0.3)
        given = {name: value for name, value in fields.items() if value is not None}
        return self.sends(command, request(person, command, id_=f"k-{self.rng.getrandbits(64)}", **given))

    def sends(self, command: str, asked: Request) -> Receipt | None:
        """Send a command, at times twice."""
        before = self.head
        try:
            receipt = self.system.handler.handle(asked)
        except Refusal as refusal:
            assert self.head == before, f"{command} was refused and left an event"
            self.refused[refusal.code] += 1
            return None
        assert self.head == before + len(receipt.events)
        self.accepted[command] += 1
        if self.chance(0.03):
            assert self.system.handler.handle(asked).repeated == bool(receipt.events)
            assert self.head == before + len(receipt.events)
            self.repeated += 1
        return receipt
