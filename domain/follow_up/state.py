"""What is known of a recommendation after its events."""

from datetime import date
from typing import assert_never

import msgspec

from domain.dated import Dated
from domain.event import RecordedEvent
from domain.facts import RecommendationFacts
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
    ResultApproved,
    ResultProposed,
    ResultRejected,
    TermExtended,
)
from domain.rulebook import RuleRef
from domain.state import State


class ProposedResult(msgspec.Struct, frozen=True, kw_only=True):
    """A result that waits for the second person, and who proposed it."""

    result: str
    by: str


class RecommendationState(State, frozen=True, kw_only=True):
    """A recommendation: opened, worked on by its owners, judged by the verifier, closed by a second person.

    `reporters` are the ids of all who ever reported progress: none of them judges it.
    """

    opened: bool = False
    fiscal_year: int = 0
    owners: tuple[str, ...] = ()
    rule: RuleRef | None = None
    due: Dated[date] = Dated()
    reporters: frozenset[str] = frozenset()
    proposed: ProposedResult | None = None
    closed: bool = False
    repeated_by: frozenset[str] = frozenset()
    carried_into: frozenset[int] = frozenset()

    @property
    def due_on(self) -> date | None:
        """The end of the term as last fixed or extended, or null where no rule gave one."""
        return self.due.versions[-1].value if self.due.versions else None


def evolve(state: RecommendationState, event: RecordedEvent[FollowUpEvent]) -> RecommendationState:
    """Fold one event into a recommendation."""
    match event.body:
        case RecommendationOpened():
            return _opened(state, event.version, event.body)
        case ProgressReported():
            return state.now(reporters=state.reporters | {event.actor.id})
        case ResultProposed(result=result, awaits_approval=awaits_approval):
            return state.now(proposed=ProposedResult(result=result, by=event.actor.id) if awaits_approval else None)
        case ResultApproved(closes=closes):
            return state.now(proposed=None, closed=closes)
        case ResultRejected():
            return state.now(proposed=None)
        case RecommendationTransferred(owners=owners):
            return state.now(owners=owners)
        case TermExtended(effective_on=day, due_on=due_on):
            return state.now(due=state.due.add(day, event.version, due_on))
        case RepeatFound(repeated_by=repeated_by):
            return state.now(repeated_by=state.repeated_by | {repeated_by})
        case RecommendationReopened():
            return state.now(closed=False)
        case CarriedOver(into_fiscal_year=into):
            return state.now(carried_into=state.carried_into | {into})
        case ActionPlanned() | IssuerVerdictRecorded():
            return state
        case _:
            assert_never(event.body)


def _opened(state: RecommendationState, version: int, opened: RecommendationOpened) -> RecommendationState:
    due: Dated[date] = Dated()
    return state.now(
        opened=True,
        fiscal_year=opened.fiscal_year,
        owners=opened.owners,
        rule=opened.rule,
        due=due if opened.due_on is None else due.add(opened.received_on, version, opened.due_on),
    )


def publish(state: RecommendationState) -> RecommendationFacts:
    """Return what other stages may know of a recommendation."""
    return RecommendationFacts(owners=state.owners, closed=state.closed)
