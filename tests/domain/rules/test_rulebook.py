"""Rulebooks are read strictly, chosen by evaluation year, and say what the regulations say."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from domain.achievement_scale import AchievementScale
from domain.calendar import WorkingCalendar
from domain.duty_rules import AppliesTo, DueDateRules, FollowUpRules, HoldRules
from domain.rulebook import (
    Rulebook,
    RulebookMalformed,
    RulebookNotFound,
    RuleRef,
    parse_rulebook,
    read_rulebook,
    rulebook_digest,
    select_evaluation_rulebook,
)
from tests.domain.rules.shelf import everything, text_of, worksheet

SHELF = everything()
RULEBOOKS = [rulebook for _, rulebook in SHELF.values()]
WEEKENDS = WorkingCalendar()


@pytest.mark.parametrize("name", SHELF)
def test_each_file_is_named_as_its_rule_and_comes_back_from_json(name: str) -> None:
    reference, rulebook = SHELF[name]
    assert (reference.name, reference.version) == (name, rulebook.version)
    assert rulebook.legal_basis
    back: Rulebook = msgspec.json.decode(msgspec.json.encode(rulebook), type=Rulebook)
    assert back == rulebook
    assert msgspec.json.decode(msgspec.json.encode(reference), type=RuleRef) == reference


def test_local_rules_that_only_show_the_form_are_marked_as_examples() -> None:
    assert {name for name, (_, rulebook) in SHELF.items() if rulebook.example} == {
        "follow-up-lhe-contoh",
        "hold-contoh-perkada",
    }
    assert all(rulebook.title.startswith("Contoh") for rulebook in RULEBOOKS if rulebook.example)


@pytest.mark.parametrize(
    ("name", "weights", "parts"),
    [
        ("lke-pre-2015", [35, 20, 15, 10, 20], 5),
        ("lke-12-2015", [30, 25, 15, 10, 20], 18),
        ("lke-88-2021", [30, 30, 15, 25], 12),
    ],
)
def test_worksheets_have_the_weights_of_their_regulation(name: str, weights: list[int], parts: int) -> None:
    rules = worksheet(name)
    assert [component.weight for component in rules.components] == weights
    assert len(rules.sub_components) == parts


def test_the_shares_of_88_2021_are_20_30_and_50_percent() -> None:
    for component in worksheet("lke-88-2021").components:
        shares = [part.weight / component.weight for part in component.sub_components]
        assert shares == [Decimal("0.2"), Decimal("0.3"), Decimal("0.5")]


@pytest.mark.parametrize(
    ("year", "name"),
    [
        (2010, "lke-pre-2015"),
        (2014, "lke-pre-2015"),
        (2015, "lke-12-2015"),
        (2021, "lke-12-2015"),
        (2022, "lke-88-2021"),
        (2040, "lke-88-2021"),
    ],
)
def test_the_worksheet_follows_the_evaluation_year(year: int, name: str) -> None:
    assert select_evaluation_rulebook(RULEBOOKS, year).name == name


def test_no_worksheet_and_two_worksheets_are_not_guessed_between_but_a_newer_version_wins() -> None:
    with pytest.raises(RulebookNotFound, match="2009: tidak ada"):
        select_evaluation_rulebook(RULEBOOKS, 2009)
    local = msgspec.structs.replace(worksheet("lke-88-2021"), name="lke-daerah")
    with pytest.raises(RulebookNotFound, match="lke-88-2021, lke-daerah"):
        select_evaluation_rulebook([*RULEBOOKS, local], 2022)
    newer = msgspec.structs.replace(worksheet("lke-88-2021"), version=2)
    assert select_evaluation_rulebook([newer, *RULEBOOKS], 2022).version == 2
    example = msgspec.structs.replace(local, example=True)
    assert select_evaluation_rulebook([*RULEBOOKS, example], 2022).name == "lke-88-2021"


@pytest.mark.parametrize(
    ("duty", "who", "anchor", "due"),
    [
        ("agreement", "unit", date(2026, 1, 30), date(2026, 2, 28)),
        ("agreement", "regional_institution", date(2026, 1, 2), date(2026, 2, 2)),
        ("report", "unit", date(2023, 12, 31), date(2024, 2, 29)),
        ("report", "unit", date(2024, 12, 31), date(2025, 2, 28)),
        ("report", "regional_institution", date(2024, 12, 31), date(2025, 3, 31)),
        ("report", "central_institution", date(2024, 12, 31), date(2025, 2, 28)),
        ("measurement", "unit", date(2024, 3, 31), None),
        ("amendment", "unit", date(2024, 9, 30), None),
    ],
)
def test_due_dates_of_53_2014(duty: str, who: AppliesTo, anchor: date, due: date | None) -> None:
    rules = SHELF["due-dates-53-2014"][1]
    assert isinstance(rules, DueDateRules)
    rule = rules.rule_for(duty, who)
    assert rule is not None
    assert rule.due_on(anchor, WEEKENDS) == due
    assert rules.rule_for("renja", who) is None


def test_a_local_rule_may_count_calendar_or_working_days() -> None:
    rules = SHELF["due-dates-53-2014"][1]
    assert isinstance(rules, DueDateRules)
    rule = rules.rule_for("measurement", "unit")
    assert rule is not None
    in_days = msgspec.structs.replace(rule, calendar_days=10)
    in_working_days = msgspec.structs.replace(rule, working_days=7)
    assert in_days.due_on(date(2026, 3, 31), WEEKENDS) == date(2026, 4, 10)
    assert in_working_days.due_on(date(2026, 3, 9), WEEKENDS) == date(2026, 3, 18)


@pytest.mark.parametrize("name", ["follow-up-bpk", "follow-up-lhe-contoh"])
def test_only_a_result_approved_twice_closes_a_recommendation(name: str) -> None:
    rules = SHELF[name][1]
    assert isinstance(rules, FollowUpRules)
    assert [(result.code, result.closes, result.needs_second_approval) for result in rules.results] == [
        ("sesuai", True, True),
        ("belum_sesuai", False, False),
        ("belum_ditindaklanjuti", False, False),
        ("tidak_dapat_ditindaklanjuti", True, True),
    ]
    assert rules.initial_result == "belum_ditindaklanjuti"
    assert rules.due_on(date(2025, 1, 1), WEEKENDS) == date(2025, 3, 2)
    assert rules.knows("sesuai")
    assert not rules.knows("selesai")
    with pytest.raises(KeyError):
        rules.result("selesai")


def test_a_follow_up_rule_may_count_working_days() -> None:
    rules = SHELF["follow-up-lhe-contoh"][1]
    assert isinstance(rules, FollowUpRules)
    local = msgspec.structs.replace(rules, days=7, days_are="working")
    assert local.due_on(date(2026, 3, 9), WEEKENDS) == date(2026, 3, 18)


def test_the_example_of_a_hold_rule_names_two_roles_and_the_objection_terms_of_law_30_2014() -> None:
    rules = SHELF["hold-contoh-perkada"][1]
    assert isinstance(rules, HoldRules)
    assert (rules.hold_kind, rules.share_percent) == ("tunda", Decimal(50))
    assert (rules.recommended_by, rules.decided_by) == ("organisation_bureau", "hold_authority")
    objection = rules.objection
    assert (objection.file_within, objection.decide_within, objection.issue_within) == (21, 10, 5)
    assert (objection.deemed_granted, objection.suspends) == (True, False)
    report = rules.trigger_for("report")
    assert report is not None
    assert report.grace_working_days == 5
    assert rules.trigger_for("renja") is None


@pytest.mark.parametrize(
    ("achievement", "label"),
    [
        ("250", "Sangat Tinggi"),
        ("90.5", "Sangat Tinggi"),
        ("90", "Tinggi"),
        ("75.01", "Tinggi"),
        ("75", "Sedang"),
        ("65", "Rendah"),
        ("50", "Sangat Rendah"),
        ("0", "Sangat Rendah"),
        ("-44.01", "Sangat Rendah"),
    ],
)
def test_the_scale_of_86_2017_has_no_gaps(achievement: str, label: str) -> None:
    scale = SHELF["achievement-86-2017"][1]
    assert isinstance(scale, AchievementScale)
    assert scale.classify(Decimal(achievement)).label == label


CHANGES = [
    ("lke-88-2021", 'code = "1a"', 'code = "1b"', "Kode subkomponen berulang"),
    ("lke-88-2021", "weight = 6 }", "weight = 7 }", "tidak berjumlah"),
    ("lke-88-2021", "weight = 6 }", "weight = 0 }", "Bobot harus lebih dari nol"),
    ("lke-88-2021", "weight = 6 }", "weight = nan }", "terhingga"),
    ("lke-88-2021", "weight = 6 }", "weight = 6, bobot = 6 }", "unknown field"),
    ("lke-88-2021", "above = 90", "above = 91", "bersambung"),
    ("lke-88-2021", "above = 90", "above = 100", "kosong"),
    ("lke-88-2021", "up_to = 100", "up_to = 101", "bersambung"),
    ("lke-88-2021", 'predicate = "BB"', 'predicate = "B"', "Predikat berulang"),
    ("lke-88-2021", "value = 90", "value = 100", "Grade harus turun"),
    ("lke-88-2021", "value = 100", "value = 101", "Nilai grade"),
    ("lke-88-2021", "version = 1", "version = 0", "version"),
    ("lke-88-2021", "first_evaluation_year = 2022", "", "first_evaluation_year"),
    ("lke-12-2015", "last_evaluation_year = 2021", "last_evaluation_year = 2014", "mendahului"),
    ("lke-pre-2015", "weight = 35\n", "weight = 35.5\n", "tidak berjumlah"),
    ("due-dates-53-2014", "months = 1\n", "months = 1\nworking_days = 3\n", "satu jangka waktu"),
    ("due-dates-53-2014", 'applies_to = "regional_institution"', 'applies_to = "unit"', "diatur dua kali"),
    ("due-dates-53-2014", "months = 1\n", "months = -1\n", "months"),
    ("follow-up-bpk", "needs_second_approval = true\n", "", "tanpa persetujuan kedua"),
    ("follow-up-bpk", 'initial_result = "belum_ditindaklanjuti"', 'initial_result = "sesuai"', "Hasil awal"),
    ("follow-up-bpk", 'initial_result = "belum_ditindaklanjuti"', 'initial_result = "belum"', "Hasil awal"),
    ("follow-up-bpk", 'code = "belum_sesuai"', 'code = "sesuai"', "berulang"),
    ("follow-up-bpk", "closes = true", "closes = false", "Tidak ada hasil"),
    ("hold-contoh-perkada", 'decided_by = "hold_authority"', 'decided_by = "organisation_bureau"', "berbeda"),
    ("hold-contoh-perkada", "share_percent = 50", "share_percent = 100.01", "Bagian tunjangan"),
    ("hold-contoh-perkada", "share_percent = 50", "share_percent = 0", "Bagian tunjangan"),
    ("hold-contoh-perkada", 'hold_kind = "tunda"', 'hold_kind = "hapus"', "Invalid enum"),
    ("hold-contoh-perkada", 'duty = "measurement"', 'duty = "report"', "Pemicu berulang"),
    ("achievement-86-2017", "above = 75", "above = 91", "harus turun"),
    ("achievement-86-2017", 'code = "rendah"', 'code = "tinggi"', "Kode kelas"),
    ("achievement-86-2017", "above = 50\n", "", "terbawah"),
    ("achievement-86-2017", 'type = "achievement_scale"', 'type = "skala"', "Invalid value"),
    ("achievement-86-2017", "above = 75", "above = ", "Invalid value"),
]


@pytest.mark.parametrize(("name", "old", "new", "reason"), CHANGES)
def test_a_rulebook_that_contradicts_itself_is_refused(name: str, old: str, new: str, reason: str) -> None:
    text = text_of(name)
    assert old in text
    with pytest.raises(RulebookMalformed, match=reason):
        parse_rulebook(text.replace(old, new))


@pytest.mark.parametrize(
    "text", ["", "a = ", "[" * 5_000, "a = " + "[" * 5_000, "x" * 200_001, "type = 1", "\x00", "a = 1e999999999"]
)
def test_what_is_no_rulebook_is_refused(text: str) -> None:
    with pytest.raises(RulebookMalformed):
        parse_rulebook(text)


def test_bytes_name_a_rulebook_and_bad_bytes_are_refused() -> None:
    content = text_of("lke-88-2021").encode()
    reference, _ = read_rulebook(content)
    assert reference.digest == rulebook_digest(content) != rulebook_digest(content + b"\n")
    with pytest.raises(RulebookMalformed):
        read_rulebook(b"\xff")
