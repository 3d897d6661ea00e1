"""A batch as history: for each institution, what its log has to begin with, and then every fact in order."""

from collections.abc import Iterator

from msgspec import Struct

from domain.institution import RuleKind
from domain.organisation.commands import AdoptRulebook, EstablishUnit, FoundInstitution
from services.importing.entities import Entities, Entity, InstitutionEntry
from services.importing.orders import Order, Subject, year_begins
from services.importing.published_agreements import agreement_orders
from services.importing.published_reports import report_orders
from services.importing.published_results import result_orders
from services.importing.staging import Batch
from services.importing.tables import Tables
from services.rulebooks import RulebookShelf


class InstitutionHistory(Struct, frozen=True, kw_only=True):
    """The orders of one institution: its founding, the rule of due dates, its units by id, and the facts."""

    institution: InstitutionEntry
    founding: Order
    adoption: Order
    units: dict[str, Order]
    facts: tuple[Order, ...]


def plan_history(
    batch: Batch, entities: Entities, shelf: RulebookShelf, tables: Tables, *, administrator: str
) -> tuple[InstitutionHistory, ...]:
    """Return what is to be recorded of a batch's good rows, in the order of the institutions' ids."""
    facts: dict[str, list[tuple[Subject, Order]]] = {}
    for subject, order in (*agreement_orders(batch), *report_orders(batch), *result_orders(batch)):
        facts.setdefault(subject.institution, []).append((subject, order))
    names = {entity.key: entity.unit_name for entity in _entities(batch)}
    adoption = _adoption(shelf, tables)
    return tuple(
        _history(entities.institutions[institution], found, names, adoption, administrator)
        for institution, found in sorted(facts.items())
    )


def _history(
    entry: InstitutionEntry,
    found: list[tuple[Subject, Order]],
    names: dict[tuple[str, str] | None, str],
    adoption: Order,
    administrator: str,
) -> InstitutionHistory:
    """Let the institution and its units begin on 1 January of the first year that the data is about."""
    begins = year_begins(min(subject.fiscal_year for subject, _ in found))
    units = sorted({subject.unit for subject, _ in found} - {entry.head_unit})
    return InstitutionHistory(
        institution=entry,
        founding=Order(
            kind=FoundInstitution,
            fields={
                "institution": entry.id,
                "name": entry.name,
                "level": entry.level,
                "time_zone": entry.time_zone,
                "head_unit": entry.head_unit,
                "administrator": administrator,
            },
            effective_on=begins,
        ),
        adoption=adoption,
        units={
            unit: Order(
                kind=EstablishUnit,
                fields={"unit": unit, "name": names[(entry.id, unit)], "parent": entry.head_unit},
                effective_on=begins,
            )
            for unit in units
        },
        facts=tuple(order for _, order in found),
    )


def _adoption(shelf: RulebookShelf, tables: Tables) -> Order:
    rule = shelf.reference(tables.due_dates.rulebook)
    return Order(
        kind=AdoptRulebook,
        fields={
            "kind": RuleKind.DUE_DATES.value,
            "rule": {"name": rule.name, "version": rule.version, "digest": rule.digest},
            "legal_basis": tables.due_dates.evidence,
        },
        effective_on=tables.due_dates.in_force_from,
    )


def _entities(batch: Batch) -> Iterator[Entity]:
    yield from (each.entity for each in batch.scores)
    yield from (each.entity for each in batch.achievements)
    yield from (each.entity for each in batch.submissions)
    yield from (each.entity for each in batch.recommendations)
    yield from (each.entity for each in batch.commitments)
