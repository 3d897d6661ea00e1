"""The quarters are measured: each is a duty of its own, and the last of the year opens the report.

measurement.submitted    →  noted for the quarter's duty
measurement.returned     →  given back
measurement.locked       →  the quarter's duty is met; the last period opens the report
obligation.opened        →  the same, where the duty is the later of the two
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias, assert_never, get_args

import msgspec

from domain.errors import StageAlreadyOpen
from domain.event import RecordedEvent
from domain.measurement.events import PeriodLocked, PeriodReturned, PeriodSubmitted
from domain.obligation.events import ObligationOpened
from domain.report.commands import OpenReport
from domain.report.events import ReportOpened
from workflows.duties import Duties, cause_of, cause_of_quarter, give_back, meet, note
from workflows.workflow import Send, Workflow, day_of, own_cycle, unit_and_year

Trigger: TypeAlias = PeriodSubmitted | PeriodReturned | PeriodLocked | ObligationOpened


class Quarter(msgspec.Struct, frozen=True):
    """A quarter: the submission that is under way or was accepted, and the day it was locked."""

    submitted_on: date | None = None
    locked_on: date | None = None


class YearMeasured(msgspec.Struct, frozen=True):
    """The quarters by the cause of their duty, and whether the report is open."""

    duties: Duties = Duties()
    quarters: Mapping[str, Quarter] = msgspec.field(default_factory=dict)
    report_open: bool = False

    def quarter(self, cause: str | None) -> Quarter:
        """Return what is known of a quarter."""
        return self.quarters.get(cause or "", Quarter())


def evolve(state: YearMeasured, event: RecordedEvent[Any]) -> YearMeasured:
    """Fold one event of the cycle."""
    match event.body:
        case PeriodSubmitted(period=period, effective_on=submitted_on):
            return _with(state, cause_of_quarter(period), submitted_on=submitted_on)
        case PeriodReturned(period=period):
            return _with(state, cause_of_quarter(period), submitted_on=None)
        case PeriodLocked(period=period, effective_on=locked_on):
            return _with(state, cause_of_quarter(period), locked_on=locked_on)
        case ReportOpened():
            return msgspec.structs.replace(state, report_open=True)
        case _:
            return msgspec.structs.replace(state, duties=state.duties.after(event))


def _with(state: YearMeasured, cause: str | None, **changes: date | None) -> YearMeasured:
    if cause is None:
        return state
    changed = msgspec.structs.replace(state.quarter(cause), **changes)
    return msgspec.structs.replace(state, quarters={**state.quarters, cause: changed})


def react(state: YearMeasured, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what the measured period brings about."""
    match event.body:
        case PeriodSubmitted(period=period):
            return _follow_duty(state, event, cause_of_quarter(period))
        case PeriodReturned(period=period):
            cause = cause_of_quarter(period)
            return [give_back(event, cause)] if cause is not None and state.duties.pending(cause) else []
        case PeriodLocked(period=period, last=last):
            return [*_follow_duty(state, event, cause_of_quarter(period)), *(_report(state, event) if last else ())]
        case ObligationOpened():
            return _follow_duty(state, event, cause_of(event.stream))
        case _:
            assert_never(event.body)


def _follow_duty(state: YearMeasured, event: RecordedEvent[Any], cause: str | None) -> Sequence[Send]:
    """Tell the quarter's duty how far the quarter has come."""
    quarter = state.quarter(cause)
    if cause is None or quarter.submitted_on is None or not state.duties.pending(cause):
        return []
    if quarter.locked_on is None:
        return [note(event, cause, submitted_on=quarter.submitted_on)]
    return [meet(event, cause, met_on=quarter.submitted_on, since=quarter.locked_on)]


def _report(state: YearMeasured, event: RecordedEvent[Any]) -> Iterator[Send]:
    """Open the report with the first of the periods that end the year: its last month, its last quarter, itself."""
    if not state.report_open:
        unit, year = unit_and_year(event)
        command = OpenReport(unit=unit, fiscal_year=year, effective_on=day_of(event))
        yield Send(command, tolerates=(StageAlreadyOpen,))


WORKFLOW: Final = Workflow(
    name="measurement_to_report",
    triggers=get_args(Trigger),
    correlate=own_cycle,
    initial=YearMeasured(),
    evolve=evolve,
    react=react,
)
