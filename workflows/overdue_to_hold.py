"""A duty is overdue under an adopted rule: a hold of the allowance is proposed, and lapses when the duty is settled.

    obligation.overdue           →  a hold is proposed, where an adopted rule makes the duty a trigger
    obligation.met, .waived      →  a proposal that is not decided yet lapses
    hold.proposed                →  the same, where the duty was settled meanwhile

While the grace of the rule runs the proposal is refused, and the clock proposes when it is over. A duty that was
entered as history is never held for: neither its lateness nor the duty itself is of today.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias, assert_never, get_args

import msgspec

from domain.allowance_hold.commands import LapseHold, ProposeHold
from domain.allowance_hold.events import HoldDeclined, HoldImposed, HoldLapsed, HoldProposed
from domain.allowance_hold.refusals import GraceNotOver, HoldAlreadyDecided, HoldAlreadyProposed
from domain.event import Origin, RecordedEvent
from domain.obligation.events import ObligationMet, ObligationOpened, ObligationOverdue, ObligationWaived
from domain.stream import derived_id
from workflows.duties import Duties, cause_of
from workflows.workflow import Send, Workflow, day_of, own_cycle, unit_and_year

Trigger: TypeAlias = ObligationOverdue | ObligationMet | ObligationWaived | HoldProposed


class Lateness(msgspec.Struct, frozen=True):
    """The duties of a cycle, and what became of the holds for them, by the cause that both share."""

    duties: Duties = Duties()
    historical: frozenset[str] = frozenset()
    proposed: frozenset[str] = frozenset()
    decided: frozenset[str] = frozenset()


def evolve(state: Lateness, event: RecordedEvent[Any]) -> Lateness:
    """Fold one event of the cycle."""
    match event.body:
        case ObligationOpened() if event.origin is Origin.HISTORY:
            return msgspec.structs.replace(state, historical=state.historical | {cause_of(event.stream)})
        case HoldProposed():
            return msgspec.structs.replace(state, proposed=state.proposed | {cause_of(event.stream)})
        case HoldImposed() | HoldDeclined() | HoldLapsed():
            return msgspec.structs.replace(state, decided=state.decided | {cause_of(event.stream)})
        case _:
            return msgspec.structs.replace(state, duties=state.duties.after(event))


def react(state: Lateness, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what lateness, or its end, brings about."""
    cause = cause_of(event.stream)
    hold = derived_id(*unit_and_year(event), cause)
    match event.body:
        case ObligationOverdue(hold_rule=rule):
            if rule is None or event.origin is Origin.HISTORY or cause in state.historical:
                return []
            proposal = ProposeHold(hold=hold, effective_on=day_of(event))
            return [Send(proposal, tolerates=(GraceNotOver, HoldAlreadyProposed))]
        case ObligationMet() | ObligationWaived() | HoldProposed():
            if cause not in state.proposed or cause in state.decided or cause not in state.duties.settled:
                return []
            return [Send(LapseHold(hold=hold, effective_on=day_of(event)), tolerates=(HoldAlreadyDecided,))]
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
