"""Who acts: a person in a role for a unit, or the system itself."""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """The roles of the cycle; what each may do is in `domain/authority.py`."""

    UNIT_OPERATOR = "unit_operator"
    UNIT_HEAD = "unit_head"
    PLANNING_OFFICE = "planning_office"
    ORGANISATION_BUREAU = "organisation_bureau"
    INSTITUTION_HEAD = "institution_head"
    HOLD_AUTHORITY = "hold_authority"
    INSPECTOR = "inspector"
    QUALITY_CONTROLLER = "quality_controller"
    TECHNICAL_CONTROLLER = "technical_controller"
    TEAM_LEAD = "team_lead"
    TEAM_MEMBER = "team_member"
    TREASURY = "treasury"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    WORKFLOW = "workflow"
    TIMEKEEPER = "timekeeper"
    IMPORTER = "importer"
    CONSOLE = "console"


SYSTEM_ROLES = frozenset({Role.WORKFLOW, Role.TIMEKEEPER, Role.IMPORTER, Role.CONSOLE})

INSPECTORATE = frozenset(
    {Role.INSPECTOR, Role.QUALITY_CONTROLLER, Role.TECHNICAL_CONTROLLER, Role.TEAM_LEAD, Role.TEAM_MEMBER}
)
"""The roles of the Inspektorat, which evaluates the figures later and therefore never verifies them."""


class Actor(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The person (or system part) behind a command, in the role that permitted it; unit is null for the system."""

    id: str
    role: Role
    unit: str | None = None


def system_actor(role: Role, name: str) -> Actor:
    """Return the actor for a part of the system, such as the workflow `year_to_agreement`."""
    return Actor(id=f"system:{name}", role=role)
