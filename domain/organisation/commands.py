"""What can be asked of the institution itself."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.actor import Role
from domain.bounds import Digest, FiscalYear, Identifier, Line, Version
from domain.command import Command
from domain.institution import BudgetDocument, Capacity, RuleKind
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from domain.stream import ORGANISATION

Days = Annotated[tuple[date, ...], Meta(max_length=100)]


class OrganisationCommand(Command, frozen=True, kw_only=True):
    """A command on the one organisation stream."""

    @property
    def stream(self) -> str:
        """The organisation stream."""
        return ORGANISATION

    @property
    def subject_unit(self) -> str | None:
        """No unit: the institution as a whole."""
        return None


class FoundInstitution(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.found"):
    """Begin the log of an institution, with its first administrator."""

    institution: Identifier
    name: Line
    level: Line
    time_zone: Line = "Asia/Jakarta"
    head_unit: Identifier
    administrator: Identifier


class OpenFiscalYear(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.open_fiscal_year"):
    """Begin the cycle of a year for each entity in being."""

    fiscal_year: FiscalYear


class RatifyBudget(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.ratify_budget"):
    """Record that a unit's budget document was ratified on the effective day."""

    unit: Identifier
    fiscal_year: FiscalYear
    document: BudgetDocument
    number: Line


class EstablishUnit(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.establish_unit"):
    """Bring a unit into being."""

    unit: Identifier
    name: Line
    parent: Identifier | None = None


class RenameUnit(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.rename_unit"):
    """Give a unit another name from a day on."""

    unit: Identifier
    name: Line


class CorrectUnitName(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.correct_unit_name"):
    """Replace a name that was recorded wrongly at a stream version."""

    unit: Identifier
    corrects: Version
    name: Line


class DissolveUnit(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.dissolve_unit"):
    """End a unit and name its successors: one for several is a merger, several for one a split."""

    unit: Identifier
    successors: Annotated[tuple[Identifier, ...], Meta(max_length=20)] = ()


class RegisterPerson(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.register_person"):
    """Make a person known by an id."""

    person: Identifier
    name: SealedText
    employee_number: SealedText | None = None


class AppointOfficial(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.appoint_official"):
    """Put a person at the head of a unit from a day on."""

    unit: Identifier
    person: Identifier
    position: Line
    capacity: Capacity = Capacity.DEFINITIVE


class RelieveOfficial(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.relieve_official"):
    """Leave a unit without a head from a day on."""

    unit: Identifier


class CorrectOfficial(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.correct_official"):
    """Replace an appointment that was recorded wrongly at a stream version."""

    unit: Identifier
    corrects: Version
    person: Identifier
    position: Line
    capacity: Capacity = Capacity.DEFINITIVE


class WithdrawOfficial(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.withdraw_official"):
    """Remove an appointment that never took place."""

    unit: Identifier
    withdraws: Version


class GrantRole(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.grant_role"):
    """Let a person act in a role, for a unit or for the institution."""

    person: Identifier
    role: Role
    unit: Identifier | None = None


class RevokeRole(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.revoke_role"):
    """End a role of a person."""

    person: Identifier
    role: Role
    unit: Identifier | None = None


class AdoptCalendar(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.adopt_calendar"):
    """Record the days off of a year by decree."""

    year: FiscalYear
    holidays: Days
    joint_leave: Days
    decree: Line


class AdoptRulebook(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.adopt_rulebook"):
    """Let a released rulebook hold from a day on."""

    kind: RuleKind
    rule: RuleRef
    legal_basis: Line


class EndRulebook(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.end_rulebook"):
    """Let no rulebook of a kind hold from a day on."""

    kind: RuleKind
    reason: SealedText


class RegisterDocument(OrganisationCommand, frozen=True, kw_only=True, tag="organisation.register_document"):
    """Enter a planning document of a unit and year in the register, dated by its effective day."""

    unit: Identifier
    fiscal_year: FiscalYear
    document: Line
    number: Line | None = None
    file: Digest | None = None
    published_at: Line | None = None

    @property
    def subject_unit(self) -> str:
        """The unit whose document it is."""
        return self.unit


OrganisationCommands = (
    FoundInstitution
    | OpenFiscalYear
    | RatifyBudget
    | EstablishUnit
    | RenameUnit
    | CorrectUnitName
    | DissolveUnit
    | RegisterPerson
    | AppointOfficial
    | RelieveOfficial
    | CorrectOfficial
    | WithdrawOfficial
    | GrantRole
    | RevokeRole
    | AdoptCalendar
    | AdoptRulebook
    | EndRulebook
    | RegisterDocument
)
