"""What can be asked of the performance report of an entity's year."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.bounds import Digest, Identifier, Line
from domain.command import CycleCommand
from domain.opening import OpenStage
from domain.sealed_text import SealedText
from domain.stream import report_stream


class OpenReport(OpenStage, frozen=True, kw_only=True, tag="report.open"):
    """Open the report of an entity and year."""

    @property
    def stream(self) -> str:
        """The report's stream."""
        return report_stream(self.unit, self.fiscal_year)


class ReportCommand(CycleCommand, frozen=True, kw_only=True):
    """A command on a report."""

    @property
    def stream(self) -> str:
        """The report's stream."""
        return report_stream(self.unit, self.fiscal_year)


class CompileReport(ReportCommand, frozen=True, kw_only=True, tag="report.compile"):
    """Fix the figures of the report from agreement and measurement; the institution's from unit reports too."""

    analysis: SealedText
    compiled_from: Annotated[tuple[Identifier, ...], Meta(max_length=300)] = ()
    file: Digest | None = None


class ReviewReport(ReportCommand, frozen=True, kw_only=True, tag="report.review"):
    """Record APIP's signed statement of review, before signature."""

    statement_number: Line
    file: Digest


class SubmitReport(ReportCommand, frozen=True, kw_only=True, tag="report.submit"):
    """Submit the signed report."""

    file: Digest


class ReturnReport(ReportCommand, frozen=True, kw_only=True, tag="report.return"):
    """Send the report back with a reason and a day by which to correct it."""

    reason: SealedText
    correct_by: date


class AcceptReport(ReportCommand, frozen=True, kw_only=True, tag="report.accept"):
    """Accept the submitted report."""


class SendReportOutside(ReportCommand, frozen=True, kw_only=True, tag="report.send_outside"):
    """Record that the institution's report was sent to the ministries (ESR), with the receipt."""

    recipient: Line
    receipt: Line


class RecordPublishedReport(ReportCommand, frozen=True, kw_only=True, tag="report.record_published"):
    """Enter a report known from a publication (history)."""

    submitted_on: date | None
    source: Line


ReportCommands = (
    OpenReport
    | CompileReport
    | ReviewReport
    | SubmitReport
    | ReturnReport
    | AcceptReport
    | SendReportOutside
    | RecordPublishedReport
)
