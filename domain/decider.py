"""The shape of a stage: three pure functions, and what surrounds every decision.

`decide` answers a command with events or a refusal, `evolve` folds one event into the state, `initial` is the state
before the first. Nothing else decides.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from types import UnionType
from typing import Any, NamedTuple

import msgspec

from domain.actor import Role
from domain.command import Command
from domain.errors import EffectiveBeforePrevious, EffectiveInFuture
from domain.event import Event, RecordedEvent, StatusChange
from domain.facts import Facts
from domain.state import State


class Stage(NamedTuple):
    """One stage of the cycle: its words and its functions.

    `relies_on` names the other streams that a command depends on, `publish` gives what other stages may know of a state
    (`domain/facts.py`).
    """

    name: str
    commands: UnionType
    events: UnionType
    initial: State
    relies_on: Callable[[Any], tuple[str, ...]]
    decide: Callable[[Any, Any, Facts], Sequence[Event]]
    evolve: Callable[[Any, RecordedEvent[Any]], State]
    publish: Callable[[Any], object]


def relies_on_nothing(_command: Command) -> tuple[str, ...]:
    """Return no stream: the decision needs only its own and the institution's."""
    return ()


def fold(stage: Stage, history: Iterable[RecordedEvent[Event]], since: State | None = None) -> State:
    """Return the state of a stream after its history, going on from an earlier state where one is given."""
    state = stage.initial if since is None else since
    for event in history:
        evolved = stage.evolve(state, event)
        changed_on = event.effective_on if isinstance(event.body, StatusChange) else state.status_since
        state = evolved.now(version=event.version, status_since=changed_on)
    return state


def decide(stage: Stage, command: Command, state: State, facts: Facts) -> tuple[Event, ...]:
    """Return the events that answer a command, or raise a refusal.

    A status change takes effect not before the previous one of its stream and not after today. A workflow answers for a
    cause and cannot know what the stream went through since: its status change takes effect on the day of the cause or
    of the previous status change, whichever is later.
    """
    decided: list[Event] = []
    since = state.status_since
    for event in stage.decide(command, state, facts):
        admitted = _in_time(event, since, facts) if isinstance(event, StatusChange) else event
        since = admitted.effective_on if isinstance(admitted, StatusChange) else since
        decided.append(admitted)
    return tuple(decided)


def _in_time(event: StatusChange, since: date | None, facts: Facts) -> StatusChange:
    if event.effective_on > facts.today:
        raise EffectiveInFuture(effective_on=event.effective_on, today=facts.today)
    if since is None or event.effective_on >= since:
        return event
    if facts.actor.role is Role.WORKFLOW:
        return msgspec.structs.replace(event, effective_on=since)
    raise EffectiveBeforePrevious(effective_on=event.effective_on, previous=since)
