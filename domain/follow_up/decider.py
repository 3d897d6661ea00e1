"""How a recommendation answers its commands: owners work on it, a verifier judges, a second person closes it."""

from collections.abc import Sequence
from typing import assert_never

from domain.decider import Stage
from domain.duty_rules import FollowUpRules
from domain.errors import (
    DueDateUnknown,
    ReasonMissing,
    StageAlreadyOpen,
    StageNotOpenYet,
    TermNotForward,
    UnitNotInBeing,
)
from domain.event import Event
from domain.facts import Facts, RecommendationFacts
from domain.follow_up.commands import (
    ApproveResult,
    CarryOver,
    ExtendTerm,
    FollowUpCommands,
    LinkRepeat,
    OpenRecommendation,
    PlanAction,
    ProposeResult,
    RecordIssuerVerdict,
    RejectResult,
    ReopenRecommendation,
    ReportProgress,
    TransferRecommendation,
)
from domain.follow_up.events import (
    ActionPlanned,
    CarriedOver,
    FollowUpEvent,
    IssuerVerdictRecorded,
    ProgressReported,
    RecommendationOpened,
    RecommendationReopened,
    RecommendationTransferred,
    RepeatFound,
    TermExtended,
)
from domain.follow_up.refusals import (
    CarriedBackward,
    EvidenceMissing,
    NotOwner,
    ReceivedInFuture,
    RecommendationClosed,
    RecommendationStillOpen,
    RecommendationUnknown,
    RepeatsItself,
)
from domain.follow_up.state import RecommendationState, evolve, publish
from domain.follow_up.verification import approve_result, demand_nothing_awaited, propose_result, reject_result
from domain.institution import RuleKind
from domain.stream import recommendation_stream, unit_of_derived, year_of_derived


def relies_on(command: FollowUpCommands) -> tuple[str, ...]:
    """Name the later recommendation that a repeat is linked to: it must exist."""
    match command:
        case LinkRepeat(repeated_by=repeated_by):
            return (recommendation_stream(repeated_by),)
        case _:
            return ()


