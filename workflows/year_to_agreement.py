"""A year is opened, or a budget ratified: each entity has its duties of the year, and makes its agreement.

fiscal_year.opened        →  the duties of each entity in being
obligation.opened         →  the agreement opens; it is due from the budget document that is ratified already
budget.ratified (DPA)     →  the agreement is due
budget.ratified (DPPA)    →  the duty to amend it
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, TypeAlias, assert_never, get_args

import msgspec

from domain.agreement.commands import OpenAgreement
from domain.agreement.events import AgreementOpened
from domain.errors import StageAlreadyOpen
from domain.event import RecordedEvent
from domain.institution import BudgetDocument
from domain.obligation.commands import OpenObligation, SetDueDate
from domain.obligation.events import ObligationOpened
from domain.organisation.events import BudgetRatified, FiscalYearOpened
from domain.period import periods_of
from domain.stream import derived_id
from workflows.duties import AGREEMENT, AMENDMENT, MEASUREMENT, REPORT, Duties, cause_of
from workflows.workflow import Send, Workflow, day_of, own_cycle, unit_and_year

Trigger: TypeAlias = FiscalYearOpened | BudgetRatified | ObligationOpened


class YearBegun(msgspec.Struct, frozen=True):
    """The duties of a cycle, its budget documents, and whether the agreement is open."""

    duties: Duties = Duties()
    ratified_on: date | None = None
    revisions: int = 0
    agreement_open: bool = False


def evolve(state: YearBegun, event: RecordedEvent[Any]) -> YearBegun:
    """Fold one event of the cycle."""
    match event.body:
        case BudgetRatified(document=BudgetDocument.DPA, effective_on=ratified_on):
            return msgspec.structs.replace(state, ratified_on=ratified_on)
        case BudgetRatified(document=BudgetDocument.DPPA):
            return msgspec.structs.replace(state, revisions=state.revisions + 1)
        case AgreementOpened():
            return msgspec.structs.replace(state, agreement_open=True)
        case _:
            return msgspec.structs.replace(state, duties=state.duties.after(event))


def react(state: YearBegun, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what the opened year, the ratified budget or the opened duty brings about."""
    match event.body:
        case FiscalYearOpened(fiscal_year=year, entities=entities):
            return [Send(duty) for entity in entities for duty in _duties(entity, year, day_of(event))]
        case BudgetRatified(document=BudgetDocument.DPA, effective_on=ratified_on):
            return [_due(event, AGREEMENT, ratified_on)] if AGREEMENT in state.duties.opened else []
        case BudgetRatified(effective_on=ratified_on):
            return [_amendment_due(state, event, ratified_on)]
        case ObligationOpened():
            return [*_agreement(state, event)] if cause_of(event.stream) == AGREEMENT else []
        case _:
            assert_never(event.body)


def _duties(unit: str, year: int, opened_on: date | None) -> Iterator[OpenObligation]:
    yield OpenObligation(
        obligation=derived_id(unit, year, AGREEMENT),
        duty=AGREEMENT,
        subject=f"Perjanjian kinerja {year}",
        effective_on=opened_on,
    )
    for quarter in periods_of(year, "quarter"):
        yield OpenObligation(
            obligation=derived_id(unit, year, f"{MEASUREMENT}-q{quarter.number}"),
            duty=MEASUREMENT,
            subject=f"Pengukuran kinerja {quarter.label}",
            anchor=quarter.last_day,
            effective_on=opened_on,
        )
    yield OpenObligation(
        obligation=derived_id(unit, year, REPORT),
        duty=REPORT,
        subject=f"Laporan kinerja {year}",
        anchor=date(year, 12, 31),
        effective_on=opened_on,
    )


def _agreement(state: YearBegun, event: RecordedEvent[Any]) -> Iterator[Send]:
    if state.ratified_on is not None:
        yield _due(event, AGREEMENT, state.ratified_on)
    if not state.agreement_open:
        unit, year = unit_and_year(event)
        command = OpenAgreement(unit=unit, fiscal_year=year, effective_on=day_of(event))
        yield Send(command, tolerates=(StageAlreadyOpen,))


def _due(event: RecordedEvent[Any], cause: str, anchor: date) -> Send:
    return Send(SetDueDate(obligation=derived_id(*unit_and_year(event), cause), anchor=anchor))


def _amendment_due(state: YearBegun, event: RecordedEvent[Any], ratified_on: date) -> Send:
    """The first revision of the budget raises the duty, each later one moves its due date."""
    if state.revisions > 1:
        return _due(event, AMENDMENT, ratified_on)
    unit, year = unit_and_year(event)
    return Send(
        OpenObligation(
            obligation=derived_id(unit, year, AMENDMENT),
            duty=AMENDMENT,
            subject=f"Perubahan perjanjian kinerja {year}",
            anchor=ratified_on,
            effective_on=day_of(event),
        )
    )


WORKFLOW: Final = Workflow(
    name="year_to_agreement",
    triggers=get_args(Trigger),
    correlate=own_cycle,
    initial=YearBegun(),
    evolve=evolve,
    react=react,
)
