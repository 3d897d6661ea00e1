"""Specifications of the evaluation: assignment, rule by evaluation year, marks, LHE, and results from outside."""

from decimal import Decimal

import pytest

from domain.actor import Actor, Role
from domain.errors import OwnWork, StageAlreadyOpen, StageNotOpenYet, UnitNotInBeing
from domain.evaluation.commands import (
    AssessSelf,
    AssignEvaluation,
    EvaluationCommand,
    Grade,
    IssueLhe,
    OpenEvaluation,
    RecordExternalEvaluation,
)
from domain.evaluation.decider import STAGE
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
from domain.evaluation.refusals import (
    EvaluationNotAssigned,
    EvaluationRuleUnknown,
    EvaluationYearFixed,
    EvaluationYearTooEarly,
    ExternalResultRecorded,
    FindingNumberTaken,
    IncompleteEvaluation,
    LheAlreadyIssued,
    MarkUnfit,
    NotInTeam,
    RepeatUnfit,
    ResultDatesUnfit,
    SubComponentUnknown,
    TeamRoleUnfit,
    TotalOutOfRange,
)
from domain.evaluation.state import EvaluationState
from domain.event import Event
from domain.institution import Institution
from domain.opening import Opening
from tests.domain.setting import PLAIN, REASON, REFERENCES, RULEBOOKS, actor, adopting, day, local
from tests.spec import Spec, given

ANI = actor("ani", Role.TEAM_MEMBER, "inspektorat")
OPERATOR = actor("budi", Role.UNIT_OPERATOR, "dinkes")
INSPECTOR = actor("inspektur", Role.INSPECTOR, "inspektorat")
RULE_2021 = REFERENCES["lke-88-2021"]
RULE_2015 = REFERENCES["lke-12-2015"]
PRE_2015 = REFERENCES["lke-pre-2015"]
CODES = tuple(component + part for component in "1234" for part in "abc")
TEAM = (TeamMember(person="ani", role=Role.TEAM_MEMBER), TeamMember(person="dewi", role=Role.TEAM_LEAD))
OPENED = EvaluationOpened(effective_on=day("2026-06-01"), opening=Opening())
ASSIGNED = EvaluationAssigned(
    effective_on=day("2026-06-01"),
    letter="ST-12",
    letter_date=day("2026-05-28"),
    evaluation_year=2026,
    team=TEAM,
    rule=RULE_2021,
)
ISSUE = IssueLhe(unit="dinkes", fiscal_year=2025, number="700/12")


def assign(*, unit: str = "dinkes", year: int = 2026, team: tuple[TeamMember, ...] = TEAM) -> AssignEvaluation:
    """Return the letter of assignment for the performance of 2025."""
    return AssignEvaluation(
        unit=unit, fiscal_year=2025, letter="ST-12", letter_date=day("2026-05-28"), evaluation_year=year, team=team
    )


def graded(code: str, grade: str, on: str = "2026-06-10") -> Graded:
    """Return an evaluator's grade."""
    return Graded(effective_on=day(on), mark=Mark(sub_component=code, grade=grade))


def finding(number: int = 1, owners: tuple[str, ...] = ("dinkes",), repeats: str | None = None) -> Finding:
    """Return a recommendation of a LHE."""
    return Finding(number=number, text=REASON, owners=owners, repeats=repeats)


def assigned(*events: Event) -> Spec:
    """Return the history of an assigned evaluation."""
    return given(STAGE, OPENED, ASSIGNED, *events)


def complete(grade: str = "BB") -> Spec:
    """Return an evaluation with the same grade for all twelve sub-components."""
    return assigned(*(graded(code, grade) for code in CODES))


def when(
    spec: Spec, command: EvaluationCommand | OpenEvaluation, *, by: Actor = ANI, institution: Institution = PLAIN
) -> Spec:
    """Let the evaluation decide on 1 July 2026 with the shipped rulebooks at hand."""
    return spec.when(command, on="2026-07-01", by=by, institution=institution, rulebooks=RULEBOOKS)


