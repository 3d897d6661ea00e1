"""What happens to the performance report (LKjIP) of an entity's year (PermenPANRB 53/2014, Lampiran II)."""

from datetime import date
from decimal import Decimal

import msgspec

from domain.achievement import AchievementStatus, Formula
from domain.bounds import Digest, Identifier, Line
from domain.commitment import AgreedTarget
from domain.event import StatusChange
from domain.indicator import Realised
from domain.opening import Opening
from domain.sealed_text import SealedText


class ReportedAchievement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the report as it stood when compiled: the year against its last target, and the original target.

    `achievement` is uncapped, unrounded percent, `capped` after the indicator's cap; both null unless `status` is
    `computed`. `target` is null where it was withdrawn, `realised` where the periods cannot be put together. `missing`
    periods should be in the year's figure and are not; `provisional`: a period's figure may still change. `steps`
    explain the result in Indonesian.
    """

    commitment: Identifier
    target: AgreedTarget | None
    original_target: AgreedTarget
    realised: Realised | None
    achievement: Decimal | None
    capped: Decimal | None
    status: AchievementStatus
    formula: Formula | None = None
    missing: int = 0
    provisional: bool = False
    steps: tuple[str, ...] = ()


class ReportOpened(StatusChange, frozen=True, kw_only=True, tag="report.opened.v1"):
    """An entity is to make its report of the year."""

    opening: Opening


class ReportCompiled(StatusChange, frozen=True, kw_only=True, tag="report.compiled.v1"):
    """The figures of the report were fixed. The institution's report names the unit reports it was compiled from."""

    achievements: tuple[ReportedAchievement, ...]
    compiled_from: tuple[Identifier, ...]
    analysis: SealedText
    file: Digest | None


class ReportReviewed(StatusChange, frozen=True, kw_only=True, tag="report.reviewed.v1"):
    """APIP reviewed the report and signed its statement (compulsory for the institution's own)."""

    statement_number: Line
    file: Digest


class ReportSubmitted(StatusChange, frozen=True, kw_only=True, tag="report.submitted.v1"):
    """The report was signed and submitted on the effective day."""

    file: Digest


class ReportReturned(StatusChange, frozen=True, kw_only=True, tag="report.returned.v1"):
    """The report went back, to be corrected by a day."""

    reason: SealedText
    correct_by: date


class ReportAccepted(StatusChange, frozen=True, kw_only=True, tag="report.accepted.v1"):
    """The report was accepted.

    The duty is met on `met_on`: the day of the first submission where every correction came in time, else of the last.
    """

    met_on: date


class ReportSentOutside(StatusChange, frozen=True, kw_only=True, tag="report.sent_outside.v1"):
    """The institution's report was sent to the ministries, with a receipt."""

    recipient: Line
    receipt: Line


class ReportPublished(StatusChange, frozen=True, kw_only=True, tag="report.published.v1"):
    """A report is known from a publication; `submitted_on` is null where the source has no credible date."""

    submitted_on: date | None
    source: Line


ReportEvent = (
    ReportOpened
    | ReportCompiled
    | ReportReviewed
    | ReportSubmitted
    | ReportReturned
    | ReportAccepted
    | ReportSentOutside
    | ReportPublished
)
