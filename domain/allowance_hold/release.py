"""How what is held is released: by decision, by an objection upheld, or by one deemed granted (UU 30/2014 Pasal 77)."""

from collections.abc import Sequence
from datetime import date

from domain.allowance_hold.commands import DecideObjection, DeemObjectionGranted, FileObjection, ReleaseHold
from domain.allowance_hold.events import HeldShare, HoldReleased, ObjectionDecided, ObjectionFiled, ReleaseScope
from domain.allowance_hold.refusals import (
    HoldNotImposed,
    NoObjectionPending,
    ObjectionAlreadyFiled,
    ObjectionDeemedGranted,
    ObjectionNotDeemed,
    ObjectionStillRunning,
    ObjectionTooLate,
    PersonNotHeld,
    ReleaseUnfit,
)
from domain.allowance_hold.state import HoldState, Phase, Shares, without
from domain.allowance_hold.terms import reference_of, rule_of, today_or_earlier
from domain.errors import OwnWork, SamePersonTwice
from domain.event import Event
from domain.facts import Facts
from domain.sealed_text import SealedText


def file_objection(command: FileObjection, state: HoldState, facts: Facts) -> Sequence[Event]:
    """Take an objection of a held person, or of the unit, within the rule's working days from the decision."""
    imposed_on = _demand_imposed(state)
    if command.person in state.objectors:
        raise ObjectionAlreadyFiled(person=command.person)
    if command.person is not None and command.person not in state.held:
        raise PersonNotHeld(person=command.person)
    regime = rule_of(state, facts).objection
    calendar = facts.institution.working_calendar(facts.today)
    filed_on = today_or_earlier(command, facts)
    last_day = calendar.add_working_days(imposed_on, regime.file_within)
    if filed_on > last_day:
        raise ObjectionTooLate(until=last_day)
    return [
        ObjectionFiled(
            effective_on=filed_on,
            rule=reference_of(state),
            person=command.person,
            grounds=command.grounds,
            decide_by=calendar.add_working_days(filed_on, regime.decide_within),
            suspends=regime.suspends,
        )
    ]


def decide_objection(command: DecideObjection, state: HoldState, facts: Facts) -> Sequence[Event]:
    """Uphold (what the objector has held is released in the same decision) or reject; never by whoever imposed it."""
    _demand_imposed(state)
    person = _pending(command.person, state)
    if facts.actor.id == state.imposed_by:
        raise SamePersonTwice(hold=command.hold)
    _demand_not_held(state, facts)
    day = facts.effective(command.effective_on)
    deemed = rule_of(state, facts).objection.deemed_granted and day > state.pending[person]
    if deemed and not command.upheld:
        raise ObjectionDeemedGranted(decide_by=state.pending[person])
    decided = ObjectionDecided(
        effective_on=day, upheld=command.upheld, deemed=False, reason=command.reason, person=person
    )
    return [decided, *_freed(person, state.held, day, command.reason)] if command.upheld else [decided]


def deem_objection_granted(command: DeemObjectionGranted, state: HoldState, facts: Facts) -> Sequence[Event]:
    """Grant every objection whose term to decide has passed, where the rule says that time grants it."""
    _demand_imposed(state)
    if not state.pending:
        raise NoObjectionPending(hold=command.hold)
    if not rule_of(state, facts).objection.deemed_granted:
        raise ObjectionNotDeemed(hold=command.hold)
    day = facts.effective(command.effective_on)
    passed = [person for person, decide_by in state.pending.items() if day > decide_by]
    if not passed:
        raise ObjectionStillRunning(until=min(state.pending.values()))
    events: list[Event] = []
    held = dict(state.held)
    for person in passed:
        events.append(ObjectionDecided(effective_on=day, upheld=True, deemed=True, reason=None, person=person))
        for freed in _freed(person, held, day, None):
            events.append(freed)
            held = without(held, freed.released)
    return events


def release(command: ReleaseHold, state: HoldState, facts: Facts) -> Sequence[Event]:
    """Release all, a part, or one person; what remains stays held, and the hold ends when nothing does."""
    _demand_imposed(state)
    _demand_not_held(state, facts)
    released = command.released or _all_of(state.held)
    _demand_released(command, released, state.held)
    return [
        HoldReleased(
            effective_on=facts.effective(command.effective_on),
            scope=command.scope,
            released=released,
            reason=command.reason,
            ended=not without(state.held, released),
        )
    ]


def _freed(person: str | None, held: Shares, day: date, reason: SealedText | None) -> Sequence[HoldReleased]:
    """Return the release that an upheld objection brings: of the person, or of all where the unit objected."""
    shares = _all_of({each: percent for each, percent in held.items() if person in {None, each}})
    if not shares:
        return []
    scope: ReleaseScope = "all" if person is None else "person"
    ended = not without(held, shares)
    return [HoldReleased(effective_on=day, scope=scope, released=shares, reason=reason, ended=ended)]


def _all_of(held: Shares) -> tuple[HeldShare, ...]:
    return tuple(HeldShare(person=person, percent=percent) for person, percent in held.items())


def _demand_released(command: ReleaseHold, released: Sequence[HeldShare], held: Shares) -> None:
    """Refuse a release of more than is held, and one that is not what its scope says."""
    people = {share.person for share in released}
    for person in people - held.keys():
        raise PersonNotHeld(person=person)
    excessive = any(share.percent > held[share.person] for share in released)
    if excessive or len(people) != len(released) or (command.scope != "all" and not command.released):
        raise ReleaseUnfit(scope=command.scope)
    if command.scope == "all" and without(held, released):
        raise ReleaseUnfit(scope=command.scope)
    if command.scope == "person" and len(people) != 1:
        raise ReleaseUnfit(scope=command.scope)


def _pending(person: str | None, state: HoldState) -> str | None:
    """Return whose pending objection is meant: the named one's, the unit's, or the only one there is."""
    if person in state.pending:
        return person
    if person is None and len(state.pending) == 1:
        return next(iter(state.pending))
    raise NoObjectionPending(person=person)


def _demand_imposed(state: HoldState) -> date:
    if state.phase is not Phase.IMPOSED or state.imposed_on is None:
        raise HoldNotImposed
    return state.imposed_on


def _demand_not_held(state: HoldState, facts: Facts) -> None:
    """Nobody decides on their own allowance."""
    if facts.actor.id in state.subjects:
        raise OwnWork(person=facts.actor.id)
