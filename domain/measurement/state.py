"""What is known of a measurement after its events."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import assert_never

import msgspec

from domain.dated import Dated
from domain.event import RecordedEvent
from domain.facts import MeasurementFacts
from domain.measurement.due import covering
from domain.measurement.events import (
    MeasurementEvent,
    MeasurementOpened,
    PeriodLocked,
    PeriodReopened,
    PeriodReturned,
    PeriodSubmitted,
    PeriodVerified,
    RealisationCorrected,
    RealisationRecorded,
)
from domain.opening import Opening
from domain.period import Period
from domain.realisation import Realisation
from domain.state import State


class PeriodStatus(StrEnum):
    """How far the figures of a period have come."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    LOCKED = "locked"


class PeriodProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A period: its status, who entered or submitted figures, and for what and until when it was last reopened."""

    status: PeriodStatus = PeriodStatus.OPEN
    authors: frozenset[str] = frozenset()
    reopened_for: frozenset[str] = frozenset()
    reopened_until: date | None = None

    @property
    def open(self) -> bool:
        """Whether the unit may still enter figures."""
        return self.status in {PeriodStatus.OPEN, PeriodStatus.RETURNED}

    def reopened(self, commitment: str, day: date) -> bool:
        """Say whether the locked figure of a commitment may be corrected on a day."""
        return self.reopened_until is not None and day <= self.reopened_until and commitment in self.reopened_for


_UNTOUCHED = PeriodProgress()


class MeasurementState(State, frozen=True, kw_only=True):
    """A measurement: versions of realisations by (commitment, period code), and periods by their code."""

    opening: Opening | None = None
    realisations: dict[tuple[str, str], Dated[Realisation]] = msgspec.field(default_factory=dict)
    periods: dict[str, PeriodProgress] = msgspec.field(default_factory=dict)

    def progress(self, period: Period) -> PeriodProgress:
        """Return how far a period has come."""
        return self.periods.get(period.code, _UNTOUCHED)

    def current(self, commitment: str, period: Period) -> Realisation | None:
        """Return the realisation that counts for a commitment and period."""
        found = self.realisations.get((commitment, period.code))
        return None if found is None else found.at(period.last_day)


def evolve(state: MeasurementState, event: RecordedEvent[MeasurementEvent]) -> MeasurementState:
    """Fold one event into a measurement."""
    author = event.actor.id
    match event.body:
        case MeasurementOpened(opening=opening):
            return state.now(opening=opening)
        case RealisationRecorded(effective_on=day, realisation=realisation):
            versions = _versions(state, realisation).add(day, event.version, realisation)
            return _entered(state, realisation, versions, author)
        case RealisationCorrected(corrects=corrects, realisation=realisation):
            return _entered(state, realisation, _versions(state, realisation).correct(corrects, realisation), author)
        case PeriodSubmitted(period=period):
            authored = state.now(periods=_authored(state, [period], author))
            return _moved(authored, period, PeriodStatus.SUBMITTED)
        case PeriodVerified(period=period):
            return _moved(state, period, PeriodStatus.VERIFIED)
        case PeriodReturned(period=period):
            return _moved(state, period, PeriodStatus.RETURNED)
        case PeriodLocked(period=period):
            return _moved(state, period, PeriodStatus.LOCKED)
        case PeriodReopened(period=period, commitments=commitments, until=until):
            reopened = msgspec.structs.replace(
                state.progress(period), reopened_for=frozenset(commitments), reopened_until=until
            )
            return state.now(periods={**state.periods, period.code: reopened})
        case _:
            assert_never(event.body)


def _versions(state: MeasurementState, realisation: Realisation) -> Dated[Realisation]:
    return state.realisations.get((realisation.commitment, realisation.period.code), Dated())


def _entered(
    state: MeasurementState, realisation: Realisation, versions: Dated[Realisation], author: str
) -> MeasurementState:
    key = (realisation.commitment, realisation.period.code)
    return state.now(
        realisations={**state.realisations, key: versions},
        periods=_authored(state, covering(realisation.period), author),
    )


def _authored(state: MeasurementState, periods: Iterable[Period], author: str) -> dict[str, PeriodProgress]:
    changed = {
        period.code: msgspec.structs.replace(progress, authors=progress.authors | {author})
        for period in periods
        if author not in (progress := state.progress(period)).authors
    }
    return {**state.periods, **changed} if changed else state.periods


def _moved(state: MeasurementState, period: Period, status: PeriodStatus) -> MeasurementState:
    moved = msgspec.structs.replace(state.progress(period), status=status)
    return state.now(periods={**state.periods, period.code: moved})


def publish(state: MeasurementState) -> MeasurementFacts:
    """Return what agreement and report may know of a measurement."""
    current = {key: versions.versions[-1].value for key, versions in state.realisations.items()}
    locked = (code for code, progress in state.periods.items() if progress.status is PeriodStatus.LOCKED)
    return MeasurementFacts(
        realisations={key: value for key, value in current.items() if value is not None}, locked=frozenset(locked)
    )
