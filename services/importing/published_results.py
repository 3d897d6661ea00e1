"""Published scores and recommendations as history: evaluations made outside, kept as they were published."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec import Struct

from domain.evaluation.commands import OpenEvaluation, RecordExternalEvaluation
from services.importing.csv_reading import Row
from services.importing.entities import Entity
from services.importing.orders import NOT_IN_SOURCE, Order, Subject, from_source, one_line, source_of, year_ends
from services.importing.recommendations import ReadRecommendation
from services.importing.scores import ReadScore
from services.importing.staging import Batch

EVALUATED_AFTER: Final = 1
"""Years from the performance to its evaluation: an evaluation of year n is about the performance of n - 1."""


class Evaluated(Struct, kw_only=True):
    """What is published of one evaluation year of an entity: its scores, and its recommendations by issuer."""

    scores: list[ReadScore]
    recommendations: dict[str, list[ReadRecommendation]]


def result_orders(batch: Batch) -> Iterator[tuple[Subject, Order]]:
    """Yield, for each entity and evaluation year, its evaluation and what was published of it."""
    found: dict[tuple[Subject, int], Evaluated] = {}
    for score in batch.scores:
        subject = _subject(score.entity, score.item.year)
        published = score.total is not None or score.item.published_predicate is not None
        if subject is not None and published and batch.good(score.row):
            _evaluated(found, subject, score.item.year).scores.append(score)
    for each in batch.recommendations:
        subject = _subject(each.entity, each.item.year)
        if subject is not None and each.item.of_evaluation and batch.good(each.row):
            by_issuer = _evaluated(found, subject, each.item.year).recommendations
            by_issuer.setdefault(each.item.issuer or NOT_IN_SOURCE, []).append(each)
    for (subject, year), evaluated in sorted(found.items(), key=lambda entry: entry[0]):
        for order in _orders(subject, year, evaluated):
            yield subject, order


def _subject(entity: Entity, evaluation_year: int) -> Subject | None:
    return None if entity.key is None else Subject(*entity.key, evaluation_year - EVALUATED_AFTER)


def _evaluated(found: dict[tuple[Subject, int], Evaluated], subject: Subject, year: int) -> Evaluated:
    return found.setdefault((subject, year), Evaluated(scores=[], recommendations={}))


def _orders(subject: Subject, year: int, evaluated: Evaluated) -> Iterator[Order]:
    """One score and the recommendations of one issuer are one LHE; otherwise nobody can say which belong together."""
    issuers = list(evaluated.recommendations)
    together = len(evaluated.scores) == 1 and len(issuers) == 1
    results: list[tuple[str, ReadScore | None, list[ReadRecommendation]]]
    if together:
        results = [(issuers[0], evaluated.scores[0], evaluated.recommendations[issuers[0]])]
    else:
        scored = [(NOT_IN_SOURCE, score, list[ReadRecommendation]()) for score in evaluated.scores]
        results = [*scored, *((issuer, None, each) for issuer, each in evaluated.recommendations.items())]
    number = 1
    for index, (issuer, score, recommendations) in enumerate(results):
        row = score.row if score is not None else recommendations[0].row
        if index == 0:
            opened = {**subject.cycle, "opening": from_source(row)}
            yield Order(
                kind=OpenEvaluation, fields=opened, effective_on=year_ends(year), year_only=True, row=row, optional=True
            )
        yield _result(subject, year, issuer, score, row, _findings(recommendations, subject, number))
        number += len(recommendations)


def _result(
    subject: Subject, year: int, issuer: str, score: ReadScore | None, row: Row, findings: list[dict[str, Any]]
) -> Order:
    return Order(
        kind=RecordExternalEvaluation,
        fields={
            **subject.cycle,
            "issuer": one_line(issuer),
            "evaluation_year": year,
            "score": _score(score),
            "findings": findings,
            "source": source_of(row),
        },
        effective_on=year_ends(year),
        year_only=True,
        row=row,
    )


def _score(score: ReadScore | None) -> dict[str, Any]:
    """Return the score as published: what the rule gives is put beside it when it is recorded."""
    if score is None:
        return {"total": None, "predicate": None}
    predicate = score.item.published_predicate
    return {
        "total": score.item.total,
        "predicate": None if predicate is None else one_line(predicate),
        "components": [[code, str(points)] for code, points in score.components],
    }


def _findings(recommendations: Iterable[ReadRecommendation], subject: Subject, first: int) -> list[dict[str, Any]]:
    """Number the recommendations as they stand in the file; without another owner they are the entity's own."""
    return [
        {
            "number": number,
            "component": None if each.item.component is None else one_line(each.item.component),
            "text": each.item.text,
            "owners": [subject.unit],
        }
        for number, each in enumerate(recommendations, first)
    ]
