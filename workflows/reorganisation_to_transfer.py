"""A unit ends and one other carries on: what it still owes passes to that one.

    unit.dissolved (one successor)    →  each open duty, recommendation and hold of the unit's cycles is transferred

With several successors, or none, a person decides who takes over what, and nothing is sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, assert_never

import msgspec

from domain.allowance_hold.commands import TransferHold
from domain.allowance_hold.events import HoldDeclined, HoldLapsed, HoldProposed, HoldReleased, HoldTransferred
from domain.allowance_hold.refusals import HoldAlreadyDecided
from domain.event import RecordedEvent
from domain.follow_up.commands import TransferRecommendation
from domain.follow_up.events import (
    RecommendationOpened,
    RecommendationReopened,
    RecommendationTransferred,
    ResultApproved,
)
from domain.follow_up.refusals import RecommendationClosed
from domain.obligation.commands import TransferObligation
from domain.obligation.events import ObligationMet, ObligationOpened, ObligationTransferred, ObligationWaived
from domain.obligation.refusals import ObligationSettled
from domain.organisation.events import UnitDissolved
from workflows.workflow import Send, Workflow, day_of

Trigger: TypeAlias = UnitDissolved


class Owed(msgspec.Struct, frozen=True):
    """Who answers for the duties, recommendations and holds of a unit's cycles by stream, and which have ended."""

    answerable: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    ended: frozenset[str] = frozenset()


def evolve(state: Owed, event: RecordedEvent[Any]) -> Owed:
    """Fold one event of the unit."""
    match event.body:
        case ObligationOpened(unit=unit) | ObligationTransferred(unit=unit):
            return _answers(state, event.stream, (unit,))
        case HoldProposed(unit=unit) | HoldTransferred(unit=unit):
            return _answers(state, event.stream, (unit,))
        case RecommendationOpened(owners=owners) | RecommendationTransferred(owners=owners):
            return _answers(state, event.stream, owners)
        case ObligationMet() | ObligationWaived() | HoldDeclined() | HoldLapsed():
            return msgspec.structs.replace(state, ended=state.ended | {event.stream})
        case HoldReleased(ended=True) | ResultApproved(closes=True):
            return msgspec.structs.replace(state, ended=state.ended | {event.stream})
        case RecommendationReopened():
            return msgspec.structs.replace(state, ended=state.ended - {event.stream})
        case _:
            return state


def _answers(state: Owed, stream: str, units: tuple[str, ...]) -> Owed:
    return msgspec.structs.replace(state, answerable={**state.answerable, stream: units})


def react(state: Owed, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what the end of a unit brings about."""
    match event.body:
        case UnitDissolved(unit=unit, successors=(successor,)):
            return [*_transfers(state, event, unit, successor)]
        case UnitDissolved():
            return []
        case _:
            assert_never(event.body)


def _transfers(state: Owed, event: RecordedEvent[Any], unit: str, successor: str) -> Iterator[Send]:
    day = day_of(event)
    for stream, units in sorted(state.answerable.items()):
        if unit not in units or stream in state.ended:
            continue
        category, _, derived = stream.partition("/")
        match category:
            case "obligation":
                duty = TransferObligation(obligation=derived, to_unit=successor, effective_on=day)
                yield Send(duty, tolerates=(ObligationSettled,))
            case "hold":
                hold = TransferHold(hold=derived, to_unit=successor, effective_on=day)
                yield Send(hold, tolerates=(HoldAlreadyDecided,))
            case _:
                owners = tuple(dict.fromkeys(successor if each == unit else each for each in units))
                recommendation = TransferRecommendation(recommendation=derived, owners=owners, effective_on=day)
                yield Send(recommendation, tolerates=(RecommendationClosed,))


WORKFLOW: Final = Workflow(
    name="reorganisation_to_transfer",
    triggers=(UnitDissolved,),
    correlate=lambda event: f"{event.body.unit}/",
    initial=Owed(),
    evolve=evolve,
    react=react,
)