def issued(**changes: object) -> IssueLhe:
    """Return the command that issues the LHE, with changes."""
    fields: dict[str, object] = {"unit": "dinkes", "fiscal_year": 2025, "number": "700/12"}
    return IssueLhe(**{**fields, **changes})  # type: ignore[arg-type]


def external(**changes: object) -> RecordExternalEvaluation:
    """Return the result of the whole regency that KemenPANRB published."""
    fields: dict[str, object] = {
        "unit": "pemda",
        "fiscal_year": 2023,
        "issuer": "KemenPANRB",
        "number": "B/77",
        "issued_on": day("2024-12-09"),
        "evaluation_year": 2024,
        "score": IssuedScore(total=Decimal("75.13"), predicate="BB"),
    }
    return RecordExternalEvaluation(**{**fields, **changes})  # type: ignore[arg-type]


def result(spec: Spec) -> ResultRecorded:
    """Return the recorded result."""
    assert spec.refusal is None, spec.refusal
    event = spec.events[0]
    assert isinstance(event, ResultRecorded)
    return event


def lhe(spec: Spec) -> LheIssued:
    """Return the issued LHE."""
    assert spec.refusal is None, spec.refusal
    event = spec.events[0]
    assert isinstance(event, LheIssued)
    return event


def test_the_acceptance_of_a_report_opens_an_evaluation_once() -> None:
    command = OpenEvaluation(unit="dinkes", fiscal_year=2025)
    given(STAGE).when(command, on="2026-06-01").then(OPENED)
    given(STAGE, OPENED).when(command).then_refused(StageAlreadyOpen)


def test_an_assignment_opens_the_evaluation_of_any_entity_with_whatever_exists() -> None:
    """A unit without agreement or report is evaluated too: a missing document is a criterion not met, no refusal."""
    given(STAGE).when(assign(), on="2026-06-01", institution=PLAIN, rulebooks=RULEBOOKS).then(OPENED, ASSIGNED)
    given(STAGE, OPENED).when(assign(), on="2026-06-01", institution=PLAIN, rulebooks=RULEBOOKS).then(ASSIGNED)


@pytest.mark.parametrize(("year", "rule"), [(2022, RULE_2021), (2021, RULE_2015), (2014, PRE_2015)])
def test_the_evaluation_year_fixes_the_rule_whatever_the_performance_year(year: int, rule: object) -> None:
    """An evaluation in 2022 of the performance of 2021 follows PermenPANRB 88/2021."""
    command = AssignEvaluation(
        unit="dinkes",
        fiscal_year=year - 1,
        letter="ST-1",
        letter_date=day("2026-01-05"),
        evaluation_year=year,
        team=TEAM,
    )
    event = when(given(STAGE, OPENED), command).events[0]
    assert isinstance(event, EvaluationAssigned)
    assert event.rule == rule


def test_a_local_rule_replaces_the_national_one_in_the_years_it_holds_for() -> None:
    """PermenPANRB 88/2021 Pasal 6: each head may set an own technical policy."""
    reference, contents = local("lke-88-2021", first_evaluation_year=2026)
    institution = adopting(reference, rulebooks=contents)
    rules = []
    for year in (2026, 2025):
        spec = given(STAGE, OPENED).when(
            assign(year=year), on="2026-07-01", institution=institution, rulebooks=contents
        )
        assert isinstance(spec.events[0], EvaluationAssigned)
        rules.append(spec.events[0].rule)
    assert rules == [reference, RULE_2021]
    outside = external(fiscal_year=2025, evaluation_year=2026, issued_on=None)
    recorded = given(STAGE).when(outside, on="2026-07-01", institution=institution, rulebooks=contents)
    assert result(recorded).rule == RULE_2021


