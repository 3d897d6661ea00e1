"""How the institution answers the commands on its organisation stream."""

from collections.abc import Sequence
from typing import assert_never

from domain.actor import Role
from domain.decider import Stage, relies_on_nothing
from domain.errors import InstitutionUnknown
from domain.facts import Facts
from domain.institution import Institution
from domain.organisation.commands import (
    AdoptCalendar,
    AdoptRulebook,
    AppointOfficial,
    CorrectOfficial,
    CorrectUnitName,
    DissolveUnit,
    EndRulebook,
    EstablishUnit,
    FoundInstitution,
    GrantRole,
    OpenFiscalYear,
    OrganisationCommands,
    RatifyBudget,
    RegisterDocument,
    RegisterPerson,
    RelieveOfficial,
    RenameUnit,
    RevokeRole,
    WithdrawOfficial,
)
from domain.organisation.events import InstitutionFounded, OrganisationEvent, RoleGranted, UnitEstablished
from domain.organisation.people import grant_role, register_person, revoke_role
from domain.organisation.refusals import InstitutionAlreadyFounded, LevelUnknown, TimeZoneUnknown
from domain.organisation.state import evolve
from domain.organisation.units import (
    appoint_official,
    correct_official,
    correct_unit_name,
    dissolve_unit,
    establish_unit,
    relieve_official,
    rename_unit,
    withdraw_official,
)
from domain.organisation.years import (
    adopt_calendar,
    adopt_rulebook,
    end_rulebook,
    open_fiscal_year,
    ratify_budget,
    register_document,
)

TIME_ZONES = frozenset({"Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"})
"""WIB, WITA and WIT (Keppres 41/1987) as the time zone database names them."""

LEVELS = frozenset({"kabupaten", "kota", "provinsi", "kementerian", "lembaga"})
"""What an institution is: a regional government, or a ministry or agency, whose terms differ (PermenPANRB 53/2014)."""


def decide(command: OrganisationCommands, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Answer a command on the institution; before its founding nothing else is possible."""
    if isinstance(command, FoundInstitution):
        return _found(command, state, facts)
    if not state.founded:
        raise InstitutionUnknown
    match command:
        case OpenFiscalYear():
            return open_fiscal_year(command, state, facts)
        case RatifyBudget():
            return ratify_budget(command, state, facts)
        case EstablishUnit():
            return establish_unit(command, state, facts)
        case RenameUnit():
            return rename_unit(command, state, facts)
        case CorrectUnitName():
            return correct_unit_name(command, state, facts)
        case DissolveUnit():
            return dissolve_unit(command, state, facts)
        case RegisterPerson():
            return register_person(command, state, facts)
        case AppointOfficial():
            return appoint_official(command, state, facts)
        case RelieveOfficial():
            return relieve_official(command, state, facts)
        case CorrectOfficial():
            return correct_official(command, state, facts)
        case WithdrawOfficial():
            return withdraw_official(command, state, facts)
        case GrantRole():
            return grant_role(command, state, facts)
        case RevokeRole():
            return revoke_role(command, state, facts)
        case AdoptCalendar():
            return adopt_calendar(command, state, facts)
        case AdoptRulebook():
            return adopt_rulebook(command, state, facts)
        case EndRulebook():
            return end_rulebook(command, state, facts)
        case RegisterDocument():
            return register_document(command, state, facts)
        case _:
            assert_never(command)


def _found(command: FoundInstitution, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    if state.founded:
        raise InstitutionAlreadyFounded(institution=state.id)
    if command.time_zone not in TIME_ZONES:
        raise TimeZoneUnknown(time_zone=command.time_zone)
    if command.level not in LEVELS:
        raise LevelUnknown(level=command.level)
    day = facts.effective(command.effective_on)
    return [
        InstitutionFounded(
            effective_on=day,
            institution=command.institution,
            name=command.name,
            level=command.level,
            time_zone=command.time_zone,
            head_unit=command.head_unit,
        ),
        UnitEstablished(effective_on=day, unit=command.head_unit, name=command.name),
        RoleGranted(effective_on=day, person=command.administrator, role=Role.ADMINISTRATOR),
    ]


def publish(state: Institution) -> Institution:
    """Return the institution as every stage may know it."""
    return state


STAGE = Stage(
    name="organisation",
    commands=OrganisationCommands,
    events=OrganisationEvent,
    initial=Institution(),
    relies_on=relies_on_nothing,
    decide=decide,
    evolve=evolve,
    publish=publish,
)
