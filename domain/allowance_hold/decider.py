"""How a hold answers its commands: only an adopted local rule, a lapsed notice and two different people hold anything.

The rule proposed under must still be in force when the hold is imposed, and gives its kind, article and greatest share.
Nothing here turns pay that was put off into pay that is lost: that would need a decision of its own.
"""

from collections.abc import Sequence
from typing import assert_never

from domain.actor import SYSTEM_ROLES
from domain.allowance_hold.commands import (
    DecideObjection,
    DeclineHold,
    DeemObjectionGranted,
    FileObjection,
    HoldCommands,
    ImposeHold,
    LapseHold,
    LapseNotice,
    ProposeHold,
    RecommendHold,
    ReleaseHold,
    ServeNotice,
    TransferHold,
)
from domain.allowance_hold.events import (
    HoldDeclined,
    HoldEvent,
    HoldImposed,
    HoldLapsed,
    HoldProposed,
    HoldRecommended,
    HoldTransferred,
    NoticeLapsed,
    NoticeServed,
)
from domain.allowance_hold.refusals import (
    DutyNoTrigger,
    DutyNotSettled,
    GraceNotOver,
    HoldAlreadyDecided,
    HoldAlreadyProposed,
    HoldAlreadyRecommended,
    HoldNotRecommended,
    HoldRuleNotAdopted,
    NoticeAlreadyServed,
    NoticeNotServed,
    NoticeStillRunning,
)
from domain.allowance_hold.release import decide_objection, deem_objection_granted, file_objection, release
from domain.allowance_hold.state import HoldState, Phase, evolve, publish
from domain.allowance_hold.terms import (
    demand_months,
    demand_persons,
    demand_unmet,
    governing_rule,
    obligation_of,
    reference_of,
    rule_of,
    today_or_earlier,
)
from domain.decider import Stage
from domain.duty_rules import HoldRules
from domain.errors import ReasonMissing, RoleMissing, SamePersonTwice, StageNotOpenYet, UnitNotInBeing
from domain.event import Event
from domain.facts import Facts
from domain.institution import RuleKind
from domain.stream import obligation_stream


def relies_on(command: HoldCommands) -> tuple[str, ...]:
    """Name the duty: as long as nothing is decided, each step rests on it being overdue or met."""
    match command:
        case ProposeHold() | RecommendHold() | ServeNotice() | LapseNotice() | ImposeHold() | LapseHold():
            return (obligation_stream(command.hold),)
        case _:
            return ()


def decide(command: HoldCommands, state: HoldState, facts: Facts) -> Sequence[Event]:
    """Answer a command on a hold."""
    if isinstance(command, ProposeHold):
        return _propose(command, state, facts)
    if state.phase is Phase.ABSENT:
        raise StageNotOpenYet(hold=command.hold)
    match command:
        case FileObjection():
            return file_objection(command, state, facts)
        case DecideObjection():
            return decide_objection(command, state, facts)
        case DeemObjectionGranted():
            return deem_objection_granted(command, state, facts)
        case ReleaseHold():
            return release(command, state, facts)
        case TransferHold():
            return _transfer(command, state, facts)
        case _:
            return _decide_proposed(command, state, facts)


def _decide_proposed(
    command: RecommendHold | ServeNotice | LapseNotice | ImposeHold | DeclineHold | LapseHold,
    state: HoldState,
    facts: Facts,
) -> Sequence[Event]:
    if state.phase is not Phase.PROPOSED:
        raise HoldAlreadyDecided(hold=command.hold)
    match command:
        case RecommendHold():
            return _recommend(command, state, facts)
        case ServeNotice():
            return _serve_notice(command, state, facts)
        case LapseNotice():
            return _lapse_notice(command, state, facts)
        case ImposeHold():
            return _impose(command, state, facts)
        case DeclineHold():
            return _decline(command, state, facts)
        case LapseHold():
            return _lapse(command, facts)
        case _:
            assert_never(command)


def _propose(command: ProposeHold, state: HoldState, facts: Facts) -> Sequence[Event]:
    """Propose when the grace of the trigger, in working days after the due date, is over."""
    if state.phase is not Phase.ABSENT:
        raise HoldAlreadyProposed(hold=command.hold)
    day = today_or_earlier(command, facts)
    ruling = facts.ruling(RuleKind.HOLD, HoldRules, day)
    if ruling is None:
        raise HoldRuleNotAdopted(day=day)
    rule, rules = ruling
    due_on = demand_unmet(command, facts)
    obligation = obligation_of(command, facts)
    trigger = rules.trigger_for(obligation.duty)
    if trigger is None:
        raise DutyNoTrigger(duty=obligation.duty)
    calendar = facts.institution.working_calendar(facts.today)
    grace_until = calendar.add_working_days(due_on, trigger.grace_working_days)
    if day <= grace_until:
        raise GraceNotOver(until=grace_until)
    return [
        HoldProposed(
            effective_on=day,
            unit=obligation.unit,
            fiscal_year=obligation.fiscal_year,
            obligation=command.hold,
            duty=obligation.duty,
            rule=rule,
            article=rules.article,
            kind=rules.hold_kind,
        )
    ]


