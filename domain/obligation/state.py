"""What is known of a duty after its events."""

from datetime import date
from typing import assert_never

from domain.dated import Dated
from domain.event import RecordedEvent
from domain.facts import ObligationFacts
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
from domain.state import State


class ObligationState(State, frozen=True, kw_only=True):
    """A duty: opened, its due date known or not, perhaps submitted, and in the end met or waived.

    `submitted_on` is the submission that counts: the first one, or after a return whose term was missed the next one.
    `correct_by` is the term of a return that no new submission has answered yet.
    """

    opened: bool = False
    unit: str = ""
    fiscal_year: int = 0
    duty: str = ""
    due: Dated[date] = Dated()
    submitted_on: date | None = None
    returned: bool = False
    correct_by: date | None = None
    overdue: bool = False
    met_on: date | None = None
    waived: bool = False

    @property
    def holder(self) -> str | None:
        """The unit that has it now."""
        return self.unit or None

    @property
    def settled(self) -> bool:
        """Whether nothing more is owed."""
        return self.met_on is not None or self.waived

    @property
    def due_on(self) -> date | None:
        """The due date as last fixed or moved, or null where it is unknown."""
        return self.due.versions[-1].value if self.due.versions else None

    def due_for(self, day: date) -> date | None:
        """Return the due date in force on a day; before the first one was fixed, that first one."""
        if self.due.versions and day < self.due.versions[0].effective_on:
            return self.due.versions[0].value
        return self.due.at(day)

    def in_hand(self, day: date, due_on: date) -> bool:
        """Say whether a submission in time is still examined on a day, or is being corrected within its term."""
        if self.submitted_on is None or self.submitted_on > due_on:
            return False
        return not self.returned or (self.correct_by is not None and day <= self.correct_by)


def evolve(state: ObligationState, event: RecordedEvent[ObligationEvent]) -> ObligationState:
    """Fold one event into a duty."""
    match event.body:
        case ObligationOpened(unit=unit, fiscal_year=fiscal_year, duty=duty):
            return state.now(opened=True, unit=unit, fiscal_year=fiscal_year, duty=duty)
        case DueDateSet(effective_on=day, due_on=due_on):
            return _due(state, state.due.add(day, event.version, due_on))
        case ObligationExtended(effective_on=day, due_on=due_on):
            return _due(state, state.due.add(day, event.version, due_on))
        case SubmissionNoted(effective_on=day):
            return _submitted(state, day)
        case SubmissionReturned(correct_by=correct_by):
            return state.now(returned=True, correct_by=correct_by)
        case ObligationOverdue():
            return state.now(overdue=True)
        case ObligationMet(met_on=met_on):
            return state.now(met_on=met_on)
        case ObligationWaived():
            return state.now(waived=True)
        case ObligationTransferred(unit=unit):
            return state.now(unit=unit)
        case _:
            assert_never(event.body)


def _due(state: ObligationState, due: Dated[date]) -> ObligationState:
    """Another due date takes lateness back: whether it has passed is found anew."""
    moved = state.now(due=due)
    return moved.now(overdue=state.overdue and moved.due_on == state.due_on)


def _submitted(state: ObligationState, day: date) -> ObligationState:
    """Let the first submission stand, unless it was returned and the term to correct it was missed."""
    missed = state.returned and (state.correct_by is None or day > state.correct_by)
    stands = state.submitted_on is not None and not missed
    return state.now(submitted_on=state.submitted_on if stands else day, returned=False, correct_by=None)


def publish(state: ObligationState) -> ObligationFacts:
    """Return what the allowance hold may know of a duty."""
    return ObligationFacts(
        unit=state.unit,
        fiscal_year=state.fiscal_year,
        duty=state.duty,
        due_on=state.due_on,
        overdue=state.overdue,
        settled=state.settled,
    )
