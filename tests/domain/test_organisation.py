"""Specifications of the institution itself: units, officials, roles, years, budgets, calendars and adopted rules."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from domain import rulebook as rulebooks
from domain.actor import Actor, Role, system_actor
from domain.command import Command
from domain.errors import (
    EffectiveInFuture,
    InstitutionUnknown,
    Refusal,
    RulebookUnknown,
    UnitNotInBeing,
    UnitUnknown,
    VersionUnknown,
)
from domain.event import Event
from domain.institution import BudgetDocument, Capacity, Institution, Ratification, RuleKind
from domain.organisation.commands import (
    AdoptCalendar,
    AdoptRulebook,
    AppointOfficial,
    CorrectOfficial,
    CorrectUnitName,
    DissolveUnit,
    EndRulebook,
    EstablishUnit,
    FoundInstitution,
    GrantRole,
    OpenFiscalYear,
    RatifyBudget,
    RegisterDocument,
    RegisterPerson,
    RelieveOfficial,
    RenameUnit,
    RevokeRole,
    WithdrawOfficial,
)
from domain.organisation.decider import STAGE
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
from domain.organisation.refusals import (
    BudgetNotRatified,
    CalendarOutsideYear,
    FiscalYearAlreadyOpen,
    HeadUnitPermanent,
    InstitutionAlreadyFounded,
    LastAdministrator,
    LevelUnknown,
    NoEntityInBeing,
    OfficeVacant,
    PersonUnknown,
    RoleAlreadyHeld,
    RoleForOneself,
    RoleNeedsUnit,
    RoleNotForPeople,
    RoleNotHeld,
    RulebookKindWrong,
    RulebookNotInForce,
    SuccessorCycle,
    SuccessorUnfit,
    TimeZoneUnknown,
    UnitAlreadyDissolved,
    UnitAlreadyEstablished,
)
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from tests.spec import Spec, given

ADMINISTRATOR = Actor(id="admin", role=Role.ADMINISTRATOR)
TEXT = SealedText("a" * 64)
RULEBOOKS = Path(rulebooks.__file__).parent / "rulebooks"
HOLD, HOLD_CONTENT = rulebooks.read_rulebook((RULEBOOKS / "hold-contoh-perkada.toml").read_bytes())
SHELF = {HOLD.digest: HOLD_CONTENT}


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


START = day("2020-01-01")
FOUNDED = InstitutionFounded(
    effective_on=START,
    institution="contoh",
    name="Kabupaten Contoh",
    level="kabupaten",
    time_zone="Asia/Jakarta",
    head_unit="pemda",
)
HEAD_UNIT = UnitEstablished(effective_on=START, unit="pemda", name="Kabupaten Contoh")
FIRST_ROLE = RoleGranted(effective_on=START, person="admin", role=Role.ADMINISTRATOR)
DINKES = UnitEstablished(effective_on=START, unit="dinkes", name="Dinas Kesehatan")
DINSOS = UnitEstablished(effective_on=START, unit="dinsos", name="Dinas Sosial")
BEGUN: tuple[Event, ...] = (
    FOUNDED,
    HEAD_UNIT,
    FIRST_ROLE,
    DINKES,
    DINSOS,
    *(PersonRegistered(effective_on=START, person=person, name=TEXT) for person in ("ani", "budi")),
)
NEXT = len(BEGUN) + 1
"""The stream version of the first event after the common history."""


def begun(*more: Event) -> Spec:
    """Return an institution with two units and two people, and what happened since."""
    return given(STAGE, *BEGUN, *more)


def after(spec: Spec) -> Institution:
    """Return the institution after what was decided."""
    assert isinstance(spec.state, Institution)
    return spec.state


def test_an_institution_is_founded_once_as_an_entity_of_its_own_with_an_administrator() -> None:
    found = FoundInstitution(
        institution="contoh",
        name="Kabupaten Contoh",
        level="kabupaten",
        head_unit="pemda",
        administrator="admin",
        effective_on=START,
    )
    given(STAGE).when(found).then(FOUNDED, HEAD_UNIT, FIRST_ROLE)
    begun().when(found).then_refused(InstitutionAlreadyFounded, institution="contoh")


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [("time_zone", "Asia/Singapore", TimeZoneUnknown), ("level", "perusahaan", LevelUnknown)],
)
def test_an_institution_lies_in_indonesia_and_accounts_for_its_performance(
    field: str, value: str, refusal: type[Refusal]
) -> None:
    """Keppres 41/1987 (time zones) and Perpres 29/2014 (who accounts)."""
    sound = FoundInstitution(
        institution="contoh",
        name="Kota Contoh",
        level="kota",
        time_zone="Asia/Jayapura",
        head_unit="pemda",
        administrator="admin",
    )
    assert given(STAGE).when(sound).events
    unsound = msgspec.structs.replace(sound, **{field: value})
    given(STAGE).when(unsound).then_refused(refusal, **{field: value})


def test_nothing_is_possible_before_the_founding() -> None:
    given(STAGE).when(OpenFiscalYear(fiscal_year=2025)).then_refused(InstitutionUnknown)
    given(STAGE).when(EstablishUnit(unit="dinkes", name="Dinas Kesehatan")).then_refused(InstitutionUnknown)


def test_a_fiscal_year_is_opened_once_for_the_entities_in_being_on_the_day() -> None:
    """Each accountable entity, the institution itself included, goes through the year (Perpres 29/2014)."""
    later = UnitEstablished(effective_on=day("2025-03-01"), unit="baru", name="Dinas Baru")
    ended = UnitDissolved(effective_on=day("2024-12-31"), unit="dinsos", successors=("dinkes",))
    opened = FiscalYearOpened(effective_on=day("2025-01-02"), fiscal_year=2025, entities=("dinkes", "pemda"))
    command = OpenFiscalYear(fiscal_year=2025, effective_on=day("2025-01-02"))
    begun(later, ended).when(command).then(opened)
    begun(opened).when(command).then_refused(FiscalYearAlreadyOpen, fiscal_year=2025)
    begun(opened).when(OpenFiscalYear(fiscal_year=2026), on="2026-01-02").then(
        FiscalYearOpened(effective_on=day("2026-01-02"), fiscal_year=2026, entities=("dinkes", "dinsos", "pemda"))
    )
    begun().when(OpenFiscalYear(fiscal_year=2019, effective_on=day("2019-01-02"))).then_refused(NoEntityInBeing)


def ratify(document: BudgetDocument, number: str, on: str) -> RatifyBudget:
    """Return the ratification of a budget document of 2025."""
    return RatifyBudget(unit="dinkes", fiscal_year=2025, document=document, number=number, effective_on=day(on))


def ratified(document: BudgetDocument, number: str, on: str) -> BudgetRatified:
    """Return the record of a ratification of 2025."""
    return BudgetRatified(unit="dinkes", fiscal_year=2025, document=document, number=number, effective_on=day(on))


def test_a_revised_budget_follows_the_budget_it_revises() -> None:
    """PP 12/2019: the DPPA changes a DPA that was ratified before."""
    dpa, dppa = BudgetDocument.DPA, BudgetDocument.DPPA
    first = ratified(dpa, "1", "2025-01-30")
    begun().when(ratify(dppa, "2", "2025-06-01")).then_refused(BudgetNotRatified, unit="dinkes", fiscal_year=2025)
    begun().when(ratify(dpa, "1", "2025-01-30")).then(first)
    begun(first).when(ratify(dppa, "2", "2025-01-29")).then_refused(BudgetNotRatified)
    begun(first).when(ratify(dppa, "2", "2025-06-01")).then(ratified(dppa, "2", "2025-06-01"))
    begun(first, ratified(dppa, "2", "2025-06-01")).when(ratify(dpa, "1", "2025-06-02")).then_refused(BudgetNotRatified)
    begun().when(ratify(dpa, "1", "2025-07-01"), on="2025-06-30").then_refused(EffectiveInFuture)


def test_the_same_ratification_changes_nothing_and_a_corrected_day_replaces_the_earlier() -> None:
    first = ratified(BudgetDocument.DPA, "1", "2025-01-03")
    assert begun(first).when(ratify(BudgetDocument.DPA, "1", "2025-01-03")).then().refusal is None
    put_right = begun(first).when(ratify(BudgetDocument.DPA, "1", "2025-01-30"))
    assert after(put_right).budgets["dinkes", 2025] == (Ratification(BudgetDocument.DPA, "1", day("2025-01-30")),)


def test_a_budget_belongs_to_a_unit_in_being() -> None:
    ended = UnitDissolved(effective_on=day("2025-01-01"), unit="dinkes", successors=("dinsos",))
    begun(ended).when(ratify(BudgetDocument.DPA, "1", "2025-01-30")).then_refused(UnitNotInBeing)


def test_a_unit_comes_into_being_under_a_parent_and_its_id_is_never_used_again() -> None:
    establish = EstablishUnit(unit="puskesmas", name="Puskesmas I", parent="dinkes", effective_on=day("2025-02-01"))
    begun().when(establish).then(
        UnitEstablished(effective_on=day("2025-02-01"), unit="puskesmas", name="Puskesmas I", parent="dinkes")
    )
    begun().when(EstablishUnit(unit="uptd", name="UPTD", parent="tiada")).then_refused(UnitUnknown, unit="tiada")
    ended = UnitDissolved(effective_on=day("2024-12-31"), unit="dinkes", successors=("dinsos",))
    begun(ended).when(establish).then_refused(UnitNotInBeing, unit="dinkes")
    begun(ended).when(EstablishUnit(unit="dinkes", name="Dinas Kesehatan")).then_refused(UnitAlreadyEstablished)


def test_a_name_is_a_dated_value_and_a_correction_keeps_its_day() -> None:
    rename = RenameUnit(unit="dinkes", name="Dinas Kesehatan dan KB", effective_on=day("2025-03-01"))
    renamed = UnitRenamed(effective_on=day("2025-03-01"), unit="dinkes", name="Dinas Kesehatan dan KB")
    begun().when(rename).then(renamed)
    correct = CorrectUnitName(unit="dinkes", corrects=NEXT, name="Dinas Kesehatan dan Keluarga Berencana")
    put_right = begun(renamed).when(correct)
    put_right.then(
        UnitNameCorrected(
            effective_on=day("2025-03-01"),
            corrects=NEXT,
            unit="dinkes",
            name="Dinas Kesehatan dan Keluarga Berencana",
        )
    )
    names = after(put_right).units["dinkes"].name
    assert names.at(day("2025-02-28")) == "Dinas Kesehatan"
    assert names.at(day("2025-03-01")) == "Dinas Kesehatan dan Keluarga Berencana"
    begun(renamed).when(CorrectUnitName(unit="dinsos", corrects=NEXT, name="X")).then_refused(VersionUnknown)
    begun().when(RenameUnit(unit="dinkes", name="X", effective_on=day("2019-12-31"))).then_refused(UnitNotInBeing)


def dissolve(unit: str, *successors: str, on: str = "2025-07-01") -> DissolveUnit:
    """Return the end of a unit."""
    return DissolveUnit(unit=unit, successors=successors, effective_on=day(on))


def dissolved(unit: str, *successors: str, on: str = "2025-07-01") -> UnitDissolved:
    """Return the record of an end."""
    return UnitDissolved(unit=unit, successors=successors, effective_on=day(on))


def test_units_merge_split_and_end_and_their_work_is_carried_on() -> None:
    """PP 18/2016: reorganisation ends units; what they owed passes on through any number of steps."""
    split = begun(UnitEstablished(effective_on=day("2025-07-01"), unit="dinkb", name="Dinas KB")).when(
        dissolve("dinkes", "dinsos", "dinkb"), on="2026-07-01"
    )
    split.then(dissolved("dinkes", "dinsos", "dinkb"))
    institution = after(split)
    assert institution.successors_of("dinkes", day("2025-06-30")) == ()
    assert institution.successors_of("dinkes", day("2025-07-01")) == ("dinkb", "dinsos")
    merged = begun(dissolved("dinkes", "dinsos"), UnitEstablished(effective_on=START, unit="dinkb", name="KB")).when(
        dissolve("dinsos", "dinkb", on="2026-01-01"), on="2026-07-01"
    )
    assert after(merged).successors_of("dinkes", day("2025-12-31")) == ("dinsos",)
    assert after(merged).successors_of("dinkes", day("2026-01-01")) == ("dinkb",)
    assert after(merged).entities(day("2026-01-01")) == ("dinkb", "pemda")
    assert after(begun().when(dissolve("dinkes"), on="2026-07-01")).successors_of("dinkes", day("2025-07-01")) == ()


@pytest.mark.parametrize(
    ("successors", "refusal"),
    [
        (("dinkes",), SuccessorUnfit),
        (("tiada",), SuccessorUnfit),
        (("dinsos", "dinsos"), SuccessorUnfit),
        (("lama",), SuccessorUnfit),
        (("dinsos",), SuccessorCycle),
    ],
)
def test_a_successor_is_another_unit_in_being_that_does_not_lead_back(
    successors: tuple[str, ...], refusal: type[Refusal]
) -> None:
    history = [
        UnitEstablished(effective_on=START, unit="lama", name="Dinas Lama"),
        dissolved("lama", on="2025-01-01"),
        dissolved("dinsos", "dinkes", on="2026-01-01"),
    ]
    begun(*history).when(dissolve("dinkes", *successors), on="2026-07-01").then_refused(refusal, unit="dinkes")


def test_a_unit_ends_once_and_the_institution_itself_never() -> None:
    begun(dissolved("dinkes", "dinsos")).when(
        dissolve("dinkes", "dinsos", on="2025-08-01"), on="2026-07-01"
    ).then_refused(UnitAlreadyDissolved)
    begun().when(dissolve("pemda", "dinkes"), on="2026-07-01").then_refused(HeadUnitPermanent)
    begun().when(dissolve("tiada"), on="2026-07-01").then_refused(UnitUnknown)
    begun().when(dissolve("dinkes", "dinsos", on="2019-01-01"), on="2026-07-01").then_refused(UnitNotInBeing)


def test_registering_again_gives_the_same_person_another_name() -> None:
    begun().when(RegisterPerson(person="ani", name=TEXT, employee_number=TEXT), on="2025-06-30").then(
        PersonRegistered(effective_on=day("2025-06-30"), person="ani", name=TEXT, employee_number=TEXT)
    )


def appoint(person: str, on: str, capacity: Capacity = Capacity.DEFINITIVE, unit: str = "dinkes") -> AppointOfficial:
    """Return an appointment of a head."""
    return AppointOfficial(unit=unit, person=person, position="Kepala Dinas", capacity=capacity, effective_on=day(on))


def appointed(person: str, on: str, capacity: Capacity = Capacity.DEFINITIVE) -> OfficialAppointed:
    """Return the record of an appointment at dinkes."""
    return OfficialAppointed(
        unit="dinkes", person=person, position="Kepala Dinas", capacity=capacity, effective_on=day(on)
    )


def head_on(institution: Institution, when: str) -> tuple[str, Capacity] | None:
    """Return who heads dinkes on a day, and in which capacity."""
    head = institution.head_of("dinkes", day(when))
    return None if head is None else (head.person, head.capacity)


def test_officials_hold_office_from_a_day_on_in_a_capacity() -> None:
    """Definitif, Plt and Plh, known for every day also when recorded late."""
    begun().when(appoint("ani", "2025-01-01")).then(appointed("ani", "2025-01-01"))
    relieved = OfficialRelieved(effective_on=day("2025-05-01"), unit="dinkes")
    acting = begun(appointed("ani", "2025-01-01"), relieved).when(appoint("budi", "2025-05-10", Capacity.ACTING_VACANT))
    institution = after(acting)
    assert head_on(institution, "2024-12-31") is None
    assert head_on(institution, "2025-04-30") == ("ani", Capacity.DEFINITIVE)
    assert head_on(institution, "2025-05-01") is None
    assert head_on(institution, "2025-05-10") == ("budi", Capacity.ACTING_VACANT)


def test_only_a_registered_person_heads_a_unit_in_being() -> None:
    begun().when(appoint("tiada", "2025-01-01")).then_refused(PersonUnknown, person="tiada")
    ended = dissolved("dinkes", "dinsos")
    begun(ended).when(appoint("ani", "2025-07-01")).then_refused(UnitNotInBeing, unit="dinkes")
    begun().when(appoint("ani", "2025-01-01", unit="tiada")).then_refused(UnitUnknown)
    assert head_on(after(begun(ended).when(appoint("ani", "2025-06-01"))), "2025-07-01") is None


def test_an_office_that_is_vacant_cannot_be_vacated() -> None:
    relieve = RelieveOfficial(unit="dinkes", effective_on=day("2025-05-01"))
    begun().when(relieve).then_refused(OfficeVacant, unit="dinkes")
    begun(appointed("ani", "2025-01-01")).when(relieve).then(
        OfficialRelieved(effective_on=day("2025-05-01"), unit="dinkes")
    )


def test_an_appointment_is_corrected_on_its_day_or_withdrawn() -> None:
    history = (appointed("ani", "2025-01-01"), appointed("budi", "2025-05-01"))
    correct = CorrectOfficial(
        unit="dinkes", corrects=NEXT + 1, person="budi", position="Sekretaris", capacity=Capacity.ACTING_ABSENT
    )
    put_right = begun(*history).when(correct)
    put_right.then(
        OfficialCorrected(
            effective_on=day("2025-05-01"),
            corrects=NEXT + 1,
            unit="dinkes",
            person="budi",
            position="Sekretaris",
            capacity=Capacity.ACTING_ABSENT,
        )
    )
    assert head_on(after(put_right), "2025-05-01") == ("budi", Capacity.ACTING_ABSENT)
    withdrawn = begun(*history).when(WithdrawOfficial(unit="dinkes", withdraws=NEXT + 1))
    withdrawn.then(OfficialWithdrawn(effective_on=day("2025-05-01"), withdraws=NEXT + 1, unit="dinkes"))
    assert head_on(after(withdrawn), "2025-05-01") == ("ani", Capacity.DEFINITIVE)


@pytest.mark.parametrize("version", [1, NEXT - 1, NEXT + 1, NEXT + 9])
def test_only_the_version_of_an_appointment_is_corrected_or_withdrawn(version: int) -> None:
    history = (appointed("ani", "2025-01-01"), OfficialRelieved(effective_on=day("2025-05-01"), unit="dinkes"))
    correct = CorrectOfficial(unit="dinkes", corrects=version, person="budi", position="Kepala Dinas")
    begun(*history).when(correct).then_refused(VersionUnknown, version=version)
    begun(*history).when(WithdrawOfficial(unit="dinkes", withdraws=version)).then_refused(VersionUnknown)


def grant(person: str, role: Role, unit: str | None = None) -> GrantRole:
    """Return a grant from the beginning of 2025."""
    return GrantRole(person=person, role=role, unit=unit, effective_on=day("2025-01-01"))


def granted(person: str, role: Role, unit: str | None = None) -> RoleGranted:
    """Return the record of a grant from the beginning of 2025."""
    return RoleGranted(person=person, role=role, unit=unit, effective_on=day("2025-01-01"))


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_held_in_a_home_unit_except_three_for_the_whole_institution(role: Role) -> None:
    """Without a home unit nobody could tell what is a person's own work."""
    without_unit = begun().when(grant("ani", role), by=ADMINISTRATOR)
    if role in {Role.INSTITUTION_HEAD, Role.AUDITOR, Role.ADMINISTRATOR}:
        without_unit.then(granted("ani", role))
    elif role in {Role.WORKFLOW, Role.TIMEKEEPER, Role.IMPORTER, Role.CONSOLE}:
        without_unit.then_refused(RoleNotForPeople)
        begun().when(grant("ani", role, "dinkes"), by=ADMINISTRATOR).then_refused(RoleNotForPeople)
    else:
        without_unit.then_refused(RoleNeedsUnit, role=role)
        begun().when(grant("ani", role, "dinkes"), by=ADMINISTRATOR).then(granted("ani", role, "dinkes"))