def test_a_year_without_a_rule_or_before_the_performance_is_refused() -> None:
    early = AssignEvaluation(
        unit="dinkes", fiscal_year=2008, letter="ST", letter_date=day("2026-01-05"), evaluation_year=2009, team=TEAM
    )
    when(given(STAGE), early).then_refused(EvaluationRuleUnknown)
    when(given(STAGE), assign(year=2024)).then_refused(EvaluationYearTooEarly)


def test_a_later_letter_replaces_the_team_but_not_the_year_once_marks_were_given() -> None:
    other = (TeamMember(person="dewi", role=Role.TEAM_LEAD),)
    spec = when(assigned(graded("1a", "BB")), assign(team=other))
    assert isinstance(spec.state, EvaluationState)
    assert (spec.state.team, spec.state.rule) == (frozenset({"dewi"}), RULE_2021)
    assert when(assigned(), assign(year=2027)).events
    when(assigned(graded("1a", "BB")), assign(year=2027)).then_refused(EvaluationYearFixed)


def test_the_inspektorat_is_evaluated_by_others() -> None:
    """practice.md: the Inspektorat's own unit is evaluated by named others; nobody grades their own."""
    when(given(STAGE), assign(unit="inspektorat")).then_refused(OwnWork, person="ani")
    stranger = (TeamMember(person="eko", role=Role.TEAM_MEMBER),)
    assert when(given(STAGE), assign(unit="inspektorat", team=stranger)).events
    grade = Grade(unit="dinkes", fiscal_year=2025, mark=Mark(sub_component="1a", grade="BB"))
    at_home = actor("ani", Role.TEAM_MEMBER, "dinkes")
    when(assigned(), grade, by=at_home).then_refused(OwnWork)
    clerk = (TeamMember(person="fajar", role=Role.TREASURY),)
    when(given(STAGE), assign(team=clerk)).then_refused(TeamRoleUnfit, person="fajar")


def test_the_self_assessment_stands_beside_the_evaluators_grade() -> None:
    mark = Mark(sub_component="1a", grade="AA")
    spec = when(assigned(graded("1a", "B")), AssessSelf(unit="dinkes", fiscal_year=2025, mark=mark), by=OPERATOR)
    spec.then(SelfAssessed(effective_on=day("2026-07-01"), mark=mark))
    assert isinstance(spec.state, EvaluationState)
    assert spec.state.marks_on(day("2026-07-01")) == (Mark(sub_component="1a", grade="B"),)
    when(given(STAGE, OPENED), AssessSelf(unit="dinkes", fiscal_year=2025, mark=mark)).then_refused(
        EvaluationNotAssigned
    )


def test_only_the_assigned_team_grades_and_only_by_the_rule() -> None:
    mark = Mark(sub_component="1a", grade="BB")
    grade = Grade(unit="dinkes", fiscal_year=2025, mark=mark)
    when(assigned(), grade).then(Graded(effective_on=day("2026-07-01"), mark=mark))
    when(assigned(), grade, by=actor("gita", Role.TEAM_MEMBER, "inspektorat")).then_refused(NotInTeam)
    when(given(STAGE), grade).then_refused(StageNotOpenYet)
    when(given(STAGE, OPENED), grade).then_refused(EvaluationNotAssigned)


@pytest.mark.parametrize(
    ("mark", "refusal"),
    [
        (Mark(sub_component="9z", grade="BB"), SubComponentUnknown),
        (Mark(sub_component="1a", grade="F"), MarkUnfit),
        (Mark(sub_component="1a", score=Decimal("6.01")), MarkUnfit),
        (Mark(sub_component="1a", score=Decimal("-0.01")), MarkUnfit),
    ],
)
def test_a_mark_fits_the_rule(mark: Mark, refusal: type[SubComponentUnknown | MarkUnfit]) -> None:
    """PermenPANRB 88/2021: sub-component 1a weighs 6 points and has the grades AA to E."""
    when(assigned(), Grade(unit="dinkes", fiscal_year=2025, mark=mark)).then_refused(refusal)
    when(assigned(), AssessSelf(unit="dinkes", fiscal_year=2025, mark=mark)).then_refused(refusal)