def decide(command: FollowUpCommands, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    """Answer a command on a recommendation; a closed one takes a verdict, a repeat and a reopening, and no more."""
    if isinstance(command, OpenRecommendation):
        return _open(command, state, facts)
    if not state.opened:
        raise StageNotOpenYet(recommendation=command.recommendation)
    match command:
        case RecordIssuerVerdict():
            return _record_issuer_verdict(command, facts)
        case LinkRepeat():
            return _link_repeat(command, state, facts)
        case ReopenRecommendation():
            return _reopen(command, state, facts)
        case _:
            return _decide_open(command, state, facts)


def _decide_open(
    command: PlanAction
    | ReportProgress
    | ProposeResult
    | ApproveResult
    | RejectResult
    | TransferRecommendation
    | ExtendTerm
    | CarryOver,
    state: RecommendationState,
    facts: Facts,
) -> Sequence[Event]:
    if state.closed:
        raise RecommendationClosed(recommendation=command.recommendation)
    match command:
        case PlanAction():
            return _plan_action(command, state, facts)
        case ReportProgress():
            return _report_progress(command, state, facts)
        case ProposeResult():
            return propose_result(command, state, facts)
        case ApproveResult():
            return approve_result(command, state, facts)
        case RejectResult():
            return reject_result(command, state, facts)
        case TransferRecommendation():
            return _transfer(command, state, facts)
        case ExtendTerm():
            return _extend(command, state, facts)
        case CarryOver():
            return _carry_over(command, state, facts)
        case _:
            assert_never(command)


def _open(command: OpenRecommendation, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    """Count the term of the adopted rule from the receipt of the LHE; without a rule there is none."""
    if state.opened:
        raise StageAlreadyOpen(recommendation=command.recommendation)
    if command.received_on > facts.today:
        raise ReceivedInFuture(received_on=command.received_on, today=facts.today)
    if command.repeats == command.recommendation:
        raise RepeatsItself(recommendation=command.recommendation)
    _demand_in_being(command.owners, command, facts)
    opened_on = facts.effective(command.effective_on)
    rule, due_on = None, None
    ruling = facts.ruling(RuleKind.FOLLOW_UP, FollowUpRules, opened_on)
    if ruling is not None:
        rule, rules = ruling
        due_on = rules.due_on(command.received_on, facts.institution.working_calendar(facts.today))
    return [
        RecommendationOpened(
            effective_on=opened_on,
            unit=unit_of_derived(command.recommendation),
            fiscal_year=year_of_derived(command.recommendation),
            issuer=command.issuer,
            lhe_number=command.lhe_number,
            component=command.component,
            text=command.text,
            owners=command.owners,
            received_on=command.received_on,
            due_on=due_on,
            rule=rule,
            repeats=command.repeats,
        )
    ]


def _plan_action(command: PlanAction, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    _demand_owner(command.subject_unit, state)
    return [
        ActionPlanned(
            effective_on=facts.effective(command.effective_on),
            plan=command.plan,
            plan_due_on=command.plan_due_on,
            person_in_charge=command.person_in_charge,
        )
    ]


def _report_progress(command: ReportProgress, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    _demand_owner(command.subject_unit, state)
    demand_nothing_awaited(state)
    day = facts.effective(command.effective_on)
    return [ProgressReported(effective_on=day, progress=command.progress, evidence=command.evidence)]


def _transfer(command: TransferRecommendation, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    if command.owners == state.owners:
        return []
    _demand_in_being(command.owners, command, facts)
    if command.reason is None and not _carried_on(command.owners, state, facts):
        raise ReasonMissing(owners=command.owners)
    day = facts.effective(command.effective_on)
    return [RecommendationTransferred(effective_on=day, owners=command.owners, reason=command.reason)]


def _extend(command: ExtendTerm, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    if state.due_on is None:
        raise DueDateUnknown(recommendation=command.recommendation)
    if command.due_on <= state.due_on:
        raise TermNotForward(due_on=state.due_on, given=command.due_on)
    holds_from = command.effective_on or max(facts.today, state.due.versions[-1].effective_on)
    return [TermExtended(effective_on=holds_from, due_on=command.due_on, reason=command.reason)]


def _carry_over(command: CarryOver, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    if command.into_fiscal_year <= state.fiscal_year:
        raise CarriedBackward(fiscal_year=state.fiscal_year, into=command.into_fiscal_year)
    if command.into_fiscal_year in state.carried_into:
        return []
    day = facts.effective(command.effective_on)
    return [CarriedOver(effective_on=day, into_fiscal_year=command.into_fiscal_year)]


def _link_repeat(command: LinkRepeat, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    if command.repeated_by == command.recommendation:
        raise RepeatsItself(recommendation=command.recommendation)
    if facts.of(recommendation_stream(command.repeated_by), RecommendationFacts) is None:
        raise RecommendationUnknown(recommendation=command.repeated_by)
    if command.repeated_by in state.repeated_by:
        return []
    return [RepeatFound(effective_on=facts.effective(command.effective_on), repeated_by=command.repeated_by)]


def _reopen(command: ReopenRecommendation, state: RecommendationState, facts: Facts) -> Sequence[Event]:
    if not state.closed:
        raise RecommendationStillOpen(recommendation=command.recommendation)
    if not command.evidence:
        raise EvidenceMissing(recommendation=command.recommendation)
    day = facts.effective(command.effective_on)
    return [RecommendationReopened(effective_on=day, reason=command.reason, evidence=command.evidence)]


def _record_issuer_verdict(command: RecordIssuerVerdict, facts: Facts) -> Sequence[Event]:
    return [
        IssuerVerdictRecorded(
            effective_on=facts.effective(command.effective_on),
            issuer=command.issuer,
            verdict=command.verdict,
            document=command.document,
        )
    ]


def _carried_on(owners: Sequence[str], state: RecommendationState, facts: Facts) -> bool:
    """Say whether each new owner was one before or succeeds one of those that are owners no more."""
    former = set(state.owners) - set(owners)
    succeeds = facts.institution.succeeds
    return all(owner in state.owners or any(succeeds(owner, earlier) for earlier in former) for owner in owners)


def _demand_owner(unit: str, state: RecommendationState) -> None:
    if unit not in state.owners:
        raise NotOwner(unit=unit, owners=state.owners)


def _demand_in_being(owners: Sequence[str], command: OpenRecommendation | TransferRecommendation, facts: Facts) -> None:
    day = facts.effective(command.effective_on)
    for owner in owners:
        if not facts.institution.in_being(owner, day):
            raise UnitNotInBeing(unit=owner, day=day)


STAGE = Stage(
    name="follow_up",
    commands=FollowUpCommands,
    events=FollowUpEvent,
    initial=RecommendationState(),
    relies_on=relies_on,
    decide=decide,
    evolve=evolve,
    publish=publish,
)