def test_a_role_goes_to_a_known_person_in_a_unit_in_being_once_and_never_to_oneself() -> None:
    operator = grant("ani", Role.UNIT_OPERATOR, "dinkes")
    begun().when(grant("tiada", Role.AUDITOR), by=ADMINISTRATOR).then_refused(PersonUnknown)
    begun().when(grant("ani", Role.UNIT_OPERATOR, "tiada"), by=ADMINISTRATOR).then_refused(UnitNotInBeing)
    begun(granted("ani", Role.UNIT_OPERATOR, "dinkes")).when(operator, by=ADMINISTRATOR).then_refused(RoleAlreadyHeld)
    himself = Actor(id="ani", role=Role.ADMINISTRATOR)
    begun().when(operator, by=himself).then_refused(RoleForOneself)
    begun().when(operator, by=system_actor(Role.CONSOLE, "console")).then(granted("ani", Role.UNIT_OPERATOR, "dinkes"))


def test_a_role_is_held_from_its_day_until_it_is_revoked_or_its_unit_ends() -> None:
    revoke = RevokeRole(person="ani", role=Role.UNIT_OPERATOR, unit="dinkes", effective_on=day("2025-04-01"))
    begun().when(revoke).then_refused(RoleNotHeld)
    history = granted("ani", Role.UNIT_OPERATOR, "dinkes")
    revoked = begun(history).when(revoke)
    revoked.then(RoleRevoked(effective_on=day("2025-04-01"), person="ani", role=Role.UNIT_OPERATOR, unit="dinkes"))
    held = {
        when: list(after(revoked).roles_of("ani", day(when))) for when in ("2024-12-31", "2025-03-31", "2025-04-01")
    }
    assert held == {"2024-12-31": [], "2025-03-31": [(Role.UNIT_OPERATOR, "dinkes")], "2025-04-01": []}
    again = begun(history, *revoked.events).when(
        GrantRole(person="ani", role=Role.UNIT_OPERATOR, unit="dinkes", effective_on=day("2025-06-01")),
        by=ADMINISTRATOR,
    )
    assert list(after(again).roles_of("ani", day("2025-06-01"))) == [(Role.UNIT_OPERATOR, "dinkes")]
    ended = after(begun(history).when(dissolve("dinkes", "dinsos"), on="2026-07-01"))
    assert list(ended.roles_of("ani", day("2025-06-30"))) == [(Role.UNIT_OPERATOR, "dinkes")]
    assert list(ended.roles_of("ani", day("2025-07-01"))) == []


