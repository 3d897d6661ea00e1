"""Published targets and realisations as history: agreements from a publication, and what was realised of them."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec import Struct

from domain.agreement.commands import OpenAgreement, RecordPublishedAgreement
from domain.figure import FigureKind, ParsedFigure
from domain.measurement.commands import OpenMeasurement, RecordRealisation
from services.importing.achievements import ReadAchievement
from services.importing.commitments import ReadCommitment
from services.importing.csv_reading import Row
from services.importing.entities import identifier_of
from services.importing.orders import NOT_IN_SOURCE, Order, Subject, from_source, one_line, source_of, year_begins
from services.importing.staging import Batch

_ABSENT: Final[dict[FigureKind, str]] = {
    "blank": "not_filled",
    "not_applicable": "not_applicable",
    "not_obtained": "not_obtained",
}
_LABELS: Final = frozenset({"predicate", "ordinal"})


class Promise(Struct, frozen=True, kw_only=True):
    """A commitment as plain values; `realised` is null where nothing was published that could be recorded."""

    row: Row
    commitment: dict[str, Any]
    realised: dict[str, Any] | None = None
    printed: str | None = None


def agreement_orders(batch: Batch) -> Iterator[tuple[Subject, Order]]:
    """Yield, for each entity and year, its agreement with all its commitments, and then each realisation."""
    grouped: dict[Subject, dict[str, Promise]] = {}
    for subject, promise in (*_achieved(batch.achievements), *_promised(batch.commitments)):
        if batch.good(promise.row):
            grouped.setdefault(subject, {}).setdefault(promise.commitment["id"], promise)
    for subject, promises in sorted(grouped.items()):
        for order in _orders(subject, list(promises.values())):
            yield subject, order


def unrecorded(batch: Batch) -> tuple[list[Row], list[Row]]:
    """Return the rows of entities whose target, and those whose realisation alone, is only listed."""
    known = {promise.row.line: promise for _, promise in _achieved(batch.achievements)}
    of_entities = [each.row for each in batch.achievements if each.entity.key is not None and batch.good(each.row)]
    targets = [row for row in of_entities if row.line not in known]
    return targets, [row for row in of_entities if row.line in known and known[row.line].realised is None]


def _achieved(achievements: Iterable[ReadAchievement]) -> Iterator[tuple[Subject, Promise]]:
    for each in achievements:
        target = _target(each.checked.target, each.item.direction)
        if each.entity.key is None or target is None or each.item.direction is None:
            continue
        direction = "ordinal" if each.item.direction == "predicate" else each.item.direction
        commitment = _commitment(each.row, direction, target, NOT_IN_SOURCE)
        printed = each.item.published
        yield (
            Subject(*each.entity.key, each.item.year),
            Promise(
                row=each.row,
                commitment=commitment,
                realised=_realised(each.checked.realised),
                printed=None if printed is None else one_line(printed),
            ),
        )


def _promised(commitments: Iterable[ReadCommitment]) -> Iterator[tuple[Subject, Promise]]:
    for each in commitments:
        item, target = each.item, _target(each.target, each.item.direction)
        if each.entity.key is None or item.year is None or item.direction is None or target is None:
            continue
        if item.status == "clear":
            objective = one_line(each.row["sasaran_or_programme"]) or NOT_IN_SOURCE
            commitment = _commitment(each.row, item.direction, target, objective)
            yield Subject(*each.entity.key, item.year), Promise(row=each.row, commitment=commitment)


def _orders(subject: Subject, promises: list[Promise]) -> Iterator[Order]:
    """Open both stages from the source before the commitments are in force, so that no workflow opens them again."""
    first = promises[0].row
    day = year_begins(subject.fiscal_year)
    opened = {**subject.cycle, "opening": from_source(first)}
    yield Order(kind=OpenAgreement, fields=opened, effective_on=day, year_only=True, row=first, optional=True)
    yield Order(kind=OpenMeasurement, fields=opened, effective_on=day, year_only=True, row=first, optional=True)
    recorded = {**subject.cycle, "commitments": [each.commitment for each in promises], "source": source_of(first)}
    yield Order(kind=RecordPublishedAgreement, fields=recorded, effective_on=day, year_only=True, row=first)
    for promise in promises:
        if promise.realised is not None:
            yield Order(
                kind=RecordRealisation,
                fields={**subject.cycle, "realisation": _realisation(promise, promise.realised, subject.fiscal_year)},
                row=promise.row,
            )


def _commitment(row: Row, direction: str, target: dict[str, Any], objective: str) -> dict[str, Any]:
    return {
        "id": identifier_of(row["indicator"], always_hashed=True) or f"baris-{row.line}",
        "objective": objective,
        "indicator": {
            "name": one_line(row["indicator"]),
            "definition": NOT_IN_SOURCE,
            "formula": NOT_IN_SOURCE,
            "unit_of_measure": one_line(row["unit"]) or NOT_IN_SOURCE,
            "source": source_of(row),
            "frequency": "year",
            "direction": direction,
            "accumulation": "last",
        },
        "target": {"year": target},
    }


def _realisation(promise: Promise, realised: dict[str, Any], year: int) -> dict[str, Any]:
    return {
        "commitment": promise.commitment["id"],
        "period": {"fiscal_year": year, "frequency": "year", "number": 1},
        "realised": realised,
        "published_achievement": promise.printed,
        "source": source_of(promise.row),
    }


def _target(figure: ParsedFigure, direction: str | None) -> dict[str, Any] | None:
    """Return a target that is beyond doubt: one figure, a range, or the predicate of an indicator that has them."""
    if figure.kind == "number" and direction != "predicate":
        return {"type": "number", "value": str(figure.value)}
    if figure.kind == "range" and figure.parts is not None and direction != "predicate":
        return {"type": "range", "low": str(figure.parts[0]), "high": str(figure.parts[1])}
    if figure.kind in _LABELS and direction == "predicate":
        return {"type": "predicate", "value": figure.label}
    return None


def _realised(figure: ParsedFigure) -> dict[str, Any] | None:
    """Return what was realised, also the reason why there is no figure; null where the cell is not beyond doubt."""
    if figure.kind == "number":
        return {"type": "number", "value": str(figure.value)}
    if figure.kind in _LABELS:
        return {"type": "label", "value": figure.label}
    reason = _ABSENT.get(figure.kind)
    return None if reason is None else {"type": "none", "reason": reason}
