"""How an evaluation answers its commands (PermenPANRB 88/2021): assigned by letter, marked by the team, issued once.

Three dates stay apart: the performance year is in the stream's name, the evaluation year in the assignment, where it
fixes the rule, and the day of issue is that of `evaluation.lhe_issued`. A missing agreement or report is no refusal.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, assert_never

from domain.actor import Role
from domain.decider import Stage, relies_on_nothing
from domain.errors import OwnWork, StageAlreadyOpen, StageNotOpenYet, UnitNotInBeing
from domain.evaluation.commands import (
    AssessSelf,
    AssignEvaluation,
    EvaluationCommands,
    Grade,
    IssueLhe,
    OpenEvaluation,
    RecordExternalEvaluation,
)
from domain.evaluation.events import (
    EvaluationAssigned,
    EvaluationEvent,
    EvaluationOpened,
    Finding,
    Graded,
    LheIssued,
    ResultRecorded,
    SelfAssessed,
)
from domain.evaluation.refusals import (
    EvaluationNotAssigned,
    EvaluationYearFixed,
    EvaluationYearTooEarly,
    ExternalResultRecorded,
    FindingNumberTaken,
    LheAlreadyIssued,
    NotInTeam,
    RepeatUnfit,
    ResultDatesUnfit,
    TeamRoleUnfit,
)
from domain.evaluation.state import EvaluationState, evolve, publish
from domain.evaluation.worksheet import demand_fit, national_rule, predicate_by_rule, rule_for, score_of
from domain.event import Event
from domain.facts import Facts
from domain.opening import Opening
from domain.rulebook import RuleRef
from domain.stream import unit_of_derived, year_of_derived

EVALUATORS: Final = frozenset(
    {Role.INSPECTOR, Role.QUALITY_CONTROLLER, Role.TECHNICAL_CONTROLLER, Role.TEAM_LEAD, Role.TEAM_MEMBER}
)
"""The roles of an evaluation team, from the Inspektur down to the member."""

_RECOMMENDATION: Final = re.compile(r"20[0-9]{2}\.[a-z0-9][a-z0-9-]{0,39}\.r([1-9][0-9]{0,2})")


def decide(command: EvaluationCommands, state: EvaluationState, facts: Facts) -> Sequence[Event]:
    """Answer a command on an evaluation."""
    match command:
        case OpenEvaluation():
            return _open(command, state, facts)
        case AssignEvaluation():
            return _assign(command, state, facts)
        case AssessSelf():
            return _assess_self(command, state, facts)
        case Grade():
            return _grade(command, state, facts)
        case IssueLhe():
            return _issue_lhe(command, state, facts)
        case RecordExternalEvaluation():
            return _record_external(command, state, facts)
        case _:
            assert_never(command)


def _open(command: OpenEvaluation, state: EvaluationState, facts: Facts) -> Sequence[Event]:
    if state.opened:
        raise StageAlreadyOpen(unit=command.unit, fiscal_year=command.fiscal_year)
    return [EvaluationOpened(effective_on=facts.effective(command.effective_on), opening=command.opening)]


def _assign(command: AssignEvaluation, state: EvaluationState, facts: Facts) -> Sequence[Event]:
    """Assign a team, also where nothing was opened: the unit is evaluated with whatever exists.

    A later letter replaces the team until the LHE is issued; marks once given keep the rule they were given under.
    """
    _demand_unissued(state)
    _demand_evaluation_year(command, state)
    _demand_team(command, facts)
    day = facts.effective(command.effective_on)
    assigned = EvaluationAssigned(
        effective_on=day,
        letter=command.letter,
        letter_date=command.letter_date,
        evaluation_year=command.evaluation_year,
        team=command.team,
        rule=state.rule if state.rule and state.marked else rule_for(command.evaluation_year, day, facts),
    )
    return [assigned] if state.opened else [EvaluationOpened(effective_on=day, opening=Opening()), assigned]


def _assess_self(command: AssessSelf, state: EvaluationState, facts: Facts) -> Sequence[Event]:
    demand_fit(_demand_assigned(state)[1], command.mark, facts)
    day = facts.effective(command.effective_on)
    return [SelfAssessed(effective_on=day, mark=command.mark, note=command.note)]


def _grade(command: Grade, state: EvaluationState, facts: Facts) -> Sequence[Event]:
    _, rule = _demand_assigned(state)
    if facts.actor.id not in state.team:
        raise NotInTeam(person=facts.actor.id)
    if facts.actor.unit == command.unit:
        raise OwnWork(person=facts.actor.id, unit=command.unit)
    _demand_stranger(facts.actor.id, command.unit, facts)
    demand_fit(rule, command.mark, facts)
    day = facts.effective(command.effective_on)
    return [Graded(effective_on=day, mark=command.mark, note=command.note)]


def _issue_lhe(command: IssueLhe, state: EvaluationState, facts: Facts) -> Sequence[Event]:
    evaluation_year, rule = _demand_assigned(state)
    issued_on = facts.effective(command.effective_on)
    received_on = command.received_on or issued_on
    _demand_possible(issued_on, received_on, facts.today)
    _demand_findings(command, state, facts)
    return [
        LheIssued(
            effective_on=issued_on,
            number=command.number,
            evaluation_year=evaluation_year,
            rule=rule,
            score=score_of(rule, state.marks_on(issued_on), facts),
            findings=command.findings,
            file=command.file,
            received_on=received_on,
        )
    ]


def _record_external(command: RecordExternalEvaluation, state: EvaluationState, facts: Facts) -> Sequence[Event]:
    """Keep a result as published; the predicate of the national rule stands beside it and never replaces it."""
    if command.number is not None and command.number in state.external_numbers:
        raise ExternalResultRecorded(number=command.number)
    recorded_on = facts.effective(command.effective_on)
    received_on = command.received_on or recorded_on
    _demand_possible(command.issued_on, received_on, facts.today)
    _demand_findings(command, state, facts)
    rule = national_rule(command.evaluation_year, facts)
    return [
        ResultRecorded(
            effective_on=recorded_on,
            issuer=command.issuer,
            number=command.number,
            issued_on=command.issued_on,
            evaluation_year=command.evaluation_year,
            score=command.score,
            rule=rule,
            by_rule=predicate_by_rule(rule, command.score, facts),
            findings=command.findings,
            file=command.file,
            received_on=received_on,
            source=command.source,
        )
    ]


def _demand_unissued(state: EvaluationState) -> None:
    if state.issued:
        raise LheAlreadyIssued


def _demand_assigned(state: EvaluationState) -> tuple[int, RuleRef]:
    """Return the evaluation year and the rule of an evaluation that is under way."""
    _demand_unissued(state)
    if not state.opened:
        raise StageNotOpenYet
    if state.evaluation_year is None or state.rule is None:
        raise EvaluationNotAssigned
    return state.evaluation_year, state.rule


def _demand_evaluation_year(command: AssignEvaluation, state: EvaluationState) -> None:
    if command.evaluation_year < command.fiscal_year:
        raise EvaluationYearTooEarly(evaluation_year=command.evaluation_year, fiscal_year=command.fiscal_year)
    if state.marked and command.evaluation_year != state.evaluation_year:
        raise EvaluationYearFixed(evaluation_year=state.evaluation_year)


def _demand_team(command: AssignEvaluation, facts: Facts) -> None:
    for member in command.team:
        if member.role not in EVALUATORS:
            raise TeamRoleUnfit(person=member.person, role=member.role)
        _demand_stranger(member.person, command.unit, facts)


def _demand_stranger(person: str, unit: str, facts: Facts) -> None:
    """Nobody evaluates the unit they belong to; the Inspektorat's own is evaluated by others."""
    if facts.institution.is_own(unit, person, facts.today):
        raise OwnWork(person=person, unit=unit)