def test_who_heads_a_unit_holds_the_role_by_position() -> None:
    head = begun(appointed("ani", "2025-01-01")).when(appoint("budi", "2025-01-01", unit="pemda"))
    institution = after(head)
    assert list(institution.roles_of("ani", day("2025-01-01"))) == [(Role.UNIT_HEAD, "dinkes")]
    assert list(institution.roles_of("budi", day("2025-01-01"))) == [(Role.INSTITUTION_HEAD, "pemda")]
    assert institution.is_own("dinkes", "ani", day("2025-01-01"))
    assert not institution.is_own("dinkes", "ani", day("2024-12-31"))
    assert not institution.is_own("dinkes", "budi", day("2025-01-01"))


def test_the_last_administrator_stays() -> None:
    revoke = RevokeRole(person="admin", role=Role.ADMINISTRATOR, effective_on=day("2025-04-01"))
    begun().when(revoke).then_refused(LastAdministrator, person="admin")
    begun(granted("ani", Role.ADMINISTRATOR)).when(revoke).then(
        RoleRevoked(effective_on=day("2025-04-01"), person="admin", role=Role.ADMINISTRATOR)
    )


def test_a_calendar_holds_the_days_off_of_its_year_and_may_be_revised() -> None:
    """SKB tiga menteri: public holidays and cuti bersama by yearly decree, revised during the year."""
    adopt = AdoptCalendar(
        year=2025,
        holidays=(day("2025-08-17"), day("2025-01-01"), day("2025-01-01")),
        joint_leave=(day("2025-04-02"),),
        decree="SKB 1017/2024",
    )
    adopted = CalendarAdopted(
        effective_on=day("2025-01-02"),
        year=2025,
        holidays=(day("2025-01-01"), day("2025-08-17")),
        joint_leave=(day("2025-04-02"),),
        decree="SKB 1017/2024",
    )
    begun().when(adopt, on="2025-01-02").then(adopted)
    revise = AdoptCalendar(year=2025, holidays=(), joint_leave=(day("2025-08-18"),), decree="SKB 933/2025")
    institution = after(begun(adopted).when(revise, on="2025-08-07"))
    assert not institution.working_calendar(day("2025-08-06")).is_working_day(day("2025-04-02"))
    assert not institution.working_calendar(day("2025-08-07")).is_working_day(day("2025-08-18"))
    outside = AdoptCalendar(year=2025, holidays=(), joint_leave=(day("2026-01-02"),), decree="SKB")
    begun().when(outside).then_refused(CalendarOutsideYear, year=2025, day=day("2026-01-02"))


