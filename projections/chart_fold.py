"""How the institution, a unit and a person change with the events of the organisation stream."""

import msgspec

from domain.dated import Dated
from domain.event import RecordedEvent
from domain.institution import BudgetDocument
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
from projections.chart_entry import (
    AdoptedRule,
    Budget,
    CalendarEntry,
    DaysOff,
    Document,
    Head,
    InstitutionEntry,
    OpenedYear,
    PersonEntry,
    Predecessor,
    RoleHeld,
    RuleEntry,
    UnitEntry,
)
from projections.timeline import trace_of


def evolve_institution(entry: InstitutionEntry | None, event: RecordedEvent[OrganisationEvent]) -> InstitutionEntry:
    """Fold one event into the institution; only its founding can be the first."""
    body = event.body
    if isinstance(body, InstitutionFounded):
        return InstitutionEntry(
            institution=body.institution,
            name=body.name,
            level=body.level,
            time_zone=body.time_zone,
            head_unit=body.head_unit,
            founded=trace_of(event),
        )
    if entry is None:
        raise ValueError(f"{event.type} comes before the founding")
    match body:
        case FiscalYearOpened(fiscal_year=year, entities=entities):
            opened = OpenedYear(fiscal_year=year, entities=entities, trace=trace_of(event))
            return msgspec.structs.replace(entry, fiscal_years=(*entry.fiscal_years, opened))
        case CalendarAdopted():
            return _with_calendar(entry, event, body)
        case RulebookAdopted(rule=rule, legal_basis=legal_basis):
            return _with_rule(entry, event, body, AdoptedRule(rule=rule, legal_basis=legal_basis))
        case RulebookEnded():
            return _with_rule(entry, event, body, None)
        case _:
            raise TypeError(f"{event.type} is not about the institution")


def evolve_person(entry: PersonEntry, event: RecordedEvent[OrganisationEvent]) -> PersonEntry:
    """Fold one event into a person."""
    match event.body:
        case PersonRegistered(name=name, employee_number=number):
            return msgspec.structs.replace(entry, name=name, employee_number=number, registered=trace_of(event))
        case RoleGranted():
            return _with_role(entry, event, event.body, held=True)
        case RoleRevoked():
            return _with_role(entry, event, event.body, held=False)
        case _:
            raise TypeError(f"{event.type} is not about a person")


def evolve_unit(unit: str, entry: UnitEntry, event: RecordedEvent[OrganisationEvent]) -> UnitEntry:
    """Fold one event into a unit: its own, or the end of one that it succeeds."""
    body, day, version, replace = event.body, event.effective_on, event.version, msgspec.structs.replace
    match body:
        case UnitEstablished(name=name, parent=parent):
            return replace(
                entry,
                names=entry.names.add(day, version, name),
                parents=entry.parents.add(day, version, parent),
                in_being=entry.in_being.add(day, version, value=True),
            )
        case UnitRenamed(name=name):
            return replace(entry, names=entry.names.add(day, version, name))
        case UnitNameCorrected(corrects=corrects, name=name):
            return replace(entry, names=entry.names.correct(corrects, name))
        case UnitDissolved(unit=ended, successors=successors):
            if ended != unit:
                predecessor = Predecessor(unit=ended, trace=trace_of(event))
                return replace(entry, predecessors=(*entry.predecessors, predecessor))
            return replace(entry, in_being=entry.in_being.add(day, version, value=False), successors=successors)
        case OfficialAppointed():
            return replace(entry, heads=entry.heads.add(day, version, _head(event, body)))
        case OfficialRelieved():
            return replace(entry, heads=entry.heads.add(day, version, None))
        case OfficialCorrected(corrects=corrects):
            return replace(entry, heads=entry.heads.correct(corrects, _head(event, body)))
        case OfficialWithdrawn(withdraws=withdraws):
            return replace(entry, heads=entry.heads.withdraw(withdraws))
        case BudgetRatified():
            return replace(entry, budgets=_with_budget(entry.budgets, event, body))
        case DocumentRegistered():
            return replace(entry, documents=(*entry.documents, _document(event, body)))
        case _:
            raise TypeError(f"{event.type} is not about a unit")


def _with_calendar(
    entry: InstitutionEntry, event: RecordedEvent[OrganisationEvent], body: CalendarAdopted
) -> InstitutionEntry:
    by_year = {each.year: each.decreed for each in entry.calendars}
    days = DaysOff(holidays=body.holidays, joint_leave=body.joint_leave, decree=body.decree)
    by_year[body.year] = by_year.get(body.year, Dated[DaysOff]()).add(event.effective_on, event.version, days)
    calendars = tuple(CalendarEntry(year=year, decreed=decreed) for year, decreed in sorted(by_year.items()))
    return msgspec.structs.replace(entry, calendars=calendars)


def _with_rule(
    entry: InstitutionEntry,
    event: RecordedEvent[OrganisationEvent],
    body: RulebookAdopted | RulebookEnded,
    value: AdoptedRule | None,
) -> InstitutionEntry:
    by_kind = {each.kind: each.adopted for each in entry.rules}
    by_kind[body.kind] = by_kind.get(body.kind, Dated[AdoptedRule]()).add(event.effective_on, event.version, value)
    rules = tuple(RuleEntry(kind=kind, adopted=adopted) for kind, adopted in sorted(by_kind.items()))
    return msgspec.structs.replace(entry, rules=rules)


def _with_role(
    entry: PersonEntry, event: RecordedEvent[OrganisationEvent], body: RoleGranted | RoleRevoked, *, held: bool
) -> PersonEntry:
    name = (body.role, body.unit)
    known = next((each for each in entry.roles if (each.role, each.unit) == name), None)
    dated = Dated[bool]() if known is None else known.held
    changed = RoleHeld(role=body.role, unit=body.unit, held=dated.add(event.effective_on, event.version, held))
    kept = tuple(each for each in entry.roles if each is not known)
    return msgspec.structs.replace(entry, roles=(*kept, changed))


def _head(event: RecordedEvent[OrganisationEvent], body: OfficialAppointed | OfficialCorrected) -> Head:
    return Head(person=body.person, position=body.position, capacity=body.capacity, trace=trace_of(event))


def _with_budget(
    budgets: tuple[Budget, ...], event: RecordedEvent[OrganisationEvent], body: BudgetRatified
) -> tuple[Budget, ...]:
    """A later record of the one DPA of a year, or of the DPPA of the same number, replaces the earlier."""
    entered = Budget(fiscal_year=body.fiscal_year, document=body.document, number=body.number, trace=trace_of(event))
    kept = (each for each in budgets if not _is_same(each, entered))
    return (*kept, entered)


def _is_same(earlier: Budget, later: Budget) -> bool:
    same = (earlier.fiscal_year, earlier.document) == (later.fiscal_year, later.document)
    return same and (later.document is BudgetDocument.DPA or earlier.number == later.number)


def _document(event: RecordedEvent[OrganisationEvent], body: DocumentRegistered) -> Document:
    return Document(
        fiscal_year=body.fiscal_year,
        document=body.document,
        number=body.number,
        file=body.file,
        published_at=body.published_at,
        trace=trace_of(event),
    )
