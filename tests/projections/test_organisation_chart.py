"""Specifications of the organisation chart: names, heads, successors, roles and rules on a day."""

from domain.actor import Role
from domain.event import Event
from domain.institution import BudgetDocument, Capacity, RuleKind
from domain.organisation.events import (
    BudgetRatified,
    CalendarAdopted,
    DocumentRegistered,
    FiscalYearOpened,
    InstitutionFounded,
    OfficialAppointed,
    OfficialCorrected,
    OfficialRelieved,
    OfficialWithdrawn,
    PersonRegistered,
    RoleGranted,
    RoleRevoked,
    RulebookAdopted,
    RulebookEnded,
    UnitDissolved,
    UnitEstablished,
    UnitNameCorrected,
    UnitRenamed,
)
from domain.sealed_text import SealedText
from projections.organisation_chart import Institution, Unit, institution, names, people, unit, units
from tests.projections.sample import REASON, RULE, day
from tests.projections.spec import Spec, given, happened, there

FOUNDED = InstitutionFounded(
    effective_on=day("2020-01-01"),
    institution="gunungkidul",
    name="Kabupaten Gunungkidul",
    level="kabupaten",
    time_zone="Asia/Jakarta",
    head_unit="pemda",
)


def established(name: str, on: str = "2020-01-01", called: str | None = None) -> UnitEstablished:
    """Return a unit that comes into being."""
    return UnitEstablished(effective_on=day(on), unit=name, name=called or f"Dinas {name}", parent="pemda")


def renamed(name: str, on: str, called: str) -> UnitRenamed:
    """Return a unit's new name."""
    return UnitRenamed(effective_on=day(on), unit=name, name=called)


def appointed(person: str, on: str, capacity: Capacity = Capacity.DEFINITIVE) -> OfficialAppointed:
    """Return a new head of the health office."""
    return OfficialAppointed(
        effective_on=day(on), unit="dinkes", person=person, position="Kepala Dinas", capacity=capacity
    )


def chart(*bodies: Event) -> Spec:
    """Return an institution (version 1) with the health office (version 2), and what happened from version 3 on."""
    return given(*happened("organisation", FOUNDED, established("dinkes"), *bodies))


def dinkes(spec: Spec) -> Unit:
    """Ask for the health office."""
    return there(spec.asked(unit, key="dinkes"))


def the(spec: Spec) -> Institution:
    """Ask for the institution."""
    return there(spec.asked(institution))


def test_the_institution_is_told_with_its_time_zone_from_its_founding_on() -> None:
    found = the(chart())
    assert (found.name, found.time_zone, found.head_unit) == ("Kabupaten Gunungkidul", "Asia/Jakarta", "pemda")
    assert chart().on("2019-12-31").asked(institution) is None


def test_a_unit_carries_the_name_of_the_day_and_a_future_one_is_known_before_it_holds() -> None:
    spec = chart(renamed("dinkes", "2026-01-01", "Dinas Kesehatan dan KB"))
    assert dinkes(spec.on("2025-12-31")).name == "Dinas dinkes"
    assert spec.on("2026-01-01").asked(names) == {"dinkes": "Dinas Kesehatan dan KB"}
    assert [(each.version, each.valid_from, each.valid_to) for each in dinkes(spec.on("2025-12-31")).names] == [
        (2, day("2020-01-01"), day("2026-01-01")),
        (3, day("2026-01-01"), None),
    ]


def test_a_corrected_name_keeps_its_day() -> None:
    corrected = UnitNameCorrected(effective_on=day("2026-01-01"), corrects=3, unit="dinkes", name="Dinkes dan KB")
    spec = chart(renamed("dinkes", "2026-01-01", "Dinas Kesehatn dan KB"), corrected)
    assert dinkes(spec.on("2026-06-01")).name == "Dinkes dan KB"
    assert dinkes(spec.on("2025-06-01")).name == "Dinas dinkes"


def test_heads_follow_each_other_in_their_capacity() -> None:
    spec = chart(
        appointed("ani", "2024-01-01"),
        OfficialRelieved(effective_on=day("2025-05-01"), unit="dinkes"),
        appointed("budi", "2025-05-10", Capacity.ACTING_VACANT),
    )
    heads = {on: dinkes(spec.on(on)).head for on in ("2023-12-31", "2025-04-30", "2025-05-05", "2025-05-10")}
    assert {on: head and (head.person, head.capacity) for on, head in heads.items()} == {
        "2023-12-31": None,
        "2025-04-30": ("ani", Capacity.DEFINITIVE),
        "2025-05-05": None,
        "2025-05-10": ("budi", Capacity.ACTING_VACANT),
    }
    assert [(each.version, each.valid_to) for each in dinkes(spec).heads] == [
        (3, day("2025-05-01")),
        (4, day("2025-05-10")),
        (5, None),
    ]


