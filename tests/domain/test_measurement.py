"""Specifications of the measurement: recording, submission, verification, locking, reopening, correction."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from domain.actor import Actor, Role
from domain.bounds import check_figure
from domain.commitment import AgreedTarget, Commitment, Evidence, PeriodTarget
from domain.dated import Dated
from domain.errors import (
    AgreementNotSigned,
    CommitmentUnknown,
    EffectiveBeforePrevious,
    InspectorateNeverVerifies,
    SamePersonTwice,
    StageAlreadyOpen,
    StageNotOpenYet,
    TermEndsBeforeStart,
    VersionUnknown,
)
from domain.event import Event
from domain.facts import AgreementFacts, CommitmentInForce, MeasurementFacts
from domain.indicator import (
    Indicator,
    LabelRealised,
    NotRealised,
    NumberRealised,
    NumberTarget,
    OrdinalTarget,
    RatioRealised,
    Realised,
    Target,
)
from domain.institution import RoleGrant
from domain.measurement.commands import (
    CorrectRealisation,
    LockPeriod,
    OpenMeasurement,
    RecordRealisation,
    ReopenPeriod,
    ReturnPeriod,
    SubmitPeriod,
    VerifyPeriod,
)
from domain.measurement.decider import STAGE
from domain.measurement.events import (
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
    DueToMeasure,
    EvidenceInFuture,
    NotYetDueToMeasure,
    PeriodClosed,
    PeriodIncomplete,
    PeriodNotBegun,
    PeriodNotEnded,
    PeriodNotLocked,
    PeriodNotSubmitted,
    PeriodNotVerified,
    PeriodOutsideYear,
    PeriodUnfit,
    RealisedUnfit,
    SourceMissing,
)
from domain.opening import Opening
from domain.period import Frequency, Period
from domain.realisation import Realisation
from domain.sealed_text import SealedText
from domain.target import last_target, target_for
from tests.spec import ANYONE, INSTITUTION, Spec, given

REASON = SealedText("b" * 64)
VERIFIER = Actor(id="sari", role=Role.ORGANISATION_BUREAU)
Q1, Q2, Q4, YEAR = (Period.parse(code) for code in ("2025-Q1", "2025-Q2", "2025-Q4", "2025"))
LADDER = OrdinalTarget(value="BB", scale=("C", "B", "BB", "A"))


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def number(value: str) -> NumberTarget:
    """Return a target in figures."""
    return NumberTarget(value=check_figure(Decimal(value)))


def promised(
    commitment: str,
    frequency: Frequency = "quarter",
    target: Target | None = None,
    measured_from: Period | None = None,
    periods: tuple[PeriodTarget, ...] = (),
) -> CommitmentInForce:
    """Return a commitment in force since January."""
    agreed = AgreedTarget(year=target or number("100"), periods=periods)
    indicator = Indicator(
        name="Cakupan layanan",
        definition="Bagian penduduk yang terlayani",
        formula="terlayani / penduduk x 100",
        unit_of_measure="%",
        source="Dinas Kesehatan",
        frequency=frequency,
        direction="maximise",
        accumulation="last",
        measured_from=measured_from,
    )
    row = Commitment(id=commitment, objective="Meningkatnya layanan", indicator=indicator, target=agreed)
    return CommitmentInForce(
        commitment=row, targets=Dated[AgreedTarget]().add(day("2025-01-01"), 4, agreed), original=agreed
    )


def agreed(*commitments: CommitmentInForce) -> dict[str, object]:
    """Return what the agreement publishes."""
    in_force = {each.commitment.id: each for each in commitments}
    return {"agreement/dinkes/2025": AgreementFacts(signed_on=day("2025-01-20"), commitments=in_force)}


SIGNED = agreed(promised("layanan"))
OPENED = MeasurementOpened(effective_on=day("2025-01-20"), opening=Opening())


def realised(value: str = "40", period: Period = Q1, commitment: str = "layanan") -> Realisation:
    """Return a realisation in figures."""
    return Realisation(commitment=commitment, period=period, realised=NumberRealised(value=Decimal(value)))


def record(realisation: Realisation) -> RecordRealisation:
    """Return the command that records it."""
    return RecordRealisation(unit="dinkes", fiscal_year=2025, realisation=realisation)


def answer(outcome: Realised, period: Period = Q1, commitment: str = "layanan") -> RecordRealisation:
    """Return the command that records this outcome."""
    return record(Realisation(commitment=commitment, period=period, realised=outcome))


def recorded(realisation: Realisation) -> RealisationRecorded:
    """Return the fact that it was recorded."""
    return RealisationRecorded(effective_on=realisation.period.last_day, realisation=realisation)


def correct(realisation: Realisation, corrects: int) -> CorrectRealisation:
    """Return the command that corrects a version."""
    return CorrectRealisation(
        unit="dinkes", fiscal_year=2025, corrects=corrects, realisation=realisation, reason=REASON
    )


def submit(period: Period = Q1) -> SubmitPeriod:
    """Return the command that submits a period."""
    return SubmitPeriod(unit="dinkes", fiscal_year=2025, period=period)


def verify(period: Period = Q1) -> VerifyPeriod:
    """Return the command that verifies a period."""
    return VerifyPeriod(unit="dinkes", fiscal_year=2025, period=period)


def lock(period: Period = Q1) -> LockPeriod:
    """Return the command that locks a period."""
    return LockPeriod(unit="dinkes", fiscal_year=2025, period=period)


def reopen(until: str = "2025-05-31", commitment: str = "layanan") -> ReopenPeriod:
    """Return the command that reopens the first quarter for one commitment."""
    return ReopenPeriod(
        unit="dinkes", fiscal_year=2025, period=Q1, reason=REASON, commitments=(commitment,), until=day(until)
    )


RECORDED = recorded(realised())
SUBMITTED = PeriodSubmitted(effective_on=day("2025-04-05"), period=Q1)
VERIFIED = PeriodVerified(effective_on=day("2025-04-10"), period=Q1)
RETURNED = PeriodReturned(effective_on=day("2025-04-08"), period=Q1, reason=REASON)
LOCKED = PeriodLocked(effective_on=day("2025-04-15"), period=Q1, last=False)
REOPENED = PeriodReopened(
    effective_on=day("2025-05-01"), period=Q1, reason=REASON, commitments=("layanan",), until=day("2025-05-31")
)
THROUGH: tuple[Event, ...] = (OPENED, RECORDED, SUBMITTED, VERIFIED, LOCKED)


def current(spec: Spec) -> dict[tuple[str, str], Realisation]:
    """Return the realisations that other stages see."""
    facts = STAGE.publish(spec.state)
    assert isinstance(facts, MeasurementFacts)
    return facts.realisations


# --- opening and recording ---


def test_a_measurement_opens_on_commitments_or_by_a_decision_with_a_reason() -> None:
    """PermenPANRB 53/2014: what was promised is measured; without it only a recorded decision opens the stage."""
    opening = OpenMeasurement(unit="dinkes", fiscal_year=2025)
    given(STAGE).when(opening, on="2025-01-20", published=SIGNED).then(OPENED)
    given(STAGE).when(opening).then_refused(AgreementNotSigned, unit="dinkes", fiscal_year=2025)
    given(STAGE).when(opening, published=agreed()).then_refused(AgreementNotSigned)
    decided = OpenMeasurement(unit="dinkes", fiscal_year=2025, opening=Opening(reason=REASON))
    assert given(STAGE).when(decided).events
    given(STAGE, OPENED).when(opening, published=SIGNED).then_refused(StageAlreadyOpen)


def test_a_realisation_takes_effect_on_the_last_day_of_its_period() -> None:
    given(STAGE, OPENED).when(record(realised()), on="2025-04-03", published=SIGNED).then(RECORDED)
    assert RECORDED.effective_on == day("2025-03-31")


def test_only_commitments_in_force_are_measured_in_an_open_stage() -> None:
    given(STAGE).when(record(realised()), published=SIGNED).then_refused(StageNotOpenYet)
    given(STAGE, OPENED).when(record(realised())).then_refused(AgreementNotSigned)
    unknown = record(realised(commitment="lain"))
    given(STAGE, OPENED).when(unknown, published=SIGNED).then_refused(CommitmentUnknown, commitment="lain")


def test_a_period_fits_the_frequency_or_is_the_whole_year_and_lies_in_the_fiscal_year() -> None:
    for code in ("2025-S1", "2025-M03"):
        wrong = record(realised(period=Period.parse(code)))
        given(STAGE, OPENED).when(wrong, published=SIGNED).then_refused(PeriodUnfit, period=code, frequency="quarter")
    assert given(STAGE, OPENED).when(record(realised(period=YEAR)), on="2026-01-10", published=SIGNED).events
    other_year = record(realised(period=Period.parse("2024-Q1")))
    given(STAGE, OPENED).when(other_year, published=SIGNED).then_refused(PeriodOutsideYear, period="2024-Q1")


def test_nothing_is_realised_in_a_period_that_has_not_begun() -> None:
    early = record(realised(period=Q2))
    given(STAGE, OPENED).when(early, on="2025-03-31", published=SIGNED).then_refused(PeriodNotBegun)
    assert given(STAGE, OPENED).when(early, on="2025-04-01", published=SIGNED).events


def test_a_later_record_of_the_same_period_replaces_the_earlier_one() -> None:
    again = given(STAGE, OPENED, RECORDED).when(record(realised("45")), published=SIGNED)
    assert current(again) == {("layanan", "2025-Q1"): realised("45")}


def test_an_indicator_is_not_yet_due_before_the_period_it_is_measured_from() -> None:
    """A yearly outcome in quarters I to III has a state of its own, which is neither zero nor "not filled"."""
    later = agreed(promised("layanan", measured_from=Q4))
    deferred = answer(NotRealised(reason="not_yet_due"))
    given(STAGE, OPENED).when(record(realised()), published=later).then_refused(NotYetDueToMeasure)
    assert given(STAGE, OPENED).when(deferred, published=later).events
    given(STAGE, OPENED).when(deferred, published=SIGNED).then_refused(DueToMeasure)
    assert given(STAGE, OPENED).when(record(realised(period=Q4)), on="2025-12-31", published=later).events


@pytest.mark.parametrize(
    ("target", "outcome", "fits"),
    [
        (number("100"), NumberRealised(value=Decimal(0)), True),
        (number("100"), RatioRealised(numerator=Decimal(1), denominator=Decimal(0)), True),
        (number("100"), LabelRealised(value="BB"), False),
        (LADDER, LabelRealised(value="BB"), True),
        (LADDER, NumberRealised(value=Decimal(80)), False),
        (LADDER, NotRealised(reason="not_obtained"), True),
        (number("100"), NotRealised(reason="not_applicable"), True),
    ],
)
def test_figures_meet_targets_in_figures_and_labels_meet_ladders(
    target: Target, outcome: Realised, *, fits: bool
) -> None:
    spec = given(STAGE, OPENED).when(answer(outcome), published=agreed(promised("layanan", target=target)))
    if fits:
        assert spec.events
    else:
        spec.then_refused(RealisedUnfit, commitment="layanan", period="2025-Q1")


def test_evidence_bears_its_own_date_which_lies_not_after_today() -> None:
    """The day of upload is that of the record; the paper itself is older."""

    def with_evidence(dated: str) -> RecordRealisation:
        evidence = Evidence(file="a" * 64, name="Laporan triwulan", dated=day(dated))
        return record(msgspec.structs.replace(realised(), evidence=(evidence,)))

    assert given(STAGE, OPENED).when(with_evidence("2025-03-20"), on="2025-04-03", published=SIGNED).events
    future = given(STAGE, OPENED).when(with_evidence("2025-04-04"), on="2025-04-03", published=SIGNED)
    future.then_refused(EvidenceInFuture, evidence=("Laporan triwulan",))


def test_a_printed_achievement_comes_from_a_publication_and_is_kept_as_printed() -> None:
    """History: what a source prints is recorded as printed, even a label against a figure, and computes to nothing."""
    printed = Realisation(
        commitment="layanan",
        period=YEAR,
        realised=LabelRealised(value="38% (Semester I)"),
        published_achievement="100%",
    )
    given(STAGE, OPENED).when(record(printed), on="2026-03-01", published=SIGNED).then_refused(SourceMissing)
    named = msgspec.structs.replace(printed, source="LKjIP 2025, halaman 40")
    assert given(STAGE, OPENED).when(record(named), on="2026-03-01", published=SIGNED).events
    from_source = MeasurementOpened(effective_on=day("2025-12-31"), opening=Opening(source="LKjIP 2025"))
    given(STAGE, from_source).when(record(printed), on="2026-03-01", published=SIGNED).then(recorded(printed))


# --- submission ---


def test_a_submission_needs_an_answer_for_every_due_commitment() -> None:
    """PermenPANRB 53/2014: measured quarterly. A reason for having no figure is an answer, "not filled" is none."""
    given(STAGE, OPENED, RECORDED).when(submit(), on="2025-04-05", published=SIGNED).then(SUBMITTED)
    empty = given(STAGE, OPENED).when(submit(), published=SIGNED)
    empty.then_refused(PeriodIncomplete, missing=("layanan 2025-Q1",))
    for outcome, complete in (
        (NotRealised(reason="not_obtained"), True),
        (NotRealised(reason="not_applicable"), True),
        (NotRealised(reason="not_filled"), False),
    ):
        history = recorded(Realisation(commitment="layanan", period=Q1, realised=outcome))
        spec = given(STAGE, OPENED, history).when(submit(), published=SIGNED)
        assert bool(spec.events) is complete, outcome.reason


def test_what_is_not_due_in_the_period_is_not_asked_for() -> None:
    """Yearly indicators, those measured from a later period, and a target that was withdrawn."""
    withdrawn = msgspec.structs.replace(promised("ditarik"), targets=Dated())
    others = agreed(promised("layanan"), promised("hasil", "year"), promised("nanti", measured_from=Q4), withdrawn)
    assert given(STAGE, OPENED, RECORDED).when(submit(), published=others).events
    yearly = given(STAGE, OPENED, RECORDED).when(submit(YEAR), on="2026-01-10", published=others)
    yearly.then_refused(PeriodIncomplete, missing=("hasil 2025",))


def test_a_quarter_answers_for_its_months() -> None:
    monthly = agreed(promised("layanan", "month"))
    months = [recorded(realised(period=Period.parse(f"2025-M0{n}"))) for n in (1, 3)]
    lacking = given(STAGE, OPENED, *months).when(submit(), published=monthly)
    lacking.then_refused(PeriodIncomplete, missing=("layanan 2025-M02",))
    february = recorded(realised(period=Period.parse("2025-M02")))
    complete = given(STAGE, OPENED, *months, february).when(submit(), published=monthly)
    assert complete.events
    afterwards = given(STAGE, OPENED, *months, february, *complete.events)
    afterwards.when(record(february.realisation), published=monthly).then_refused(PeriodClosed, period="2025-Q1")


def test_a_period_is_submitted_once_it_has_ended_and_in_its_own_year() -> None:
    on_last_day = given(STAGE, OPENED, RECORDED).when(submit(), on="2025-03-31", published=SIGNED)
    assert on_last_day.events
    given(STAGE, OPENED, RECORDED).when(submit(), on="2025-03-30", published=SIGNED).then_refused(PeriodNotEnded)
    other = submit(Period.parse("2024-Q1"))
    given(STAGE, OPENED).when(other, published=SIGNED).then_refused(PeriodOutsideYear)
    given(STAGE, OPENED, RECORDED).when(submit()).then_refused(AgreementNotSigned)


@pytest.mark.parametrize("later", [(SUBMITTED,), (SUBMITTED, VERIFIED), (SUBMITTED, VERIFIED, LOCKED)])
def test_figures_under_verification_or_locked_are_neither_replaced_corrected_nor_submitted_again(
    later: tuple[Event, ...],
) -> None:
    for command in (record(realised("45")), correct(realised("45"), 2), submit()):
        given(STAGE, OPENED, RECORDED, *later).when(command, published=SIGNED).then_refused(PeriodClosed)
    assert given(STAGE, OPENED, RECORDED, *later).when(record(realised(period=Q2)), published=SIGNED).events


# --- verification ---


def test_another_person_verifies_what_was_submitted() -> None:
    submitted = given(STAGE, OPENED, RECORDED, SUBMITTED)
    submitted.when(verify(), on="2025-04-10", by=VERIFIER).then(VERIFIED)
    given(STAGE, OPENED, RECORDED).when(verify(), by=VERIFIER).then_refused(PeriodNotSubmitted)
    given(STAGE, OPENED, RECORDED, SUBMITTED, VERIFIED).when(verify(), by=VERIFIER).then_refused(PeriodNotSubmitted)


def test_nobody_verifies_figures_that_they_entered_or_submitted_themselves() -> None:
    """Whoever recorded or submitted stays an author, in whatever role they come back."""
    submitter = Actor(id="tono", role=Role.UNIT_HEAD, unit="dinkes")
    for person in (submitter.id, ANYONE.id):
        hat = Actor(id=person, role=Role.ORGANISATION_BUREAU)
        history = given(STAGE, OPENED, RECORDED).and_by(submitter, SUBMITTED)
        history.when(verify(), by=hat).then_refused(SamePersonTwice, person=person)


@pytest.mark.parametrize(
    "role",
    [Role.INSPECTOR, Role.QUALITY_CONTROLLER, Role.TECHNICAL_CONTROLLER, Role.TEAM_LEAD, Role.TEAM_MEMBER],
)
def test_the_inspectorate_never_verifies_what_it_later_evaluates(role: Role) -> None:
    """Nor returns it; and a role held there counts, whatever the hat worn at the moment."""
    evaluator = Actor(id="indra", role=role)
    given(STAGE, OPENED, RECORDED, SUBMITTED).when(verify(), by=evaluator).then_refused(InspectorateNeverVerifies)
    back = ReturnPeriod(unit="dinkes", fiscal_year=2025, period=Q1, reason=REASON)
    given(STAGE, OPENED, RECORDED, SUBMITTED).when(back, by=evaluator).then_refused(InspectorateNeverVerifies)
    held = RoleGrant(role=role, unit=None, held=Dated[bool]().add(day("2025-01-01"), 1, value=True))
    institution = INSTITUTION.now(roles={VERIFIER.id: (held,)})
    spec = given(STAGE, OPENED, RECORDED, SUBMITTED).when(verify(), by=VERIFIER, institution=institution)
    spec.then_refused(InspectorateNeverVerifies, person=VERIFIER.id)


def test_returned_figures_are_recorded_again_submitted_again_and_verified() -> None:
    back = ReturnPeriod(unit="dinkes", fiscal_year=2025, period=Q1, reason=REASON)
    given(STAGE, OPENED, RECORDED, SUBMITTED).when(back, on="2025-04-08", by=VERIFIER).then(RETURNED)
    given(STAGE, OPENED, RECORDED).when(back, by=VERIFIER).then_refused(PeriodNotSubmitted)
    returned = (OPENED, RECORDED, SUBMITTED, RETURNED)
    given(STAGE, *returned).when(verify(), by=VERIFIER).then_refused(PeriodNotSubmitted)
    assert given(STAGE, *returned).when(record(realised("45")), published=SIGNED).events
    (again,) = given(STAGE, *returned).when(submit(), on="2025-04-09", published=SIGNED).events
    assert given(STAGE, *returned, again).when(verify(), on="2025-04-10", by=VERIFIER).events


def test_verified_figures_can_still_be_returned_until_they_are_locked() -> None:
    back = ReturnPeriod(unit="dinkes", fiscal_year=2025, period=Q1, reason=REASON)
    assert given(STAGE, OPENED, RECORDED, SUBMITTED, VERIFIED).when(back, by=VERIFIER).events
    given(STAGE, *THROUGH).when(back, by=VERIFIER).then_refused(PeriodNotSubmitted, status="locked")


def test_a_step_cannot_take_effect_before_the_previous_one() -> None:
    early = VerifyPeriod(unit="dinkes", fiscal_year=2025, period=Q1, effective_on=day("2025-04-04"))
    given(STAGE, OPENED, RECORDED, SUBMITTED).when(early, by=VERIFIER).then_refused(EffectiveBeforePrevious)


# --- locking, reopening, correcting ---


def test_only_verified_figures_are_locked() -> None:
    given(STAGE, OPENED, RECORDED, SUBMITTED, VERIFIED).when(lock(), on="2025-04-15", by=VERIFIER).then(LOCKED)
    given(STAGE, OPENED, RECORDED, SUBMITTED).when(lock(), by=VERIFIER).then_refused(PeriodNotVerified)
    given(STAGE, *THROUGH).when(lock(), by=VERIFIER).then_refused(PeriodNotVerified)


@pytest.mark.parametrize(
    ("code", "last"), [("2025-Q3", False), ("2025-Q4", True), ("2025-M11", False), ("2025-S2", True), ("2025", True)]
)
def test_the_last_period_of_the_year_is_marked_at_its_own_frequency(code: str, *, last: bool) -> None:
    period = Period.parse(code)
    ended = period.last_day
    history = (PeriodSubmitted(effective_on=ended, period=period), PeriodVerified(effective_on=ended, period=period))
    (locked,) = given(STAGE, OPENED, *history).when(lock(period), on="2026-01-10", by=VERIFIER).events
    assert isinstance(locked, PeriodLocked)
    assert locked.last is last


def test_locked_periods_are_published() -> None:
    facts = STAGE.publish(given(STAGE, *THROUGH).state)
    assert isinstance(facts, MeasurementFacts)
    assert facts.locked == {"2025-Q1"}
    assert facts.realisations == {("layanan", "2025-Q1"): realised()}


def test_a_locked_period_is_reopened_with_reason_scope_and_end() -> None:
    given(STAGE, *THROUGH).when(reopen(), on="2025-05-01", by=VERIFIER, published=SIGNED).then(REOPENED)
    open_still = given(STAGE, OPENED, RECORDED, SUBMITTED, VERIFIED)
    open_still.when(reopen(), by=VERIFIER, published=SIGNED).then_refused(PeriodNotLocked)
    past = given(STAGE, *THROUGH).when(reopen("2025-04-30"), on="2025-05-01", by=VERIFIER, published=SIGNED)
    past.then_refused(TermEndsBeforeStart)
    unknown = given(STAGE, *THROUGH).when(reopen(commitment="lain"), on="2025-05-01", by=VERIFIER, published=SIGNED)
    unknown.then_refused(CommitmentUnknown, commitment="lain")


def test_a_reopened_figure_is_corrected_up_to_and_including_the_last_day() -> None:
    """A correction is a new fact that keeps the day of what it corrects; both stay in the log."""
    fixed = RealisationCorrected(effective_on=day("2025-03-31"), corrects=2, realisation=realised("45"), reason=REASON)
    in_time = given(STAGE, *THROUGH, REOPENED).when(correct(realised("45"), 2), on="2025-05-31", published=SIGNED)
    in_time.then(fixed)
    assert current(in_time) == {("layanan", "2025-Q1"): realised("45")}
    late = given(STAGE, *THROUGH, REOPENED).when(correct(realised("45"), 2), on="2025-06-01", published=SIGNED)
    late.then_refused(PeriodClosed, reopened_until=day("2025-05-31"))


def test_a_day_given_with_the_command_does_not_prolong_the_reopening() -> None:
    backdated = CorrectRealisation(
        unit="dinkes",
        fiscal_year=2025,
        corrects=2,
        realisation=realised("45"),
        reason=REASON,
        effective_on=day("2025-05-31"),
    )
    given(STAGE, *THROUGH, REOPENED).when(backdated, on="2025-06-01", published=SIGNED).then_refused(PeriodClosed)


def test_a_reopening_is_for_its_commitments_only_and_for_corrections_only() -> None:
    both = agreed(promised("layanan"), promised("lain"))
    other = recorded(realised(commitment="lain"))
    history = (OPENED, RECORDED, other, SUBMITTED, VERIFIED, LOCKED, REOPENED)
    outside = correct(realised("45", commitment="lain"), 3)
    given(STAGE, *history).when(outside, on="2025-05-10", published=both).then_refused(PeriodClosed)
    given(STAGE, *history).when(record(realised("45")), on="2025-05-10", published=both).then_refused(PeriodClosed)


def test_a_correction_names_a_version_of_that_very_commitment_and_period() -> None:
    for wrong in (correct(realised("45"), 1), correct(realised("45"), 9), correct(realised("45", period=Q2), 2)):
        given(STAGE, OPENED, RECORDED).when(wrong, published=SIGNED).then_refused(VersionUnknown)
    assert given(STAGE, OPENED, RECORDED).when(correct(realised("45"), 2), published=SIGNED).events


def test_correcting_a_superseded_record_leaves_the_later_one_standing() -> None:
    spec = given(STAGE, OPENED, RECORDED, recorded(realised("50"))).when(correct(realised("45"), 2), published=SIGNED)
    assert current(spec) == {("layanan", "2025-Q1"): realised("50")}


def test_a_correction_is_as_admissible_as_a_record() -> None:
    label = Realisation(commitment="layanan", period=Q1, realised=LabelRealised(value="BB"))
    given(STAGE, OPENED, RECORDED).when(correct(label, 2), published=SIGNED).then_refused(RealisedUnfit)


# --- the target of a period ---


def test_a_period_is_measured_against_the_target_in_effect_on_its_last_day() -> None:
    """An amendment from 1 July changes the third quarter, not the second; the year stands against the last target."""
    amended = AgreedTarget(year=number("80"))
    start = promised("layanan")
    in_force = msgspec.structs.replace(start, targets=start.targets.add(day("2025-07-01"), 9, amended))
    assert target_for(in_force, Q2) == number("100")
    assert target_for(in_force, Period.parse("2025-Q3")) == number("80")
    assert target_for(in_force, YEAR) == number("80")
    assert last_target(in_force, 2025) == amended
    assert in_force.original.year == number("100")


def test_the_action_plan_sets_the_target_of_a_period_where_it_has_one() -> None:
    plan = (PeriodTarget(period=Q1, target=number("25")), PeriodTarget(period=YEAR, target=number("99")))
    in_force = promised("layanan", periods=plan)
    assert target_for(in_force, Q1) == number("25")
    assert target_for(in_force, Q2) == number("100")
    assert target_for(in_force, YEAR) == number("100"), "the agreement itself sets that of the year"
    assert target_for(msgspec.structs.replace(in_force, targets=Dated()), Q1) is None
