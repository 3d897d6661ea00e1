"""What can be asked of the measurement of an entity's year."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.bounds import Identifier, Version
from domain.command import CycleCommand
from domain.opening import OpenStage
from domain.period import Period
from domain.realisation import Realisation
from domain.sealed_text import SealedText
from domain.stream import measurement_stream


class OpenMeasurement(OpenStage, frozen=True, kw_only=True, tag="measurement.open"):
    """Open the measurement of an entity and year."""

    @property
    def stream(self) -> str:
        """The measurement's stream."""
        return measurement_stream(self.unit, self.fiscal_year)


class MeasurementCommand(CycleCommand, frozen=True, kw_only=True):
    """A command on a measurement."""

    @property
    def stream(self) -> str:
        """The measurement's stream."""
        return measurement_stream(self.unit, self.fiscal_year)


class RecordRealisation(MeasurementCommand, frozen=True, kw_only=True, tag="measurement.record"):
    """Record what was realised for a commitment in a period."""

    realisation: Realisation


class CorrectRealisation(MeasurementCommand, frozen=True, kw_only=True, tag="measurement.correct"):
    """Replace the realisation that a stream version recorded, with a reason."""

    corrects: Version
    realisation: Realisation
    reason: SealedText


class SubmitPeriod(MeasurementCommand, frozen=True, kw_only=True, tag="measurement.submit"):
    """Submit the figures of a period for verification."""

    period: Period


class VerifyPeriod(MeasurementCommand, frozen=True, kw_only=True, tag="measurement.verify"):
    """Verify the submitted figures of a period; never by the Inspektorat, which later evaluates them."""

    period: Period


class ReturnPeriod(MeasurementCommand, frozen=True, kw_only=True, tag="measurement.return"):
    """Send the figures of a period back with a reason."""

    period: Period
    reason: SealedText


class LockPeriod(MeasurementCommand, frozen=True, kw_only=True, tag="measurement.lock"):
    """Fix the verified figures of a period."""

    period: Period


class ReopenPeriod(MeasurementCommand, frozen=True, kw_only=True, tag="measurement.reopen"):
    """Let figures of a locked period be corrected, with reason, scope and end."""

    period: Period
    reason: SealedText
    commitments: Annotated[tuple[Identifier, ...], Meta(min_length=1, max_length=200)]
    until: date


MeasurementCommands = (
    OpenMeasurement
    | RecordRealisation
    | CorrectRealisation
    | SubmitPeriod
    | VerifyPeriod
    | ReturnPeriod
    | LockPeriod
    | ReopenPeriod
)
