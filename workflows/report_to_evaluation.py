"""The report is accepted: its duty is met, and the year can be evaluated.

report.submitted     →  noted for the duty
report.returned      →  given back, to be corrected by a day
report.accepted      →  the duty is met; the evaluation opens
report.published     →  the duty is met, where the source has a day
obligation.opened    →  the same, where the duty is the later of the two
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeAlias, assert_never, get_args

import msgspec

from domain.errors import StageAlreadyOpen
from domain.evaluation.commands import OpenEvaluation
from domain.evaluation.events import EvaluationOpened
from domain.event import RecordedEvent
from domain.obligation.events import ObligationOpened
from domain.report.events import ReportAccepted, ReportPublished, ReportReturned, ReportSubmitted
from workflows.duties import REPORT, Duties, cause_of, give_back, meet, note
from workflows.workflow import Send, Workflow, day_of, own_cycle, unit_and_year

Trigger: TypeAlias = ReportSubmitted | ReportReturned | ReportAccepted | ReportPublished | ObligationOpened


class YearReported(msgspec.Struct, frozen=True):
    """The submission under way; the day that met the duty and the day that showed it, by acceptance or publication."""

    duties: Duties = Duties()
    submitted_on: date | None = None
    met_on: date | None = None
    shown_on: date | None = None
    evaluation_open: bool = False


def evolve(state: YearReported, event: RecordedEvent[Any]) -> YearReported:
    """Fold one event of the cycle."""
    match event.body:
        case ReportSubmitted(effective_on=submitted_on):
            return msgspec.structs.replace(state, submitted_on=submitted_on)
        case ReportReturned():
            return msgspec.structs.replace(state, submitted_on=None)
        case ReportAccepted(met_on=met_on, effective_on=shown_on):
            return msgspec.structs.replace(state, met_on=met_on, shown_on=shown_on)
        case ReportPublished(submitted_on=date() as met_on, effective_on=shown_on):
            return msgspec.structs.replace(state, met_on=met_on, shown_on=shown_on)
        case EvaluationOpened():
            return msgspec.structs.replace(state, evaluation_open=True)
        case _:
            return msgspec.structs.replace(state, duties=state.duties.after(event))


def react(state: YearReported, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what the report brings about."""
    match event.body:
        case ReportSubmitted():
            return _follow_duty(state, event)
        case ReportReturned(correct_by=correct_by):
            return [give_back(event, REPORT, correct_by=correct_by)] if state.duties.pending(REPORT) else []
        case ReportAccepted():
            return [*_follow_duty(state, event), *_evaluated(state, event)]
        case ReportPublished(submitted_on=submitted_on):
            return [] if submitted_on is None else _follow_duty(state, event)
        case ObligationOpened():
            return _follow_duty(state, event) if cause_of(event.stream) == REPORT else []
        case _:
            assert_never(event.body)


def _follow_duty(state: YearReported, event: RecordedEvent[Any]) -> Sequence[Send]:
    """Tell the duty how far the report has come."""
    if not state.duties.pending(REPORT):
        return []
    if state.met_on is not None and state.shown_on is not None:
        return [meet(event, REPORT, met_on=state.met_on, since=state.shown_on)]
    return [] if state.submitted_on is None else [note(event, REPORT, submitted_on=state.submitted_on)]


def _evaluated(state: YearReported, event: RecordedEvent[Any]) -> Sequence[Send]:
    if state.evaluation_open:
        return []
    unit, year = unit_and_year(event)
    command = OpenEvaluation(unit=unit, fiscal_year=year, effective_on=day_of(event))
    return [Send(command, tolerates=(StageAlreadyOpen,))]


WORKFLOW: Final = Workflow(
    name="report_to_evaluation",
    triggers=get_args(Trigger),
    correlate=own_cycle,
    initial=YearReported(),
    evolve=evolve,
    react=react,
)
