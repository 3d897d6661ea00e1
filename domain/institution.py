"""The institution as its organisation stream tells it: units, officials, roles, calendar, rules and years on a day.

Every stage may rely on it. It is folded by `domain/organisation/decider.py` and only read elsewhere.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import msgspec

from domain.actor import Role
from domain.dated import Dated
from domain.state import State
from domain.rulebook import RuleRef


class Capacity(StrEnum):
    """In which capacity an official holds a position: definitive, acting on a vacancy, or acting during an absence."""

    DEFINITIVE = "definitif"
    ACTING_VACANT = "plt"
    ACTING_ABSENT = "plh"


class RuleKind(StrEnum):
    """What a rulebook rules."""

    EVALUATION = "evaluation"
    DUE_DATES = "due_dates"
    FOLLOW_UP = "follow_up"
    HOLD = "hold"
    ACHIEVEMENT_SCALE = "achievement_scale"


class BudgetDocument(StrEnum):
    """The budget document of a unit: the first of the year, and its revision."""

    DPA = "DPA"
    DPPA = "DPPA"


class Official(msgspec.Struct, frozen=True):
    """The person at the head of a unit, in a position and capacity."""

    person: str
    position: str
    capacity: Capacity


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """An accountable entity; its id never changes, all else is a dated value."""

    id: str
    name: Dated[str]
    parent: Dated[str]
    in_being: Dated[bool]
    head: Dated[Official] = Dated()
    successors: tuple[str, ...] = ()


class RoleGrant(msgspec.Struct, frozen=True):
    """A role of a person, for one unit or (null) for the institution, while the dated value says so."""

    role: Role
    unit: str | None
    held: Dated[bool]


class Calendar(msgspec.Struct, frozen=True):
    """Days off of one year: public holidays, joint leave, and the decree that fixed them."""

    holidays: frozenset[date]
    joint_leave: frozenset[date]
    decree: str


class Ratification(msgspec.Struct, frozen=True):
    """A budget document of a unit and year, and the day it was ratified."""

    document: BudgetDocument
    number: str
    ratified_on: date


class Institution(State, frozen=True, kw_only=True):
    """The state of the organisation stream. `head_unit` is the institution as an accountable entity of its own."""

    id: str = ""
    name: str = ""
    level: str = ""
    time_zone: str = "Asia/Jakarta"
    head_unit: str = ""
    units: dict[str, Unit] = msgspec.field(default_factory=dict)
    people: frozenset[str] = frozenset()
    roles: dict[str, tuple[RoleGrant, ...]] = msgspec.field(default_factory=dict)
    fiscal_years: frozenset[int] = frozenset()
    budgets: dict[tuple[str, int], tuple[Ratification, ...]] = msgspec.field(default_factory=dict)
    calendars: dict[int, Dated[Calendar]] = msgspec.field(default_factory=dict)
    rules: dict[RuleKind, Dated[RuleRef]] = msgspec.field(default_factory=dict)

    @property
    def founded(self) -> bool:
        """Whether the institution has a log that begins with its founding."""
        return bool(self.id)

    def in_being(self, unit: str, day: date) -> bool:
        """Say whether a unit exists on a day."""
        found = self.units.get(unit)
        return found is not None and bool(found.in_being.at(day))

    def entities(self, day: date) -> tuple[str, ...]:
        """Return the accountable entities in being on a day, the institution itself among them, in alphabetical order."""
        return tuple(sorted(unit for unit in self.units if self.in_being(unit, day)))

    def head_of(self, unit: str, day: date) -> Official | None:
        """Return the official at the head of a unit on a day."""
        found = self.units.get(unit)
        return None if found is None else found.head.at(day)

    def roles_of(self, person: str, day: date) -> Iterator[tuple[Role, str | None]]:
        """Yield each role that a person holds on a day, with its unit (null: the whole institution)."""
        for grant in self.roles.get(person, ()):
            if grant.held.at(day):
                yield grant.role, grant.unit

    def rule(self, kind: RuleKind, day: date) -> RuleRef | None:
        """Return the adopted rulebook of a kind in force on a day, or None: nothing rules by default."""
        adopted = self.rules.get(kind)
        return None if adopted is None else adopted.at(day)
