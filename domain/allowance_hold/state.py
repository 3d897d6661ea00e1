"""What is known of a hold after its events."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import assert_never

import msgspec

from domain.allowance_hold.events import (
    HeldShare,
    HoldDeclined,
    HoldEvent,
    HoldImposed,
    HoldLapsed,
    HoldProposed,
    HoldRecommended,
    HoldReleased,
    HoldTransferred,
    NoticeLapsed,
    NoticeServed,
    ObjectionDecided,
    ObjectionFiled,
)
from domain.event import RecordedEvent
from domain.rulebook import RuleRef
from domain.state import State

Shares = Mapping[str, Decimal]
"""The percent of the allowance that is held, by person; only those above zero."""


class Phase(Enum):
    """Where a hold stands: not proposed, proposed (nothing is held), imposed (something is held), ended."""

    ABSENT = auto()
    PROPOSED = auto()
    IMPOSED = auto()
    ENDED = auto()


class HoldState(State, frozen=True, kw_only=True):
    """A hold: proposed under a rule, recommended and noticed, imposed on persons, and released bit by bit.

    `pending` are the undecided objections: the day until which each is to be decided, by person (null: the unit).
    """

    phase: Phase = Phase.ABSENT
    unit: str = ""
    duty: str = ""
    rule: RuleRef | None = None
    recommended_by: str | None = None
    answer_until: date | None = None
    notice_lapsed: bool = False
    imposed_by: str | None = None
    imposed_on: date | None = None
    subjects: frozenset[str] = frozenset()
    held: Shares = msgspec.field(default_factory=dict)
    objectors: frozenset[str | None] = frozenset()
    pending: Mapping[str | None, date] = msgspec.field(default_factory=dict)

    @property
    def holder(self) -> str | None:
        """The unit that has it now."""
        return self.unit or None


def evolve(state: HoldState, event: RecordedEvent[HoldEvent]) -> HoldState:
    """Fold one event into a hold."""
    match event.body:
        case HoldProposed(unit=unit, duty=duty, rule=rule):
            return state.now(phase=Phase.PROPOSED, unit=unit, duty=duty, rule=rule)
        case HoldRecommended():
            return state.now(recommended_by=event.actor.id)
        case NoticeServed(answer_until=answer_until):
            return state.now(answer_until=answer_until)
        case NoticeLapsed():
            return state.now(notice_lapsed=True)
        case HoldImposed(effective_on=day, persons=persons):
            held = {share.person: share.percent for share in persons}
            imposed = state.now(phase=Phase.IMPOSED, imposed_by=event.actor.id, imposed_on=day)
            return imposed.now(held=held, subjects=frozenset(held))
        case HoldDeclined() | HoldLapsed():
            return state.now(phase=Phase.ENDED)
        case ObjectionFiled(person=person, decide_by=decide_by):
            pending = {**state.pending, person: decide_by}
            return state.now(pending=pending, objectors=state.objectors | {person})
        case ObjectionDecided(person=person):
            return state.now(pending={each: day for each, day in state.pending.items() if each != person})
        case HoldReleased(released=released, ended=ended):
            held = {} if ended else without(state.held, released)
            return state.now(held=held, phase=Phase.ENDED if ended else state.phase)
        case HoldTransferred(unit=unit):
            return state.now(unit=unit)
        case _:
            assert_never(event.body)


def without(held: Shares, released: Iterable[HeldShare]) -> dict[str, Decimal]:
    """Return what stays held after a release, without persons of whom nothing is left."""
    left = dict(held)
    for share in released:
        left[share.person] -= share.percent
    return {person: percent for person, percent in left.items() if percent > 0}


def publish(_state: HoldState) -> None:
    """Publish nothing: no other stage relies on a hold."""
