"""What is known of a report after its events."""

from datetime import date
from enum import StrEnum
from typing import assert_never

from domain.event import RecordedEvent
from domain.facts import ReportFacts
from domain.opening import Opening
from domain.report.events import (
    ReportAccepted,
    ReportCompiled,
    ReportEvent,
    ReportOpened,
    ReportPublished,
    ReportReturned,
    ReportReviewed,
    ReportSentOutside,
    ReportSubmitted,
)
from domain.state import State


class ReportStatus(StrEnum):
    """How far a report has come; `published` is known from a publication, with nothing of its way there."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    PUBLISHED = "published"


class ReportState(State, frozen=True, kw_only=True):
    """A report: compiled (any number of times), reviewed, submitted, returned and submitted again, accepted.

    `reviewed` is about the figures as last compiled. `terms_kept`: every correction came by the day set for it.
    """

    opening: Opening | None = None
    status: ReportStatus = ReportStatus.DRAFT
    compiled_by: str | None = None
    reviewed: bool = False
    submitters: frozenset[str] = frozenset()
    first_submitted_on: date | None = None
    last_submitted_on: date | None = None
    correct_by: date | None = None
    terms_kept: bool = True
    met_on: date | None = None


def evolve(state: ReportState, event: RecordedEvent[ReportEvent]) -> ReportState:
    """Fold one event into a report."""
    match event.body:
        case ReportOpened(opening=opening):
            return state.now(opening=opening)
        case ReportCompiled():
            return state.now(compiled_by=event.actor.id, reviewed=False)
        case ReportReviewed():
            return state.now(reviewed=True)
        case ReportSubmitted(effective_on=submitted_on):
            return _submitted(state, submitted_on, event.actor.id)
        case ReportReturned(correct_by=correct_by):
            return state.now(status=ReportStatus.RETURNED, correct_by=correct_by)
        case ReportAccepted(met_on=met_on):
            return state.now(status=ReportStatus.ACCEPTED, met_on=met_on)
        case ReportPublished(submitted_on=submitted_on):
            return state.now(status=ReportStatus.PUBLISHED, met_on=submitted_on)
        case ReportSentOutside():
            return state
        case _:
            assert_never(event.body)


def _submitted(state: ReportState, submitted_on: date, submitter: str) -> ReportState:
    kept = state.correct_by is None or submitted_on <= state.correct_by
    return state.now(
        status=ReportStatus.SUBMITTED,
        submitters=state.submitters | {submitter},
        first_submitted_on=state.first_submitted_on or submitted_on,
        last_submitted_on=submitted_on,
        correct_by=None,
        terms_kept=state.terms_kept and kept,
    )


def publish(state: ReportState) -> ReportFacts:
    """Return what evaluation and the institution's report may know of a report.

    A published report counts as accepted; its day is null where the source has no credible one.
    """
    accepted = state.status in {ReportStatus.ACCEPTED, ReportStatus.PUBLISHED}
    return ReportFacts(met_on=state.met_on, accepted=accepted)
