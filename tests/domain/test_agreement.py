"""Specifications of the agreement: signature, amendment, ralat and dated targets."""

from datetime import date
from decimal import Decimal

from domain.agreement.commands import (
    AmendAgreement,
    CorrectTarget,
    OpenAgreement,
    ProposeCommitments,
    RecordPublishedAgreement,
    RectifyAgreement,
    SignAgreement,
    TargetChange,
    TargetFix,
    WithdrawTarget,
)
from domain.agreement.decider import STAGE
from domain.agreement.events import (
    AgreementAmended,
    AgreementOpened,
    AgreementPublished,
    AgreementSigned,
    AmendmentTrigger,
    CommitmentsProposed,
    TargetSet,
)
from domain.agreement.refusals import (
    AgreementAlreadySigned,
    CommitmentRepeated,
    CrosscuttingUnitUnfit,
    MeasurementAlreadyBegun,
    NothingProposed,
    OfficialNotReplaced,
    SignatoriesWrong,
    SignatoryNotInOffice,
    TargetOutsideYear,
)
from domain.agreement.state import AgreementState
from domain.commitment import AgreedTarget, Commitment, PeriodTarget, Signatory, SignedPaper
from domain.dated import Dated
from domain.errors import (
    AgreementNotSigned,
    CommitmentUnknown,
    EffectiveInFuture,
    StageAlreadyOpen,
    StageNotOpenYet,
    VersionUnknown,
)
from domain.facts import AgreementFacts, MeasurementFacts
from domain.indicator import Indicator, NotRealised, NumberRealised, NumberTarget, Realised
from domain.institution import Capacity, Official, Unit
from domain.opening import Opening
from domain.period import Period
from domain.realisation import Realisation
from domain.sealed_text import SealedText
from tests.spec import INSTITUTION, Spec, given

REASON = SealedText("a" * 64)
INDICATOR = Indicator(
    name="Angka kematian ibu",
    definition="Kematian ibu per 100.000 kelahiran hidup",
    formula="kematian / kelahiran hidup x 100.000",
    unit_of_measure="per 100.000",
    source="Dinas Kesehatan",
    frequency="quarter",
    direction="minimise",
    accumulation="last",
)


def target(value: int) -> AgreedTarget:
    """Return a target for the year."""
    return AgreedTarget(year=NumberTarget(value=Decimal(value)))


COMMITMENT = Commitment(id="aki", objective="Meningkatnya kesehatan ibu", indicator=INDICATOR, target=target(100))


def paper(*people: str) -> SignedPaper:
    """Return a paper signed by these people."""
    return SignedPaper(
        place="Wonosari",
        signatories=tuple(Signatory(person=person, position="Kepala Dinas") for person in people),
        file="f" * 64,
    )


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


OPENED = AgreementOpened(effective_on=day("2025-01-01"), opening=Opening())
PROPOSED = CommitmentsProposed(effective_on=day("2025-01-10"), commitments=(COMMITMENT,), programmes=())
SIGNED = AgreementSigned(effective_on=day("2025-01-20"), paper=paper("kepala", "bupati"), binds=2)
FIRST_TARGET = TargetSet(effective_on=day("2025-01-01"), commitment="aki", target=target(100))


def signed() -> Spec:
    """Return the history of a signed agreement."""
    return given(STAGE, OPENED, PROPOSED, SIGNED, FIRST_TARGET)


def target_on(spec: Spec, when: str) -> AgreedTarget | None:
    """Return the target in effect on a day."""
    assert isinstance(spec.state, AgreementState)
    return spec.state.commitments["aki"].targets.at(day(when))


def test_signing_binds_the_proposal_and_sets_targets_from_january() -> None:
    sign = SignAgreement(unit="dinkes", fiscal_year=2025, paper=paper("kepala", "bupati"))
    given(STAGE, OPENED, PROPOSED).when(sign, on="2025-01-20").then(SIGNED, FIRST_TARGET)


def test_nothing_is_signed_before_it_is_opened_and_proposed_nor_twice() -> None:
    sign = SignAgreement(unit="dinkes", fiscal_year=2025, paper=paper("kepala", "bupati"))
    given(STAGE).when(sign).then_refused(StageNotOpenYet)
    given(STAGE, OPENED).when(sign).then_refused(NothingProposed)
    signed().when(sign).then_refused(AgreementAlreadySigned)


