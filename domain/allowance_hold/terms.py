"""What a hold rests on: the adopted rule, the unmet duty, and the persons, shares and months that the rule allows."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from domain.allowance_hold.commands import HoldCommand
from domain.allowance_hold.events import HeldShare
from domain.allowance_hold.refusals import (
    DutyNotOverdue,
    HoldRuleNotAdopted,
    MonthUnfit,
    ObligationUnknown,
    PersonNotHit,
    PersonRepeated,
    ShareAboveRule,
)
from domain.allowance_hold.state import HoldState
from domain.duty_rules import HoldRules
from domain.errors import EffectiveInFuture, StageNotOpenYet
from domain.facts import Facts, ObligationFacts
from domain.institution import Institution, RuleKind
from domain.rulebook import RuleRef
from domain.stream import obligation_stream

MONTHS_AHEAD: Final = 12
"""A decision reaches at most a year ahead."""


def today_or_earlier(command: HoldCommand, facts: Facts) -> date:
    """Return the day a command takes effect; a day after today is refused before any term is counted from it."""
    day = facts.effective(command.effective_on)
    if day > facts.today:
        raise EffectiveInFuture(effective_on=day, today=facts.today)
    return day


def reference_of(state: HoldState) -> RuleRef:
    """Return the triple of the rule that the hold was proposed under, for every event that its terms follow from."""
    if state.rule is None:
        raise StageNotOpenYet
    return state.rule


def rule_of(state: HoldState, facts: Facts) -> HoldRules:
    """Return the content of the rule that the hold was proposed under."""
    return facts.content(reference_of(state), HoldRules)


def governing_rule(state: HoldState, day: date, facts: Facts) -> HoldRules:
    """Return the rule of the proposal; raise HoldRuleNotAdopted where it is not the one in force on a day."""
    if state.rule is None or facts.institution.rule(RuleKind.HOLD, day) != state.rule:
        raise HoldRuleNotAdopted(day=day)
    return facts.content(state.rule, HoldRules)


def obligation_of(command: HoldCommand, facts: Facts) -> ObligationFacts:
    """Return the duty that a hold is about; raise ObligationUnknown where there is none."""
    found = facts.of(obligation_stream(command.hold), ObligationFacts)
    if found is None:
        raise ObligationUnknown(obligation=command.hold)
    return found


def demand_unmet(command: HoldCommand, facts: Facts) -> date:
    """Return the due date of a duty that is overdue and neither met nor waived; else raise DutyNotOverdue."""
    obligation = obligation_of(command, facts)
    if obligation.settled or not obligation.overdue or obligation.due_on is None:
        raise DutyNotOverdue(obligation=command.hold, due_on=obligation.due_on, settled=obligation.settled)
    return obligation.due_on


def demand_persons(
    shares: Sequence[HeldShare], rules: HoldRules, unit: str, days: tuple[date, date], institution: Institution
) -> None:
    """Refuse a person named twice, a share above the rule's, and whom the rule does not hit.

    Where the rule hits the head of the unit, that is who was the head on the due date or on the day of the decision,
    the two `days`. Who is of a unit or in charge is in no register here, and is for the deciding official to know.
    """
    if len({share.person for share in shares}) != len(shares):
        raise PersonRepeated
    heads = {head.person for day in days if (head := institution.head_of(unit, day)) is not None}
    for share in shares:
        if share.percent > rules.share_percent:
            raise ShareAboveRule(person=share.person, percent=share.percent, most=rules.share_percent)
        if rules.hits == "unit_head" and share.person not in heads:
            raise PersonNotHit(person=share.person, unit=unit)


def demand_months(months: Sequence[str], due_on: date, decided_on: date) -> None:
    """Refuse a month named twice, one before the month of the due date, and one over a year after the decision."""
    if len(set(months)) != len(months):
        raise MonthUnfit(months=months)
    first, last = _month_count(due_on), _month_count(decided_on) + MONTHS_AHEAD
    for month in months:
        year, number = month.split("-")
        if not first <= int(year) * 12 + int(number) <= last:
            raise MonthUnfit(month=month)


def _month_count(day: date) -> int:
    return day.year * 12 + day.month
