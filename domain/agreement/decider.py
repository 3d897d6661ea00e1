"""How an agreement answers its commands (PermenPANRB 53/2014, Lampiran I)."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from domain.agreement.annex import demand_annex, demand_change, demand_partners, demand_periods
from domain.agreement.commands import (
    AgreementCommands,
    AmendAgreement,
    CorrectTarget,
    OpenAgreement,
    ProposeCommitments,
    RecordPublishedAgreement,
    RectifyAgreement,
    SignAgreement,
    WithdrawTarget,
)
from domain.agreement.events import (
    AgreementAmended,
    AgreementEvent,
    AgreementOpened,
    AgreementPublished,
    AgreementRectified,
    AgreementSigned,
    AmendmentTrigger,
    CommitmentsProposed,
    TargetCorrected,
    TargetSet,
    TargetWithdrawn,
)
from domain.agreement.refusals import (
    AgreementAlreadySigned,
    MeasurementAlreadyBegun,
    NothingProposed,
    OfficialNotReplaced,
    SignatoriesWrong,
    SignatoryNotInOffice,
)
from domain.agreement.state import AgreementState, evolve, publish
from domain.commitment import Commitment, SignedPaper
from domain.decider import Stage
from domain.errors import AgreementNotSigned, CommitmentUnknown, StageAlreadyOpen, StageNotOpenYet, VersionUnknown
from domain.event import Event
from domain.facts import CommitmentInForce, Facts, MeasurementFacts
from domain.indicator import NotRealised
from domain.stream import measurement_stream

LAST_QUARTER_BEGINS = 10
"""October: an amendment from here on is flagged as late."""


def relies_on(command: AgreementCommands) -> tuple[str, ...]:
    """Name the measurement: whether results are known flags an amendment and ends the time for ralat."""
    match command:
        case AmendAgreement() | RectifyAgreement():
            return (measurement_stream(command.unit, command.fiscal_year),)
        case _:
            return ()


def decide(command: AgreementCommands, state: AgreementState, facts: Facts) -> Sequence[Event]:
    """Answer a command on an agreement."""
    match command:
        case OpenAgreement():
            return _open(command, state, facts)
        case ProposeCommitments():
            return _propose(command, state, facts)
        case SignAgreement():
            return _sign(command, state, facts)
        case RecordPublishedAgreement():
            return _record_published(command, state, facts)
        case AmendAgreement():
            return _amend(command, state, facts)
        case RectifyAgreement():
            return _rectify(command, state, facts)
        case CorrectTarget():
            return _correct_target(command, state, facts)
        case WithdrawTarget():
            return _withdraw_target(command, state, facts)
        case _:
            assert_never(command)


def _open(command: OpenAgreement, state: AgreementState, facts: Facts) -> Sequence[Event]:
    if state.opened:
        raise StageAlreadyOpen(unit=command.unit, fiscal_year=command.fiscal_year)
    return [AgreementOpened(effective_on=facts.effective(command.effective_on), opening=command.opening)]


def _propose(command: ProposeCommitments, state: AgreementState, facts: Facts) -> Sequence[Event]:
    _demand_unsigned(state)
    proposed_on = facts.effective(command.effective_on)
    demand_annex(command.commitments, command.fiscal_year)
    demand_partners(command.unit, command.commitments, proposed_on, facts.institution)
    return [
        CommitmentsProposed(
            effective_on=proposed_on,
            commitments=command.commitments,
            programmes=command.programmes,
        )
    ]


def _sign(command: SignAgreement, state: AgreementState, facts: Facts) -> Sequence[Event]:
    _demand_unsigned(state)
    if not state.proposal:
        raise NothingProposed(unit=command.unit, fiscal_year=command.fiscal_year)
    signed_on = facts.effective(command.effective_on)
    _demand_signatories(command.unit, command.paper, signed_on, facts)
    demand_partners(command.unit, state.proposal, signed_on, facts.institution)
    signed = AgreementSigned(effective_on=signed_on, paper=command.paper, binds=state.proposal_version)
    return [signed, *_first_targets(state.proposal, command.fiscal_year)]


def _record_published(command: RecordPublishedAgreement, state: AgreementState, facts: Facts) -> Sequence[Event]:
    _demand_unsigned(state)
    demand_annex(command.commitments, command.fiscal_year)
    published = AgreementPublished(
        effective_on=facts.effective(command.effective_on), commitments=command.commitments, source=command.source
    )
    return [published, *_first_targets(command.commitments, command.fiscal_year)]


def _amend(command: AmendAgreement, state: AgreementState, facts: Facts) -> Sequence[Event]:
    _demand_signed(state)
    amended_on = facts.effective(command.effective_on)
    _demand_signatories(command.unit, command.paper, amended_on, facts)
    renewed = command.trigger is AmendmentTrigger.OFFICIAL_REPLACED
    if renewed and state.signatories == frozenset(command.paper.signatories):
        raise OfficialNotReplaced(unit=command.unit)
    for change in command.changes:
        _demand_commitment(state, change.commitment)
        demand_change(change.commitment, change.target, change.effective_on, command.fiscal_year)
    amended = AgreementAmended(
        effective_on=amended_on,
        trigger=command.trigger,
        reason=command.reason,
        paper=command.paper,
        late=_is_late(command, amended_on, facts),
    )
    changes = [
        TargetSet(
            effective_on=change.effective_on,
            commitment=change.commitment,
            target=change.target,
            amended_by=state.version + 1,
        )
        for change in command.changes
    ]
    return [amended, *changes]


def _rectify(command: RectifyAgreement, state: AgreementState, facts: Facts) -> Sequence[Event]:
    _demand_signed(state)
    rectified_on = facts.effective(command.effective_on)
    _demand_signatories(command.unit, command.paper, rectified_on, facts)
    if _known_results(command.unit, command.fiscal_year, facts):
        raise MeasurementAlreadyBegun(unit=command.unit, fiscal_year=command.fiscal_year)
    for fix in command.fixes:
        demand_periods(fix.commitment, fix.target, command.fiscal_year)
    fixes = [
        TargetCorrected(
            effective_on=_day_of_version(state, fix.commitment, fix.corrects),
            corrects=fix.corrects,
            commitment=fix.commitment,
            target=fix.target,
            reason=command.reason,
        )
        for fix in command.fixes
    ]
    return [AgreementRectified(effective_on=rectified_on, reason=command.reason, paper=command.paper), *fixes]


def _correct_target(command: CorrectTarget, state: AgreementState, _facts: Facts) -> Sequence[Event]:
    demand_periods(command.commitment, command.target, command.fiscal_year)
    return [
        TargetCorrected(
            effective_on=_day_of_version(state, command.commitment, command.corrects),
            corrects=command.corrects,
            commitment=command.commitment,
            target=command.target,
            reason=command.reason,
        )
    ]


def _withdraw_target(command: WithdrawTarget, state: AgreementState, _facts: Facts) -> Sequence[Event]:
    return [
        TargetWithdrawn(
            effective_on=_day_of_version(state, command.commitment, command.withdraws),
            withdraws=command.withdraws,
            commitment=command.commitment,
            reason=command.reason,
        )
    ]


def _first_targets(commitments: Sequence[Commitment], fiscal_year: int) -> list[TargetSet]:
    """Set each target from 1 January: the agreement covers the whole year, whenever it was signed."""
    january = date(fiscal_year, 1, 1)
    return [TargetSet(effective_on=january, commitment=each.id, target=each.target) for each in commitments]


def _is_late(command: AmendAgreement, day: date, facts: Facts) -> bool:
    """Flag targets changed in the last quarter or once their result is known; a mere renewal is never late."""
    changed = {change.commitment for change in command.changes}
    if not changed:
        return False
    in_last_quarter = day >= date(command.fiscal_year, LAST_QUARTER_BEGINS, 1)
    return in_last_quarter or bool(changed & _known_results(command.unit, command.fiscal_year, facts))


def _known_results(unit: str, fiscal_year: int, facts: Facts) -> frozenset[str]:
    """Return the commitments of which a realisation is known; a reason for having none is no result."""
    measured = facts.of(measurement_stream(unit, fiscal_year), MeasurementFacts)
    realisations = measured.realisations.values() if measured is not None else ()
    return frozenset(each.commitment for each in realisations if not isinstance(each.realised, NotRealised))


def _demand_unsigned(state: AgreementState) -> None:
    if not state.opened:
        raise StageNotOpenYet
    if state.in_force:
        raise AgreementAlreadySigned(signed_on=state.signed_on)


def _demand_signed(state: AgreementState) -> None:
    if not state.opened:
        raise StageNotOpenYet
    if state.signed_on is None:
        raise AgreementNotSigned


def _demand_signatories(unit: str, paper: SignedPaper, day: date, facts: Facts) -> None:
    """The institution's own agreement is signed by its head alone, a unit's by its head and the institution's.

    Whoever is known to hold one of these offices on the day is among them, definitive, Plt or Plh.
    """
    head_unit = facts.institution.head_unit
    due = 1 if unit == head_unit else 2
    people = {signatory.person for signatory in paper.signatories}
    if len(paper.signatories) != due or len(people) != due:
        raise SignatoriesWrong(unit=unit, expected=due, given=len(paper.signatories))
    for entity in (unit, head_unit):
        head = facts.institution.head_of(entity, day)
        if head is not None and head.person not in people:
            raise SignatoryNotInOffice(unit=entity, in_office=head.person, day=day)


def _demand_commitment(state: AgreementState, commitment: str) -> CommitmentInForce:
    found = state.commitments.get(commitment)
    if found is None:
        raise CommitmentUnknown(commitment=commitment)
    return found


def _day_of_version(state: AgreementState, commitment: str, version: int) -> date:
    for each in _demand_commitment(state, commitment).targets.versions:
        if each.version == version:
            return each.effective_on
    raise VersionUnknown(commitment=commitment, version=version)


STAGE = Stage(
    name="agreement",
    commands=AgreementCommands,
    events=AgreementEvent,
    initial=AgreementState(),
    relies_on=relies_on,
    decide=decide,
    evolve=evolve,
    publish=publish,
)
