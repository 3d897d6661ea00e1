"""A duty is overdue under an adopted rule: a hold of the allowance is proposed, and lapses when the duty is met.

    obligation.overdue    →  a hold is proposed, where an adopted rule makes the duty a trigger
    obligation.met        →  a proposal that is not decided yet lapses
    hold.proposed         →  the same, where the duty was met meanwhile

A duty that was entered as history is never held for: neither its lateness nor the duty itself is of today.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, assert_never, get_args

import msgspec

from domain.allowance_hold.commands import LapseHold, ProposeHold
from domain.allowance_hold.events import HoldDeclined, HoldImposed, HoldLapsed, HoldProposed
from domain.event import Origin, RecordedEvent
from domain.obligation.events import ObligationMet, ObligationOpened, ObligationOverdue
from domain.stream import derived_id
from workflows.duties import cause_of
from workflows.workflow import Send, Workflow, day_of, own_cycle, unit_and_year

Trigger: TypeAlias = ObligationOverdue | ObligationMet | HoldProposed


class Lateness(msgspec.Struct, frozen=True):
    """What became of the duties of a cycle and of the holds for them, by the cause that both share."""

    historical: frozenset[str] = frozenset()
    overdue: Mapping[str, int] = msgspec.field(default_factory=dict)
    met: frozenset[str] = frozenset()
    proposed: frozenset[str] = frozenset()
    decided: frozenset[str] = frozenset()


def evolve(state: Lateness, event: RecordedEvent[Any]) -> Lateness:
    """Fold one event of the cycle."""
    match event.body:
        case ObligationOpened() if event.origin is Origin.HISTORY:
            return msgspec.structs.replace(state, historical=state.historical | {cause_of(event.stream)})
        case ObligationOverdue():
            cause = cause_of(event.stream)
            return msgspec.structs.replace(state, overdue={**state.overdue, cause: state.overdue.get(cause, 0) + 1})
        case ObligationMet():
            return msgspec.structs.replace(state, met=state.met | {cause_of(event.stream)})
        case HoldProposed():
            return msgspec.structs.replace(state, proposed=state.proposed | {cause_of(event.stream)})
        case HoldImposed() | HoldDeclined() | HoldLapsed():
            return msgspec.structs.replace(state, decided=state.decided | {cause_of(event.stream)})
        case _:
            return state


def react(state: Lateness, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what lateness, or its end, brings about."""
    cause = cause_of(event.stream)
    hold = derived_id(*unit_and_year(event), cause)
    match event.body:
        case ObligationOverdue(hold_rule=rule):
            historical = event.origin is Origin.HISTORY or cause in state.historical
            triggered = rule is not None and not historical and state.overdue[cause] == 1
            return [Send(ProposeHold(hold=hold, effective_on=day_of(event)))] if triggered else []
        case ObligationMet() | HoldProposed():
            lapses = cause in state.met & state.proposed - state.decided
            return [Send(LapseHold(hold=hold, effective_on=day_of(event)))] if lapses else []
        case _:
            assert_never(event.body)


WORKFLOW: Final = Workflow(
    name="overdue_to_hold",
    triggers=get_args(Trigger),
    correlate=own_cycle,
    initial=Lateness(),
    evolve=evolve,
    react=react,
)
