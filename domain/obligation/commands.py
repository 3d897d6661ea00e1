"""What can be asked of a duty with a due date."""

from datetime import date

from domain.bounds import Identifier, Line
from domain.command import Command
from domain.sealed_text import SealedText
from domain.stream import DerivedId, obligation_stream, unit_of_derived


class ObligationCommand(Command, frozen=True, kw_only=True):
    """A command on a duty."""

    obligation: DerivedId

    @property
    def stream(self) -> str:
        """The obligation's stream."""
        return obligation_stream(self.obligation)

    @property
    def subject_unit(self) -> str:
        """The entity that first had the duty."""
        return unit_of_derived(self.obligation)


class OpenObligation(ObligationCommand, frozen=True, kw_only=True, tag="obligation.open"):
    """Open a duty; where an anchor day is known, the due date follows from the adopted rule."""

    duty: Identifier
    subject: Line
    anchor: date | None = None


class SetDueDate(ObligationCommand, frozen=True, kw_only=True, tag="obligation.set_due_date"):
    """Fix the due date from an anchor day by the adopted rule."""

    anchor: date


class FixDueDate(ObligationCommand, frozen=True, kw_only=True, tag="obligation.fix_due_date"):
    """Fix a due date that another event already determined, such as the term of a recommendation."""

    due_on: date


class ExtendObligation(ObligationCommand, frozen=True, kw_only=True, tag="obligation.extend"):
    """Move the due date by decision."""

    due_on: date
    reason: SealedText


class NoteSubmission(ObligationCommand, frozen=True, kw_only=True, tag="obligation.note_submission"):
    """Note that something was submitted for the duty; nothing where it is settled."""


class ReturnSubmission(ObligationCommand, frozen=True, kw_only=True, tag="obligation.return_submission"):
    """Note that what was submitted went back, to be corrected by a day."""

    correct_by: date | None = None


class MeetObligation(ObligationCommand, frozen=True, kw_only=True, tag="obligation.meet"):
    """Record that the duty was met on a day."""

    met_on: date


class MarkOverdue(ObligationCommand, frozen=True, kw_only=True, tag="obligation.mark_overdue"):
    """Record that the due date has passed; refused while it has not, and nothing where the duty is met."""


class WaiveObligation(ObligationCommand, frozen=True, kw_only=True, tag="obligation.waive"):
    """Free the entity of the duty by decision."""

    reason: SealedText


class TransferObligation(ObligationCommand, frozen=True, kw_only=True, tag="obligation.transfer"):
    """Pass the duty to a successor unit."""

    to_unit: Identifier
    reason: SealedText | None = None


ObligationCommands = (
    OpenObligation
    | SetDueDate
    | FixDueDate
    | ExtendObligation
    | NoteSubmission
    | ReturnSubmission
    | MeetObligation
    | MarkOverdue
    | WaiveObligation
    | TransferObligation
)