def test_a_score_up_to_the_weight_is_taken_with_how_it_was_obtained() -> None:
    mean = Mark(sub_component="1a", score=Decimal(6), obtained="Rata-rata tiga evaluator")
    assert when(assigned(), Grade(unit="dinkes", fiscal_year=2025, mark=mean)).events


def test_all_sub_components_at_bb_are_exactly_80_and_bb() -> None:
    """PermenPANRB 88/2021: the limit includes its upper figure, so 80.00 is BB and 80.01 would be A."""
    assert lhe(when(complete(), ISSUE, by=INSPECTOR)) == LheIssued(
        effective_on=day("2026-07-01"),
        number="700/12",
        evaluation_year=2026,
        rule=RULE_2021,
        score=IssuedScore(
            total=Decimal("80.00"),
            predicate="BB",
            components=(
                ("perencanaan", Decimal(24)),
                ("pengukuran", Decimal(24)),
                ("pelaporan", Decimal(12)),
                ("evaluasi-internal", Decimal(20)),
            ),
        ),
        findings=(),
        file=None,
        received_on=day("2026-07-01"),
    )
    regraded = complete().and_by(ANI, graded("1a", "A", "2026-06-20"))
    above = lhe(when(regraded, ISSUE, by=INSPECTOR)).score
    assert (above.total, above.predicate) == (Decimal("80.60"), "A")


def test_an_incomplete_evaluation_has_no_total_and_is_not_issued() -> None:
    """Ungraded is incomplete: no total, no predicate."""
    ten = assigned(*(graded(code, "BB") for code in CODES[:10]))
    when(ten, ISSUE).then_refused(IncompleteEvaluation, missing=["4b", "4c"])
    when(given(STAGE), ISSUE).then_refused(StageNotOpenYet)
    when(given(STAGE, OPENED), ISSUE).then_refused(EvaluationNotAssigned)


def test_a_lhe_is_issued_for_a_unit_without_agreement_and_report() -> None:
    """The decision relies on no other stream: what is missing shows in the grades."""
    begun = given(STAGE).when(assign(), on="2026-06-01", institution=PLAIN, rulebooks=RULEBOOKS)
    graded_e = given(STAGE, *begun.events, *(graded(code, "E") for code in CODES))
    bare = lhe(when(graded_e, ISSUE, by=INSPECTOR))
    assert (bare.score.total, bare.score.predicate) == (Decimal("0.00"), "D")
    assert STAGE.relies_on(ISSUE) == ()


def test_a_lhe_is_issued_once_and_fixes_everything() -> None:
    done = complete().and_by(INSPECTOR, lhe(when(complete(), ISSUE)))
    mark = Mark(sub_component="1a", grade="AA")
    for command in (
        ISSUE,
        assign(),
        Grade(unit="dinkes", fiscal_year=2025, mark=mark),
        AssessSelf(unit="dinkes", fiscal_year=2025, mark=mark),
    ):
        when(done, command).then_refused(LheAlreadyIssued)


def test_findings_have_numbers_of_their_own_and_owners_in_being() -> None:
    with_findings = issued(findings=(finding(1), finding(2, ("dinsos", "dinkes"))))
    done = lhe(when(complete(), with_findings))
    assert [each.number for each in done.findings] == [1, 2]
    when(complete(), issued(findings=(finding(1), finding(1)))).then_refused(FindingNumberTaken, number=1)
    when(complete(), issued(findings=(finding(1, ("lama",)),))).then_refused(UnitNotInBeing, unit="lama")
    later = complete().and_by(INSPECTOR, done)
    own = external(unit="dinkes", fiscal_year=2025, findings=(finding(2),), issued_on=None)
    when(later, own).then_refused(FindingNumberTaken, number=2)


@pytest.mark.parametrize("repeats", ["2024.dinkes.r4", "2025.pemda.r1"])
def test_a_finding_may_repeat_an_earlier_recommendation(repeats: str) -> None:
    assert lhe(when(complete(), issued(findings=(finding(repeats=repeats),)))).findings[0].repeats == repeats


