"""What did an evaluation give: scores, predicates, components, and the unit's marks beside the evaluator's?"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, Literal, assert_never

import msgspec
from msgspec import Struct

from domain.dated import Dated
from domain.evaluation.events import (
    EvaluationAssigned,
    EvaluationEvent,
    EvaluationOpened,
    Finding,
    Graded,
    IssuedScore,
    LheIssued,
    Mark,
    ResultRecorded,
    SelfAssessed,
    TeamMember,
)
from domain.event import RecordedEvent
from domain.opening import Opening
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from domain.stream import category_of, cycle, cycle_of
from projections.read_model import ReadModel, Row, Rows, rows_table
from projections.timeline import Step, Trace, last_until, status_on, step, trace_of, until

RECORDED: Final = "recorded"
"""The status where there is nothing but a result made outside."""


class Assignment(Struct, frozen=True, kw_only=True):
    """The assignment letter (surat tugas), its team, and the rule that the evaluation year fixes."""

    letter: str
    letter_date: date
    evaluation_year: int
    team: tuple[TeamMember, ...]
    rule: RuleRef
    trace: Trace


class Marked(Struct, frozen=True, kw_only=True):
    """A mark with its note, and who gave it when."""

    mark: Mark
    note: SealedText | None
    trace: Trace


class MarkPair(Struct, frozen=True, kw_only=True):
    """All marks of a sub-component: the unit's own and the evaluator's, each by day."""

    sub_component: str
    by_unit: Dated[Marked] = Dated()
    by_evaluator: Dated[Marked] = Dated()


class EvaluationResult(Struct, frozen=True, kw_only=True):
    """A result: `internal` is the LHE of our own Inspektorat, `external` one made outside or known from a publication.

    `by_rule` is the predicate that `rule` gives for the published total, `agrees` whether it is the published one (null
    where one of them is missing). `issued_on` is null where the source does not say.
    """

    kind: Literal["internal", "external"]
    issuer: str | None
    number: str | None
    issued_on: date | None
    received_on: date
    evaluation_year: int
    rule: RuleRef | None
    score: IssuedScore
    by_rule: str | None
    agrees: bool | None
    findings: tuple[Finding, ...]
    file: str | None
    source: str | None
    trace: Trace


class EvaluationRow(Row, frozen=True, kw_only=True):
    """All that is known of the evaluation of a unit's performance year; the key is `unit/year`."""

    opening: Opening | None = None
    steps: tuple[Step, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    marks: tuple[MarkPair, ...] = ()
    results: tuple[EvaluationResult, ...] = ()


class MarkComparison(Struct, frozen=True, kw_only=True):
    """A sub-component on a day: the unit's mark beside the evaluator's; `differs` where both are there and unequal."""

    sub_component: str
    by_unit: Marked | None
    by_evaluator: Marked | None
    differs: bool


class Evaluation(Struct, frozen=True, kw_only=True):
    """An evaluation on a day. `result` is our own LHE (null: none yet), `external` all others: never mixed."""

    unit: str
    fiscal_year: int
    status: str
    opening: Opening | None
    assignment: Assignment | None
    marks: tuple[MarkComparison, ...]
    result: EvaluationResult | None
    external: tuple[EvaluationResult, ...]
    steps: tuple[Step, ...]


class ScoreLine(Struct, frozen=True, kw_only=True):
    """One result in a list of scores; `fiscal_year` is the performance year."""

    unit: str
    fiscal_year: int
    result: EvaluationResult


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the row of the evaluated unit and performance year."""
    found = cycle_of(event.stream) if category_of(event.stream) == "evaluation" else None
    return () if found is None else (cycle(*found),)


def evolve(key: str, row: EvaluationRow | None, event: RecordedEvent[EvaluationEvent]) -> EvaluationRow:
    """Fold one event of an evaluation."""
    row = row or _begin(key)
    match event.body:
        case EvaluationOpened(opening=opening):
            return _reached(row, step(event, "opened")).now(opening=opening)
        case EvaluationAssigned():
            return _reached(row, step(event, "assigned")).now(
                assignments=(*row.assignments, _assigned(event, event.body))
            )
        case SelfAssessed(mark=mark, note=note):
            return _marked(row, event, Marked(mark=mark, note=note, trace=trace_of(event)), "by_unit")
        case Graded(mark=mark, note=note):
            return _marked(row, event, Marked(mark=mark, note=note, trace=trace_of(event)), "by_evaluator")
        case LheIssued():
            return _reached(row, step(event, "issued")).now(results=(*row.results, _issued(event, event.body)))
        case ResultRecorded():
            return _reached(row, step(event, RECORDED)).now(results=(*row.results, _recorded(event, event.body)))
        case _:
            assert_never(event.body)


def _begin(key: str) -> EvaluationRow:
    unit, _, year = key.partition("/")
    return EvaluationRow(key=key, unit=unit, fiscal_year=int(year))


def _reached(row: EvaluationRow, reached: Step) -> EvaluationRow:
    return row.now(steps=(*row.steps, reached))


def _assigned(event: RecordedEvent[EvaluationEvent], body: EvaluationAssigned) -> Assignment:
    return Assignment(
        letter=body.letter,
        letter_date=body.letter_date,
        evaluation_year=body.evaluation_year,
        team=body.team,
        rule=body.rule,
        trace=trace_of(event),
    )


def _marked(
    row: EvaluationRow, event: RecordedEvent[EvaluationEvent], marked: Marked, side: Literal["by_unit", "by_evaluator"]
) -> EvaluationRow:
    code = marked.mark.sub_component
    known = next((each for each in row.marks if each.sub_component == code), None)
    old = known or MarkPair(sub_component=code)
    dated: Dated[Marked] = getattr(old, side)
    changed = msgspec.structs.replace(old, **{side: dated.add(event.effective_on, event.version, marked)})
    kept = (each for each in row.marks if each is not known)
    return row.now(marks=tuple(sorted((*kept, changed), key=lambda each: each.sub_component)))


def _issued(event: RecordedEvent[EvaluationEvent], body: LheIssued) -> EvaluationResult:
    return EvaluationResult(
        kind="internal",
        issuer=None,
        number=body.number,
        issued_on=body.effective_on,
        received_on=body.received_on,
        evaluation_year=body.evaluation_year,
        rule=body.rule,
        score=body.score,
        by_rule=body.score.predicate,
        agrees=None if body.score.predicate is None else True,
        findings=body.findings,
        file=body.file,
        source=None,
        trace=trace_of(event),
    )


def _recorded(event: RecordedEvent[EvaluationEvent], body: ResultRecorded) -> EvaluationResult:
    known = body.by_rule is not None and body.score.predicate is not None
    return EvaluationResult(
        kind="external",
        issuer=body.issuer,
        number=body.number,
        issued_on=body.issued_on,
        received_on=body.received_on,
        evaluation_year=body.evaluation_year,
        rule=body.rule,
        score=body.score,
        by_rule=body.by_rule,
        agrees=body.by_rule == body.score.predicate if known else None,
        findings=body.findings,
        file=body.file,
        source=body.source,
        trace=trace_of(event),
    )


def at(row: EvaluationRow, day: date) -> Evaluation | None:
    """Return the evaluation on a day, or None where it was not opened yet. A result made outside opens nothing here."""
    own = tuple(each for each in row.steps if each.status != RECORDED)
    status = status_on(own, day) or status_on(row.steps, day)
    if status is None or row.unit is None or row.fiscal_year is None:
        return None
    results = until(row.results, day)
    return Evaluation(
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        status=status,
        opening=row.opening,
        assignment=last_until(row.assignments, day),
        marks=tuple(_compared(row.marks, day)),
        result=next((each for each in reversed(results) if each.kind == "internal"), None),
        external=tuple(each for each in results if each.kind == "external"),
        steps=until(row.steps, day),
    )


def evaluations(
    rows: Rows, day: date, *, unit: str | None = None, fiscal_year: int | None = None
) -> tuple[Evaluation, ...]:
    """Return the evaluations that had begun by a day, by unit and performance year."""
    found = (at(row, day) for row in rows.rows(READ_MODEL, unit=unit, fiscal_year=fiscal_year))
    return tuple(each for each in found if each is not None)


def evaluation(rows: Rows, day: date, *, unit: str, fiscal_year: int) -> Evaluation | None:
    """Return the evaluation of a unit and performance year on a day, or None."""
    row = rows.row(READ_MODEL, cycle(unit, fiscal_year))
    return None if row is None else at(row, day)


def scores(
    rows: Rows,
    day: date,
    *,
    unit: str | None = None,
    fiscal_year: int | None = None,
    evaluation_year: int | None = None,
) -> tuple[ScoreLine, ...]:
    """Return every result known by a day, one line each, by unit and performance year, our own before external ones."""
    found = evaluations(rows, day, unit=unit, fiscal_year=fiscal_year)
    lines = (
        ScoreLine(unit=each.unit, fiscal_year=each.fiscal_year, result=result)
        for each in found
        for result in ([] if each.result is None else [each.result]) + list(each.external)
    )
    return tuple(each for each in lines if evaluation_year in {None, each.result.evaluation_year})


def _compared(marks: Iterable[MarkPair], day: date) -> Iterator[MarkComparison]:
    for each in marks:
        unit, evaluator = each.by_unit.at(day), each.by_evaluator.at(day)
        if unit is None and evaluator is None:
            continue
        differs = unit is not None and evaluator is not None and unit.mark != evaluator.mark
        yield MarkComparison(sub_component=each.sub_component, by_unit=unit, by_evaluator=evaluator, differs=differs)


READ_MODEL = ReadModel(
    name="evaluation_result",
    row=EvaluationRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("evaluation_result"),
    streams=frozenset({"evaluation"}),
    of_cycle=True,
)
