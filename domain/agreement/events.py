"""What happens to a performance agreement (PermenPANRB 53/2014, Lampiran I)."""

from enum import StrEnum

from domain.bounds import Identifier, Line, Version
from domain.commitment import AgreedTarget, Commitment, ProgrammeBudget, SignedPaper
from domain.event import Correction, DatedValue, StatusChange, Withdrawal
from domain.opening import Opening
from domain.sealed_text import SealedText


class AmendmentTrigger(StrEnum):
    """The three legal grounds for an amendment (PermenPANRB 53/2014, Lampiran I)."""

    OFFICIAL_REPLACED = "official_replaced"
    STRATEGY_CHANGED = "strategy_changed"
    PRIORITY_CHANGED = "priority_changed"


class AgreementOpened(StatusChange, frozen=True, kw_only=True, tag="agreement.opened.v1"):
    """An entity is to make its agreement of the year."""

    opening: Opening


class CommitmentsProposed(StatusChange, frozen=True, kw_only=True, tag="agreement.proposed.v1"):
    """The annex as it is proposed for signature; a later proposal replaces it."""

    commitments: tuple[Commitment, ...]
    programmes: tuple[ProgrammeBudget, ...]


class AgreementSigned(StatusChange, frozen=True, kw_only=True, tag="agreement.signed.v1"):
    """The agreement was signed on the effective day; the paper binds the proposal of stream version `binds`."""

    paper: SignedPaper
    binds: Version


class AgreementPublished(StatusChange, frozen=True, kw_only=True, tag="agreement.published.v1"):
    """Commitments taken from a publication; whether and when they were signed is not in the source."""

    commitments: tuple[Commitment, ...]
    source: Line


class TargetSet(DatedValue, frozen=True, kw_only=True, tag="agreement.target_set.v1"):
    """The target of a commitment from a day on: by signature, or by the amendment of stream version `amended_by`."""

    commitment: Identifier
    target: AgreedTarget
    amended_by: Version | None = None


class AgreementAmended(StatusChange, frozen=True, kw_only=True, tag="agreement.amended.v1"):
    """It was amended on a legal ground. `late`: targets changed in the last quarter or with known results."""

    trigger: AmendmentTrigger
    reason: SealedText
    paper: SignedPaper
    late: bool


class AgreementRectified(StatusChange, frozen=True, kw_only=True, tag="agreement.rectified.v1"):
    """A clerical error was put right (ralat) before the first measurement, with both signatories."""

    reason: SealedText
    paper: SignedPaper


class TargetCorrected(Correction, frozen=True, kw_only=True, tag="agreement.target_corrected.v1"):
    """The target that stream version `corrects` set was recorded wrongly."""

    commitment: Identifier
    target: AgreedTarget
    reason: SealedText


class TargetWithdrawn(Withdrawal, frozen=True, kw_only=True, tag="agreement.target_withdrawn.v1"):
    """A target was recorded that was never agreed."""

    commitment: Identifier
    reason: SealedText


AgreementEvent = (
    AgreementOpened
    | CommitmentsProposed
    | AgreementSigned
    | AgreementPublished
    | TargetSet
    | AgreementAmended
    | AgreementRectified
    | TargetCorrected
    | TargetWithdrawn
)