def test_an_appointment_is_corrected_or_withdrawn_by_its_version() -> None:
    right = OfficialCorrected(
        effective_on=day("2025-05-10"),
        corrects=4,
        unit="dinkes",
        person="citra",
        position="Kepala Dinas",
        capacity=Capacity.DEFINITIVE,
    )
    wrong = (appointed("ani", "2024-01-01"), appointed("budi", "2025-05-10"))
    assert there(dinkes(chart(*wrong, right)).head).person == "citra"
    withdrawn = OfficialWithdrawn(effective_on=day("2025-05-10"), withdraws=4, unit="dinkes")
    assert there(dinkes(chart(*wrong, withdrawn)).head).person == "ani"


def test_a_merger_ends_units_and_names_the_successor_on_both_sides() -> None:
    spec = chart(
        established("dpppa"),
        appointed("ani", "2024-01-01"),
        established("dinsos", on="2026-01-01"),
        UnitDissolved(effective_on=day("2026-01-01"), unit="dinkes", successors=("dinsos",)),
        UnitDissolved(effective_on=day("2026-01-01"), unit="dpppa", successors=("dinsos",)),
    )
    before, after = spec.on("2025-12-31"), spec.on("2026-01-01")
    assert [each.unit for each in before.asked(units)] == ["dinkes", "dpppa"]
    assert [each.unit for each in after.asked(units)] == ["dinsos"]
    assert [each.unit for each in after.asked(units, ended=True)] == ["dinkes", "dinsos", "dpppa"]
    assert (dinkes(before).successors, there(dinkes(before).head).person) == ((), "ani")
    assert (dinkes(after).in_being, dinkes(after).successors, dinkes(after).head) == (False, ("dinsos",), None)
    assert there(after.asked(unit, key="dinsos")).predecessors == ("dinkes", "dpppa")
    assert before.asked(unit, key="dinsos") is None


def test_roles_are_held_between_their_days_and_names_stay_sealed() -> None:
    name = SealedText("b" * 64)
    spec = chart(
        PersonRegistered(effective_on=day("2024-01-01"), person="ani", name=name),
        RoleGranted(effective_on=day("2024-02-01"), person="ani", role=Role.UNIT_OPERATOR, unit="dinkes"),
        RoleRevoked(effective_on=day("2025-01-01"), person="ani", role=Role.UNIT_OPERATOR, unit="dinkes"),
        RoleGranted(effective_on=day("2024-02-01"), person="budi", role=Role.AUDITOR),
    )
    assert spec.on("2023-12-31").asked(people) == ()
    (ani,) = spec.on("2024-01-15").asked(people)
    assert (ani.name, ani.roles) == (name, ())
    ani, budi = spec.on("2024-06-01").asked(people)
    assert [(each.role, each.unit) for each in ani.roles] == [(Role.UNIT_OPERATOR, "dinkes")]
    assert (budi.name, [each.unit for each in budi.roles]) == (None, [None])
    assert spec.on("2025-01-01").asked(people)[0].roles == ()


def test_rules_calendars_and_years_are_those_of_the_day() -> None:
    rule = RulebookAdopted(effective_on=day("2025-01-01"), kind=RuleKind.HOLD, rule=RULE, legal_basis="Perbup 1/2025")
    spec = chart(
        rule,
        RulebookEnded(effective_on=day("2025-07-01"), kind=RuleKind.HOLD, reason=REASON),
        CalendarAdopted(
            effective_on=day("2025-01-01"), year=2025, holidays=(day("2025-08-17"),), joint_leave=(), decree="SKB"
        ),
        CalendarAdopted(
            effective_on=day("2025-06-01"),
            year=2025,
            holidays=(day("2025-08-17"),),
            joint_leave=(day("2025-08-18"),),
            decree="SKB perubahan",
        ),
        FiscalYearOpened(effective_on=day("2025-01-02"), fiscal_year=2025, entities=("dinkes",)),
    )
    before, june = the(spec.on("2024-12-31")), the(spec.on("2025-06-30"))
    assert (before.rules, before.calendars, before.fiscal_years) == ((), (), ())
    assert [(each.kind, each.adopted.rule) for each in june.rules] == [(RuleKind.HOLD, RULE)]
    assert [each.days_off.decree for each in june.calendars] == ["SKB perubahan"]
    assert june.fiscal_years == (2025,)
    assert the(spec.on("2025-07-01")).rules == ()


def test_budgets_and_documents_are_registered_with_their_day() -> None:
    def ratified(document: BudgetDocument, on: str, number: str) -> BudgetRatified:
        return BudgetRatified(effective_on=day(on), unit="dinkes", fiscal_year=2025, document=document, number=number)

    spec = chart(
        ratified(BudgetDocument.DPA, "2025-01-30", "DPA/1"),
        ratified(BudgetDocument.DPPA, "2025-09-30", "DPPA/1"),
        ratified(BudgetDocument.DPA, "2025-01-31", "DPA/1"),
        DocumentRegistered(effective_on=day("2025-02-01"), unit="dinkes", fiscal_year=2025, document="Renja"),
    )
    found = dinkes(spec)
    assert [(each.document, each.trace.effective_on) for each in found.budgets] == [
        (BudgetDocument.DPPA, day("2025-09-30")),
        (BudgetDocument.DPA, day("2025-01-31")),
    ]
    assert [each.document for each in found.documents] == ["Renja"]
    assert dinkes(spec.on("2025-01-15")).budgets == ()