def test_the_institution_signs_alone_and_a_unit_with_two_different_people() -> None:
    """PermenPANRB 53/2014, Lampiran I: the Bupati signs the institution's own agreement alone."""
    own = SignAgreement(unit="pemda", fiscal_year=2025, paper=paper("bupati"))
    assert given(STAGE, OPENED, PROPOSED).when(own).events
    alone = SignAgreement(unit="dinkes", fiscal_year=2025, paper=paper("kepala"))
    given(STAGE, OPENED, PROPOSED).when(alone).then_refused(SignatoriesWrong, expected=2, given=1)
    twice = SignAgreement(unit="dinkes", fiscal_year=2025, paper=paper("kepala", "kepala"))
    given(STAGE, OPENED, PROPOSED).when(twice).then_refused(SignatoriesWrong)


def test_a_signature_cannot_lie_in_the_future() -> None:
    sign = SignAgreement(
        unit="dinkes", fiscal_year=2025, paper=paper("kepala", "bupati"), effective_on=day("2025-02-01")
    )
    given(STAGE, OPENED, PROPOSED).when(sign, on="2025-01-31").then_refused(EffectiveInFuture)


def measured(commitment: str, realised: Realised | None = None) -> dict[str, object]:
    """Return what the measurement publishes once the first quarter of a commitment is recorded."""
    quarter = Period.parse("2025-Q1")
    figure = realised or NumberRealised(value=Decimal(97))
    realisation = Realisation(commitment=commitment, period=quarter, realised=figure)
    facts = MeasurementFacts(realisations={(commitment, quarter.code): realisation}, locked=frozenset())
    return {"measurement/dinkes/2025": facts}


def amend(value: int, from_day: str) -> AmendAgreement:
    """Return an amendment of the one target."""
    return AmendAgreement(
        unit="dinkes",
        fiscal_year=2025,
        trigger=AmendmentTrigger.STRATEGY_CHANGED,
        reason=REASON,
        paper=paper("kepala", "bupati"),
        changes=(TargetChange(commitment="aki", target=target(value), effective_on=day(from_day)),),
    )


def test_among_the_targets_the_one_with_the_latest_effective_day_holds() -> None:
    """January 100; July 80, recorded in June; March 90, recorded in August: asked in August it is 80."""
    june = signed().when(amend(80, "2025-07-01"), on="2025-06-10")
    august = given(STAGE, OPENED, PROPOSED, SIGNED, FIRST_TARGET, *june.events).when(
        amend(90, "2025-03-01"), on="2025-08-05"
    )
    assert target_on(august, "2025-02-01") == target(100)
    assert target_on(august, "2025-04-01") == target(90)
    assert target_on(august, "2025-08-05") == target(80)


def test_an_amendment_in_the_last_quarter_or_after_results_is_flagged_not_refused() -> None:
    early = signed().when(amend(80, "2025-07-01"), on="2025-06-10").events[0]
    late = signed().when(amend(80, "2025-07-01"), on="2025-10-01").events[0]
    known = signed().when(amend(80, "2025-07-01"), on="2025-06-10", published=measured("aki")).events[0]
    assert [each.late for each in (early, late, known) if isinstance(each, AgreementAmended)] == [False, True, True]


def test_only_a_known_result_of_the_target_that_changes_makes_an_amendment_late() -> None:
    """A reason for having no figure is no result, nor is the result of another commitment."""
    reason = measured("aki", NotRealised(reason="not_obtained"))
    for published in (reason, measured("imunisasi")):
        event = signed().when(amend(80, "2025-07-01"), on="2025-06-10", published=published).events[0]
        assert isinstance(event, AgreementAmended)
        assert not event.late


def test_ralat_replaces_a_target_only_before_the_first_measurement() -> None:
    ralat = RectifyAgreement(
        unit="dinkes",
        fiscal_year=2025,
        reason=REASON,
        paper=paper("kepala", "bupati"),
        fixes=(TargetFix(commitment="aki", corrects=4, target=target(10)),),
    )
    put_right = signed().when(ralat, on="2025-02-01")
    assert target_on(put_right, "2025-01-01") == target(10)
    signed().when(ralat, on="2025-06-01", published=measured("aki")).then_refused(MeasurementAlreadyBegun)


def test_a_correction_keeps_the_day_of_its_version_and_a_withdrawal_removes_it() -> None:
    june = signed().when(amend(80, "2025-07-01"), on="2025-06-10")
    history = (OPENED, PROPOSED, SIGNED, FIRST_TARGET, *june.events)
    correct = CorrectTarget(
        unit="dinkes", fiscal_year=2025, commitment="aki", corrects=6, target=target(85), reason=REASON
    )
    assert target_on(given(STAGE, *history).when(correct), "2025-07-01") == target(85)
    withdraw = WithdrawTarget(unit="dinkes", fiscal_year=2025, commitment="aki", withdraws=6, reason=REASON)
    assert target_on(given(STAGE, *history).when(withdraw), "2025-07-01") == target(100)
    unknown = WithdrawTarget(unit="dinkes", fiscal_year=2025, commitment="aki", withdraws=3, reason=REASON)
    given(STAGE, *history).when(unknown).then_refused(VersionUnknown)


