"""Scores under the three worksheets: PermenPANRB 88/2021, 12/2015 and those before it."""

from decimal import Decimal

import msgspec
import pytest

from domain.score import GradeMark, Mark, MarkRefused, PercentMark, PointsMark, Score, evaluate, predicate_of
from tests.domain.rules.shelf import worksheet

NOW = worksheet("lke-88-2021")
BEFORE = worksheet("lke-12-2015")
LONG_AGO = worksheet("lke-pre-2015")
CODES = [part.code for part in NOW.sub_components]


def graded(grade: str, *codes: str) -> list[Mark]:
    return [GradeMark(sub_component=code, grade=grade, obtained="kesepakatan tim") for code in codes]


def percent(code: str, value: str) -> PercentMark:
    return PercentMark(sub_component=code, percent=Decimal(value), obtained="rata-rata kriteria")


def points(code: str, value: str) -> PointsMark:
    return PointsMark(sub_component=code, points=Decimal(value), obtained="LHE")


@pytest.mark.parametrize(
    ("grade", "total", "predicate"),
    [
        ("AA", "100.00", "AA"),
        ("A", "90.00", "A"),
        ("BB", "80.00", "BB"),
        ("B", "70.00", "B"),
        ("CC", "60.00", "CC"),
        ("C", "50.00", "C"),
        ("D", "30.00", "D"),
        ("E", "0.00", "D"),
    ],
)
def test_one_grade_throughout_gives_its_own_number_and_predicate(grade: str, total: str, predicate: str) -> None:
    score = evaluate(NOW, graded(grade, *CODES))
    assert (str(score.total_rounded), score.predicate, score.complete) == (total, predicate, True)


def test_all_eighty_criteria_met_and_nothing_more_is_80_bb_and_explains_itself() -> None:
    score = evaluate(NOW, graded("BB", *CODES))
    assert score.steps == (
        "Perencanaan Kinerja: 24,00 dari 30",
        "Pengukuran Kinerja: 24,00 dari 30",
        "Pelaporan Kinerja: 12,00 dari 15",
        "Evaluasi Akuntabilitas Kinerja Internal: 20,00 dari 25",
        "Jumlah 80, dibulatkan 80,00",
        "Predikat BB: di atas 70 sampai 80",
    )


def test_an_ungraded_sub_component_leaves_no_total_and_no_predicate() -> None:
    score = evaluate(NOW, graded("AA", *CODES[:-1]))
    assert (score.complete, score.total, score.total_rounded, score.predicate) == (False, None, None, None)
    assert score.steps == ("Belum lengkap: 1 subkomponen belum dinilai (4c)",)
    assert [component.points for component in score.components] == [30, 30, 15, None]
    assert evaluate(NOW, []).total is None


def test_grades_percentages_and_points_stand_side_by_side_and_say_how_they_were_obtained() -> None:
    score = evaluate(NOW, [*graded("BB", *CODES[:-2]), percent("4b", "66.66"), points("4c", "7.91")])
    last = score.components[-1].sub_components
    assert [(part.points, part.grade, part.obtained) for part in last[1:]] == [
        (Decimal("4.9995"), None, "rata-rata kriteria"),
        (Decimal("7.91"), None, "LHE"),
    ]
    assert (score.total, str(score.total_rounded)) == (Decimal("76.9095"), "76.91")


def test_the_total_is_rounded_once_and_the_rounded_total_decides() -> None:
    marks = graded("BB", *CODES[:-1])
    just_below = evaluate(NOW, [*marks, percent("4c", "80.0399")])
    just_above = evaluate(NOW, [*marks, percent("4c", "80.04")])
    assert (just_below.total, str(just_below.total_rounded), just_below.predicate) == (
        Decimal("80.0049875"),
        "80.00",
        "BB",
    )
    assert (just_above.total, str(just_above.total_rounded), just_above.predicate) == (Decimal("80.005"), "80.01", "A")