def adopt_rule(rule: RuleRef, kind: RuleKind = RuleKind.HOLD) -> AdoptRulebook:
    """Return the adoption of a rulebook from the beginning of 2025."""
    return AdoptRulebook(kind=kind, rule=rule, legal_basis="Perbup 12/2024", effective_on=day("2025-01-01"))


ADOPTED = RulebookAdopted(effective_on=day("2025-01-01"), kind=RuleKind.HOLD, rule=HOLD, legal_basis="Perbup 12/2024")


def test_a_rulebook_holds_from_its_adoption_until_its_end_and_none_by_default() -> None:
    """PermenPANRB 88/2021 Pasal 6: local rules are normal; nothing rules that was not adopted."""
    assert after(begun()).rule(RuleKind.HOLD, day("2025-01-01")) is None
    adopted = begun().when(adopt_rule(HOLD), rulebooks=SHELF)
    adopted.then(ADOPTED)
    assert after(adopted).rule(RuleKind.HOLD, day("2024-12-31")) is None
    assert after(adopted).rule(RuleKind.HOLD, day("2025-01-01")) == HOLD
    end = EndRulebook(kind=RuleKind.HOLD, reason=TEXT, effective_on=day("2025-09-01"))
    begun().when(end).then_refused(RulebookNotInForce, kind=RuleKind.HOLD)
    ended = begun(ADOPTED).when(end)
    ended.then(RulebookEnded(effective_on=day("2025-09-01"), kind=RuleKind.HOLD, reason=TEXT))
    assert after(ended).rule(RuleKind.HOLD, day("2025-09-01")) is None


