"""Specifications of the agreement: signature, amendment, ralat and dated targets."""

from datetime import date
from decimal import Decimal

from domain.agreement.commands import (
    AmendAgreement,
    CorrectTarget,
    OpenAgreement,
    ProposeCommitments,
    RectifyAgreement,
    SignAgreement,
    TargetChange,
    TargetFix,
    WithdrawTarget,
)
from domain.agreement.decider import STAGE
from domain.agreement.state import AgreementState
from domain.agreement.events import (
    AgreementAmended,
    AgreementOpened,
    AgreementSigned,
    AmendmentTrigger,
    CommitmentsProposed,
    TargetSet,
)
from domain.commitment import AgreedTarget, Commitment, Signatory, SignedPaper
from domain.errors import (
    AgreementAlreadySigned,
    AgreementNotSigned,
    EffectiveInFuture,
    MeasurementAlreadyBegun,
    NothingProposed,
    SignatoriesWrong,
    StageNotOpenYet,
    VersionUnknown,
)
from domain.facts import MeasurementFacts
from domain.indicator import Indicator, NumberTarget
from domain.opening import Opening
from domain.sealed_text import SealedText
from tests.spec import Spec, given

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
    measured = {"measurement/dinkes/2025": MeasurementFacts(realisations={("aki", "2025-Q1"): None}, locked=frozenset())}  # type: ignore[dict-item]
    known = signed().when(amend(80, "2025-07-01"), on="2025-06-10", published=measured).events[0]
    assert [each.late for each in (early, late, known) if isinstance(each, AgreementAmended)] == [False, True, True]


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
    measured = {"measurement/dinkes/2025": MeasurementFacts(realisations={("aki", "2025-Q1"): None}, locked=frozenset())}  # type: ignore[dict-item]
    signed().when(ralat, on="2025-06-01", published=measured).then_refused(MeasurementAlreadyBegun)


def test_a_correction_keeps_the_day_of_its_version_and_a_withdrawal_removes_it() -> None:
    june = signed().when(amend(80, "2025-07-01"), on="2025-06-10")
    history = (OPENED, PROPOSED, SIGNED, FIRST_TARGET, *june.events)
    correct = CorrectTarget(unit="dinkes", fiscal_year=2025, commitment="aki", corrects=6, target=target(85), reason=REASON)
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
