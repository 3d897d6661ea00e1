"""How a duty answers its commands: the due date is fixed in an event, and only a passed one makes it overdue.

`obligation.overdue` is recorded as soon as the due date has passed and names the adopted hold rule that the duty
triggers, whatever its grace: the grace belongs to the hold, whose proposal is refused until it is over.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, assert_never

from domain.decider import Stage, relies_on_nothing
from domain.duty_rules import AppliesTo, DueDateRules, HoldRules
from domain.errors import (
    DueDateUnknown,
    ReasonMissing,
    StageAlreadyOpen,
    StageNotOpenYet,
    TermNotForward,
    UnitNotInBeing,
)
from domain.event import Event
from domain.facts import Facts
from domain.institution import Institution, RuleKind
from domain.obligation.commands import (
    ExtendObligation,
    FixDueDate,
    MarkOverdue,
    MeetObligation,
    NoteSubmission,
    ObligationCommands,
    OpenObligation,
    ReturnSubmission,
    SetDueDate,
    TransferObligation,
    WaiveObligation,
)
from domain.obligation.events import (
    DueDateSet,
    ObligationEvent,
    ObligationExtended,
    ObligationMet,
    ObligationOpened,
    ObligationOverdue,
    ObligationTransferred,
    ObligationWaived,
    SubmissionNoted,
    SubmissionReturned,
)
from domain.obligation.refusals import (
    AnchorOutsideYear,
    MetInFuture,
    NothingSubmitted,
    NotOverdueYet,
    ObligationSettled,
    SubmissionPending,
)
from domain.obligation.state import ObligationState, evolve, publish
from domain.rulebook import RuleRef
from domain.stream import unit_of_derived, year_of_derived

CENTRAL_LEVELS: Final = frozenset({"kementerian", "lembaga"})
"""Levels of institution whose own duties PermenPANRB 53/2014 dates as those of a K/L."""

ANCHOR_YEARS: Final = 3
"""A term runs from a day in the fiscal year or close to it; what is further away was mistyped."""


def decide(command: ObligationCommands, state: ObligationState, facts: Facts) -> Sequence[Event]:
    """Answer a command on a duty."""
    if isinstance(command, OpenObligation):
        return _open(command, state, facts)
    if not state.opened:
        raise StageNotOpenYet(obligation=command.obligation)
    match command:
        case SetDueDate():
            return [_due_date_set(command.anchor, command.effective_on, state, facts)]
        case FixDueDate():
            return _fix_due_date(command, state, facts)
        case ExtendObligation():
            return _extend(command, state, facts)
        case NoteSubmission():
            return _note_submission(command, state, facts)
        case ReturnSubmission():
            return _return_submission(command, state, facts)
        case MeetObligation():
            return _meet(command, state, facts)
        case MarkOverdue():
            return _mark_overdue(command, state, facts)
        case WaiveObligation():
            return _waive(command, state, facts)
        case TransferObligation():
            return _transfer(command, state, facts)
        case _:
            assert_never(command)


def _open(command: OpenObligation, state: ObligationState, facts: Facts) -> Sequence[Event]:
    if state.opened:
        raise StageAlreadyOpen(obligation=command.obligation)
    opened = ObligationOpened(
        effective_on=facts.effective(command.effective_on),
        unit=unit_of_derived(command.obligation),
        fiscal_year=year_of_derived(command.obligation),
        duty=command.duty,
        subject=command.subject,
    )
    if command.anchor is None:
        return [opened]
    begun = state.now(unit=opened.unit, fiscal_year=opened.fiscal_year, duty=opened.duty)
    return [opened, _due_date_set(command.anchor, command.effective_on, begun, facts)]


def _due_date_set(anchor: date, given: date | None, state: ObligationState, facts: Facts) -> DueDateSet:
    """Count the term by the rule and the calendar in force when the date is fixed; without a rule it stays unknown."""
    if abs(anchor.year - state.fiscal_year) > ANCHOR_YEARS:
        raise AnchorOutsideYear(anchor=anchor, fiscal_year=state.fiscal_year)
    rule, due_on = None, None
    ruling = facts.ruling(RuleKind.DUE_DATES, DueDateRules, facts.effective(given))
    if ruling is not None:
        rule, rules = ruling
        term = rules.rule_for(state.duty, _applies_to(state.unit, facts.institution))
        calendar = facts.institution.working_calendar(facts.today)
        due_on = None if term is None else term.due_on(anchor, calendar)
    holds_from = given or _holds_from(min(anchor, facts.today), state)
    return DueDateSet(effective_on=holds_from, anchor=anchor, due_on=due_on, rule=rule)


def _fix_due_date(command: FixDueDate, state: ObligationState, facts: Facts) -> Sequence[Event]:
    holds_from = command.effective_on or _holds_from(facts.today, state)
    return [DueDateSet(effective_on=holds_from, anchor=None, due_on=command.due_on, rule=None)]


def _extend(command: ExtendObligation, state: ObligationState, facts: Facts) -> Sequence[Event]:
    _demand_unsettled(state)
    if state.due_on is None:
        raise DueDateUnknown(obligation=command.obligation)
    if command.due_on <= state.due_on:
        raise TermNotForward(due_on=state.due_on, given=command.due_on)
    holds_from = command.effective_on or _holds_from(facts.today, state)
    return [ObligationExtended(effective_on=holds_from, due_on=command.due_on, reason=command.reason)]


def _note_submission(command: NoteSubmission, state: ObligationState, facts: Facts) -> Sequence[Event]:
    submitted_on = facts.effective(command.effective_on)
    if state.settled:
        return []
    if submitted_on > facts.today:
        raise MetInFuture(met_on=submitted_on, today=facts.today)
    return [SubmissionNoted(effective_on=submitted_on)]


def _return_submission(command: ReturnSubmission, state: ObligationState, facts: Facts) -> Sequence[Event]:
    _demand_unsettled(state)
    if state.submitted_on is None or state.returned:
        raise NothingSubmitted(obligation=command.obligation)
    return [SubmissionReturned(effective_on=facts.effective(command.effective_on), correct_by=command.correct_by)]


def _meet(command: MeetObligation, state: ObligationState, facts: Facts) -> Sequence[Event]:
    _demand_unsettled(state)
    if command.met_on > facts.today:
        raise MetInFuture(met_on=command.met_on, today=facts.today)
    due_on = state.due_for(command.met_on)
    days_late = None if due_on is None else max((command.met_on - due_on).days, 0)
    met_on = facts.effective(command.effective_on)
    return [ObligationMet(effective_on=met_on, met_on=command.met_on, due_on=due_on, days_late=days_late)]


def _mark_overdue(command: MarkOverdue, state: ObligationState, facts: Facts) -> Sequence[Event]:
    """Record a passed due date once; a duty that is settled, or overdue already, gives nothing."""
    if state.settled or state.overdue:
        return []
    day = facts.effective(command.effective_on)
    due_on = state.due.at(day)
    if due_on is None:
        raise DueDateUnknown(obligation=command.obligation)
    if day <= due_on:
        raise NotOverdueYet(due_on=due_on)
    if state.in_hand(day, due_on):
        raise SubmissionPending(submitted_on=state.submitted_on, correct_by=state.correct_by)
    return [
        ObligationOverdue(
            effective_on=day,
            unit=state.unit,
            fiscal_year=state.fiscal_year,
            duty=state.duty,
            due_on=due_on,
            hold_rule=_triggered(state.duty, day, facts),
        )
    ]


def _waive(command: WaiveObligation, state: ObligationState, facts: Facts) -> Sequence[Event]:
    _demand_unsettled(state)
    return [ObligationWaived(effective_on=facts.effective(command.effective_on), reason=command.reason)]


def _transfer(command: TransferObligation, state: ObligationState, facts: Facts) -> Sequence[Event]:
    _demand_unsettled(state)
    day = facts.effective(command.effective_on)
    if command.to_unit == state.unit:
        return []
    if not facts.institution.in_being(command.to_unit, day):
        raise UnitNotInBeing(unit=command.to_unit, day=day)
    if command.reason is None and not facts.institution.succeeds(command.to_unit, state.unit):
        raise ReasonMissing(unit=command.to_unit)
    return [ObligationTransferred(effective_on=day, unit=command.to_unit, reason=command.reason)]


def _demand_unsettled(state: ObligationState) -> None:
    if state.settled:
        raise ObligationSettled(met_on=state.met_on)


def _holds_from(day: date, state: ObligationState) -> date:
    """Return the day from which a newly fixed due date holds: not before the one that it replaces."""
    return max(day, state.due.versions[-1].effective_on) if state.due.versions else day


def _applies_to(unit: str, institution: Institution) -> AppliesTo:
    if unit != institution.head_unit:
        return "unit"
    return "central_institution" if institution.level in CENTRAL_LEVELS else "regional_institution"


def _triggered(duty: str, day: date, facts: Facts) -> RuleRef | None:
    ruling = facts.ruling(RuleKind.HOLD, HoldRules, day)
    return ruling[0] if ruling is not None and ruling[1].trigger_for(duty) is not None else None


STAGE = Stage(
    name="obligation",
    commands=ObligationCommands,
    events=ObligationEvent,
    initial=ObligationState(),
    relies_on=relies_on_nothing,
    decide=decide,
    evolve=evolve,
    publish=publish,
)
