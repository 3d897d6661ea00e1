"""What the rows of the organisation chart keep: the institution, each unit, and each person with roles."""

from datetime import date

from msgspec import Struct

from domain.actor import Role
from domain.dated import Dated
from domain.institution import BudgetDocument, Capacity, RuleKind
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from projections.read_model import Row
from projections.timeline import Trace


class AdoptedRule(Struct, frozen=True, kw_only=True):
    """A rulebook and the legal basis on which it was adopted."""

    rule: RuleRef
    legal_basis: str


class RuleEntry(Struct, frozen=True, kw_only=True):
    """The rulebooks of a kind by day; a version without value ends the adoption."""

    kind: RuleKind
    adopted: Dated[AdoptedRule] = Dated()


class DaysOff(Struct, frozen=True, kw_only=True):
    """The days off of a year as a decree fixed them."""

    holidays: tuple[date, ...]
    joint_leave: tuple[date, ...]
    decree: str


class CalendarEntry(Struct, frozen=True, kw_only=True):
    """The decrees for a year by day; a revision during the year is a later version."""

    year: int
    decreed: Dated[DaysOff] = Dated()


class OpenedYear(Struct, frozen=True, kw_only=True):
    """A fiscal year with the entities whose cycle began."""

    fiscal_year: int
    entities: tuple[str, ...]
    trace: Trace


class InstitutionEntry(Struct, frozen=True, kw_only=True, tag="institution"):
    """The institution; `head_unit` is it as an accountable entity of its own, `time_zone` an IANA name."""

    institution: str
    name: str
    level: str
    time_zone: str
    head_unit: str
    founded: Trace
    fiscal_years: tuple[OpenedYear, ...] = ()
    calendars: tuple[CalendarEntry, ...] = ()
    rules: tuple[RuleEntry, ...] = ()


class Head(Struct, frozen=True, kw_only=True):
    """Who heads a unit, in which position and capacity (definitif, plt, plh)."""

    person: str
    position: str
    capacity: Capacity
    trace: Trace


class Budget(Struct, frozen=True, kw_only=True):
    """A budget document, ratified on the day of its trace."""

    fiscal_year: int
    document: BudgetDocument
    number: str
    trace: Trace


class Document(Struct, frozen=True, kw_only=True):
    """A planning document, dated by its trace."""

    fiscal_year: int
    document: str
    number: str | None
    file: str | None
    published_at: str | None
    trace: Trace


class Predecessor(Struct, frozen=True, kw_only=True):
    """A unit that ended and whose duties this one carries on."""

    unit: str
    trace: Trace


class UnitEntry(Struct, frozen=True, kw_only=True, tag="unit"):
    """A unit: its id is permanent, all else is dated."""

    names: Dated[str] = Dated()
    parents: Dated[str] = Dated()
    in_being: Dated[bool] = Dated()
    heads: Dated[Head] = Dated()
    successors: tuple[str, ...] = ()
    predecessors: tuple[Predecessor, ...] = ()
    budgets: tuple[Budget, ...] = ()
    documents: tuple[Document, ...] = ()


class RoleHeld(Struct, frozen=True, kw_only=True):
    """A role for a unit (null: the institution), held while the dated value says so."""

    role: Role
    unit: str | None
    held: Dated[bool] = Dated()


class PersonEntry(Struct, frozen=True, kw_only=True, tag="person"):
    """A person; name and employee number are digests of sealed texts, null while only roles are known."""

    name: SealedText | None = None
    employee_number: SealedText | None = None
    registered: Trace | None = None
    roles: tuple[RoleHeld, ...] = ()


class ChartRow(Row, frozen=True, kw_only=True):
    """The institution under `institution`, a unit under `unit/id`, a person under `person/id`."""

    entry: InstitutionEntry | UnitEntry | PersonEntry
