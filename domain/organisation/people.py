"""How the institution answers what is asked of people and their roles."""

from collections.abc import Sequence
from datetime import date

from domain.actor import SYSTEM_ROLES, Role
from domain.errors import UnitNotInBeing
from domain.facts import Facts
from domain.institution import Institution
from domain.organisation.commands import GrantRole, RegisterPerson, RevokeRole
from domain.organisation.events import OrganisationEvent, PersonRegistered, RoleGranted, RoleRevoked
from domain.organisation.refusals import (
    LastAdministrator,
    PersonUnknown,
    RoleAlreadyHeld,
    RoleForOneself,
    RoleNeedsUnit,
    RoleNotForPeople,
    RoleNotHeld,
)

WITHOUT_HOME_UNIT = frozenset({Role.INSTITUTION_HEAD, Role.AUDITOR, Role.ADMINISTRATOR})
"""Roles for the institution as a whole; every other one is held in a unit, which is then the person's own."""


def register_person(command: RegisterPerson, _state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Make a person known; registering again gives the same person another name from a day on."""
    return [
        PersonRegistered(
            effective_on=facts.effective(command.effective_on),
            person=command.person,
            name=command.name,
            employee_number=command.employee_number,
        )
    ]


def grant_role(command: GrantRole, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Let a registered person other than the one who grants act in a role."""
    day = facts.effective(command.effective_on)
    if command.role in SYSTEM_ROLES:
        raise RoleNotForPeople(role=command.role)
    if command.unit is None and command.role not in WITHOUT_HOME_UNIT:
        raise RoleNeedsUnit(role=command.role)
    if command.unit is not None and not state.in_being(command.unit, day):
        raise UnitNotInBeing(unit=command.unit, day=day)
    demand_person(state, command.person)
    if command.person == facts.actor.id:
        raise RoleForOneself(role=command.role)
    if _holds(state, command.person, command.role, command.unit, day):
        raise RoleAlreadyHeld(person=command.person, role=command.role)
    return [RoleGranted(effective_on=day, person=command.person, role=command.role, unit=command.unit)]


def revoke_role(command: RevokeRole, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """End a role that a person was granted; an administrator remains."""
    day = facts.effective(command.effective_on)
    if not _holds(state, command.person, command.role, command.unit, day):
        raise RoleNotHeld(person=command.person, role=command.role)
    others = (person for person in state.roles if person != command.person)
    if command.role is Role.ADMINISTRATOR and not any(_administers(state, person, day) for person in others):
        raise LastAdministrator(person=command.person)
    return [RoleRevoked(effective_on=day, person=command.person, role=command.role, unit=command.unit)]


def demand_person(state: Institution, person: str) -> None:
    """Raise PersonUnknown for an id under which nobody is registered."""
    if person not in state.people:
        raise PersonUnknown(person=person)


def _holds(state: Institution, person: str, role: Role, unit: str | None, day: date) -> bool:
    grants = state.roles.get(person, ())
    return any((each.role, each.unit) == (role, unit) and each.held.at(day) for each in grants)


def _administers(state: Institution, person: str, day: date) -> bool:
    return any(role is Role.ADMINISTRATOR for role, _ in state.roles_of(person, day))