def test_only_a_signed_agreement_is_amended() -> None:
    given(STAGE, OPENED, PROPOSED).when(amend(80, "2025-07-01")).then_refused(AgreementNotSigned)
    given(STAGE).when(OpenAgreement(unit="dinkes", fiscal_year=2025), on="2025-01-01").then(OPENED)
    propose = ProposeCommitments(unit="dinkes", fiscal_year=2025, commitments=(COMMITMENT,))
    given(STAGE, OPENED).when(propose, on="2025-01-10").then(PROPOSED)


def unit(name: str, begins: str, ends: str | None = None, head: str | None = None) -> Unit:
    """Return a unit that exists for a time, with one head from its first day."""
    being = Dated[bool]().add(day(begins), 1, value=True)
    if ends is not None:
        being = being.add(day(ends), 2, value=None)
    heads = Dated[Official]()
    if head is not None:
        heads = heads.add(day(begins), 3, Official(head, "Kepala Dinas", Capacity.ACTING_VACANT))
    return Unit(id=name, name=Dated(), parent=Dated(), in_being=being, head=heads)


WITH_PARTNERS = INSTITUTION.now(
    units={
        each.id: each
        for each in (
            unit("dinkes", "2020-01-01"),
            unit("dinsos", "2020-01-01"),
            unit("dinas-lama", "2010-01-01", ends="2024-12-31"),
        )
    }
)


def shared_with(*partners: str) -> Commitment:
    """Return the commitment as shared with other units."""
    return Commitment(
        id="aki", objective=COMMITMENT.objective, indicator=INDICATOR, target=target(100), crosscutting=partners
    )


def test_a_crosscutting_unit_is_another_one_and_in_being_on_the_day() -> None:
    """PermenPANRB 89/2021: the lead unit keeps a shared outcome and names partners that exist."""
    opened = given(STAGE, OPENED)
    propose = ProposeCommitments(unit="dinkes", fiscal_year=2025, commitments=(shared_with("dinsos"),))
    assert opened.when(propose, on="2025-01-10", institution=WITH_PARTNERS).events
    for partner in ("dinkes", "dinas-lama", "tidak-ada"):
        wrong = ProposeCommitments(unit="dinkes", fiscal_year=2025, commitments=(shared_with(partner),))
        refused = given(STAGE, OPENED).when(wrong, on="2025-01-10", institution=WITH_PARTNERS)
        refused.then_refused(CrosscuttingUnitUnfit, commitment="aki", unit=partner)


def test_a_partner_that_ended_since_the_proposal_is_not_signed_for() -> None:
    proposed = CommitmentsProposed(
        effective_on=day("2024-12-20"), commitments=(shared_with("dinas-lama"),), programmes=()
    )
    opened = AgreementOpened(effective_on=day("2024-12-01"), opening=Opening())
    sign = SignAgreement(unit="dinkes", fiscal_year=2025, paper=paper("kepala", "bupati"))
    refused = given(STAGE, opened, proposed).when(sign, on="2025-01-20", institution=WITH_PARTNERS)
    refused.then_refused(CrosscuttingUnitUnfit, unit="dinas-lama")


def renew(*people: str, capacity: Capacity = Capacity.DEFINITIVE) -> AmendAgreement:
    """Return a renewal because an official was replaced, with targets unchanged."""
    signatories = tuple(Signatory(person=person, position="Kepala Dinas", capacity=capacity) for person in people)
    return AmendAgreement(
        unit="dinkes",
        fiscal_year=2025,
        trigger=AmendmentTrigger.OFFICIAL_REPLACED,
        reason=REASON,
        paper=SignedPaper(place="Wonosari", signatories=signatories, file="e" * 64),
    )


def test_a_new_official_renews_the_agreement_with_targets_unchanged() -> None:
    """PermenPANRB 53/2014, Lampiran I: replacement of the official is ground for revision; the targets stay."""
    renewed = signed().when(renew("pengganti", "bupati"), on="2025-11-03", published=measured("aki"))
    (event,) = renewed.events
    assert isinstance(event, AgreementAmended)
    assert not event.late, "nothing changed that a known result could have suggested"
    assert target_on(renewed, "2025-12-31") == target(100)


