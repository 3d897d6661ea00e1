"""What the row of a cycle keeps: how far each stage came, what was promised, and what was answered for it."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from domain.agreement.events import (
    AgreementAmended,
    AgreementOpened,
    AgreementPublished,
    AgreementSigned,
    CommitmentsProposed,
    TargetSet,
    TargetWithdrawn,
)
from domain.commitment import Commitment
from domain.dated import Dated
from domain.evaluation.events import EvaluationAssigned, EvaluationOpened, LheIssued, ResultRecorded
from domain.event import Event, RecordedEvent
from domain.follow_up.events import RecommendationOpened, RecommendationReopened, ResultApproved
from domain.measurement.due import is_answer
from domain.measurement.events import MeasurementOpened, RealisationCorrected, RealisationRecorded
from domain.organisation.events import FiscalYearOpened
from domain.period import Frequency, Period
from domain.realisation import Realisation
from domain.report.events import (
    ReportAccepted,
    ReportCompiled,
    ReportOpened,
    ReportPublished,
    ReportReturned,
    ReportReviewed,
    ReportSentOutside,
    ReportSubmitted,
)
from domain.stream import category_of
from projections.period_steps import PeriodSteps, evolve_periods
from projections.read_model import Row
from projections.timeline import Step, Trace, step, trace_of

_STATUS: Final[Mapping[type[Event], str]] = {
    AgreementOpened: "opened",
    CommitmentsProposed: "proposed",
    AgreementSigned: "signed",
    AgreementAmended: "amended",
    AgreementPublished: "published",
    MeasurementOpened: "opened",
    ReportOpened: "opened",
    ReportCompiled: "compiled",
    ReportReviewed: "reviewed",
    ReportSubmitted: "submitted",
    ReportReturned: "returned",
    ReportAccepted: "accepted",
    ReportSentOutside: "sent_outside",
    ReportPublished: "published",
    EvaluationOpened: "opened",
    EvaluationAssigned: "assigned",
    LheIssued: "issued",
    ResultRecorded: "recorded",
}
"""The status that an event gives its stage, which is the first word of its stream; other events give none."""


class Promised(Struct, frozen=True, kw_only=True, gc=False):
    """A commitment that is to be measured; `targets` are the stream versions of those that were not withdrawn."""

    id: str
    frequency: Frequency
    measured_from: Period | None
    targets: tuple[int, ...] = ()


class Answer(Struct, frozen=True, kw_only=True, gc=False):
    """Whether a commitment has an answer in a period, from its effective day on; "not filled" is none."""

    commitment: str
    period: Period
    given: Dated[bool] = Dated()


class StageSteps(Struct, frozen=True, kw_only=True, gc=False):
    """How far a stage came."""

    stage: str
    steps: tuple[Step, ...]


class RecommendationMark(Struct, frozen=True, kw_only=True, gc=False):
    """Whether a recommendation of the year is closed, by day."""

    stream: str
    closed: Dated[bool] = Dated()


class CycleRow(Row, frozen=True, kw_only=True):
    """All stages of a unit and year; the key is `unit/year`. `from_source`: entered from a publication.

    `answers` are by commitment.
    """

    year_opened: Trace | None = None
    from_source: bool = False
    stages: tuple[StageSteps, ...] = ()
    proposal: tuple[Promised, ...] = ()
    promised: tuple[Promised, ...] = ()
    answers: dict[str, tuple[Answer, ...]] = msgspec.field(default_factory=dict)
    periods: tuple[PeriodSteps, ...] = ()
    recommendations: tuple[RecommendationMark, ...] = ()

    def steps(self, stage: str) -> tuple[Step, ...]:
        """Return how far a stage came."""
        return next((each.steps for each in self.stages if each.stage == stage), ())


def evolve(key: str, row: CycleRow | None, event: RecordedEvent[Any]) -> CycleRow:
    """Fold one event of any stage of the cycle, or the opening of its year."""
    if row is None:
        unit, _, year = key.partition("/")
        row = CycleRow(key=key, unit=unit, fiscal_year=int(year))
    row = _staged(_promised(row, event), event)
    periods = evolve_periods(row.periods, event)
    return row if periods is row.periods else row.now(periods=periods)


def _staged(row: CycleRow, event: RecordedEvent[Any]) -> CycleRow:
    status = _STATUS.get(type(event.body))
    if status is None:
        return row
    by_stage = {each.stage: each.steps for each in row.stages}
    stage = category_of(event.stream)
    by_stage[stage] = (*by_stage.get(stage, ()), step(event, status))
    return row.now(stages=tuple(StageSteps(stage=name, steps=steps) for name, steps in by_stage.items()))


def _promised(row: CycleRow, event: RecordedEvent[Any]) -> CycleRow:
    match event.body:
        case FiscalYearOpened():
            return row.now(year_opened=trace_of(event))
        case AgreementOpened(opening=opening) | MeasurementOpened(opening=opening):
            return row.now(from_source=row.from_source or opening.source is not None)
        case CommitmentsProposed(commitments=commitments):
            return row.now(proposal=tuple(_promise(each) for each in commitments))
        case AgreementSigned():
            return row.now(promised=row.proposal)
        case AgreementPublished(commitments=commitments):
            return row.now(promised=tuple(_promise(each) for each in commitments))
        case TargetSet(commitment=commitment):
            return row.now(promised=_with_target(row, commitment, event.version))
        case TargetWithdrawn(commitment=commitment, withdraws=withdrawn):
            return row.now(promised=_without_target(row, commitment, withdrawn))
        case RealisationRecorded(realisation=realisation):
            return row.now(answers=_recorded(row, realisation, event))
        case RealisationCorrected(realisation=realisation, corrects=corrects):
            return row.now(answers=_corrected(row, realisation, corrects))
        case RecommendationOpened() | RecommendationReopened():
            return row.now(recommendations=_marked(row, event, closed=False))
        case ResultApproved(closes=closes):
            return row.now(recommendations=_marked(row, event, closed=closes))
        case _:
            return row


def _promise(commitment: Commitment) -> Promised:
    indicator = commitment.indicator
    return Promised(id=commitment.id, frequency=indicator.frequency, measured_from=indicator.measured_from)


def _with_target(row: CycleRow, commitment: str, version: int) -> tuple[Promised, ...]:
    return tuple(
        msgspec.structs.replace(each, targets=(*each.targets, version)) if each.id == commitment else each
        for each in row.promised
    )


def _without_target(row: CycleRow, commitment: str, version: int) -> tuple[Promised, ...]:
    return tuple(
        msgspec.structs.replace(each, targets=tuple(target for target in each.targets if target != version))
        if each.id == commitment
        else each
        for each in row.promised
    )


def _recorded(row: CycleRow, realisation: Realisation, event: RecordedEvent[Any]) -> dict[str, tuple[Answer, ...]]:
    own = row.answers.get(realisation.commitment, ())
    known = next((each for each in own if each.period == realisation.period), None)
    old = known or Answer(commitment=realisation.commitment, period=realisation.period)
    given = old.given.add(event.effective_on, event.version, is_answer(realisation.realised))
    kept = tuple(each for each in own if each is not known)
    return {**row.answers, realisation.commitment: (*kept, msgspec.structs.replace(old, given=given))}


def _corrected(row: CycleRow, realisation: Realisation, corrects: int) -> dict[str, tuple[Answer, ...]]:
    own = tuple(
        msgspec.structs.replace(each, given=each.given.correct(corrects, is_answer(realisation.realised)))
        if each.given.has(corrects)
        else each
        for each in row.answers.get(realisation.commitment, ())
    )
    return {**row.answers, realisation.commitment: own}


def _marked(row: CycleRow, event: RecordedEvent[Any], *, closed: bool) -> tuple[RecommendationMark, ...]:
    known = next((each for each in row.recommendations if each.stream == event.stream), None)
    old = known or RecommendationMark(stream=event.stream)
    marked = msgspec.structs.replace(old, closed=old.closed.add(event.effective_on, event.version, closed))
    return (*(each for each in row.recommendations if each is not known), marked)
