"""What happens to a duty with a due date; the date is fixed in the event that sets or moves it."""

from datetime import date

from domain.bounds import FiscalYear, Identifier, Line
from domain.event import DatedValue, StatusChange
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText


class ObligationOpened(StatusChange, frozen=True, kw_only=True, tag="obligation.opened.v1"):
    """An entity has a duty: `agreement`, `measurement`, `report` or `recommendation`; `subject` says which one."""

    unit: Identifier
    fiscal_year: FiscalYear
    duty: Identifier
    subject: Line


class DueDateSet(DatedValue, frozen=True, kw_only=True, tag="obligation.due_date_set.v1"):
    """The duty is due on a day by a rule counted from an anchor; null: the rule gives no date (due date unknown)."""

    anchor: date
    due_on: date | None
    rule: RuleRef | None


class ObligationExtended(DatedValue, frozen=True, kw_only=True, tag="obligation.extended.v1"):
    """The due date was moved by decision."""

    due_on: date
    reason: SealedText


class SubmissionNoted(StatusChange, frozen=True, kw_only=True, tag="obligation.submitted.v1"):
    """Something was submitted for the duty; whether it is met is known when it is accepted."""


class ObligationMet(StatusChange, frozen=True, kw_only=True, tag="obligation.met.v1"):
    """The duty was met on the day of the first submission that was later accepted; days late by the date then in force."""

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
    """A successor unit has the duty from now on."""

    unit: Identifier
    reason: SealedText


ObligationEvent = (
    ObligationOpened
    | DueDateSet
    | ObligationExtended
    | SubmissionNoted
    | ObligationMet
    | ObligationOverdue
    | ObligationWaived
    | ObligationTransferred
)
