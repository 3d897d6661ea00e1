"""The worksheet (LKE) of an evaluation: which rule it follows, whether a mark fits it, and what the marks add up to."""

from collections.abc import Sequence
from datetime import date

from domain.evaluation.events import IssuedScore, Mark
from domain.evaluation.refusals import (
    EvaluationRuleUnknown,
    IncompleteEvaluation,
    MarkUnfit,
    SubComponentUnknown,
    TotalOutOfRange,
)
from domain.evaluation_rules import EvaluationRules
from domain.facts import Facts
from domain.institution import RuleKind
from domain.rulebook import RulebookNotFound, RuleRef, select_evaluation_rulebook
from domain.score import GradeMark, MarkRefused, PointsMark, evaluate, predicate_of

BY_EVALUATOR = "Penilaian evaluator"
"""How a mark came about where nothing else is said."""


def rule_for(evaluation_year: int, day: date, facts: Facts) -> RuleRef:
    """Return the rule of an evaluation assigned on a day: a local one that holds for its year, else the national one.

    PermenPANRB 88/2021 Pasal 6 allows a local one. Raises EvaluationRuleUnknown where neither holds.
    """
    adopted = facts.ruling(RuleKind.EVALUATION, EvaluationRules, day)
    if adopted is not None and adopted[1].holds_for(evaluation_year):
        return adopted[0]
    national = national_rule(evaluation_year, facts)
    if national is None:
        raise EvaluationRuleUnknown(evaluation_year=evaluation_year)
    return national


def national_rule(evaluation_year: int, facts: Facts) -> RuleRef | None:
    """Return the one national rule for evaluations assigned in a year, or None where none holds."""
    try:
        rules = select_evaluation_rulebook(facts.rulebooks.values(), evaluation_year)
    except RulebookNotFound:
        return None
    digest = next(digest for digest, rulebook in facts.rulebooks.items() if rulebook is rules)
    return RuleRef(name=rules.name, version=rules.version, digest=digest)


def demand_fit(rule: RuleRef, mark: Mark, facts: Facts) -> None:
    """Refuse a mark on an unknown sub-component, with a foreign grade, or with points outside 0 to the weight."""
    try:
        evaluate(facts.content(rule, EvaluationRules), [_as_scored(mark)])
    except MarkRefused as refused:
        if refused.fault == "unknown_sub_component":
            raise SubComponentUnknown(str(refused), sub_component=mark.sub_component) from refused
        raise MarkUnfit(str(refused), sub_component=mark.sub_component, fault=refused.fault) from refused


def score_of(rule: RuleRef, marks: Sequence[Mark], facts: Facts) -> IssuedScore:
    """Return the score that the marks add up to; raise IncompleteEvaluation, naming what is missing."""
    score = evaluate(facts.content(rule, EvaluationRules), [_as_scored(mark) for mark in marks])
    if not score.complete:
        parts = [part for component in score.components for part in component.sub_components]
        raise IncompleteEvaluation(missing=[part.code for part in parts if part.points is None])
    return IssuedScore(
        total=score.total_rounded,
        predicate=score.predicate,
        components=tuple(
            (component.code, component.points) for component in score.components if component.points is not None
        ),
    )


def predicate_by_rule(rule: RuleRef | None, score: IssuedScore, facts: Facts) -> str | None:
    """Return the predicate that a rule gives for a published total; null where there is no rule or no total."""
    if score.total is None or rule is None:
        return None
    try:
        return predicate_of(facts.content(rule, EvaluationRules), score.total)
    except ValueError as error:
        raise TotalOutOfRange(str(error), total=score.total) from error


def _as_scored(mark: Mark) -> GradeMark | PointsMark:
    obtained = mark.obtained or BY_EVALUATOR
    if mark.score is not None:
        return PointsMark(sub_component=mark.sub_component, points=mark.score, obtained=obtained)
    # a mark has exactly one of the two
    return GradeMark(sub_component=mark.sub_component, grade=str(mark.grade), obtained=obtained)
