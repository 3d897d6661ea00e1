"""Who may do what: one table of commands and one of queries, and the question whether a person may do it on a day.

A person acts in a role held on the day by grant or by position (`Institution.roles_of`). A unit's own people record,
sign and submit; others verify, grade, decide, close and release. Parts of the system stand in the same table.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum, auto
from typing import Final

from domain.actor import INSPECTORATE, SYSTEM_ROLES, Actor, Role
from domain.command import Command, name_of
from domain.errors import InspectorateNeverVerifies, OwnWork, RoleMissing, UnitUnknown
from domain.institution import Institution


class Scope(Enum):
    """Whose work a role may act on.

    OWN: the role is held in the unit whose work it is, or in one that carries on an ended unit's work. OTHER: the
    person has no role and no position there. ANY: it does not matter. SOURCED: the command names a publication.
    """

    OWN = auto()
    OTHER = auto()
    ANY = auto()
    SOURCED = auto()


OWN, OTHER, ANY, SOURCED = Scope.OWN, Scope.OTHER, Scope.ANY, Scope.SOURCED

Permission = Mapping[Role, Scope]

_ADMINISTRATOR: Final[Permission] = {Role.ADMINISTRATOR: ANY}
_SET_UP: Final[Permission] = {Role.ADMINISTRATOR: ANY, Role.IMPORTER: ANY}
_RULES: Final[Permission] = {Role.ADMINISTRATOR: ANY, Role.ORGANISATION_BUREAU: ANY}
_UNIT: Final[Permission] = {Role.UNIT_OPERATOR: OWN, Role.UNIT_HEAD: OWN}
_HEAD: Final[Permission] = {Role.UNIT_HEAD: OWN, Role.INSTITUTION_HEAD: OWN}
_UNIT_AND_HEAD: Final[Permission] = {**_UNIT, **_HEAD}
_OPENING: Final[Permission] = {Role.WORKFLOW: ANY, Role.IMPORTER: SOURCED}
_BUREAU: Final[Permission] = {Role.ORGANISATION_BUREAU: OTHER}
_PLANS: Final[Permission] = {Role.PLANNING_OFFICE: OTHER, Role.ORGANISATION_BUREAU: OTHER}
_INSPECTOR: Final[Permission] = {Role.INSPECTOR: OTHER}
_WORKSHEET: Final[Permission] = dict.fromkeys(sorted(INSPECTORATE - {Role.INSPECTOR}), OTHER)
_VERIFIER: Final[Permission] = {Role.TEAM_MEMBER: OTHER, Role.TEAM_LEAD: OTHER}
_RECEIVER: Final[Permission] = {Role.INSPECTOR: OTHER, Role.ORGANISATION_BUREAU: OTHER}
_HOLD_AUTHORITY: Final[Permission] = {Role.HOLD_AUTHORITY: OTHER}
_WORKFLOW: Final[Permission] = {Role.WORKFLOW: ANY}
_TIMEKEEPER: Final[Permission] = {Role.TIMEKEEPER: ANY}
_DUTIES: Final[Permission] = {Role.WORKFLOW: ANY, Role.IMPORTER: ANY}

COMMANDS: Final[Mapping[str, Permission]] = {
    "organisation.found": {Role.CONSOLE: ANY, Role.IMPORTER: ANY},
    "organisation.open_fiscal_year": {Role.PLANNING_OFFICE: ANY, Role.IMPORTER: ANY},
    "organisation.ratify_budget": {Role.PLANNING_OFFICE: ANY, Role.IMPORTER: ANY},
    "organisation.establish_unit": _SET_UP,
    "organisation.rename_unit": _SET_UP,
    "organisation.correct_unit_name": _ADMINISTRATOR,
    "organisation.dissolve_unit": _SET_UP,
    "organisation.register_person": _SET_UP,
    "organisation.appoint_official": _SET_UP,
    "organisation.relieve_official": _SET_UP,
    "organisation.correct_official": _ADMINISTRATOR,
    "organisation.withdraw_official": _ADMINISTRATOR,
    "organisation.grant_role": _ADMINISTRATOR,
    "organisation.revoke_role": _ADMINISTRATOR,
    "organisation.adopt_calendar": {**_RULES, Role.IMPORTER: ANY},
    "organisation.adopt_rulebook": {**_RULES, Role.IMPORTER: ANY},
    "organisation.end_rulebook": _RULES,
    "organisation.register_document": {Role.PLANNING_OFFICE: ANY, **_UNIT, Role.IMPORTER: ANY},
    "agreement.open": {**_OPENING, Role.ORGANISATION_BUREAU: ANY},
    "agreement.propose": _UNIT_AND_HEAD,
    "agreement.sign": _HEAD,
    "agreement.record_published": {Role.IMPORTER: SOURCED},
    "agreement.amend": _HEAD,
    "agreement.rectify": _HEAD,
    "agreement.correct_target": _PLANS,
    "agreement.withdraw_target": _PLANS,
    "measurement.open": {**_OPENING, Role.ORGANISATION_BUREAU: ANY},
    "measurement.record": {Role.UNIT_OPERATOR: OWN, Role.IMPORTER: SOURCED},
    "measurement.correct": {Role.UNIT_OPERATOR: OWN},
    "measurement.submit": _UNIT,
    "measurement.verify": _BUREAU,
    "measurement.return": _BUREAU,
    "measurement.lock": _BUREAU,
    "measurement.reopen": _BUREAU,
    "report.open": {**_OPENING, Role.ORGANISATION_BUREAU: ANY},
    "report.compile": _UNIT,
    "report.review": _INSPECTOR,
    "report.submit": _UNIT_AND_HEAD,
    "report.return": _BUREAU,
    "report.accept": _BUREAU,
    "report.send_outside": {Role.UNIT_OPERATOR: OWN, Role.INSTITUTION_HEAD: OWN, Role.ORGANISATION_BUREAU: ANY},
    "report.record_published": {Role.IMPORTER: SOURCED},
    "evaluation.open": {**_OPENING, **_INSPECTOR},
    "evaluation.assign": _INSPECTOR,
    "evaluation.assess_self": _UNIT,
    "evaluation.grade": _WORKSHEET,
    "evaluation.issue_lhe": _INSPECTOR,
    "evaluation.record_external": {**_RECEIVER, Role.IMPORTER: SOURCED},
    "follow_up.open": _WORKFLOW,
    "follow_up.plan_action": _UNIT,
    "follow_up.report_progress": _UNIT,
    "follow_up.propose_result": _VERIFIER,
    "follow_up.approve_result": _INSPECTOR,
    "follow_up.reject_result": _INSPECTOR,
    "follow_up.transfer": {**_WORKFLOW, **_INSPECTOR},
    "follow_up.extend": _INSPECTOR,
    "follow_up.link_repeat": {**_WORKFLOW, **_INSPECTOR},
    "follow_up.reopen": _INSPECTOR,
    "follow_up.carry_over": _WORKFLOW,
    "follow_up.record_verdict": _RECEIVER,
    "obligation.open": _DUTIES,
    "obligation.set_due_date": _DUTIES,
    "obligation.fix_due_date": _DUTIES,
    "obligation.extend": {**_BUREAU, **_HOLD_AUTHORITY},
    "obligation.note_submission": _DUTIES,
    "obligation.return_submission": _DUTIES,
    "obligation.meet": _DUTIES,
    "obligation.mark_overdue": _TIMEKEEPER,
    "obligation.waive": _HOLD_AUTHORITY,
    "obligation.transfer": {**_WORKFLOW, **_BUREAU},
    "hold.propose": {**_WORKFLOW, **_TIMEKEEPER},
    "hold.recommend": _BUREAU,
    "hold.serve_notice": _BUREAU,
    "hold.lapse_notice": _TIMEKEEPER,
    "hold.impose": _HOLD_AUTHORITY,
    "hold.decline": _HOLD_AUTHORITY,
    "hold.lapse": _WORKFLOW,
    "hold.file_objection": _UNIT,
    "hold.decide_objection": {Role.INSTITUTION_HEAD: OTHER},
    "hold.deem_objection_granted": _TIMEKEEPER,
    "hold.release": _HOLD_AUTHORITY,
    "hold.transfer": {**_WORKFLOW, **_HOLD_AUTHORITY},
}
"""Each command by its permanent name, and the roles that may send it."""

NEVER_BY_INSPECTORATE: Final = frozenset(
    {"measurement.verify", "measurement.return", "measurement.lock", "measurement.reopen"}
)
"""Closed to whoever holds a role of the Inspektorat, whatever else that person holds."""

_EVERYBODY: Final[Permission] = dict.fromkeys((each for each in Role if each not in SYSTEM_ROLES), ANY)
_OVERSEERS: Final[Permission] = {
    Role.AUDITOR: ANY,
    Role.ORGANISATION_BUREAU: ANY,
    Role.INSTITUTION_HEAD: ANY,
    Role.HOLD_AUTHORITY: ANY,
}
_REGISTER: Final[Permission] = {
    **_OVERSEERS,
    Role.PLANNING_OFFICE: ANY,
    **dict.fromkeys(sorted(INSPECTORATE), ANY),
    **_UNIT,
}
_HISTORY: Final[Permission] = {Role.AUDITOR: ANY, Role.INSPECTOR: ANY, Role.ORGANISATION_BUREAU: ANY, **_UNIT}
_MACHINERY: Final[Permission] = {Role.AUDITOR: ANY, Role.ADMINISTRATOR: ANY}

QUERIES: Final[Mapping[str, Permission]] = {
    "organisation_chart": _EVERYBODY,
    "cycle_status": _EVERYBODY,
    "agreement_register": _REGISTER,
    "achievement": _REGISTER,
    "report_register": _REGISTER,
    "evaluation_result": _REGISTER,
    "recommendation_register": _REGISTER,
    "obligation_calendar": _REGISTER,
    "hold_register": {**_OVERSEERS, Role.TREASURY: ANY, **_UNIT},
    "audit_trail": _HISTORY,
    "replay": _HISTORY,
    "diff": _HISTORY,
    "verify": {**_MACHINERY, Role.INSPECTOR: ANY},
    "parked": _MACHINERY,
}
"""Each query by name, and the roles that may ask it; OWN asks about one unit, never about all of them."""


def permit(command: Command, person: str, institution: Institution, day: date, holder: str | None = None) -> Actor:
    """Return the person in the role that permits a command on a day, about the work of `holder` where it passed on.

    Raises RoleMissing where no role does, OwnWork where a role would if the unit were not the person's own (nobody
    verifies, grades, closes or releases their own), InspectorateNeverVerifies, and UnitUnknown for one that never was.
    """
    name, unit = name_of(command), holder or command.subject_unit
    actor = _permitted(COMMANDS.get(name, {}), name, unit, person, institution, day)
    if name in NEVER_BY_INSPECTORATE and any(role in INSPECTORATE for role, _ in institution.roles_of(person, day)):
        raise InspectorateNeverVerifies(command=name)
    if unit is not None and unit not in institution.units:
        raise UnitUnknown(unit=unit)
    return actor


def permit_query(query: str, unit: str | None, person: str, institution: Institution, day: date) -> Actor:
    """Return the person in the role that permits a query about a unit (null: about all); raise RoleMissing."""
    return _permitted(QUERIES.get(query, {}), query, unit, person, institution, day)


def permit_system(command: Command, actor: Actor) -> Actor:
    """Return a part of the system as the actor of a command; raise RoleMissing where its part is another.

    The importer enters what a publication says, and so names it.
    """
    name = name_of(command)
    scope = COMMANDS.get(name, {}).get(actor.role) if actor.role in SYSTEM_ROLES else None
    if scope is None or (scope is SOURCED and not _names_source(command)):
        raise RoleMissing(action=name, role=actor.role)
    return actor


def _permitted(
    permission: Permission, action: str, unit: str | None, person: str, institution: Institution, day: date
) -> Actor:
    own = unit is not None and institution.is_own(unit, person, day)
    homes = {unit} if unit is None else {unit, *institution.successors_of(unit, day)}
    people = {role: scope for role, scope in permission.items() if role not in SYSTEM_ROLES}
    held = [(role, home) for role, home in institution.roles_of(person, day) if role in people]
    for role, home in held:
        scope = people[role]
        if scope is ANY or (scope is OTHER and not own) or (scope is OWN and home is not None and home in homes):
            return Actor(id=person, role=role, unit=home)
    if any(people[role] is OTHER for role, _ in held):
        raise OwnWork(action=action, unit=unit)
    raise RoleMissing(action=action, day=day)


def _names_source(command: Command) -> bool:
    """Say whether a command names its publication: itself, in its opening, or in the realisation that it records."""
    bearers = (command, getattr(command, "opening", None), getattr(command, "realisation", None))
    return any(getattr(each, "source", None) is not None for each in bearers)