@pytest.mark.parametrize("repeats", ["rekomendasi 4", "2024.dinkes.agreement", "2026.dinkes.r1", "2025.dinkes.r1"])
def test_a_repeat_is_the_id_of_an_earlier_recommendation(repeats: str) -> None:
    when(complete(), issued(findings=(finding(repeats=repeats),))).then_refused(RepeatUnfit)


def test_a_lhe_is_received_on_or_after_the_day_of_issue_and_not_in_the_future() -> None:
    when(complete(), issued(received_on=day("2026-06-30"))).then_refused(ResultDatesUnfit)
    when(complete(), issued(received_on=day("2026-07-02"))).then_refused(ResultDatesUnfit)
    backdated = issued(effective_on=day("2026-06-28"), received_on=day("2026-06-30"))
    assert lhe(when(complete(), backdated)).received_on == day("2026-06-30")


def test_a_published_result_is_kept_as_published_with_the_rules_predicate_beside_it() -> None:
    """The 75.13 of the seed articles: BB under PermenPANRB 88/2021; nothing needs to be open."""
    recorded = result(when(given(STAGE), external(findings=(finding(1, ("dinkes", "dinsos")),))))
    assert (recorded.score.total, recorded.score.predicate, recorded.by_rule) == (Decimal("75.13"), "BB", "BB")
    assert (recorded.rule, recorded.received_on) == (RULE_2021, day("2026-07-01"))
    foreign = external(score=IssuedScore(total=Decimal("75.13"), predicate="B+"))
    differing = result(when(given(STAGE), foreign))
    assert (differing.score.predicate, differing.by_rule) == ("B+", "BB")


@pytest.mark.parametrize(
    ("total", "year", "by_rule"),
    [("61.85", 2012, "CC"), ("61.85", 2019, "B"), ("70.00", 2023, "B"), ("80.00", 2023, "BB"), ("90.00", 2023, "A")],
)
def test_the_national_rule_of_the_evaluation_year_names_the_predicate(total: str, year: int, by_rule: str) -> None:
    """61.85 was published as CC for 2011 and as B for 2019; limits include their upper figure."""
    command = external(
        fiscal_year=year - 1, evaluation_year=year, score=IssuedScore(total=Decimal(total), predicate=None)
    )
    assert result(when(given(STAGE), command)).by_rule == by_rule


def test_a_result_without_a_total_or_a_rule_has_no_predicate_by_rule() -> None:
    blank = external(score=IssuedScore(total=None, predicate="B"))
    assert result(when(given(STAGE), blank)).by_rule is None
    unruled = external(fiscal_year=2008, evaluation_year=2009, issued_on=None)
    recorded = result(when(given(STAGE), unruled))
    assert (recorded.rule, recorded.by_rule) == (None, None)
    beyond = external(score=IssuedScore(total=Decimal("100.01"), predicate="AA"))
    when(given(STAGE), beyond).then_refused(TotalOutOfRange)


def test_several_external_results_are_recorded_but_none_twice() -> None:
    first = result(when(given(STAGE), external()))
    assert when(given(STAGE, first), external(number="B/78")).events
    when(given(STAGE, first), external()).then_refused(ExternalResultRecorded, number="B/77")
    unnumbered = result(when(given(STAGE), external(number=None)))
    assert when(given(STAGE, unnumbered), external(number=None)).events
    future = external(issued_on=day("2026-07-02"))
    when(given(STAGE), future).then_refused(ResultDatesUnfit)


def test_a_mark_is_either_a_grade_or_a_score() -> None:
    for both in ({}, {"grade": "BB", "score": Decimal(4)}):
        with pytest.raises(ValueError, match="salah satu"):
            Mark(sub_component="1a", **both)  # type: ignore[arg-type]


def test_figures_of_a_score_are_bounded() -> None:
    with pytest.raises(ValueError, match="terhingga"):
        IssuedScore(total=Decimal("NaN"), predicate=None)
