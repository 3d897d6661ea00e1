"""Verification: a verifier proposes a result, and what closes needs the approval of a second person.

The words of a result, and which of them close, come from the follow-up rule that was in force when the recommendation
was opened; where none was, from the one in force when the result is decided.
"""

from collections.abc import Sequence

from domain.duty_rules import FollowUpResult, FollowUpRules
from domain.errors import OwnWork, SamePersonTwice
from domain.event import Event
from domain.facts import Facts
from domain.follow_up.commands import ApproveResult, ProposeResult, RejectResult
from domain.follow_up.events import ResultApproved, ResultProposed, ResultRejected
from domain.follow_up.refusals import FollowUpRuleNotAdopted, NoResultProposed, ResultAwaitsApproval, ResultUnknown
from domain.follow_up.state import ProposedResult, RecommendationState
from domain.institution import RuleKind


def propose_result(command: ProposeResult, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    """Record the verifier's judgement, which waits for a second person where the rule says so."""
    _demand_not_own(command, state, facts)
    demand_nothing_awaited(state)
    result = _result(command.result, state, facts)
    return [
        ResultProposed(
            effective_on=facts.effective(command.effective_on),
            result=result.code,
            reason=command.reason,
            awaits_approval=result.needs_second_approval,
        )
    ]


def approve_result(command: ApproveResult, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    """Let the proposed result hold, by a second person; the rule says whether it closes."""
    proposed = _demand_second_person(command, state, facts)
    result = _result(proposed.result, state, facts)
    day = facts.effective(command.effective_on)
    return [ResultApproved(effective_on=day, result=result.code, closes=result.closes)]


def reject_result(command: RejectResult, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    """Send the recommendation back to its owners, by a second person."""
    proposed = _demand_second_person(command, state, facts)
    day = facts.effective(command.effective_on)
    return [ResultRejected(effective_on=day, result=proposed.result, reason=command.reason)]


def _result(code: str, state: RecommendationState, facts: Facts) -> FollowUpResult:
    """Return a result of the recommendation's own rule, else of the one in force today."""
    if state.rule is not None:
        rules = facts.content(state.rule, FollowUpRules)
    else:
        ruling = facts.ruling(RuleKind.FOLLOW_UP, FollowUpRules, facts.today)
        if ruling is None:
            raise FollowUpRuleNotAdopted(result=code)
        rules = ruling[1]
    if not rules.knows(code):
        raise ResultUnknown(result=code, known=[each.code for each in rules.results])
    return rules.result(code)


def _demand_second_person(
    command: ApproveResult | RejectResult, state: RecommendationState, facts: Facts
) -> ProposedResult:
    _demand_not_own(command, state, facts)
    if state.proposed is None:
        raise NoResultProposed(recommendation=command.recommendation)
    if facts.actor.id == state.proposed.by:
        raise SamePersonTwice(recommendation=command.recommendation)
    return state.proposed


def _demand_not_own(
    command: ProposeResult | ApproveResult | RejectResult, state: RecommendationState, facts: Facts
) -> None:
    """Let nobody judge what they reported themselves or what their own unit owns."""
    actor, today = facts.actor, facts.today
    belongs = any(actor.unit == owner or facts.institution.is_own(owner, actor.id, today) for owner in state.owners)
    if belongs or actor.id in state.reporters:
        raise OwnWork(recommendation=command.recommendation)


def demand_nothing_awaited(state: RecommendationState) -> None:
    """Refuse anything else while a result waits for the second person."""
    if state.proposed is not None:
        raise ResultAwaitsApproval(result=state.proposed.result)