def test_the_worksheet_of_2015_takes_numbers_only() -> None:
    marks: list[Mark] = [percent(part.code, "61.85") for part in BEFORE.sub_components]
    assert (str(evaluate(BEFORE, marks).total_rounded), evaluate(BEFORE, marks).predicate) == ("61.85", "B")
    with pytest.raises(MarkRefused, match="Grade BB tidak ada"):
        evaluate(BEFORE, graded("BB", "renstra-kualitas"))


def test_published_components_are_added_not_weighted_again() -> None:
    # Kota Bima 2019: 22.98 + 17.91 + 10.68 + 5.76 + 9.72 = 67.05, B; under the limits before 2015 it is B as well.
    published = zip(LONG_AGO.sub_components, ("22.98", "17.91", "10.68", "5.76", "9.72"), strict=True)
    score = evaluate(LONG_AGO, [points(part.code, value) for part, value in published])
    assert (str(score.total_rounded), score.predicate) == ("67.05", "B")


def test_the_same_total_is_cc_before_2015_and_b_after() -> None:
    assert predicate_of(LONG_AGO, Decimal("61.85")) == "CC"
    assert predicate_of(BEFORE, Decimal("61.85")) == "B"
    assert predicate_of(NOW, Decimal("61.85")) == "B"


@pytest.mark.parametrize(
    ("total", "predicate"),
    [
        ("100", "AA"),
        ("90.01", "AA"),
        ("90.005", "AA"),
        ("90.0049", "A"),
        ("90.00", "A"),
        ("89.99", "A"),
        ("80.01", "A"),
        ("80.00", "BB"),
        ("79.99", "BB"),
        ("70.01", "BB"),
        ("70.00", "B"),
        ("69.99", "B"),
        ("60.01", "B"),
        ("60.00", "CC"),
        ("50.00", "C"),
        ("30.01", "C"),
        ("30.00", "D"),
        ("0", "D"),
    ],
)
def test_limits_include_their_upper_figure(total: str, predicate: str) -> None:
    assert predicate_of(NOW, Decimal(total)) == predicate_of(BEFORE, Decimal(total)) == predicate


@pytest.mark.parametrize(
    ("total", "predicate"),
    [("85.01", "AA"), ("85", "A"), ("75.01", "A"), ("75", "B"), ("65.01", "B"), ("65", "CC"), ("50", "C"), ("30", "D")],
)
def test_limits_before_2015_were_others(total: str, predicate: str) -> None:
    assert predicate_of(LONG_AGO, Decimal(total)) == predicate


@pytest.mark.parametrize("total", ["-0.01", "100.01", "1e14"])
def test_a_total_outside_the_scale_has_no_predicate(total: str) -> None:
    with pytest.raises(ValueError, match="0 sampai 100"):
        predicate_of(NOW, Decimal(total))


@pytest.mark.parametrize(
    ("marks", "fault"),
    [
        (graded("BB", "9z"), "unknown_sub_component"),
        (graded("BB", "1a", "1a"), "marked_twice"),
        (graded("F", "1a"), "unknown_grade"),
        ([percent("1a", "100.01")], "out_of_range"),
        ([percent("1a", "-1")], "out_of_range"),
        ([points("1a", "6.01")], "out_of_range"),
        ([points("1a", "-0.01")], "out_of_range"),
    ],
)
def test_a_mark_that_does_not_fit_the_worksheet_is_refused(marks: list[Mark], fault: str) -> None:
    with pytest.raises(MarkRefused) as refused:
        evaluate(NOW, marks)
    assert refused.value.fault == fault
    assert refused.value.sub_component == marks[0].sub_component


def test_marks_and_scores_come_back_from_json() -> None:
    marks = [*graded("BB", *CODES[:-2]), percent("4b", "66.66"), points("4c", "7.91")]
    back: list[Mark] = msgspec.json.decode(msgspec.json.encode(marks), type=list[Mark])
    assert back == marks
    score = evaluate(NOW, marks)
    assert msgspec.json.decode(msgspec.json.encode(score), type=Score) == score
    with pytest.raises(msgspec.ValidationError, match="terhingga"):
        msgspec.json.decode(b'{"type":"percent","sub_component":"1a","percent":"NaN","obtained":"x"}', type=Mark)
