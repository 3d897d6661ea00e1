"""How a measurement answers its commands (PermenPANRB 53/2014: quarterly and yearly, against the agreement)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import assert_never

from domain.actor import INSPECTORATE, Role
from domain.decider import Stage
from domain.errors import (
    AgreementNotSigned,
    CommitmentUnknown,
    InspectorateNeverVerifies,
    SamePersonTwice,
    StageAlreadyOpen,
    StageNotOpenYet,
    TermEndsBeforeStart,
    VersionUnknown,
)
from domain.event import Event
from domain.facts import AgreementFacts, CommitmentInForce, Facts
from domain.measurement.admissible import demand_admissible
from domain.measurement.commands import (
    CorrectRealisation,
    LockPeriod,
    MeasurementCommand,
    MeasurementCommands,
    OpenMeasurement,
    RecordRealisation,
    ReopenPeriod,
    ReturnPeriod,
    SubmitPeriod,
    VerifyPeriod,
)
from domain.measurement.due import covering, due_in, is_answer
from domain.measurement.events import (
    MeasurementEvent,
    MeasurementOpened,
    PeriodLocked,
    PeriodReopened,
    PeriodReturned,
    PeriodSubmitted,
    PeriodVerified,
    RealisationCorrected,
    RealisationRecorded,
)
from domain.measurement.refusals import (
    PeriodClosed,
    PeriodIncomplete,
    PeriodNotEnded,
    PeriodNotLocked,
    PeriodNotSubmitted,
    PeriodNotVerified,
    PeriodOutsideYear,
)
from domain.measurement.state import MeasurementState, PeriodStatus, evolve, publish
from domain.period import COUNT_IN_YEAR, Period
from domain.stream import agreement_stream


def relies_on(command: MeasurementCommands) -> tuple[str, ...]:
    """Name the agreement, whose commitments are measured."""
    match command:
        case VerifyPeriod() | ReturnPeriod() | LockPeriod():
            return ()
        case _:
            return (agreement_stream(command.unit, command.fiscal_year),)


def decide(command: MeasurementCommands, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    """Answer a command on a measurement."""
    match command:
        case OpenMeasurement():
            return _open(command, state, facts)
        case RecordRealisation():
            return _record(command, state, facts)
        case CorrectRealisation():
            return _correct(command, state, facts)
        case SubmitPeriod():
            return _submit(command, state, facts)
        case VerifyPeriod():
            return _verify(command, state, facts)
        case ReturnPeriod():
            return _return(command, state, facts)
        case LockPeriod():
            return _lock(command, state, facts)
        case ReopenPeriod():
            return _reopen(command, state, facts)
        case _:
            assert_never(command)


def _open(command: OpenMeasurement, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    if state.opening is not None:
        raise StageAlreadyOpen(unit=command.unit, fiscal_year=command.fiscal_year)
    if command.opening.reason is None and command.opening.source is None:
        _commitments(command.unit, command.fiscal_year, facts)
    return [MeasurementOpened(effective_on=facts.effective(command.effective_on), opening=command.opening)]


def _record(command: RecordRealisation, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    realisation = command.realisation
    _demand_period(command, realisation.period, state)
    _demand_admissible(command, state, facts)
    for period in covering(realisation.period):
        if not state.progress(period).open:
            raise PeriodClosed(period=period.code, status=state.progress(period).status)
    return [RealisationRecorded(effective_on=realisation.period.last_day, realisation=realisation)]


def _correct(command: CorrectRealisation, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    realisation = command.realisation
    _demand_period(command, realisation.period, state)
    versions = state.realisations.get((realisation.commitment, realisation.period.code))
    if versions is None or not versions.has(command.corrects):
        raise VersionUnknown(
            commitment=realisation.commitment, period=realisation.period.code, version=command.corrects
        )
    _demand_admissible(command, state, facts)
    for period in covering(realisation.period):
        progress = state.progress(period)
        if not progress.open and not progress.reopened(realisation.commitment, facts.today):
            raise PeriodClosed(period=period.code, status=progress.status, reopened_until=progress.reopened_until)
    return [
        RealisationCorrected(
            effective_on=realisation.period.last_day,
            corrects=command.corrects,
            realisation=realisation,
            reason=command.reason,
        )
    ]


def _submit(command: SubmitPeriod, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    period = command.period
    _demand_period(command, period, state)
    submitted_on = facts.effective(command.effective_on)
    if not state.progress(period).open:
        raise PeriodClosed(period=period.code, status=state.progress(period).status)
    if submitted_on < period.last_day:
        raise PeriodNotEnded(period=period.code, last_day=period.last_day)
    commitments = _commitments(command.unit, command.fiscal_year, facts)
    missing = tuple(f"{each} {of.code}" for each, of in due_in(commitments, period) if not _answered(state, each, of))
    if missing:
        raise PeriodIncomplete(period=period.code, missing=missing)
    return [PeriodSubmitted(effective_on=submitted_on, period=period)]


def _verify(command: VerifyPeriod, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    _demand_period(command, command.period, state)
    verified_on = facts.effective(command.effective_on)
    progress = state.progress(command.period)
    if progress.status is not PeriodStatus.SUBMITTED:
        raise PeriodNotSubmitted(period=command.period.code, status=progress.status)
    _demand_outside_inspectorate(facts, verified_on)
    if facts.actor.id in progress.authors:
        raise SamePersonTwice(person=facts.actor.id, period=command.period.code)
    return [PeriodVerified(effective_on=verified_on, period=command.period)]


def _return(command: ReturnPeriod, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    _demand_period(command, command.period, state)
    progress = state.progress(command.period)
    if progress.status not in {PeriodStatus.SUBMITTED, PeriodStatus.VERIFIED}:
        raise PeriodNotSubmitted(period=command.period.code, status=progress.status)
    returned_on = facts.effective(command.effective_on)
    _demand_outside_inspectorate(facts, returned_on)
    return [PeriodReturned(effective_on=returned_on, period=command.period, reason=command.reason)]


def _lock(command: LockPeriod, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    period = command.period
    _demand_period(command, period, state)
    progress = state.progress(period)
    if progress.status is not PeriodStatus.VERIFIED:
        raise PeriodNotVerified(period=period.code, status=progress.status)
    last = period.number == COUNT_IN_YEAR[period.frequency]
    return [PeriodLocked(effective_on=facts.effective(command.effective_on), period=period, last=last)]


def _reopen(command: ReopenPeriod, state: MeasurementState, facts: Facts) -> Sequence[Event]:
    _demand_period(command, command.period, state)
    progress = state.progress(command.period)
    if progress.status is not PeriodStatus.LOCKED:
        raise PeriodNotLocked(period=command.period.code, status=progress.status)
    in_force = _commitments(command.unit, command.fiscal_year, facts)
    for commitment in command.commitments:
        if commitment not in in_force:
            raise CommitmentUnknown(commitment=commitment)
    reopened_on = facts.effective(command.effective_on)
    if command.until < reopened_on:
        raise TermEndsBeforeStart(until=command.until, start=reopened_on)
    return [
        PeriodReopened(
            effective_on=reopened_on,
            period=command.period,
            reason=command.reason,
            commitments=command.commitments,
            until=command.until,
        )
    ]


def _answered(state: MeasurementState, commitment: str, period: Period) -> bool:
    found = state.current(commitment, period)
    return found is not None and is_answer(found.realised)


def _commitments(unit: str, fiscal_year: int, facts: Facts) -> Mapping[str, CommitmentInForce]:
    """Return what the agreement promises; without it there is nothing to measure."""
    agreement = facts.of(agreement_stream(unit, fiscal_year), AgreementFacts)
    if agreement is None or not agreement.commitments:
        raise AgreementNotSigned(unit=unit, fiscal_year=fiscal_year)
    return agreement.commitments


def _demand_period(command: MeasurementCommand, period: Period, state: MeasurementState) -> None:
    if state.opening is None:
        raise StageNotOpenYet
    if period.fiscal_year != command.fiscal_year:
        raise PeriodOutsideYear(period=period.code, fiscal_year=command.fiscal_year)


def _demand_admissible(command: RecordRealisation | CorrectRealisation, state: MeasurementState, facts: Facts) -> None:
    realisation = command.realisation
    in_force = _commitments(command.unit, command.fiscal_year, facts).get(realisation.commitment)
    if in_force is None:
        raise CommitmentUnknown(commitment=realisation.commitment)
    from_publication = state.opening is not None and state.opening.source is not None
    demand_admissible(realisation, in_force, facts.today, from_publication=from_publication)


def _demand_outside_inspectorate(facts: Facts, day: date) -> None:
    """Refuse whoever acts for the Inspektorat, or holds a role there on the day whatever the hat worn now."""
    held: Iterable[Role] = (role for role, _ in facts.institution.roles_of(facts.actor.id, day))
    if INSPECTORATE & {facts.actor.role, *held}:
        raise InspectorateNeverVerifies(person=facts.actor.id)


STAGE = Stage(
    name="measurement",
    commands=MeasurementCommands,
    events=MeasurementEvent,
    initial=MeasurementState(),
    relies_on=relies_on,
    decide=decide,
    evolve=evolve,
    publish=publish,
)
