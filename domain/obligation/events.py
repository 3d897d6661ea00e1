"""What happens to a duty with a due date; the date is fixed in the event that sets or moves it."""

from datetime import date

from domain.bounds import FiscalYear, Identifier, Line
from domain.event import DatedValue, StatusChange
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText


class ObligationOpened(StatusChange, frozen=True, kw_only=True, tag="obligation.opened.v1"):
    """An entity has a duty: `agreement`, `amendment`, `measurement`, `report` or `recommendation`.

    `subject` says which one.
    """

    unit: Identifier
    fiscal_year: FiscalYear
    duty: Identifier
    subject: Line


class DueDateSet(DatedValue, frozen=True, kw_only=True, tag="obligation.due_date_set.v1"):
    """The duty is due on a day by a rule counted from an anchor; null: the rule gives no date (due date unknown).

    Without an anchor another event determined the date. It holds from the anchor or the day it was fixed, whichever is
    earlier, and a later fixing replaces it.
    """

    anchor: date | None
    due_on: date | None
    rule: RuleRef | None


class ObligationExtended(DatedValue, frozen=True, kw_only=True, tag="obligation.extended.v1"):
    """The due date was moved by decision."""

    due_on: date
    reason: SealedText


class SubmissionNoted(DatedValue, frozen=True, kw_only=True, tag="obligation.submitted.v1"):
    """Something was submitted for the duty on the effective day; whether it is met is known when it is accepted."""


class SubmissionReturned(StatusChange, frozen=True, kw_only=True, tag="obligation.returned.v1"):
    """What was submitted went back; corrected by that day, the first submission stands. Null: no term was set."""

    correct_by: date | None


class ObligationMet(StatusChange, frozen=True, kw_only=True, tag="obligation.met.v1"):
    """The duty was met on the day of the first submission later accepted; days late by the due date then in force."""

    met_on: date
    due_on: date | None
    days_late: int | None


class ObligationOverdue(StatusChange, frozen=True, kw_only=True, tag="obligation.overdue.v1"):
    """The due date passed without the duty being met. `hold_rule` is the adopted rule that makes it a hold trigger."""

    unit: Identifier
    fiscal_year: FiscalYear
    duty: Identifier
    due_on: date
    hold_rule: RuleRef | None


class ObligationWaived(StatusChange, frozen=True, kw_only=True, tag="obligation.waived.v1"):
    """The entity need not meet the duty, by decision."""

    reason: SealedText


class ObligationTransferred(StatusChange, frozen=True, kw_only=True, tag="obligation.transferred.v1"):
    """A successor unit has the duty from now on; without a reason because it alone succeeds the unit that ended."""

    unit: Identifier
    reason: SealedText | None


ObligationEvent = (
    ObligationOpened
    | DueDateSet
    | ObligationExtended
    | SubmissionNoted
    | SubmissionReturned
    | ObligationMet
    | ObligationOverdue
    | ObligationWaived
    | ObligationTransferred
)
