"""The agreement of a year opens: what earlier years left to be followed up is carried over, and blocks nothing.

    agreement.opened    →  each open recommendation of an earlier year of the unit is carried over

An agreement entered as history carries nothing over: what is entered late is not entered in the order in which it
happened, so that an earlier recommendation may only look open.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, assert_never

import msgspec

from domain.agreement.events import AgreementOpened
from domain.event import Origin, RecordedEvent
from domain.follow_up.commands import CarryOver
from domain.follow_up.events import RecommendationOpened, RecommendationReopened, ResultApproved
from domain.follow_up.refusals import RecommendationClosed
from workflows.workflow import Send, Workflow, day_of, every_year, unit_and_year

Trigger: TypeAlias = AgreementOpened


class Unfinished(msgspec.Struct, frozen=True):
    """The performance years of a unit's recommendations by stream, and the streams of those that are closed."""

    years: Mapping[str, int] = msgspec.field(default_factory=dict)
    closed: frozenset[str] = frozenset()


def evolve(state: Unfinished, event: RecordedEvent[Any]) -> Unfinished:
    """Fold one event of the unit."""
    match event.body:
        case RecommendationOpened(fiscal_year=year):
            return msgspec.structs.replace(state, years={**state.years, event.stream: year})
        case ResultApproved(closes=True):
            return msgspec.structs.replace(state, closed=state.closed | {event.stream})
        case RecommendationReopened():
            return msgspec.structs.replace(state, closed=state.closed - {event.stream})
        case _:
            return state


def react(state: Unfinished, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what the opened agreement brings about."""
    match event.body:
        case AgreementOpened():
            return [] if event.origin is Origin.HISTORY else _carried_over(state, event)
        case _:
            assert_never(event.body)


def _carried_over(state: Unfinished, event: RecordedEvent[Any]) -> Sequence[Send]:
    _, into = unit_and_year(event)
    return [
        Send(
            CarryOver(
                recommendation=stream.removeprefix("recommendation/"),
                into_fiscal_year=into,
                effective_on=day_of(event),
            ),
            tolerates=(RecommendationClosed,),
        )
        for stream, year in sorted(state.years.items())
        if year < into and stream not in state.closed
    ]


WORKFLOW: Final = Workflow(
    name="follow_up_to_agreement",
    triggers=(AgreementOpened,),
    correlate=every_year,
    initial=Unfinished(),
    evolve=evolve,
    react=react,
)
