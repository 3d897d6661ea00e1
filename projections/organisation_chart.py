"""Which units are there on a day, how are they called, who heads them, and what became of those that ended?"""

from datetime import date
from typing import Any, Final, assert_never, cast

from msgspec import Struct

from domain.actor import Role
from domain.event import RecordedEvent
from domain.institution import RuleKind
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
from domain.sealed_text import SealedText
from domain.stream import ORGANISATION
from projections.chart_entry import (
    AdoptedRule,
    Budget,
    ChartRow,
    DaysOff,
    Document,
    Head,
    InstitutionEntry,
    PersonEntry,
    UnitEntry,
)
from projections.chart_fold import evolve_institution, evolve_person, evolve_unit
from projections.read_model import ReadModel, Rows, rows_table
from projections.timeline import stretches, until

INSTITUTION: Final = "institution"


class RuleOn(Struct, frozen=True, kw_only=True):
    """The rulebook of a kind in force on a day, by name, version and digest."""

    kind: RuleKind
    adopted: AdoptedRule


class CalendarOn(Struct, frozen=True, kw_only=True):
    """The days off of a year by the decree in force on a day."""

    year: int
    days_off: DaysOff


class Institution(Struct, frozen=True, kw_only=True):
    """The institution on a day, with the fiscal years opened and the rules and calendars in force by then."""

    institution: str
    name: str
    level: str
    time_zone: str
    head_unit: str
    fiscal_years: tuple[int, ...]
    rules: tuple[RuleOn, ...]
    calendars: tuple[CalendarOn, ...]


class NameOn(Struct, frozen=True, kw_only=True):
    """A name from a day to another (exclusive, null: open); `version` names it in corrections."""

    version: int
    name: str
    valid_from: date
    valid_to: date | None


class HeadOn(Struct, frozen=True, kw_only=True):
    """A head (null: none) from a day to another (exclusive, null: open); `version` names it in corrections."""

    version: int
    head: Head | None
    valid_from: date
    valid_to: date | None


class Unit(Struct, frozen=True, kw_only=True):
    """A unit on a day; one that has ended keeps its last name and names its successors, and has no head."""

    unit: str
    name: str
    parent: str | None
    in_being: bool
    head: Head | None
    successors: tuple[str, ...]
    predecessors: tuple[str, ...]
    names: tuple[NameOn, ...]
    heads: tuple[HeadOn, ...]
    budgets: tuple[Budget, ...]
    documents: tuple[Document, ...]


class RoleOn(Struct, frozen=True, kw_only=True):
    """A role held on a day, for a unit or (null) for the institution."""

    role: Role
    unit: str | None


