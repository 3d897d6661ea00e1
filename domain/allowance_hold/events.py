"""What happens to a hold of the allowance (TPP); only an adopted local rule allows one; pay is never computed."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from domain.bounds import Digest, Figure, FiscalYear, Identifier, Line, check_figures
from domain.event import StatusChange
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText

HoldKind = Literal["tunda", "potong", "tidak_dibayarkan"]
ReleaseScope = Literal["all", "part", "person"]
Month = Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])(?!\n)$", max_length=7)]


class HeldShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person whose allowance is held and the part of it, above 0 up to 100 percent."""

    person: Identifier
    percent: Figure

    def __post_init__(self) -> None:
        """Refuse a part outside 0 to 100 percent."""
        check_figures(self.percent)
        if not 0 < self.percent <= 100:  # noqa: PLR2004 - percent
            message = "Bagian tunjangan harus di atas 0 sampai 100 persen"
            raise ValueError(message)


class HoldProposed(StatusChange, frozen=True, kw_only=True, tag="hold.proposed.v1"):
    """An overdue duty triggers the adopted rule; nothing is held yet."""

    unit: Identifier
    fiscal_year: FiscalYear
    obligation: Line
    duty: Identifier
    rule: RuleRef
    article: Line
    kind: HoldKind


class HoldRecommended(StatusChange, frozen=True, kw_only=True, tag="hold.recommended.v1"):
    """The recommending office put the proposal forward."""

    reason: SealedText


class NoticeServed(StatusChange, frozen=True, kw_only=True, tag="hold.notice_served.v1"):
    """The unit was given notice and may answer or meet the duty up to and including a day."""

    rule: RuleRef
    number: Line
    answer_until: date


class NoticeLapsed(StatusChange, frozen=True, kw_only=True, tag="hold.notice_lapsed.v1"):
    """The notice period passed and the duty is still not met: the hold may be decided."""


class HoldImposed(StatusChange, frozen=True, kw_only=True, tag="hold.imposed.v1"):
    """The deciding official, not the one who recommended, held the allowance of named persons for named months."""

    rule: RuleRef
    decision: Line
    persons: tuple[HeldShare, ...]
    months: tuple[Month, ...]
    article: Line
    kind: HoldKind
    file: Digest | None


class HoldDeclined(StatusChange, frozen=True, kw_only=True, tag="hold.declined.v1"):
    """The deciding official decided not to hold."""

    reason: SealedText


class HoldLapsed(StatusChange, frozen=True, kw_only=True, tag="hold.lapsed.v1"):
    """The proposal ended because the duty was met before a decision."""


class ObjectionFiled(StatusChange, frozen=True, kw_only=True, tag="hold.objection_filed.v1"):
    """A held person or unit objected; the decision is due by a day (UU 30/2014 Pasal 77)."""

    rule: RuleRef
    person: Identifier | None
    grounds: SealedText
    decide_by: date
    suspends: bool


class ObjectionDecided(StatusChange, frozen=True, kw_only=True, tag="hold.objection_decided.v1"):
    """The objection was upheld or rejected by the superior of the deciding official, or deemed granted after its term.

    `person` names whose objection it was; null: the unit's.
    """

    upheld: bool
    deemed: bool
    reason: SealedText | None
    person: Identifier | None = None


class HoldReleased(StatusChange, frozen=True, kw_only=True, tag="hold.released.v1"):
    """What was held is held no more: for all, in part, or for one person. `ended` says that nothing stays held.

    `reason` is null where an objection is deemed granted: the lapse of time is the reason.
    """

    scope: ReleaseScope
    released: tuple[HeldShare, ...]
    reason: SealedText | None
    ended: bool


class HoldTransferred(StatusChange, frozen=True, kw_only=True, tag="hold.transferred.v1"):
    """A successor unit carries the hold from now on; without a reason because it alone succeeds the unit that ended."""

    unit: Identifier
    reason: SealedText | None


HoldEvent = (
    HoldProposed
    | HoldRecommended
    | NoticeServed
    | NoticeLapsed
    | HoldImposed
    | HoldDeclined
    | HoldLapsed
    | ObjectionFiled
    | ObjectionDecided
    | HoldReleased
    | HoldTransferred
)