@pytest.mark.parametrize("kind", [each for each in RuleKind if each is not RuleKind.HOLD])
def test_a_rulebook_is_adopted_only_as_what_it_is(kind: RuleKind) -> None:
    begun().when(adopt_rule(HOLD, kind), rulebooks=SHELF).then_refused(RulebookKindWrong, kind=kind)


@pytest.mark.parametrize(
    "rule",
    [
        RuleRef(name=HOLD.name, version=HOLD.version, digest="0" * 64),
        RuleRef(name=HOLD.name, version=HOLD.version + 1, digest=HOLD.digest),
        RuleRef(name="lain", version=HOLD.version, digest=HOLD.digest),
    ],
)
def test_an_unknown_digest_or_another_name_fails_closed(rule: RuleRef) -> None:
    begun().when(adopt_rule(rule), rulebooks=SHELF).then_refused(RulebookUnknown)


def test_each_released_rulebook_can_be_adopted_as_some_kind() -> None:
    for path in sorted(RULEBOOKS.glob("*.toml")):
        reference, content = rulebooks.read_rulebook(path.read_bytes())
        decided = [
            begun().when(adopt_rule(reference, kind), rulebooks={reference.digest: content}).events for kind in RuleKind
        ]
        assert sum(map(bool, decided)) == 1, path.name


def test_a_planning_document_is_registered_with_its_own_day() -> None:
    """Renstra, IKU decree, Renja, action plan, performance tree and DPA serve as evidence."""
    register = RegisterDocument(
        unit="dinkes", fiscal_year=2025, document="Renstra", number="188/2021", effective_on=day("2019-09-01")
    )
    begun().when(register).then(
        DocumentRegistered(
            effective_on=day("2019-09-01"), unit="dinkes", fiscal_year=2025, document="Renstra", number="188/2021"
        )
    )
    future = RegisterDocument(unit="dinkes", fiscal_year=2025, document="Renja", effective_on=day("2025-07-01"))
    begun().when(future, on="2025-06-30").then_refused(EffectiveInFuture)
    unknown: Command = RegisterDocument(unit="tiada", fiscal_year=2025, document="Renja")
    begun().when(unknown).then_refused(UnitUnknown)


def test_a_unit_is_not_dissolved_ahead_of_the_day_on_which_its_duties_pass_on() -> None:
    begun().when(dissolve("dinkes", "dinsos", on="2025-07-01"), on="2025-06-30").then_refused(EffectiveInFuture)