def test_a_renewal_needs_another_signatory_or_another_capacity() -> None:
    signed().when(renew("kepala", "bupati")).then_refused(OfficialNotReplaced, unit="dinkes")
    assert signed().when(renew("kepala", "bupati", capacity=Capacity.ACTING_VACANT)).events
    once = signed().when(renew("pengganti", "bupati")).events
    again = given(STAGE, OPENED, PROPOSED, SIGNED, FIRST_TARGET, *once)
    again.when(renew("pengganti", "bupati")).then_refused(OfficialNotReplaced)


def test_whoever_is_known_to_be_in_office_on_the_day_signs_even_when_acting() -> None:
    """PermenPANRB 53/2014, Lampiran I: unit head with institution head; Plt and Plh sign in practice."""
    known = INSTITUTION.now(
        units={each.id: each for each in (unit("dinkes", "2020-01-01", head="plt-kepala"), unit("pemda", "2020-01-01"))}
    )
    for people, allowed in ((("plt-kepala", "bupati"), True), (("kepala", "bupati"), False)):
        sign = SignAgreement(unit="dinkes", fiscal_year=2025, paper=paper(*people))
        spec = given(STAGE, OPENED, PROPOSED).when(sign, on="2025-01-20", institution=known)
        if allowed:
            assert spec.events
        else:
            spec.then_refused(SignatoryNotInOffice, unit="dinkes", in_office="plt-kepala")


def test_targets_lie_within_the_year_and_each_period_has_one() -> None:
    of_quarter = PeriodTarget(period=Period.parse("2025-Q1"), target=NumberTarget(value=Decimal(30)))
    of_last_year = PeriodTarget(period=Period.parse("2024-Q1"), target=NumberTarget(value=Decimal(30)))
    for periods in ((of_quarter, of_quarter), (of_last_year,)):
        agreed = AgreedTarget(year=NumberTarget(value=Decimal(100)), periods=periods)
        row = Commitment(id="aki", objective=COMMITMENT.objective, indicator=INDICATOR, target=agreed)
        propose = ProposeCommitments(unit="dinkes", fiscal_year=2025, commitments=(row,))
        given(STAGE, OPENED).when(propose).then_refused(TargetOutsideYear, commitment="aki")
        correct = CorrectTarget(
            unit="dinkes", fiscal_year=2025, commitment="aki", corrects=4, target=agreed, reason=REASON
        )
        signed().when(correct).then_refused(TargetOutsideYear)
    signed().when(amend(80, "2026-01-01")).then_refused(TargetOutsideYear)


def test_every_row_has_its_own_id_and_only_rows_of_the_agreement_are_amended() -> None:
    twice = ProposeCommitments(unit="dinkes", fiscal_year=2025, commitments=(COMMITMENT, COMMITMENT))
    given(STAGE, OPENED).when(twice).then_refused(CommitmentRepeated, commitment="aki")
    other = AmendAgreement(
        unit="dinkes",
        fiscal_year=2025,
        trigger=AmendmentTrigger.PRIORITY_CHANGED,
        reason=REASON,
        paper=paper("kepala", "bupati"),
        changes=(TargetChange(commitment="lain", target=target(1), effective_on=day("2025-07-01")),),
    )
    signed().when(other).then_refused(CommitmentUnknown, commitment="lain")
    given(STAGE, OPENED).when(OpenAgreement(unit="dinkes", fiscal_year=2025)).then_refused(StageAlreadyOpen)


def test_a_published_agreement_is_in_force_without_a_signature_and_is_not_amended() -> None:
    """History: the commitments count from January, and that a signature is not in the source is kept."""
    publish = RecordPublishedAgreement(unit="dinkes", fiscal_year=2025, commitments=(COMMITMENT,), source="LKjIP 2025")
    published = AgreementPublished(effective_on=day("2025-06-30"), commitments=(COMMITMENT,), source="LKjIP 2025")
    spec = given(STAGE, OPENED).when(publish)
    spec.then(published, FIRST_TARGET)
    facts = STAGE.publish(spec.state)
    assert isinstance(facts, AgreementFacts)
    assert facts.signed_on is None
    assert list(facts.commitments) == ["aki"]
    given(STAGE, OPENED, published, FIRST_TARGET).when(publish).then_refused(AgreementAlreadySigned)
    given(STAGE, OPENED, published, FIRST_TARGET).when(amend(80, "2025-07-01")).then_refused(AgreementNotSigned)
