"""How the institution changes with the events of its organisation stream."""

from datetime import date
from typing import assert_never

import msgspec

from domain.dated import Dated
from domain.event import RecordedEvent
from domain.institution import BudgetDocument, Calendar, Institution, Official, Ratification, RoleGrant, RuleKind, Unit
from domain.organisation.events import (
    BudgetRatified,
    CalendarAdopted,
    DocumentRegistered,
    FiscalYearOpened,
    InstitutionFounded,
    OfficialAppointed,
    OfficialCorrected,
    OfficialRelieved,
    OfficialWithdrawn,
    OrganisationEvent,
    PersonRegistered,
    RoleGranted,
    RoleRevoked,
    RulebookAdopted,
    RulebookEnded,
    UnitDissolved,
    UnitEstablished,
    UnitNameCorrected,
    UnitRenamed,
)
from domain.rulebook import RuleRef

UnitEvent = (
    UnitEstablished
    | UnitRenamed
    | UnitNameCorrected
    | UnitDissolved
    | OfficialAppointed
    | OfficialRelieved
    | OfficialCorrected
    | OfficialWithdrawn
)
"""What happens to one unit."""


def evolve(state: Institution, event: RecordedEvent[OrganisationEvent]) -> Institution:
    """Fold one event into the institution."""
    body, version = event.body, event.version
    match body:
        case InstitutionFounded():
            return _founded(state, body)
        case FiscalYearOpened(fiscal_year=year):
            return state.now(fiscal_years=state.fiscal_years | {year})
        case BudgetRatified():
            return _ratified(state, body)
        case (
            UnitEstablished()
            | UnitRenamed()
            | UnitNameCorrected()
            | UnitDissolved()
            | OfficialAppointed()
            | OfficialRelieved()
            | OfficialCorrected()
            | OfficialWithdrawn()
        ):
            return state.now(units={**state.units, body.unit: _unit(state.units.get(body.unit), body, version)})
        case PersonRegistered(person=person):
            return state.now(people=state.people | {person})
        case RoleGranted():
            return _with_role(state, body, version, held=True)
        case RoleRevoked():
            return _with_role(state, body, version, held=False)
        case CalendarAdopted():
            return _with_calendar(state, body, version)
        case RulebookAdopted(effective_on=day, kind=kind, rule=rule):
            return _with_rule(state, kind, day, version, rule)
        case RulebookEnded(effective_on=day, kind=kind):
            return _with_rule(state, kind, day, version, None)
        case DocumentRegistered():
            return state
        case _:
            assert_never(body)


def _unit(unit: Unit | None, body: UnitEvent, version: int) -> Unit:
    day = body.effective_on
    if isinstance(body, UnitEstablished):
        return Unit(
            id=body.unit,
            name=Dated[str]().add(day, version, body.name),
            parent=Dated[str]().add(day, version, body.parent),
            in_being=Dated[bool]().add(day, version, value=True),
        )
    if unit is None:
        message = f"{body.unit} has a history before it was established"
        raise ValueError(message)
    match body:
        case UnitRenamed(name=name):
            return msgspec.structs.replace(unit, name=unit.name.add(day, version, name))
        case UnitNameCorrected(corrects=corrects, name=name):
            return msgspec.structs.replace(unit, name=unit.name.correct(corrects, name))
        case UnitDissolved(successors=successors):
            ended = unit.in_being.add(day, version, value=False)
            return msgspec.structs.replace(unit, in_being=ended, successors=successors)
        case OfficialAppointed(person=person, position=position, capacity=capacity):
            return _headed(unit, unit.head.add(day, version, Official(person, position, capacity)))
        case OfficialRelieved():
            return _headed(unit, unit.head.add(day, version, None))
        case OfficialCorrected(corrects=corrects, person=person, position=position, capacity=capacity):
            return _headed(unit, unit.head.correct(corrects, Official(person, position, capacity)))
        case OfficialWithdrawn(withdraws=withdraws):
            return _headed(unit, unit.head.withdraw(withdraws))
        case _:
            assert_never(body)


def _headed(unit: Unit, head: Dated[Official]) -> Unit:
    return msgspec.structs.replace(unit, head=head)


def _founded(state: Institution, body: InstitutionFounded) -> Institution:
    return state.now(
        id=body.institution,
        name=body.name,
        level=body.level,
        time_zone=body.time_zone,
        head_unit=body.head_unit,
    )


def _ratified(state: Institution, body: BudgetRatified) -> Institution:
    """Enter a ratification; a later record of the same document (there is one DPA a year) replaces the earlier."""
    budget = (body.unit, body.fiscal_year)
    entered = Ratification(document=body.document, number=body.number, ratified_on=body.effective_on)
    kept = [each for each in state.budgets.get(budget, ()) if not replaces(entered, each)]
    return state.now(budgets={**state.budgets, budget: (*kept, entered)})


def replaces(later: Ratification, earlier: Ratification) -> bool:
    """Say whether two records are of one document: the one DPA of a year, or the DPPA of the same number."""
    return later.document is earlier.document and (
        later.document is BudgetDocument.DPA or later.number == earlier.number
    )


def _with_role(state: Institution, body: RoleGranted | RoleRevoked, version: int, *, held: bool) -> Institution:
    grants = state.roles.get(body.person, ())
    known = next((each for each in grants if (each.role, each.unit) == (body.role, body.unit)), None)
    dates = Dated[bool]() if known is None else known.held
    changed = RoleGrant(body.role, body.unit, dates.add(body.effective_on, version, held))
    kept = [each for each in grants if each is not known]
    return state.now(roles={**state.roles, body.person: (*kept, changed)})


def _with_calendar(state: Institution, body: CalendarAdopted, version: int) -> Institution:
    calendar = Calendar(frozenset(body.holidays), frozenset(body.joint_leave), body.decree)
    adopted = state.calendars.get(body.year, Dated[Calendar]()).add(body.effective_on, version, calendar)
    return state.now(calendars={**state.calendars, body.year: adopted})


def _with_rule(state: Institution, kind: RuleKind, day: date, version: int, rule: RuleRef | None) -> Institution:
    adopted = state.rules.get(kind, Dated[RuleRef]()).add(day, version, rule)
    return state.now(rules={**state.rules, kind: adopted})
