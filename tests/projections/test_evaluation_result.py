"""Specifications of evaluation results: our LHE, results from outside, and both sides of each mark."""

from decimal import Decimal

from domain.actor import Role
from domain.evaluation.events import (
    EvaluationAssigned,
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
from projections.evaluation_result import Evaluation, evaluation, evaluations, scores
from tests.projections.sample import FILE, IN_ORDER, REASON, RULE, day
from tests.projections.spec import Fact, Spec, given, happened, there

STREAM = "evaluation/dinkes/2024"
TEAM = (TeamMember(person="ani", role=Role.TEAM_LEAD),)
BEGUN = happened(
    STREAM,
    EvaluationOpened(effective_on=day("2025-06-01"), opening=IN_ORDER),
    EvaluationAssigned(
        effective_on=day("2025-06-02"),
        letter="ST/1",
        letter_date=day("2025-06-02"),
        evaluation_year=2025,
        team=TEAM,
        rule=RULE,
    ),
    SelfAssessed(effective_on=day("2025-06-10"), mark=Mark(sub_component="1a", grade="A"), note=REASON),
    SelfAssessed(effective_on=day("2025-06-10"), mark=Mark(sub_component="1b", grade="BB")),
    Graded(effective_on=day("2025-07-01"), mark=Mark(sub_component="1a", grade="BB")),
    Graded(effective_on=day("2025-07-01"), mark=Mark(sub_component="1b", grade="BB")),
    Graded(effective_on=day("2025-07-03"), mark=Mark(sub_component="1a", grade="B")),
)
ISSUED = Fact(
    STREAM,
    LheIssued(
        effective_on=day("2025-08-01"),
        number="LHE/1",
        evaluation_year=2025,
        rule=RULE,
        score=IssuedScore(total=Decimal("76.10"), predicate="BB", components=(("1", Decimal("20.5")),)),
        findings=(Finding(number=1, text=REASON, owners=("dinkes",)),),
        file=FILE,
        received_on=day("2025-08-05"),
    ),
)


def outside(total: str, predicate: str | None, by_rule: str | None, *, fiscal_year: int = 2024) -> Fact:
    """Return a result published elsewhere and what the rule of its year gives."""
    body = ResultRecorded(
        effective_on=day("2025-09-01"),
        issuer="KemenPANRB",
        number=None,
        issued_on=None,
        evaluation_year=fiscal_year + 1,
        score=IssuedScore(total=Decimal(total), predicate=predicate),
        rule=RULE,
        by_rule=by_rule,
        findings=(),
        file=None,
        received_on=day("2025-09-01"),
        source="seputargk.id",
    )
    return Fact(f"evaluation/dinkes/{fiscal_year}", body)


def the(spec: Spec) -> Evaluation:
    """Ask for the evaluation."""
    return there(spec.asked(evaluation, unit="dinkes", fiscal_year=2024))


def test_the_units_marks_stand_beside_the_evaluators() -> None:
    first, second = the(given(*BEGUN).on("2025-07-02")).marks
    assert (there(first.by_unit).mark.grade, there(first.by_evaluator).mark.grade, first.differs) == ("A", "BB", True)
    assert (second.sub_component, second.differs) == ("1b", False)
    assert there(first.by_unit).note == REASON


def test_a_mark_is_that_of_the_day() -> None:
    spec = given(*BEGUN)
    assert there(the(spec).marks[0].by_evaluator).mark.grade == "B"
    early = the(spec.on("2025-06-15")).marks[0]
    assert (early.by_evaluator, early.differs) == (None, False)
    assert the(spec.on("2025-06-05")).marks == ()


def test_an_issued_lhe_is_told_with_number_dates_and_score() -> None:
    spec = given(*BEGUN, ISSUED)
    found = the(spec)
    result = there(found.result)
    assert (found.status, result.number, result.issued_on, result.received_on, result.evaluation_year) == (
        "issued",
        "LHE/1",
        day("2025-08-01"),
        day("2025-08-05"),
        2025,
    )
    assert (result.score.total, result.score.predicate, result.by_rule) == (Decimal("76.10"), "BB", "BB")
    assert result.score.components == (("1", Decimal("20.5")),)
    assert [each.number for each in result.findings] == [1]
    assert the(spec.on("2025-07-31")).result is None
    assert there(found.assignment).team == TEAM


def test_results_from_outside_stay_apart_and_do_not_move_our_own_evaluation() -> None:
    found = the(given(*BEGUN, outside("61.76", "B", "B")))
    assert (found.status, found.result) == ("assigned", None)
    assert [each.issuer for each in found.external] == ["KemenPANRB"]
    alone = the(given(outside("61.76", "B", "B")))
    assert (alone.status, alone.result, len(alone.external)) == ("recorded", None, 1)


def test_the_published_predicate_stands_beside_the_one_by_rule() -> None:
    spec = given(outside("61.85", "CC", "B"))
    (line,) = spec.asked(scores)
    assert (line.result.score.predicate, line.result.by_rule, line.result.agrees) == ("CC", "B", False)
    (silent,) = given(outside("61.85", None, "B")).asked(scores)
    assert silent.result.agrees is None


def test_scores_are_one_line_for_each_result_and_asked_for_by_evaluation_year() -> None:
    spec = given(*BEGUN, ISSUED, outside("61.76", "B", "B"), outside("55.00", "CC", "CC", fiscal_year=2023))
    lines = spec.asked(scores, evaluation_year=2025)
    assert [(each.fiscal_year, each.result.kind) for each in lines] == [(2024, "internal"), (2024, "external")]
    assert len(spec.asked(scores, unit="dinkes")) == 3
    assert [each.result.score.total for each in spec.asked(scores, fiscal_year=2023)] == [Decimal("55.00")]
    assert spec.on("2025-08-31").asked(scores, fiscal_year=2023) == ()


def test_nothing_is_told_before_the_evaluation_opens() -> None:
    assert given(*BEGUN).on("2025-05-31").asked(evaluations) == ()
    assert [each.unit for each in given(*BEGUN).asked(evaluations, fiscal_year=2024)] == ["dinkes"]
