"""Events of a unit's years, as the specifications of the workflows tell them."""

from datetime import date

from domain.agreement.events import (
    AgreementAmended,
    AgreementOpened,
    AgreementPublished,
    AgreementSigned,
    AmendmentTrigger,
)
from domain.commitment import Signatory, SignedPaper
from domain.event import Event
from domain.institution import BudgetDocument
from domain.measurement.events import MeasurementOpened, PeriodLocked, PeriodReturned, PeriodSubmitted
from domain.obligation.events import (
    ObligationMet,
    ObligationOpened,
    ObligationOverdue,
    ObligationTransferred,
    ObligationWaived,
)
from domain.opening import Opening
from domain.organisation.events import BudgetRatified, FiscalYearOpened, UnitDissolved
from domain.period import Period
from domain.report.events import ReportAccepted, ReportOpened, ReportPublished, ReportReturned, ReportSubmitted
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from domain.stream import (
    ORGANISATION,
    agreement_stream,
    derived_id,
    measurement_stream,
    obligation_stream,
    report_stream,
)
from tests.workflows.spec import Fact

UNIT = "dinkes"
YEAR = 2025
REASON = SealedText("a" * 64)
FILE = "f" * 64
SOURCE = "Laporan kinerja 2025, halaman 12"
HOLD_RULE = RuleRef(name="hold-contoh-perkada", version=1, digest="b" * 64)
PAPER = SignedPaper(place="Wonosari", signatories=(Signatory(person="sri", position="Kepala Dinas"),), file=FILE)


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def duty_of(cause: str, unit: str = UNIT, year: int = YEAR) -> str:
    """Return the id of a duty, recommendation or hold."""
    return derived_id(unit, year, cause)


# --- organisation ----------------------------------------------------------------------------------------------------


def year_opened(*entities: str, on: str = "2025-01-02", year: int = YEAR) -> Fact:
    """A year begins for these entities."""
    return Fact(ORGANISATION, FiscalYearOpened(effective_on=day(on), fiscal_year=year, entities=entities))


def ratified(document: BudgetDocument, on: str, unit: str = UNIT) -> Fact:
    """A budget document was ratified."""
    body = BudgetRatified(effective_on=day(on), unit=unit, fiscal_year=YEAR, document=document, number="1")
    return Fact(ORGANISATION, body)


def dissolved(*successors: str, on: str = "2025-07-01", unit: str = UNIT) -> Fact:
    """A unit ended."""
    return Fact(ORGANISATION, UnitDissolved(effective_on=day(on), unit=unit, successors=successors))


# --- obligation ------------------------------------------------------------------------------------------------------


def duty(cause: str, on: str = "2025-01-02", unit: str = UNIT, year: int = YEAR) -> Fact:
    """A duty was opened."""
    body = ObligationOpened(
        effective_on=day(on), unit=unit, fiscal_year=year, duty=cause.partition("-")[0], subject="Kewajiban"
    )
    return Fact(obligation_stream(duty_of(cause, unit, year)), body)


def overdue(cause: str, on: str, *, hold_rule: RuleRef | None = HOLD_RULE) -> Fact:
    """A due date passed."""
    body = ObligationOverdue(
        effective_on=day(on),
        unit=UNIT,
        fiscal_year=YEAR,
        duty=cause.partition("-")[0],
        due_on=day("2025-02-28"),
        hold_rule=hold_rule,
    )
    return Fact(obligation_stream(duty_of(cause)), body)


def met(cause: str, on: str) -> Fact:
    """A duty was met."""
    body = ObligationMet(effective_on=day(on), met_on=day(on), due_on=None, days_late=None)
    return Fact(obligation_stream(duty_of(cause)), body)


def waived(cause: str, on: str) -> Fact:
    """A duty was waived."""
    return Fact(obligation_stream(duty_of(cause)), ObligationWaived(effective_on=day(on), reason=REASON))


def duty_transferred(cause: str, on: str, to: str) -> Fact:
    """A duty passed to another unit."""
    body = ObligationTransferred(effective_on=day(on), unit=to, reason=REASON)
    return Fact(obligation_stream(duty_of(cause)), body)


# --- agreement -------------------------------------------------------------------------------------------------------


def agreement(body: Event, unit: str = UNIT, year: int = YEAR) -> Fact:
    """Something happened to the agreement."""
    return Fact(agreement_stream(unit, year), body)


def agreement_opened(on: str, unit: str = UNIT, year: int = YEAR) -> Fact:
    """The agreement was opened."""
    return agreement(AgreementOpened(effective_on=day(on), opening=Opening()), unit, year)


def signed(on: str) -> Fact:
    """The agreement was signed."""
    return agreement(AgreementSigned(effective_on=day(on), paper=PAPER, binds=2))


def agreement_published(on: str) -> Fact:
    """Commitments were taken from a publication."""
    return agreement(AgreementPublished(effective_on=day(on), commitments=(), source=SOURCE))


def amended(on: str) -> Fact:
    """The agreement was amended."""
    body = AgreementAmended(
        effective_on=day(on), trigger=AmendmentTrigger.STRATEGY_CHANGED, reason=REASON, paper=PAPER, late=False
    )
    return agreement(body)


# --- measurement -----------------------------------------------------------------------------------------------------


def measurement(body: Event) -> Fact:
    """Something happened to the measurement."""
    return Fact(measurement_stream(UNIT, YEAR), body)


def measurement_opened(on: str) -> Fact:
    """The measurement was opened."""
    return measurement(MeasurementOpened(effective_on=day(on), opening=Opening(reason=REASON)))


def submitted(period: str, on: str) -> Fact:
    """The figures of a period were submitted."""
    return measurement(PeriodSubmitted(effective_on=day(on), period=Period.parse(period)))


def returned(period: str, on: str) -> Fact:
    """The figures of a period went back."""
    return measurement(PeriodReturned(effective_on=day(on), period=Period.parse(period), reason=REASON))


def locked(period: str, on: str, *, last: bool = False) -> Fact:
    """The figures of a period were fixed."""
    return measurement(PeriodLocked(effective_on=day(on), period=Period.parse(period), last=last))


# --- report ----------------------------------------------------------------------------------------------------------


def report(body: Event) -> Fact:
    """Something happened to the report."""
    return Fact(report_stream(UNIT, YEAR), body)


def report_opened(on: str) -> Fact:
    """The report was opened."""
    return report(ReportOpened(effective_on=day(on), opening=Opening(reason=REASON)))


def report_submitted(on: str) -> Fact:
    """The report was submitted."""
    return report(ReportSubmitted(effective_on=day(on), file=FILE))


def report_returned(on: str, correct_by: str) -> Fact:
    """The report went back."""
    return report(ReportReturned(effective_on=day(on), reason=REASON, correct_by=day(correct_by)))


def report_accepted(on: str, met_on: str) -> Fact:
    """The report was accepted."""
    return report(ReportAccepted(effective_on=day(on), met_on=day(met_on)))


def report_published(on: str, submitted_on: str | None) -> Fact:
    """The report is known from a publication."""
    known = None if submitted_on is None else day(submitted_on)
    return report(ReportPublished(effective_on=day(on), submitted_on=known, source=SOURCE))