def _recommend(command: RecommendHold, state: HoldState, facts: Facts) -> Sequence[Event]:
    if state.recommended_by is not None:
        raise HoldAlreadyRecommended(by=state.recommended_by)
    _demand_role(rule_of(state, facts).recommended_by, facts)
    demand_unmet(command, facts)
    return [HoldRecommended(effective_on=facts.effective(command.effective_on), reason=command.reason)]


def _serve_notice(command: ServeNotice, state: HoldState, facts: Facts) -> Sequence[Event]:
    if state.answer_until is not None:
        raise NoticeAlreadyServed(answer_until=state.answer_until)
    demand_unmet(command, facts)
    served_on = today_or_earlier(command, facts)
    calendar = facts.institution.working_calendar(facts.today)
    answer_until = calendar.add_working_days(served_on, rule_of(state, facts).notice_working_days)
    return [
        NoticeServed(effective_on=served_on, rule=reference_of(state), number=command.number, answer_until=answer_until)
    ]


def _lapse_notice(command: LapseNotice, state: HoldState, facts: Facts) -> Sequence[Event]:
    if state.notice_lapsed:
        return []
    if state.answer_until is None:
        raise NoticeNotServed(hold=command.hold)
    demand_unmet(command, facts)
    day = facts.effective(command.effective_on)
    if day <= state.answer_until:
        raise NoticeStillRunning(until=state.answer_until)
    return [NoticeLapsed(effective_on=day)]


def _impose(command: ImposeHold, state: HoldState, facts: Facts) -> Sequence[Event]:
    """Hold only after recommendation and notice, by another person, in the role that the rule lets decide."""
    if state.recommended_by is None:
        raise HoldNotRecommended(hold=command.hold)
    if not state.notice_lapsed:
        raise _notice_runs(state)
    day = today_or_earlier(command, facts)
    rules = governing_rule(state, day, facts)
    _demand_role(rules.decided_by, facts)
    if facts.actor.id == state.recommended_by:
        raise SamePersonTwice(hold=command.hold)
    due_on = demand_unmet(command, facts)
    demand_persons(command.persons, rules, state.unit, (due_on, day), facts.institution)
    demand_months(command.months, due_on, day)
    return [
        HoldImposed(
            effective_on=day,
            rule=reference_of(state),
            decision=command.decision,
            persons=command.persons,
            months=command.months,
            article=rules.article,
            kind=rules.hold_kind,
            file=command.file,
        )
    ]


def _decline(command: DeclineHold, state: HoldState, facts: Facts) -> Sequence[Event]:
    _demand_role(rule_of(state, facts).decided_by, facts)
    return [HoldDeclined(effective_on=facts.effective(command.effective_on), reason=command.reason)]


def _lapse(command: LapseHold, facts: Facts) -> Sequence[Event]:
    if not obligation_of(command, facts).settled:
        raise DutyNotSettled(hold=command.hold)
    return [HoldLapsed(effective_on=facts.effective(command.effective_on))]


def _transfer(command: TransferHold, state: HoldState, facts: Facts) -> Sequence[Event]:
    if state.phase is Phase.ENDED:
        raise HoldAlreadyDecided(hold=command.hold)
    if command.to_unit == state.unit:
        return []
    day = facts.effective(command.effective_on)
    if not facts.institution.in_being(command.to_unit, day):
        raise UnitNotInBeing(unit=command.to_unit, day=day)
    if command.reason is None and not facts.institution.succeeds(command.to_unit, state.unit):
        raise ReasonMissing(unit=command.to_unit)
    return [HoldTransferred(effective_on=day, unit=command.to_unit, reason=command.reason)]


def _notice_runs(state: HoldState) -> NoticeNotServed | NoticeStillRunning:
    if state.answer_until is None:
        return NoticeNotServed()
    return NoticeStillRunning(until=state.answer_until)


def _demand_role(role: str, facts: Facts) -> None:
    """Let only a person in the role that the rule names act, and never a part of the system."""
    if facts.actor.role in SYSTEM_ROLES or facts.actor.role.value != role:
        raise RoleMissing(role=role)


STAGE = Stage(
    name="allowance_hold",
    commands=HoldCommands,
    events=HoldEvent,
    initial=HoldState(),
    relies_on=relies_on,
    decide=decide,
    evolve=evolve,
    publish=publish,
)
