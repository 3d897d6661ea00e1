"""How a report answers its commands (PermenPANRB 53/2014, Lampiran II)."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from domain.decider import Stage
from domain.errors import (
    AgreementNotSigned,
    EffectiveInFuture,
    SamePersonTwice,
    StageAlreadyOpen,
    StageNotOpenYet,
    TermEndsBeforeStart,
)
from domain.event import Event
from domain.facts import AgreementFacts, Facts, MeasurementFacts, ReportFacts
from domain.opening import Opening
from domain.period import COUNT_IN_YEAR, periods_of
from domain.report.commands import (
    AcceptReport,
    CompileReport,
    OpenReport,
    RecordPublishedReport,
    ReportCommands,
    ReturnReport,
    ReviewReport,
    SendReportOutside,
    SubmitReport,
)
from domain.report.compilation import compile_achievements
from domain.report.events import (
    ReportAccepted,
    ReportCompiled,
    ReportEvent,
    ReportOpened,
    ReportPublished,
    ReportReturned,
    ReportReviewed,
    ReportSentOutside,
    ReportSubmitted,
)
from domain.report.refusals import (
    MeasurementNotLocked,
    NotInstitutionReport,
    ReportAlreadyAccepted,
    ReportAlreadySubmitted,
    ReportNotAccepted,
    ReportNotCompiled,
    ReportNotReviewed,
    ReportNotSubmitted,
    UnitReportsNotAccepted,
)
from domain.report.state import ReportState, ReportStatus, evolve, publish
from domain.stream import agreement_stream, measurement_stream, report_stream


def relies_on(command: ReportCommands) -> tuple[str, ...]:
    """Name the measurement that opens a report, and all that its figures are compiled from."""
    match command:
        case OpenReport():
            return (measurement_stream(command.unit, command.fiscal_year),)
        case CompileReport():
            return (
                agreement_stream(command.unit, command.fiscal_year),
                measurement_stream(command.unit, command.fiscal_year),
                *(report_stream(unit, command.fiscal_year) for unit in command.compiled_from),
            )
        case _:
            return ()


def decide(command: ReportCommands, state: ReportState, facts: Facts) -> Sequence[Event]:
    """Answer a command on a report."""
    match command:
        case OpenReport():
            return _open(command, state, facts)
        case CompileReport():
            return _compile(command, state, facts)
        case ReviewReport():
            return _review(command, state, facts)
        case SubmitReport():
            return _submit(command, state, facts)
        case ReturnReport():
            return _return(command, state, facts)
        case AcceptReport():
            return _accept(command, state, facts)
        case SendReportOutside():
            return _send_outside(command, state, facts)
        case RecordPublishedReport():
            return _record_published(command, state, facts)
        case _:
            assert_never(command)


def _open(command: OpenReport, state: ReportState, facts: Facts) -> Sequence[Event]:
    if state.opening is not None:
        raise StageAlreadyOpen(unit=command.unit, fiscal_year=command.fiscal_year)
    if not _out_of_order(command.opening) and not _year_locked(command, facts):
        raise MeasurementNotLocked(unit=command.unit, fiscal_year=command.fiscal_year)
    return [ReportOpened(effective_on=facts.effective(command.effective_on), opening=command.opening)]


def _compile(command: CompileReport, state: ReportState, facts: Facts) -> Sequence[Event]:
    opening = _demand_unsubmitted(state)
    agreement = facts.of(agreement_stream(command.unit, command.fiscal_year), AgreementFacts)
    commitments = {} if agreement is None else agreement.commitments
    if not commitments and not _out_of_order(opening):
        raise AgreementNotSigned(unit=command.unit, fiscal_year=command.fiscal_year)
    _demand_unit_reports(command, opening, facts)
    measured = facts.of(measurement_stream(command.unit, command.fiscal_year), MeasurementFacts)
    realisations = {} if measured is None else measured.realisations
    return [
        ReportCompiled(
            effective_on=facts.effective(command.effective_on),
            achievements=compile_achievements(commitments, realisations, command.fiscal_year),
            compiled_from=command.compiled_from,
            analysis=command.analysis,
            file=command.file,
        )
    ]


def _review(command: ReviewReport, state: ReportState, facts: Facts) -> Sequence[Event]:
    _demand_unsubmitted(state)
    _demand_compiled(state)
    if facts.actor.id == state.compiled_by:
        raise SamePersonTwice(person=facts.actor.id)
    reviewed_on = facts.effective(command.effective_on)
    return [ReportReviewed(effective_on=reviewed_on, statement_number=command.statement_number, file=command.file)]


def _submit(command: SubmitReport, state: ReportState, facts: Facts) -> Sequence[Event]:
    _demand_unsubmitted(state)
    _demand_compiled(state)
    if command.unit == facts.institution.head_unit and not state.reviewed:
        raise ReportNotReviewed(unit=command.unit, fiscal_year=command.fiscal_year)
    return [ReportSubmitted(effective_on=facts.effective(command.effective_on), file=command.file)]


def _return(command: ReturnReport, state: ReportState, facts: Facts) -> Sequence[Event]:
    _demand_submitted(state)
    _demand_other_person(state, facts)
    returned_on = facts.effective(command.effective_on)
    if command.correct_by < returned_on:
        raise TermEndsBeforeStart(until=command.correct_by, start=returned_on)
    return [ReportReturned(effective_on=returned_on, reason=command.reason, correct_by=command.correct_by)]


def _accept(command: AcceptReport, state: ReportState, facts: Facts) -> Sequence[Event]:
    first, last = _demand_submitted(state)
    _demand_other_person(state, facts)
    met_on = first if state.terms_kept else last
    return [ReportAccepted(effective_on=facts.effective(command.effective_on), met_on=met_on)]


def _send_outside(command: SendReportOutside, state: ReportState, facts: Facts) -> Sequence[Event]:
    _demand_open(state)
    if command.unit != facts.institution.head_unit:
        raise NotInstitutionReport(unit=command.unit)
    if state.status is not ReportStatus.ACCEPTED:
        raise ReportNotAccepted(status=state.status)
    sent_on = facts.effective(command.effective_on)
    return [ReportSentOutside(effective_on=sent_on, recipient=command.recipient, receipt=command.receipt)]


def _record_published(command: RecordPublishedReport, state: ReportState, facts: Facts) -> Sequence[Event]:
    _demand_unsubmitted(state)
    submitted_on = command.submitted_on
    if submitted_on is not None and submitted_on > facts.today:
        raise EffectiveInFuture(effective_on=submitted_on, today=facts.today)
    published_on = facts.effective(command.effective_on or submitted_on)
    return [ReportPublished(effective_on=published_on, submitted_on=submitted_on, source=command.source)]


def _out_of_order(opening: Opening) -> bool:
    return opening.reason is not None or opening.source is not None


def _year_locked(command: OpenReport, facts: Facts) -> bool:
    """Say whether the last period of the year is locked, at any frequency."""
    measured = facts.of(measurement_stream(command.unit, command.fiscal_year), MeasurementFacts)
    last = {periods_of(command.fiscal_year, frequency)[-1].code for frequency in COUNT_IN_YEAR}
    return measured is not None and bool(measured.locked & last)


def _demand_open(state: ReportState) -> Opening:
    if state.opening is None:
        raise StageNotOpenYet
    return state.opening


def _demand_unsubmitted(state: ReportState) -> Opening:
    opening = _demand_open(state)
    if state.status is ReportStatus.ACCEPTED:
        raise ReportAlreadyAccepted
    if state.status in {ReportStatus.SUBMITTED, ReportStatus.PUBLISHED}:
        raise ReportAlreadySubmitted(submitted_on=state.last_submitted_on or state.met_on)
    return opening


def _demand_compiled(state: ReportState) -> None:
    if state.compiled_by is None:
        raise ReportNotCompiled


def _demand_submitted(state: ReportState) -> tuple[date, date]:
    """Return the first and the last day of submission."""
    _demand_open(state)
    if state.status is ReportStatus.ACCEPTED:
        raise ReportAlreadyAccepted
    first, last = state.first_submitted_on, state.last_submitted_on
    if state.status is not ReportStatus.SUBMITTED or first is None or last is None:
        raise ReportNotSubmitted(status=state.status)
    return first, last


def _demand_other_person(state: ReportState, facts: Facts) -> None:
    """Nobody decides on a report that they submitted themselves, this time or before."""
    if facts.actor.id in state.submitters:
        raise SamePersonTwice(person=facts.actor.id)


def _demand_unit_reports(command: CompileReport, opening: Opening, facts: Facts) -> None:
    """The institution's report stands on accepted unit reports; a unit's own stands on none."""
    if command.unit != facts.institution.head_unit:
        if command.compiled_from:
            raise NotInstitutionReport(unit=command.unit)
        return
    reports = {unit: facts.of(report_stream(unit, command.fiscal_year), ReportFacts) for unit in command.compiled_from}
    pending = tuple(unit for unit, report in reports.items() if report is None or not report.accepted)
    if pending or command.unit in reports or not (reports or _out_of_order(opening)):
        raise UnitReportsNotAccepted(units=pending, fiscal_year=command.fiscal_year)


STAGE = Stage(
    name="report",
    commands=ReportCommands,
    events=ReportEvent,
    initial=ReportState(),
    relies_on=relies_on,
    decide=decide,
    evolve=evolve,
    publish=publish,
)
