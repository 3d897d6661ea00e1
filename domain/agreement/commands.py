"""What can be asked of a performance agreement."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from domain.agreement.events import AmendmentTrigger
from domain.bounds import Identifier, Line, Version
from domain.command import CycleCommand
from domain.commitment import AgreedTarget, Commitment, ProgrammeBudget, SignedPaper
from domain.opening import OpenStage
from domain.sealed_text import SealedText
from domain.stream import agreement_stream

Commitments = Annotated[tuple[Commitment, ...], Meta(min_length=1, max_length=200)]
Programmes = Annotated[tuple[ProgrammeBudget, ...], Meta(max_length=500)]


class TargetChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The new target of a commitment and the day from which it holds."""

    commitment: Identifier
    target: AgreedTarget
    effective_on: date


class TargetFix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The right target in place of what stream version `corrects` set."""

    commitment: Identifier
    corrects: Version
    target: AgreedTarget


class OpenAgreement(OpenStage, frozen=True, kw_only=True, tag="agreement.open"):
    """Open the agreement of an entity and year."""

    @property
    def stream(self) -> str:
        """The agreement's stream."""
        return agreement_stream(self.unit, self.fiscal_year)


class AgreementCommand(CycleCommand, frozen=True, kw_only=True):
    """A command on an agreement."""

    @property
    def stream(self) -> str:
        """The agreement's stream."""
        return agreement_stream(self.unit, self.fiscal_year)


class ProposeCommitments(AgreementCommand, frozen=True, kw_only=True, tag="agreement.propose"):
    """Propose the whole annex for signature."""

    commitments: Commitments
    programmes: Programmes = ()


class SignAgreement(AgreementCommand, frozen=True, kw_only=True, tag="agreement.sign"):
    """Record the signed paper; the institution's own agreement has one signatory, a unit's has two."""

    paper: SignedPaper


class RecordPublishedAgreement(AgreementCommand, frozen=True, kw_only=True, tag="agreement.record_published"):
    """Enter commitments from a publication (history)."""

    commitments: Commitments
    source: Line


class AmendAgreement(AgreementCommand, frozen=True, kw_only=True, tag="agreement.amend"):
    """Amend targets on one of the three legal grounds; none changed is the default when the official is replaced."""

    trigger: AmendmentTrigger
    reason: SealedText
    paper: SignedPaper
    changes: Annotated[tuple[TargetChange, ...], Meta(max_length=200)] = ()


class RectifyAgreement(AgreementCommand, frozen=True, kw_only=True, tag="agreement.rectify"):
    """Put clerical errors right (ralat) before the first measurement."""

    reason: SealedText
    paper: SignedPaper
    fixes: Annotated[tuple[TargetFix, ...], Meta(min_length=1, max_length=200)]


class CorrectTarget(AgreementCommand, frozen=True, kw_only=True, tag="agreement.correct_target"):
    """Replace a target that was entered otherwise than it stands on the signed paper."""

    commitment: Identifier
    corrects: Version
    target: AgreedTarget
    reason: SealedText


class WithdrawTarget(AgreementCommand, frozen=True, kw_only=True, tag="agreement.withdraw_target"):
    """Remove a target that was never agreed."""

    commitment: Identifier
    withdraws: Version
    reason: SealedText


AgreementCommands = (
    OpenAgreement
    | ProposeCommitments
    | SignAgreement
    | RecordPublishedAgreement
    | AmendAgreement
    | RectifyAgreement
    | CorrectTarget
    | WithdrawTarget
)
