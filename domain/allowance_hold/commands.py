"""What can be asked of a hold of the allowance."""

from typing import Annotated

from msgspec import Meta

from domain.allowance_hold.events import HeldShare, Month, ReleaseScope
from domain.bounds import Digest, Identifier, Line
from domain.command import Command
from domain.sealed_text import SealedText
from domain.stream import DerivedId, hold_stream, unit_of_derived

Shares = Annotated[tuple[HeldShare, ...], Meta(min_length=1, max_length=1000)]
Months = Annotated[tuple[Month, ...], Meta(min_length=1, max_length=12)]


class HoldCommand(Command, frozen=True, kw_only=True):
    """A command on a hold; its id is that of the overdue duty."""

    hold: DerivedId

    @property
    def stream(self) -> str:
        """The hold's stream."""
        return hold_stream(self.hold)

    @property
    def subject_unit(self) -> str:
        """The unit whose duty was overdue."""
        return unit_of_derived(self.hold)


class ProposeHold(HoldCommand, frozen=True, kw_only=True, tag="hold.propose"):
    """Propose a hold because a duty is overdue under an adopted rule."""


class RecommendHold(HoldCommand, frozen=True, kw_only=True, tag="hold.recommend"):
    """Put the proposal forward as the recommending office."""

    reason: SealedText


class ServeNotice(HoldCommand, frozen=True, kw_only=True, tag="hold.serve_notice"):
    """Give the unit notice; the notice period follows from the rule."""

    number: Line


class LapseNotice(HoldCommand, frozen=True, kw_only=True, tag="hold.lapse_notice"):
    """Record that the notice period has passed; refused while it has not."""


class ImposeHold(HoldCommand, frozen=True, kw_only=True, tag="hold.impose"):
    """Hold the allowance of named persons for named months."""

    decision: Line
    persons: Shares
    months: Months
    file: Digest | None = None


class DeclineHold(HoldCommand, frozen=True, kw_only=True, tag="hold.decline"):
    """Decide not to hold."""

    reason: SealedText


class LapseHold(HoldCommand, frozen=True, kw_only=True, tag="hold.lapse"):
    """End a proposal because the duty was met before a decision."""


class FileObjection(HoldCommand, frozen=True, kw_only=True, tag="hold.file_objection"):
    """Object to the decision within the term of the rule."""

    person: Identifier | None = None
    grounds: SealedText


class DecideObjection(HoldCommand, frozen=True, kw_only=True, tag="hold.decide_objection"):
    """Uphold or reject an objection; never by the official who imposed the hold.

    `person` names whose objection it is; null: the unit's, or the only one that is pending.
    """

    person: Identifier | None = None
    upheld: bool
    reason: SealedText


class DeemObjectionGranted(HoldCommand, frozen=True, kw_only=True, tag="hold.deem_objection_granted"):
    """Record that objections were not decided in time; refused while their terms run or where the rule differs."""


class ReleaseHold(HoldCommand, frozen=True, kw_only=True, tag="hold.release"):
    """Release what is held: all of it, a part for everyone named, or one person."""

    scope: ReleaseScope
    released: Annotated[tuple[HeldShare, ...], Meta(max_length=1000)] = ()
    reason: SealedText


class TransferHold(HoldCommand, frozen=True, kw_only=True, tag="hold.transfer"):
    """Pass the hold to a successor unit."""

    to_unit: Identifier
    reason: SealedText | None = None


HoldCommands = (
    ProposeHold
    | RecommendHold
    | ServeNotice
    | LapseNotice
    | ImposeHold
    | DeclineHold
    | LapseHold
    | FileObjection
    | DecideObjection
    | DeemObjectionGranted
    | ReleaseHold
    | TransferHold
)
