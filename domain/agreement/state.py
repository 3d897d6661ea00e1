"""What is known of an agreement after its events."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

import msgspec

from domain.agreement.events import (
    AgreementAmended,
    AgreementEvent,
    AgreementOpened,
    AgreementPublished,
    AgreementRectified,
    AgreementSigned,
    CommitmentsProposed,
    TargetCorrected,
    TargetSet,
    TargetWithdrawn,
)
from domain.commitment import AgreedTarget, Commitment, Signatory
from domain.dated import Dated
from domain.event import RecordedEvent
from domain.facts import AgreementFacts, CommitmentInForce
from domain.state import State


class AgreementState(State, frozen=True, kw_only=True):
    """An agreement: opened, then proposed, then signed (or published); amended any number of times.

    `signatories` are those of the latest paper, in the capacity in which they signed.
    """

    opened: bool = False
    proposal: tuple[Commitment, ...] = ()
    proposal_version: int = 0
    signed_on: date | None = None
    signatories: frozenset[Signatory] = frozenset()
    published: bool = False
    commitments: dict[str, CommitmentInForce] = msgspec.field(default_factory=dict)

    @property
    def in_force(self) -> bool:
        """Whether there are commitments to measure."""
        return self.signed_on is not None or self.published


def evolve(state: AgreementState, event: RecordedEvent[AgreementEvent]) -> AgreementState:
    """Fold one event into an agreement."""
    match event.body:
        case AgreementOpened():
            return state.now(opened=True)
        case CommitmentsProposed(commitments=commitments):
            return state.now(proposal=commitments, proposal_version=event.version)
        case AgreementSigned(effective_on=signed_on, paper=paper):
            signatories = frozenset(paper.signatories)
            return state.now(signed_on=signed_on, signatories=signatories, commitments=_begun(state.proposal))
        case AgreementPublished(commitments=commitments):
            return state.now(published=True, commitments=_begun(commitments))
        case TargetSet(effective_on=day, commitment=commitment, target=target):
            return _with_targets(state, commitment, _targets(state, commitment).add(day, event.version, target))
        case TargetCorrected(commitment=commitment, corrects=corrects, target=target):
            return _with_targets(state, commitment, _targets(state, commitment).correct(corrects, target))
        case TargetWithdrawn(commitment=commitment, withdraws=withdraws):
            return _with_targets(state, commitment, _targets(state, commitment).withdraw(withdraws))
        case AgreementAmended(paper=paper):
            return state.now(signatories=frozenset(paper.signatories))
        case AgreementRectified():
            return state
        case _:
            assert_never(event.body)


def _begun(commitments: Sequence[Commitment]) -> dict[str, CommitmentInForce]:
    return {each.id: CommitmentInForce(commitment=each, targets=Dated(), original=each.target) for each in commitments}


def _targets(state: AgreementState, commitment: str) -> Dated[AgreedTarget]:
    return state.commitments[commitment].targets


def _with_targets(state: AgreementState, commitment: str, targets: Dated[AgreedTarget]) -> AgreementState:
    kept = state.commitments[commitment]
    changed = CommitmentInForce(commitment=kept.commitment, targets=targets, original=kept.original)
    return state.now(commitments={**state.commitments, commitment: changed})


def publish(state: AgreementState) -> AgreementFacts:
    """Return what measurement and report may know of an agreement."""
    return AgreementFacts(signed_on=state.signed_on, commitments=state.commitments)
