"""What can be asked of one recommendation."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.bounds import FiscalYear, Identifier, Line
from domain.command import Command
from domain.commitment import Evidence
from domain.sealed_text import SealedText
from domain.stream import DerivedId, recommendation_stream, unit_of_derived

EvidenceFiles = Annotated[tuple[Evidence, ...], Meta(max_length=50)]
Owners = Annotated[tuple[Identifier, ...], Meta(min_length=1, max_length=60)]


class FollowUpCommand(Command, frozen=True, kw_only=True):
    """A command on a recommendation; `unit` names the owner unit that acts or is acted upon."""

    recommendation: DerivedId
    unit: Identifier | None = None

    @property
    def stream(self) -> str:
        """The recommendation's stream."""
        return recommendation_stream(self.recommendation)

    @property
    def subject_unit(self) -> str:
        """The owner unit named by the command, else the evaluated unit; the decider checks ownership."""
        return self.unit or unit_of_derived(self.recommendation)


class OpenRecommendation(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.open"):
    """Open a recommendation of an issued LHE."""

    issuer: Line
    lhe_number: Line | None = None
    component: Line | None = None
    text: SealedText
    owners: Owners
    received_on: date
    repeats: DerivedId | None = None


class PlanAction(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.plan_action"):
    """Plan how to follow up (rencana aksi tindak lanjut)."""

    plan: SealedText
    plan_due_on: date
    person_in_charge: Identifier | None = None


class ReportProgress(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.report_progress"):
    """Report what was done, with evidence."""

    progress: SealedText
    evidence: EvidenceFiles = ()


class ProposeResult(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.propose_result"):
    """Judge the progress as verifier."""

    result: Line
    reason: SealedText


class ApproveResult(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.approve_result"):
    """Approve the proposed result as the second, higher person."""


class RejectResult(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.reject_result"):
    """Not approve the proposed result."""

    reason: SealedText


class TransferRecommendation(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.transfer"):
    """Give a recommendation to other owner units."""

    owners: Owners
    reason: SealedText | None = None


class ExtendTerm(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.extend"):
    """Move the due date, with a valid reason."""

    due_on: date
    reason: SealedText


class LinkRepeat(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.link_repeat"):
    """Link the later recommendation that found the same weakness."""

    repeated_by: DerivedId


class ReopenRecommendation(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.reopen"):
    """Reopen a recommendation whose closure rested on false evidence."""

    reason: SealedText
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=1, max_length=50)]


class CarryOver(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.carry_over"):
    """Carry an open recommendation into the year whose agreement is being made."""

    into_fiscal_year: FiscalYear


class RecordIssuerVerdict(FollowUpCommand, frozen=True, kw_only=True, tag="follow_up.record_verdict"):
    """Record the external issuer's own verdict."""

    issuer: Line
    verdict: Line
    document: Line | None = None


FollowUpCommands = (
    OpenRecommendation
    | PlanAction
    | ReportProgress
    | ProposeResult
    | ApproveResult
    | RejectResult
    | TransferRecommendation
    | ExtendTerm
    | LinkRepeat
    | ReopenRecommendation
    | CarryOver
    | RecordIssuerVerdict
)
