"""What is known of an evaluation after its events."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

import msgspec

from domain.dated import Dated
from domain.evaluation.events import (
    EvaluationAssigned,
    EvaluationEvent,
    EvaluationOpened,
    Finding,
    Graded,
    LheIssued,
    Mark,
    ResultRecorded,
    SelfAssessed,
)
from domain.event import RecordedEvent
from domain.rulebook import RuleRef
from domain.state import State

Marks = dict[str, Dated[Mark]]


class EvaluationState(State, frozen=True, kw_only=True):
    """The evaluation of a performance year: opened, assigned, marked, and issued once; external results stand beside.

    `marks` and `self_marks` are by code of the sub-component. `findings` are the numbers of all recommendations,
    `external_numbers` those of the external results.
    """

    opened: bool = False
    evaluation_year: int | None = None
    rule: RuleRef | None = None
    team: frozenset[str] = frozenset()
    self_marks: Marks = msgspec.field(default_factory=dict)
    marks: Marks = msgspec.field(default_factory=dict)
    issued: bool = False
    findings: frozenset[int] = frozenset()
    external_numbers: frozenset[str] = frozenset()

    @property
    def marked(self) -> bool:
        """Whether the unit or an evaluator has marked anything."""
        return bool(self.marks or self.self_marks)

    def marks_on(self, day: date) -> tuple[Mark, ...]:
        """Return the evaluators' marks in effect on a day."""
        found = (dated.at(day) for dated in self.marks.values())
        return tuple(mark for mark in found if mark is not None)


def evolve(state: EvaluationState, event: RecordedEvent[EvaluationEvent]) -> EvaluationState:
    """Fold one event into an evaluation."""
    match event.body:
        case EvaluationOpened():
            return state.now(opened=True)
        case EvaluationAssigned(evaluation_year=year, rule=rule, team=team):
            return state.now(evaluation_year=year, rule=rule, team=frozenset(member.person for member in team))
        case SelfAssessed(effective_on=day, mark=mark):
            return state.now(self_marks=_marked(state.self_marks, day, event.version, mark))
        case Graded(effective_on=day, mark=mark):
            return state.now(marks=_marked(state.marks, day, event.version, mark))
        case LheIssued(findings=findings):
            return state.now(issued=True, findings=state.findings | _numbers(findings))
        case ResultRecorded(findings=findings, number=number):
            numbers = state.external_numbers if number is None else state.external_numbers | {number}
            return state.now(findings=state.findings | _numbers(findings), external_numbers=numbers)
        case _:
            assert_never(event.body)


def _marked(marks: Marks, day: date, version: int, mark: Mark) -> Marks:
    return {**marks, mark.sub_component: marks.get(mark.sub_component, Dated()).add(day, version, mark)}


def _numbers(findings: Iterable[Finding]) -> frozenset[int]:
    return frozenset(finding.number for finding in findings)


def publish(_state: EvaluationState) -> None:
    """Publish nothing: what follows from an evaluation, its workflow sends to each recommendation."""
