"""The agreement is in force: what it promises is measured, and the duty to make or amend it is met.

agreement.signed       →  measurement opens; the agreement's duty is met
agreement.published    →  measurement opens from the same source
agreement.amended      →  the duty to amend is met, where a revised budget raised it
obligation.opened      →  the same, where the duty is the later of the two
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeAlias, assert_never, get_args

import msgspec

from domain.agreement.events import AgreementAmended, AgreementPublished, AgreementSigned
from domain.errors import StageAlreadyOpen
from domain.event import RecordedEvent
from domain.institution import BudgetDocument
from domain.measurement.commands import OpenMeasurement
from domain.measurement.events import MeasurementOpened
from domain.obligation.events import ObligationOpened
from domain.opening import Opening
from domain.organisation.events import BudgetRatified
from workflows.duties import AGREEMENT, AMENDMENT, Duties, cause_of, meet
from workflows.workflow import Send, Workflow, day_of, own_cycle, unit_and_year

Trigger: TypeAlias = AgreementSigned | AgreementPublished | AgreementAmended | ObligationOpened


class AgreementInForce(msgspec.Struct, frozen=True):
    """When the agreement was signed, when its budget was first revised, and the amendments since then."""

    duties: Duties = Duties()
    signed_on: date | None = None
    revised_on: date | None = None
    amended_on: tuple[date, ...] = ()
    measurement_open: bool = False

    @property
    def answers_revision(self) -> tuple[date, ...]:
        """The amendments that answer the revised budget: those of that day or later."""
        return tuple(day for day in self.amended_on if self.revised_on is None or day >= self.revised_on)


def evolve(state: AgreementInForce, event: RecordedEvent[Any]) -> AgreementInForce:
    """Fold one event of the cycle."""
    match event.body:
        case AgreementSigned(effective_on=signed_on):
            return msgspec.structs.replace(state, signed_on=signed_on)
        case AgreementAmended(effective_on=amended_on):
            return msgspec.structs.replace(state, amended_on=(*state.amended_on, amended_on))
        case BudgetRatified(document=BudgetDocument.DPPA, effective_on=revised_on) if state.revised_on is None:
            return msgspec.structs.replace(state, revised_on=revised_on)
        case MeasurementOpened():
            return msgspec.structs.replace(state, measurement_open=True)
        case _:
            return msgspec.structs.replace(state, duties=state.duties.after(event))


def react(state: AgreementInForce, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what the agreement in force brings about."""
    match event.body:
        case AgreementSigned():
            return [*_measured(state, event, Opening()), *_agreement_met(state, event)]
        case AgreementPublished(source=source):
            return _measured(state, event, Opening(source=source))
        case AgreementAmended():
            return _amendment_met(state, event)
        case ObligationOpened() if cause_of(event.stream) == AGREEMENT:
            return _agreement_met(state, event)
        case ObligationOpened() if cause_of(event.stream) == AMENDMENT:
            return _amendment_met(state, event)
        case ObligationOpened():
            return []
        case _:
            assert_never(event.body)


def _measured(state: AgreementInForce, event: RecordedEvent[Any], opening: Opening) -> Sequence[Send]:
    if state.measurement_open:
        return []
    unit, year = unit_and_year(event)
    command = OpenMeasurement(unit=unit, fiscal_year=year, opening=opening, effective_on=day_of(event))
    return [Send(command, tolerates=(StageAlreadyOpen,))]


def _agreement_met(state: AgreementInForce, event: RecordedEvent[Any]) -> Sequence[Send]:
    if state.signed_on is None or not state.duties.pending(AGREEMENT):
        return []
    return [meet(event, AGREEMENT, met_on=state.signed_on, since=state.signed_on)]


def _amendment_met(state: AgreementInForce, event: RecordedEvent[Any]) -> Sequence[Send]:
    if not state.answers_revision or not state.duties.pending(AMENDMENT):
        return []
    met_on = state.answers_revision[0]
    return [meet(event, AMENDMENT, met_on=met_on, since=met_on)]


WORKFLOW: Final = Workflow(
    name="agreement_to_measurement",
    triggers=get_args(Trigger),
    correlate=own_cycle,
    initial=AgreementInForce(),
    evolve=evolve,
    react=react,
)
