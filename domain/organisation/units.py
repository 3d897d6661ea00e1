"""How the institution answers what is asked of its units and the officials at their head."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from domain.dated import Dated
from domain.errors import EffectiveInFuture, UnitNotInBeing, UnitUnknown, VersionUnknown
from domain.facts import Facts
from domain.institution import Institution, Unit
from domain.organisation.commands import (
    AppointOfficial,
    CorrectOfficial,
    CorrectUnitName,
    DissolveUnit,
    EstablishUnit,
    RelieveOfficial,
    RenameUnit,
    WithdrawOfficial,
)
from domain.organisation.events import (
    OfficialAppointed,
    OfficialCorrected,
    OfficialRelieved,
    OfficialWithdrawn,
    OrganisationEvent,
    UnitDissolved,
    UnitEstablished,
    UnitNameCorrected,
    UnitRenamed,
)
from domain.organisation.people import demand_person
from domain.organisation.refusals import (
    HeadUnitPermanent,
    OfficeVacant,
    SuccessorCycle,
    SuccessorUnfit,
    UnitAlreadyDissolved,
    UnitAlreadyEstablished,
)

ValueT = TypeVar("ValueT")


def establish_unit(command: EstablishUnit, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Bring a unit into being under a parent that exists; an id is never used twice."""
    if command.unit in state.units:
        raise UnitAlreadyEstablished(unit=command.unit)
    day = facts.effective(command.effective_on)
    if command.parent is not None:
        demand_in_being(state, command.parent, day)
    return [UnitEstablished(effective_on=day, unit=command.unit, name=command.name, parent=command.parent)]


def rename_unit(command: RenameUnit, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Give a unit in being another name."""
    day = facts.effective(command.effective_on)
    demand_in_being(state, command.unit, day)
    return [UnitRenamed(effective_on=day, unit=command.unit, name=command.name)]


def correct_unit_name(command: CorrectUnitName, state: Institution, _facts: Facts) -> Sequence[OrganisationEvent]:
    """Replace a name on the day from which it was recorded to hold."""
    day = _day_of_version(demand_unit(state, command.unit).name, command.corrects)
    return [UnitNameCorrected(effective_on=day, corrects=command.corrects, unit=command.unit, name=command.name)]


def dissolve_unit(command: DissolveUnit, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """End a unit; each successor exists on the day, and none is to be succeeded by the unit itself.

    It is recorded on the day or later: what the unit owes passes on at once, and cannot pass on before.
    """
    day = facts.effective(command.effective_on)
    if day > facts.today:
        raise EffectiveInFuture(effective_on=day, today=facts.today)
    if command.unit == state.head_unit:
        raise HeadUnitPermanent(unit=command.unit)
    if demand_unit(state, command.unit).dissolved:
        raise UnitAlreadyDissolved(unit=command.unit)
    demand_in_being(state, command.unit, day)
    if len(set(command.successors)) != len(command.successors):
        raise SuccessorUnfit(unit=command.unit)
    for successor in command.successors:
        if successor == command.unit or not state.in_being(successor, day):
            raise SuccessorUnfit(unit=command.unit, successor=successor)
        if state.succeeds(command.unit, successor):
            raise SuccessorCycle(unit=command.unit, successor=successor)
    return [UnitDissolved(effective_on=day, unit=command.unit, successors=command.successors)]


def appoint_official(command: AppointOfficial, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Put a registered person at the head of a unit that exists on the day."""
    day = facts.effective(command.effective_on)
    demand_in_being(state, command.unit, day)
    demand_person(state, command.person)
    return [
        OfficialAppointed(
            effective_on=day,
            unit=command.unit,
            person=command.person,
            position=command.position,
            capacity=command.capacity,
        )
    ]


def relieve_official(command: RelieveOfficial, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Leave a unit that has a head without one."""
    day = facts.effective(command.effective_on)
    demand_in_being(state, command.unit, day)
    if state.head_of(command.unit, day) is None:
        raise OfficeVacant(unit=command.unit, day=day)
    return [OfficialRelieved(effective_on=day, unit=command.unit)]


def correct_official(command: CorrectOfficial, state: Institution, _facts: Facts) -> Sequence[OrganisationEvent]:
    """Replace an appointment on its own day."""
    day = _day_of_version(demand_unit(state, command.unit).head, command.corrects)
    demand_person(state, command.person)
    return [
        OfficialCorrected(
            effective_on=day,
            corrects=command.corrects,
            unit=command.unit,
            person=command.person,
            position=command.position,
            capacity=command.capacity,
        )
    ]


def withdraw_official(command: WithdrawOfficial, state: Institution, _facts: Facts) -> Sequence[OrganisationEvent]:
    """Remove an appointment; whoever was in office before is in office again."""
    day = _day_of_version(demand_unit(state, command.unit).head, command.withdraws)
    return [OfficialWithdrawn(effective_on=day, withdraws=command.withdraws, unit=command.unit)]


def demand_unit(state: Institution, unit: str) -> Unit:
    """Return a unit that is or was; raise UnitUnknown."""
    found = state.units.get(unit)
    if found is None:
        raise UnitUnknown(unit=unit)
    return found


def demand_in_being(state: Institution, unit: str, day: date) -> None:
    """Raise UnitUnknown or UnitNotInBeing for a unit that does not exist on a day."""
    demand_unit(state, unit)
    if not state.in_being(unit, day):
        raise UnitNotInBeing(unit=unit, day=day)


def _day_of_version(dates: Dated[ValueT], version: int) -> date:
    """Return the day from which a value holds that an event of that stream version added; an end is no value."""
    for each in dates.versions:
        if each.version == version and each.value is not None:
            return each.effective_on
    raise VersionUnknown(version=version)
