"""The institution as its organisation stream tells it: units, officials, roles, calendar, rules and years on a day.

Every stage may rely on it. It is folded by `domain/organisation/state.py` and only read elsewhere.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import msgspec

from domain.actor import Role
from domain.calendar import CalendarYear, WorkingCalendar
from domain.dated import Dated
from domain.rulebook import RuleRef
from domain.state import State


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
    """An accountable entity; its id never changes, all else is a dated value.

    `successors` took over its duties when it was dissolved.
    """

    id: str
    name: Dated[str]
    parent: Dated[str]
    in_being: Dated[bool]
    head: Dated[Official] = Dated()
    successors: tuple[str, ...] = ()

    @property
    def dissolved(self) -> bool:
        """Whether its end is recorded, be it past or future; no unit comes back."""
        return any(version.value is False for version in self.in_being.versions)


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
        """Return the accountable entities in being on a day by alphabet, the institution itself among them."""
        return tuple(sorted(unit for unit in self.units if self.in_being(unit, day)))

    def successors_of(self, unit: str, day: date) -> tuple[str, ...]:
        """Return the units in being on a day that carry on what an ended unit did, through any number of steps.

        In alphabetical order; empty for a unit in being, an unknown one, and one that ended without successors.
        """
        reached = self._descent(unit, until=day)
        return tuple(sorted(each for each in reached - {unit} if self.in_being(each, day)))

    def succeeds(self, unit: str, earlier: str) -> bool:
        """Say whether a unit is among those that took over from an earlier one, directly or through others."""
        return unit in self._descent(earlier) - {earlier}

    def head_of(self, unit: str, day: date) -> Official | None:
        """Return the official at the head of a unit on a day; a unit that is not in being has none."""
        return self.units[unit].head.at(day) if self.in_being(unit, day) else None

    def roles_of(self, person: str, day: date) -> Iterator[tuple[Role, str | None]]:
        """Yield each role that a person holds on a day, with its unit (null: the whole institution).

        A role is held by grant or by position: who heads a unit is its head, who heads the institution's own unit is
        the institution's head. A role for a unit ends with the unit.
        """
        for grant in self.roles.get(person, ()):
            unit = grant.unit or (self.head_unit if grant.role is Role.INSTITUTION_HEAD else None)
            if grant.held.at(day) and (unit is None or self.in_being(unit, day)):
                yield grant.role, unit
        for unit in self.units:
            head = self.head_of(unit, day)
            if head is not None and head.person == person:
                yield (Role.INSTITUTION_HEAD if unit == self.head_unit else Role.UNIT_HEAD), unit

    def is_own(self, unit: str, person: str, day: date) -> bool:
        """Say whether a unit's work is a person's own: a role or position there, or in a unit that carries it on."""
        bound = {home for _, home in self.roles_of(person, day)}
        return unit in bound or not bound.isdisjoint(self.successors_of(unit, day))

    def rule(self, kind: RuleKind, day: date) -> RuleRef | None:
        """Return the adopted rulebook of a kind in force on a day, or None: nothing rules by default."""
        adopted = self.rules.get(kind)
        return None if adopted is None else adopted.at(day)

    def working_calendar(self, day: date) -> WorkingCalendar:
        """Return the days off as known on a day: of each year the decree in force then (they are revised)."""
        known = ((year, decreed.at(day)) for year, decreed in sorted(self.calendars.items()))
        return WorkingCalendar(
            years=tuple(
                CalendarYear(
                    year=year,
                    decree=calendar.decree,
                    public_holidays=tuple(sorted(calendar.holidays)),
                    collective_leave=tuple(sorted(calendar.joint_leave)),
                )
                for year, calendar in known
                if calendar is not None
            )
        )

    def _descent(self, unit: str, until: date | None = None) -> frozenset[str]:
        """Return a unit and all that took over from it; on a given day the line stops at units in being."""
        reached: set[str] = set()
        line = [unit]
        while line:
            each = line.pop()
            if each in reached or each not in self.units:
                continue
            reached.add(each)
            if until is None or not self.in_being(each, until):
                line.extend(self.units[each].successors)
        return frozenset(reached)
