"""What happens to the measurement of an entity's year (PermenPANRB 53/2014: quarterly and yearly)."""

from datetime import date

from domain.bounds import Identifier
from domain.event import Correction, DatedValue, StatusChange
from domain.opening import Opening
from domain.period import Period
from domain.realisation import Realisation
from domain.sealed_text import SealedText


class MeasurementOpened(StatusChange, frozen=True, kw_only=True, tag="measurement.opened.v1"):
    """An entity measures its year."""

    opening: Opening


class RealisationRecorded(DatedValue, frozen=True, kw_only=True, tag="measurement.realisation_recorded.v1"):
    """A realisation; effective on the last day of its period. A later record of the same period replaces it."""

    realisation: Realisation


class RealisationCorrected(Correction, frozen=True, kw_only=True, tag="measurement.realisation_corrected.v1"):
    """The realisation of stream version `corrects` was wrong; both stay in the log."""

    realisation: Realisation
    reason: SealedText


class PeriodSubmitted(StatusChange, frozen=True, kw_only=True, tag="measurement.submitted.v1"):
    """The unit submitted the figures of a period for verification."""

    period: Period


class PeriodVerified(StatusChange, frozen=True, kw_only=True, tag="measurement.verified.v1"):
    """The coordinating bureau verified the figures of a period."""

    period: Period


class PeriodReturned(StatusChange, frozen=True, kw_only=True, tag="measurement.returned.v1"):
    """The figures of a period went back to the unit."""

    period: Period
    reason: SealedText


class PeriodLocked(StatusChange, frozen=True, kw_only=True, tag="measurement.locked.v1"):
    """The figures of a period are fixed. `last`: it is the last period of the year."""

    period: Period
    last: bool


class PeriodReopened(StatusChange, frozen=True, kw_only=True, tag="measurement.reopened.v1"):
    """A locked period may be corrected again, for some commitments, up to and including a day."""

    period: Period
    reason: SealedText
    commitments: tuple[Identifier, ...]
    until: date


MeasurementEvent = (
    MeasurementOpened
    | RealisationRecorded
    | RealisationCorrected
    | PeriodSubmitted
    | PeriodVerified
    | PeriodReturned
    | PeriodLocked
    | PeriodReopened
)
