"""What happens to the institution itself: units, officials, roles, years, budgets, calendars, adopted rules."""

from datetime import date

from domain.actor import Role
from domain.bounds import Digest, FiscalYear, Identifier, Line
from domain.event import Correction, DatedValue, StatusChange, Withdrawal
from domain.institution import BudgetDocument, Capacity, RuleKind
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText


class InstitutionFounded(StatusChange, frozen=True, kw_only=True, tag="organisation.founded.v1"):
    """The log of an institution begins; `head_unit` is the institution as an accountable entity of its own."""

    institution: Identifier
    name: Line
    level: Line
    time_zone: Line
    head_unit: Identifier


class FiscalYearOpened(DatedValue, frozen=True, kw_only=True, tag="fiscal_year.opened.v1"):
    """A cycle begins for each entity in being on the day."""

    fiscal_year: FiscalYear
    entities: tuple[Identifier, ...]


class BudgetRatified(DatedValue, frozen=True, kw_only=True, tag="budget.ratified.v1"):
    """A unit's DPA or DPPA was ratified on the effective day."""

    unit: Identifier
    fiscal_year: FiscalYear
    document: BudgetDocument
    number: Line


class UnitEstablished(DatedValue, frozen=True, kw_only=True, tag="unit.established.v1"):
    """A unit comes into being."""

    unit: Identifier
    name: Line
    parent: Identifier | None = None


class UnitRenamed(DatedValue, frozen=True, kw_only=True, tag="unit.renamed.v1"):
    """A unit carries another name from a day on."""

    unit: Identifier
    name: Line


class UnitNameCorrected(Correction, frozen=True, kw_only=True, tag="unit.name_corrected.v1"):
    """A name was recorded wrongly."""

    unit: Identifier
    name: Line


class UnitDissolved(DatedValue, frozen=True, kw_only=True, tag="unit.dissolved.v1"):
    """A unit ends, by merger (one successor for several), split (several) or dissolution; its duties pass on."""

    unit: Identifier
    successors: tuple[Identifier, ...]


class PersonRegistered(DatedValue, frozen=True, kw_only=True, tag="person.registered.v1"):
    """A person is known by an id; name and employee number are sealed."""

    person: Identifier
    name: SealedText
    employee_number: SealedText | None = None


class OfficialAppointed(DatedValue, frozen=True, kw_only=True, tag="official.appointed.v1"):
    """A person heads a unit from a day on, in a capacity."""

    unit: Identifier
    person: Identifier
    position: Line
    capacity: Capacity


class OfficialRelieved(DatedValue, frozen=True, kw_only=True, tag="official.relieved.v1"):
    """A unit has no head from a day on."""

    unit: Identifier


class OfficialCorrected(Correction, frozen=True, kw_only=True, tag="official.corrected.v1"):
    """An appointment was recorded wrongly."""

    unit: Identifier
    person: Identifier
    position: Line
    capacity: Capacity


class OfficialWithdrawn(Withdrawal, frozen=True, kw_only=True, tag="official.withdrawn.v1"):
    """An appointment was recorded that never took place."""

    unit: Identifier


class RoleGranted(DatedValue, frozen=True, kw_only=True, tag="role.granted.v1"):
    """A person holds a role from a day on, for a unit or for the institution."""

    person: Identifier
    role: Role
    unit: Identifier | None = None


class RoleRevoked(DatedValue, frozen=True, kw_only=True, tag="role.revoked.v1"):
    """A person holds a role no more from a day on."""

    person: Identifier
    role: Role
    unit: Identifier | None = None


class CalendarAdopted(DatedValue, frozen=True, kw_only=True, tag="calendar.adopted.v1"):
    """The days off of a year by decree (SKB); a revision during the year is a later version."""

    year: FiscalYear
    holidays: tuple[date, ...]
    joint_leave: tuple[date, ...]
    decree: Line


class RulebookAdopted(DatedValue, frozen=True, kw_only=True, tag="rulebook.adopted.v1"):
    """A rulebook holds for the institution from a day on (PermenPANRB 88/2021 Pasal 6 allows local ones)."""

    kind: RuleKind
    rule: RuleRef
    legal_basis: Line


class RulebookEnded(DatedValue, frozen=True, kw_only=True, tag="rulebook.ended.v1"):
    """No rulebook of the kind holds from a day on."""

    kind: RuleKind
    reason: SealedText


class DocumentRegistered(DatedValue, frozen=True, kw_only=True, tag="document.registered.v1"):
    """A planning document of a unit and year: Renstra, IKU decree, Renja, action plan, performance tree, DPA."""

    unit: Identifier
    fiscal_year: FiscalYear
    document: Line
    number: Line | None = None
    file: Digest | None = None
    published_at: Line | None = None


OrganisationEvent = (
    InstitutionFounded
    | FiscalYearOpened
    | BudgetRatified
    | UnitEstablished
    | UnitRenamed
    | UnitNameCorrected
    | UnitDissolved
    | PersonRegistered
    | OfficialAppointed
    | OfficialRelieved
    | OfficialCorrected
    | OfficialWithdrawn
    | RoleGranted
    | RoleRevoked
    | CalendarAdopted
    | RulebookAdopted
    | RulebookEnded
    | DocumentRegistered
)
