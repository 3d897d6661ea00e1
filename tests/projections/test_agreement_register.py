"""Specifications of the agreement register: which target holds on a day, and what was known of it when."""

from datetime import date

from domain.agreement.events import (
    AgreementOpened,
    AgreementPublished,
    AgreementRectified,
    TargetCorrected,
    TargetWithdrawn,
)
from domain.commitment import AgreedTarget
from domain.institution import Capacity
from domain.opening import Opening
from projections.agreement_register import Agreement, agreement, agreements, target_in_effect
from tests.projections.sample import (
    AGREEMENT,
    COMMITMENT,
    IN_ORDER,
    PAPER,
    REASON,
    amended,
    day,
    set_target,
    signed,
    target,
)
from tests.projections.spec import Fact, Spec, given, happened, there

JUNE = tuple(
    fact.recorded("2025-06-10")
    for fact in happened(AGREEMENT, amended("2025-06-10"), set_target(target(80), "2025-07-01", amended_by=5))
)
AUGUST = tuple(
    fact.recorded("2025-08-05")
    for fact in happened(AGREEMENT, amended("2025-08-05"), set_target(target(90), "2025-03-01", amended_by=7))
)


def example() -> Spec:
    """January 100; July 80, recorded in June; March 90, recorded in August."""
    return given(*signed(), *JUNE, *AUGUST)


def target_on(spec: Spec) -> AgreedTarget | None:
    """Ask for the target in effect."""
    return spec.asked(target_in_effect, unit="dinkes", fiscal_year=2025, commitment="imunisasi")


def the(spec: Spec) -> Agreement:
    """Ask for the agreement."""
    return there(spec.asked(agreement, unit="dinkes", fiscal_year=2025))


def test_the_target_in_effect_is_the_one_with_the_latest_effective_day() -> None:
    """The example of the design: asked in August for 5 August it is 80, for April it is 90."""
    assert target_on(example().on("2025-08-05")) == target(80)
    assert target_on(example().on("2025-04-01")) == target(90)
    assert target_on(example().on("2025-02-01")) == target(100)


def test_what_was_known_in_july_of_april_was_100() -> None:
    july = example().known_on("2025-07-31")
    assert target_on(july.on("2025-04-01")) == target(100)
    assert target_on(july.on("2025-08-05")) == target(80)
    assert target_on(example().known_on("2025-05-31").on("2025-08-05")) == target(100)


def test_every_version_is_listed_with_the_days_between_which_it_holds_and_who_recorded_it_when() -> None:
    (promised,) = the(example()).commitments
    assert [(each.version, each.valid_from, each.valid_to) for each in promised.versions] == [
        (4, day("2025-01-01"), day("2025-03-01")),
        (8, day("2025-03-01"), day("2025-07-01")),
        (6, day("2025-07-01"), None),
    ]
    recorded = [there(each.trace) for each in promised.versions]
    assert [(each.recorded_at.date(), each.by) for each in recorded] == [
        (date(2025, 1, 20), "budi"),
        (date(2025, 8, 5), "budi"),
        (date(2025, 6, 10), "budi"),
    ]
    assert [each.amended_by for each in promised.versions] == [None, 7, 5]


def test_the_original_target_stands_beside_the_one_in_effect() -> None:
    (promised,) = the(example().on("2025-12-31")).commitments
    assert (promised.target, promised.original_target) == (target(80), target(100))


def test_a_version_that_another_of_the_same_day_replaces_never_holds() -> None:
    again = Fact(AGREEMENT, set_target(target(70), "2025-07-01", amended_by=7))
    spec = given(*signed(), *JUNE, Fact(AGREEMENT, amended("2025-06-11")), again)
    (promised,) = the(spec).commitments
    assert [(each.version, each.valid_to) for each in promised.versions] == [
        (4, day("2025-07-01")),
        (6, day("2025-07-01")),
        (8, None),
    ]
    assert target_on(spec.on("2025-07-01")) == target(70)


def correction(value: int, corrects: int) -> Fact:
    """Return a correction of a version, recorded in September."""
    body = TargetCorrected(
        effective_on=day("2025-07-01"), corrects=corrects, commitment="imunisasi", target=target(value), reason=REASON
    )
    return Fact(AGREEMENT, body, recorded_on="2025-09-01")


