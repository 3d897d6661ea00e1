"""A unit ends and one other carries on: what it still owes passes to that one.

    unit.dissolved (one successor)    →  each open duty, recommendation and hold it answers for is transferred

It answers also for what it took over, in whosever cycle that began: the state is folded from the whole log, and units
end seldom enough for that. With several successors, or none, a person decides who takes over what, and nothing is sent.

A later merger may be recorded before the transfers of an earlier one, or before that one itself. So what a unit answers
for follows the mergers known so far, whether or not the transfers are recorded: in each order it comes to one unit. A
transfer takes effect when the last of its mergers does, and not before the unit had it that it passes on from. Where
two mergers of one day are recorded before either is looked at, the transfers of the first are refused (dead letters),
and those of the second do it all.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
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
from workflows.workflow import WHOLE_LOG, Send, Workflow, unless_to_come

Trigger: TypeAlias = UnitDissolved


class Owed(msgspec.Struct, frozen=True):
    """Who answers for each duty, hold and recommendation by stream, and since when; the merger of each unit.

    Duties and holds that have ended are gone; recommendations that were `closed` may be opened again.
    """

    answerable: Mapping[str, tuple[tuple[str, ...], date]] = msgspec.field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    mergers: Mapping[str, RecordedEvent[UnitDissolved]] = msgspec.field(default_factory=dict)

    def passed(self, unit: str) -> Iterator[RecordedEvent[UnitDissolved]]:
        """Yield the mergers that pass on what a unit answers for, one after the other, and none of them twice."""
        met = set[str]()
        while unit not in met and (merger := self.mergers.get(unit)):
            met.add(unit)
            yield merger
            (unit,) = merger.body.successors

    def heir(self, unit: str) -> str:
        """Return the unit that the mergers bring it to: itself, where it is not merged."""
        for merger in self.passed(unit):
            (unit,) = merger.body.successors
        return unit


def evolve(state: Owed, event: RecordedEvent[Any]) -> Owed:
    """Fold one event of the institution."""
    match event.body:
        case UnitDissolved(unit=unit, successors=(_,)):
            return msgspec.structs.replace(state, mergers={**state.mergers, unit: event})
        case ObligationOpened(unit=unit) | ObligationTransferred(unit=unit):
            return _answers(state, event, (unit,))
        case HoldProposed(unit=unit) | HoldTransferred(unit=unit):
            return _answers(state, event, (unit,))
        case RecommendationOpened(owners=owners) | RecommendationTransferred(owners=owners):
            return _answers(state, event, owners)
        case ObligationMet() | ObligationWaived() | HoldDeclined() | HoldLapsed() | HoldReleased(ended=True):
            still = {stream: held for stream, held in state.answerable.items() if stream != event.stream}
            return msgspec.structs.replace(state, answerable=still)
        case ResultApproved(closes=True):
            return msgspec.structs.replace(state, closed=state.closed | {event.stream})
        case RecommendationReopened():
            return msgspec.structs.replace(state, closed=state.closed - {event.stream})
        case _:
            return state


def _answers(state: Owed, event: RecordedEvent[Any], units: tuple[str, ...]) -> Owed:
    answerable = {**state.answerable, event.stream: (units, event.effective_on)}
    return msgspec.structs.replace(state, answerable=answerable)


def react(state: Owed, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what the end of a unit brings about."""
    match event.body:
        case UnitDissolved(successors=(_,)):
            return [*_transfers(state, event)]
        case UnitDissolved():
            return []
        case _:
            assert_never(event.body)


def _transfers(state: Owed, event: RecordedEvent[Any]) -> Iterator[Send]:
    for stream, (units, since) in sorted(state.answerable.items()):
        mergers = [merger for unit in units for merger in state.passed(unit)]
        if event not in mergers or stream in state.closed:
            continue
        owners = tuple(dict.fromkeys(state.heir(unit) for unit in units))
        day = max(since, *(merger.effective_on for merger in mergers))
        yield _transfer(stream, owners, unless_to_come(day, event))


def _transfer(stream: str, owners: tuple[str, ...], day: date | None) -> Send:
    category, _, derived = stream.partition("/")
    match category:
        case "obligation":
            duty = TransferObligation(obligation=derived, to_unit=owners[0], effective_on=day)
            return Send(duty, tolerates=(ObligationSettled,))
        case "hold":
            hold = TransferHold(hold=derived, to_unit=owners[0], effective_on=day)
            return Send(hold, tolerates=(HoldAlreadyDecided,))
        case _:
            recommendation = TransferRecommendation(recommendation=derived, owners=owners, effective_on=day)
            return Send(recommendation, tolerates=(RecommendationClosed,))


WORKFLOW: Final = Workflow(
    name="reorganisation_to_transfer",
    triggers=(UnitDissolved,),
    correlate=lambda event: WHOLE_LOG if len(event.body.successors) == 1 else None,
    initial=Owed(),
    evolve=evolve,
    react=react,
    streams=frozenset({"organisation", "obligation", "hold", "recommendation"}),
)