class Person(Struct, frozen=True, kw_only=True):
    """A person on a day with the roles held by grant; name and employee number are digests of sealed texts."""

    person: str
    name: SealedText | None
    employee_number: SealedText | None
    roles: tuple[RoleOn, ...]


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the rows that an event of the organisation changes; a dissolution changes the successors too."""
    return _keys_of(event.body) if event.stream == ORGANISATION else ()


def _keys_of(body: OrganisationEvent) -> tuple[str, ...]:
    match body:
        case InstitutionFounded() | FiscalYearOpened() | CalendarAdopted() | RulebookAdopted() | RulebookEnded():
            return (INSTITUTION,)
        case PersonRegistered() | RoleGranted() | RoleRevoked():
            return (_person(body.person),)
        case UnitDissolved(unit=unit, successors=successors):
            return (_unit(unit), *(_unit(each) for each in successors))
        case (
            UnitEstablished()
            | UnitRenamed()
            | UnitNameCorrected()
            | OfficialAppointed()
            | OfficialRelieved()
            | OfficialCorrected()
            | OfficialWithdrawn()
            | BudgetRatified()
            | DocumentRegistered()
        ):
            return (_unit(body.unit),)
        case _:
            assert_never(body)


def evolve(key: str, row: ChartRow | None, event: RecordedEvent[OrganisationEvent]) -> ChartRow:
    """Fold one event of the organisation into one of its rows."""
    kind, _, id_ = key.partition("/")
    entry = None if row is None else row.entry
    if kind == INSTITUTION:
        institution = evolve_institution(cast("InstitutionEntry | None", entry), event)
        return ChartRow(key=key, unit=None, fiscal_year=None, entry=institution)
    if kind == "person":
        person = evolve_person(cast("PersonEntry | None", entry) or PersonEntry(), event)
        return ChartRow(key=key, unit=None, fiscal_year=None, entry=person)
    unit = evolve_unit(id_, cast("UnitEntry | None", entry) or UnitEntry(), event)
    return ChartRow(key=key, unit=id_, fiscal_year=None, entry=unit)


def at(row: ChartRow, day: date) -> Institution | Unit | Person | None:
    """Return the institution, unit or person on a day, or None where it was not there yet."""
    id_ = row.key.partition("/")[2]
    match row.entry:
        case InstitutionEntry() as entry:
            return _institution_on(entry, day)
        case UnitEntry() as entry:
            return _unit_on(id_, entry, day)
        case PersonEntry() as entry:
            return _person_on(id_, entry, day)
        case _:
            assert_never(row.entry)


def institution(rows: Rows, day: date) -> Institution | None:
    """Return the institution on a day, or None before it was founded."""
    row = rows.row(READ_MODEL, INSTITUTION)
    found = None if row is None else at(row, day)
    return found if isinstance(found, Institution) else None


def units(rows: Rows, day: date, *, ended: bool = False) -> tuple[Unit, ...]:
    """Return the units in being on a day by id, with `ended` also those that have ended by then."""
    found = (at(row, day) for row in rows.rows(READ_MODEL))
    return tuple(each for each in found if isinstance(each, Unit) and (ended or each.in_being))


def unit(rows: Rows, day: date, *, key: str) -> Unit | None:
    """Return a unit by its id on a day, or None before it was established."""
    row = rows.row(READ_MODEL, _unit(key))
    found = None if row is None else at(row, day)
    return found if isinstance(found, Unit) else None


def people(rows: Rows, day: date) -> tuple[Person, ...]:
    """Return the persons known on a day by id."""
    found = (at(row, day) for row in rows.rows(READ_MODEL))
    return tuple(each for each in found if isinstance(each, Person))


def names(rows: Rows, day: date) -> dict[str, str]:
    """Return the name that each unit carried on a day, or last before it, by unit id."""
    return {each.unit: each.name for each in units(rows, day, ended=True)}


def _unit(unit_id: str) -> str:
    return f"unit/{unit_id}"


def _person(person: str) -> str:
    return f"person/{person}"


def _institution_on(entry: InstitutionEntry, day: date) -> Institution | None:
    if entry.founded.effective_on > day:
        return None
    rules = ((each.kind, each.adopted.at(day)) for each in entry.rules)
    calendars = ((each.year, each.decreed.at(day)) for each in entry.calendars)
    return Institution(
        institution=entry.institution,
        name=entry.name,
        level=entry.level,
        time_zone=entry.time_zone,
        head_unit=entry.head_unit,
        fiscal_years=tuple(sorted({each.fiscal_year for each in until(entry.fiscal_years, day)})),
        rules=tuple(RuleOn(kind=kind, adopted=adopted) for kind, adopted in rules if adopted is not None),
        calendars=tuple(CalendarOn(year=year, days_off=days) for year, days in calendars if days is not None),
    )


def _unit_on(unit_id: str, entry: UnitEntry, day: date) -> Unit | None:
    name, in_being = entry.names.at(day), bool(entry.in_being.at(day))
    if name is None:
        return None
    return Unit(
        unit=unit_id,
        name=name,
        parent=entry.parents.at(day),
        in_being=in_being,
        head=entry.heads.at(day) if in_being else None,
        successors=() if in_being else entry.successors,
        predecessors=tuple(each.unit for each in until(entry.predecessors, day)),
        names=tuple(
            NameOn(version=each.version, name=each.value, valid_from=each.effective_on, valid_to=ends)
            for each, ends in stretches(entry.names)
            if each.value is not None
        ),
        heads=tuple(
            HeadOn(version=each.version, head=each.value, valid_from=each.effective_on, valid_to=ends)
            for each, ends in stretches(entry.heads)
        ),
        budgets=until(entry.budgets, day),
        documents=until(entry.documents, day),
    )


def _person_on(person: str, entry: PersonEntry, day: date) -> Person | None:
    roles = tuple(RoleOn(role=each.role, unit=each.unit) for each in entry.roles if each.held.at(day))
    if not roles and (entry.registered is None or entry.registered.effective_on > day):
        return None
    return Person(person=person, name=entry.name, employee_number=entry.employee_number, roles=roles)


READ_MODEL = ReadModel(
    name="organisation_chart",
    row=ChartRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("organisation_chart"),
    streams=frozenset({ORGANISATION}),
)