def test_a_correction_keeps_the_day_of_its_version_and_shows_what_it_replaced() -> None:
    spec = given(*signed(), *JUNE, correction(85, corrects=6))
    assert target_on(spec.on("2025-07-01")) == target(85)
    assert target_on(spec.known_on("2025-08-31").on("2025-07-01")) == target(80)
    (revision,) = the(spec).revisions
    assert (revision.kind, revision.version, revision.before, revision.after) == (
        "correction",
        6,
        target(80),
        target(85),
    )
    assert revision.reason == REASON
    (promised,) = the(spec).commitments
    assert promised.versions[-1].amended_by == 5


def test_a_correction_of_the_first_target_corrects_the_original() -> None:
    (promised,) = the(given(*signed(), correction(10, corrects=4))).commitments
    assert promised.original_target == target(10)


def test_a_withdrawn_version_never_held() -> None:
    body = TargetWithdrawn(effective_on=day("2025-07-01"), withdraws=6, commitment="imunisasi", reason=REASON)
    spec = given(*signed(), *JUNE, Fact(AGREEMENT, body))
    assert target_on(spec.on("2025-08-05")) == target(100)
    assert [each.before for each in the(spec).revisions] == [target(80)]
    only = TargetWithdrawn(effective_on=day("2025-01-01"), withdraws=4, commitment="imunisasi", reason=REASON)
    assert target_on(given(*signed(), Fact(AGREEMENT, only)).on("2025-08-05")) is None


def test_the_status_on_a_past_day_is_that_of_the_day() -> None:
    spec = example()
    statuses = {when: the(spec.on(when)).status for when in ("2025-01-01", "2025-01-10", "2025-01-20", "2025-06-10")}
    assert statuses == {
        "2025-01-01": "opened",
        "2025-01-10": "proposed",
        "2025-01-20": "signed",
        "2025-06-10": "amended",
    }
    assert spec.on("2024-12-31").asked(agreement, unit="dinkes", fiscal_year=2025) is None
    proposed = the(spec.on("2025-01-15"))
    assert (proposed.signed_on, proposed.commitments, proposed.proposed) == (None, (), (COMMITMENT,))


def test_signature_and_signatories_are_printed_in_their_capacity() -> None:
    """Plt and Plh sign, and it is printed so."""
    found = the(example())
    assert found.signed_on == day("2025-01-20")
    assert [each.capacity for each in there(found.paper).signatories] == [Capacity.ACTING_VACANT, Capacity.DEFINITIVE]


def test_late_amendments_are_counted_and_a_ralat_is_none() -> None:
    ralat = AgreementRectified(effective_on=day("2025-02-01"), reason=REASON, paper=PAPER)
    spec = given(*signed(), *happened(AGREEMENT, ralat, amended("2025-10-20", late=True)))
    found = the(spec)
    assert (found.late_amendments, [each.kind for each in found.changes]) == (1, ["ralat", "amendment"])
    assert the(spec.on("2025-09-30")).late_amendments == 0
    assert the(spec.on("2025-09-30")).status == "signed"


def test_smart_findings_are_reported_beside_the_commitment() -> None:
    found = the(example())
    (promised,) = found.commitments
    assert found.smart_findings == len(promised.smart) > 0
    assert {each.code for each in promised.smart} == {"baseline_missing", "owner_missing", "period_targets_missing"}


def test_a_published_agreement_has_commitments_and_no_signature() -> None:
    source = Opening(source="LKjIP 2025")
    spec = given(
        *happened(
            AGREEMENT,
            AgreementOpened(effective_on=day("2025-01-01"), opening=source),
            AgreementPublished(effective_on=day("2025-01-02"), commitments=(COMMITMENT,), source="LKjIP 2025"),
            set_target(target(100), "2025-01-01"),
        )
    )
    found = the(spec)
    assert (found.status, found.signed_on, found.source) == ("published", None, "LKjIP 2025")
    assert found.commitments[0].target == target(100)


def test_agreements_are_asked_for_by_unit_year_and_status() -> None:
    other = Fact("agreement/setda/2026", AgreementOpened(effective_on=day("2026-01-01"), opening=IN_ORDER))
    spec = given(*signed(), other).on("2026-02-01")

    def units(**filters: str | int) -> list[str]:
        return [each.unit for each in spec.asked(agreements, **filters)]  # type: ignore[arg-type]

    assert units() == ["dinkes", "setda"]
    assert units(unit="setda") == ["setda"]
    assert units(fiscal_year=2025) == ["dinkes"]
    assert units(status="signed") == ["dinkes"]
    assert spec.on("2025-12-31").asked(agreements) == (the(spec.on("2025-12-31")),)
