"""An evaluation ends in recommendations: each is followed up on its own, and following it up in time is a duty.

evaluation.lhe_issued, .result_recorded    →  a recommendation for each finding; an earlier one is linked to its repeat
recommendation.opened                      →  the duty to follow it up, where the issuer's rule gives a term
recommendation.extended                    →  its due date moves
recommendation.result_approved             →  the duty is met, where the result closes the recommendation
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias, assert_never, get_args

import msgspec

from domain.evaluation.events import Finding, LheIssued, ResultRecorded
from domain.event import RecordedEvent
from domain.follow_up.commands import LinkRepeat, OpenRecommendation
from domain.follow_up.events import (
    ProgressReported,
    RecommendationOpened,
    ResultApproved,
    ResultProposed,
    TermExtended,
)
from domain.obligation.commands import FixDueDate, OpenObligation
from domain.stream import derived_id
from workflows.duties import RECOMMENDATION, cause_of, meet
from workflows.workflow import Send, Workflow, day_of, own_cycle, unit_and_year

INSPECTORATE: Final = "Inspektorat"
"""The issuer of a LHE that was made in this system; an outside one names its issuer."""

Trigger: TypeAlias = LheIssued | ResultRecorded | RecommendationOpened | TermExtended | ResultApproved


class FollowedUp(msgspec.Struct, frozen=True):
    """A recommendation: whether it has a term, its last progress, and the one last judged."""

    has_term: bool = False
    progress_on: date | None = None
    judged_on: date | None = None


class YearFollowedUp(msgspec.Struct, frozen=True):
    """The recommendations of a cycle by the stream of each."""

    recommendations: Mapping[str, FollowedUp] = msgspec.field(default_factory=dict)

    def of(self, stream: str) -> FollowedUp:
        """Return what is known of a recommendation."""
        return self.recommendations.get(stream, FollowedUp())


def evolve(state: YearFollowedUp, event: RecordedEvent[Any]) -> YearFollowedUp:
    """Fold one event of the cycle."""
    known = state.of(event.stream)
    match event.body:
        case RecommendationOpened(due_on=date()):
            return _with(state, event, has_term=True)
        case ProgressReported(effective_on=progress_on):
            return _with(state, event, progress_on=progress_on)
        case ResultProposed():
            return _with(state, event, judged_on=known.progress_on)
        case _:
            return state


def _with(state: YearFollowedUp, event: RecordedEvent[Any], **changes: date | bool | None) -> YearFollowedUp:
    changed = msgspec.structs.replace(state.of(event.stream), **changes)
    return msgspec.structs.replace(state, recommendations={**state.recommendations, event.stream: changed})


def react(state: YearFollowedUp, event: RecordedEvent[Trigger]) -> Sequence[Send]:
    """Say what the issued report or the step of a recommendation brings about."""
    match event.body:
        case LheIssued(number=number, findings=findings, received_on=received_on):
            return [*_recommendations(event, findings, INSPECTORATE, number, received_on), *_repeats(event, findings)]
        case ResultRecorded(issuer=issuer, number=number, findings=findings, received_on=received_on):
            return [*_recommendations(event, findings, issuer, number, received_on), *_repeats(event, findings)]
        case RecommendationOpened(due_on=due_on):
            return [] if due_on is None else [_duty(event), _due(event, due_on)]
        case TermExtended(due_on=due_on):
            return [_due(event, due_on)]
        case ResultApproved(closes=closes):
            return _met(state, event) if closes else []
        case _:
            assert_never(event.body)


def _recommendations(
    event: RecordedEvent[Any], findings: Sequence[Finding], issuer: str, lhe_number: str | None, received_on: date
) -> Iterator[Send]:
    unit, year = unit_and_year(event)
    for finding in findings:
        yield Send(
            OpenRecommendation(
                recommendation=derived_id(unit, year, f"r{finding.number}"),
                issuer=issuer,
                lhe_number=lhe_number,
                component=finding.component,
                text=finding.text,
                owners=finding.owners,
                received_on=received_on,
                repeats=finding.repeats,
                effective_on=day_of(event),
            )
        )


def _repeats(event: RecordedEvent[Any], findings: Sequence[Finding]) -> Iterator[Send]:
    """Link each earlier recommendation once, to the first finding that repeats it."""
    first = {finding.repeats: finding for finding in reversed(findings) if finding.repeats is not None}
    for earlier, finding in sorted(first.items()):
        yield Send(
            LinkRepeat(
                recommendation=earlier,
                repeated_by=derived_id(*unit_and_year(event), f"r{finding.number}"),
                effective_on=day_of(event),
            )
        )


def _duty(event: RecordedEvent[Any]) -> Send:
    unit, year = unit_and_year(event)
    number = cause_of(event.stream).removeprefix("r")
    return Send(
        OpenObligation(
            obligation=derived_id(unit, year, _cause(event)),
            duty=RECOMMENDATION,
            subject=f"Tindak lanjut rekomendasi {number} atas kinerja {year}",
            effective_on=day_of(event),
        )
    )


def _due(event: RecordedEvent[Any], due_on: date) -> Send:
    return Send(
        FixDueDate(
            obligation=derived_id(*unit_and_year(event), _cause(event)),
            due_on=due_on,
            effective_on=event.effective_on,
        )
    )


def _met(state: YearFollowedUp, event: RecordedEvent[Any]) -> Sequence[Send]:
    """A closure meets the duty on the day of the progress that was judged, else on its own."""
    known = state.of(event.stream)
    if not known.has_term:
        return []
    met_on = known.judged_on or event.effective_on
    return [meet(event, _cause(event), met_on=met_on, since=event.effective_on)]


def _cause(event: RecordedEvent[Any]) -> str:
    return f"{RECOMMENDATION}-{cause_of(event.stream)}"


WORKFLOW: Final = Workflow(
    name="evaluation_to_follow_up",
    triggers=get_args(Trigger),
    correlate=own_cycle,
    initial=YearFollowedUp(),
    evolve=evolve,
    react=react,
)
