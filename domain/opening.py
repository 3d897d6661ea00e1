"""How a stage is opened: by the stage before it, by a decision with a reason, or from a published source."""

import msgspec

from domain.bounds import Line
from domain.command import CycleCommand
from domain.sealed_text import SealedText


class Opening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a stage is open. Both null: the workflow opened it in order, or an evaluation was assigned.

    `reason`: a decision opened it without its predecessor. `source`: it was entered from a publication, and its
    predecessor is not in the source.
    """

    reason: SealedText | None = None
    source: Line | None = None


class OpenStage(CycleCommand, frozen=True, kw_only=True):
    """Open the stage of an entity and year; without its predecessor only with a reason or a source."""

    opening: Opening = Opening()
