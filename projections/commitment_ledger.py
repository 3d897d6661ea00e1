"""The commitments of one agreement as its events leave them: targets by day, the first target, what was corrected."""

from typing import Literal

import msgspec
from msgspec import Struct

from domain.agreement.events import (
    AgreementEvent,
    AgreementPublished,
    AgreementSigned,
    CommitmentsProposed,
    TargetCorrected,
    TargetSet,
    TargetWithdrawn,
)
from domain.commitment import AgreedTarget, Commitment
from domain.dated import Dated
from domain.event import RecordedEvent
from domain.sealed_text import SealedText
from projections.timeline import Trace, trace_of


class TargetEntry(Struct, frozen=True, kw_only=True, gc=False):
    """A target, the stream version of the amendment that set it (null: the signature), and where it was recorded."""

    target: AgreedTarget
    amended_by: int | None
    trace: Trace


class TargetRevision(Struct, frozen=True, kw_only=True, gc=False):
    """A target version that was put right or removed, with its value before and after (null: removed)."""

    kind: Literal["correction", "withdrawal"]
    commitment: str
    version: int
    before: AgreedTarget | None
    after: AgreedTarget | None
    reason: SealedText
    trace: Trace


class CommitmentEntry(Struct, frozen=True, kw_only=True, gc=False):
    """A commitment in force, its targets by day, and the stream version that set its first target."""

    commitment: Commitment
    targets: Dated[TargetEntry] = Dated()
    first: int | None = None

    @property
    def original_target(self) -> AgreedTarget | None:
        """The target that was first agreed, as corrected since; null where it was withdrawn."""
        found = self.entry(self.first)
        return None if found is None else found.target

    def entry(self, version: int | None) -> TargetEntry | None:
        """The target that a stream version set, or None."""
        return next((each.value for each in self.targets.versions if each.version == version), None)


class Ledger(Struct, frozen=True, kw_only=True, gc=False):
    """The proposal, the commitments in force in document order, and every correction of a target."""

    proposal: tuple[Commitment, ...] = ()
    entries: tuple[CommitmentEntry, ...] = ()
    revisions: tuple[TargetRevision, ...] = ()


def evolve_ledger(ledger: Ledger, event: RecordedEvent[AgreementEvent]) -> Ledger:
    """Fold one event of an agreement into its commitments; events that leave them alone change nothing."""
    match event.body:
        case CommitmentsProposed(commitments=commitments):
            return msgspec.structs.replace(ledger, proposal=commitments)
        case AgreementSigned():
            return _begun(ledger, ledger.proposal)
        case AgreementPublished(commitments=commitments):
            return _begun(ledger, commitments)
        case TargetSet():
            return _set(ledger, event, event.body)
        case TargetCorrected():
            return _corrected(ledger, event, event.body)
        case TargetWithdrawn():
            return _withdrawn(ledger, event, event.body)
        case _:
            return ledger


def _begun(ledger: Ledger, commitments: tuple[Commitment, ...]) -> Ledger:
    return msgspec.structs.replace(ledger, entries=tuple(CommitmentEntry(commitment=each) for each in commitments))


def _set(ledger: Ledger, event: RecordedEvent[AgreementEvent], body: TargetSet) -> Ledger:
    old = _entry(ledger, body.commitment)
    added = TargetEntry(target=body.target, amended_by=body.amended_by, trace=trace_of(event))
    targets = old.targets.add(body.effective_on, event.version, added)
    is_first = old.first is None and body.amended_by is None
    return _with(ledger, old, targets, event.version if is_first else old.first)


def _corrected(ledger: Ledger, event: RecordedEvent[AgreementEvent], body: TargetCorrected) -> Ledger:
    old = _entry(ledger, body.commitment)
    replaced = old.entry(body.corrects)
    amended_by = None if replaced is None else replaced.amended_by
    right = TargetEntry(target=body.target, amended_by=amended_by, trace=trace_of(event))
    revision = TargetRevision(
        kind="correction",
        commitment=body.commitment,
        version=body.corrects,
        before=None if replaced is None else replaced.target,
        after=body.target,
        reason=body.reason,
        trace=right.trace,
    )
    return _revised(_with(ledger, old, old.targets.correct(body.corrects, right), old.first), revision)


def _withdrawn(ledger: Ledger, event: RecordedEvent[AgreementEvent], body: TargetWithdrawn) -> Ledger:
    old = _entry(ledger, body.commitment)
    removed = old.entry(body.withdraws)
    revision = TargetRevision(
        kind="withdrawal",
        commitment=body.commitment,
        version=body.withdraws,
        before=None if removed is None else removed.target,
        after=None,
        reason=body.reason,
        trace=trace_of(event),
    )
    return _revised(_with(ledger, old, old.targets.withdraw(body.withdraws), old.first), revision)


def _entry(ledger: Ledger, commitment: str) -> CommitmentEntry:
    for each in ledger.entries:
        if each.commitment.id == commitment:
            return each
    raise KeyError(commitment)


def _with(ledger: Ledger, old: CommitmentEntry, targets: Dated[TargetEntry], first: int | None) -> Ledger:
    changed = CommitmentEntry(commitment=old.commitment, targets=targets, first=first)
    entries = tuple(changed if each is old else each for each in ledger.entries)
    return msgspec.structs.replace(ledger, entries=entries)


def _revised(ledger: Ledger, revision: TargetRevision) -> Ledger:
    return msgspec.structs.replace(ledger, revisions=(*ledger.revisions, revision))