def _demand_possible(issued_on: date | None, received_on: date, today: date) -> None:
    if max(issued_on or received_on, received_on) > today or (issued_on is not None and received_on < issued_on):
        raise ResultDatesUnfit(issued_on=issued_on, received_on=received_on, today=today)


def _demand_findings(command: IssueLhe | RecordExternalEvaluation, state: EvaluationState, facts: Facts) -> None:
    taken, day = set(state.findings), facts.effective(command.effective_on)
    for finding in command.findings:
        if finding.number in taken:
            raise FindingNumberTaken(number=finding.number)
        taken.add(finding.number)
        for owner in finding.owners:
            if not facts.institution.in_being(owner, day):
                raise UnitNotInBeing(unit=owner, day=day)
        _demand_earlier(finding, command, state)


def _demand_earlier(finding: Finding, command: IssueLhe | RecordExternalEvaluation, state: EvaluationState) -> None:
    """A repeat names a recommendation of an earlier year, of another entity, or of an earlier result of this year."""
    if finding.repeats is None:
        return
    found = _RECOMMENDATION.fullmatch(finding.repeats)
    if found is None or year_of_derived(finding.repeats) > command.fiscal_year:
        raise RepeatUnfit(number=finding.number, repeats=finding.repeats)
    here = (unit_of_derived(finding.repeats), year_of_derived(finding.repeats)) == (command.unit, command.fiscal_year)
    if here and int(found[1]) not in state.findings:
        raise RepeatUnfit(number=finding.number, repeats=finding.repeats)


STAGE = Stage(
    name="evaluation",
    commands=EvaluationCommands,
    events=EvaluationEvent,
    initial=EvaluationState(),
    relies_on=relies_on_nothing,
    decide=decide,
    evolve=evolve,
    publish=publish,
)
