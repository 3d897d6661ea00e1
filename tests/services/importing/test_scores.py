"""Published totals: the predicate of the year's rulebook, upper-inclusive, beside what was published."""

import pytest

from tests.services.importing.staged import codes, notes, stage


def only(row: str) -> dict[str, object]:
    (score,) = stage(scores=(row,)).scores
    return {name: getattr(score.item, name) for name in score.item.__struct_fields__}


@pytest.mark.parametrize(
    ("year", "total", "predicate"),
    [
        ("2023", "70.00", "B"),
        ("2023", "70.01", "BB"),
        ("2023", "80.00", "BB"),
        ("2023", "80.01", "A"),
        ("2023", "90.00", "A"),
        ("2024", "90.03", "AA"),
        ("2019", "70.00", "B"),
        ("2019", "80.00", "BB"),
        ("2019", "90.00", "A"),
        ("2019", "61.85", "B"),
        ("2011", "61.85", "CC"),
        ("2011", "65.00", "CC"),
        ("2011", "65.01", "B"),
        ("2014", "75.01", "A"),
        ("2014", "85.01", "AA"),
        ("2023", '"79,18"', "BB"),
        ("2023", "61.760", "B"),
        ("2023", "100", "AA"),
        ("2023", "0", "D"),
    ],
)
def test_the_predicate_follows_the_rulebook_of_the_year(year: str, total: str, predicate: str) -> None:
    assert only(f"Kab. Contoh,kabupaten,{year},,{total},,,X")["predicate"] == predicate


def test_a_published_predicate_is_compared() -> None:
    agreeing = only("Kab. Langkat,kabupaten,2023,PermenPANRB 88/2021,61.76,B,elshinta.com,")
    assert agreeing == {
        "entity": "Kab. Langkat",
        "year": 2023,
        "rulebook": "lke-88-2021",
        "total": "61.76",
        "predicate": "B",
        "published_predicate": "B",
        "agrees": True,
    }
    assert only("Kab. Banyuwangi,kabupaten,2015,PermenPANRB 12/2015,65.41,BB,,")["agrees"] is False


def test_what_was_not_published_neither_agrees_nor_differs() -> None:
    assert only("Kota Palu,kota,2021,PermenPANRB 12/2015,,B,,")["agrees"] is None
    assert only("Kota Palu,kota,2021,PermenPANRB 12/2015,,B,,")["total"] is None
    assert only("Kota Palu,kota,2021,PermenPANRB 12/2015,65,,,")["agrees"] is None


def test_a_foreign_grade_is_kept_as_text() -> None:
    found = only("Provinsi DI Yogyakarta,provinsi,2013,pre-2015 (PermenPANRB 35/2011 / 25/2012),,B+,liputan6,")
    assert (found["published_predicate"], found["predicate"], found["rulebook"]) == ("B+", None, "lke-pre-2015")


def test_the_year_is_the_one_year_that_the_cell_names() -> None:
    assert only("Kab. Gunungkidul,kabupaten,2025 (row label),PermenPANRB 88/2021,77.08,BB,,")["year"] == 2025
    assert codes(stage(scores=("X,,2024/2025,,70,,,", "X,,,,70,,,", "X,,20244,,70,,,"))) == ["year_unreadable"] * 3


def test_a_regulation_that_contradicts_the_year_is_an_error_and_still_gives_its_predicate() -> None:
    batch = stage(scores=("Kab. Langkat,kabupaten,2023,PermenPANRB 25/2012,61.85,CC,,",))
    assert codes(batch) == ["regulation_contradicts_year"]
    assert (batch.scores[0].item.rulebook, batch.scores[0].item.predicate) == ("lke-pre-2015", "CC")
    assert batch.exit_code == 1


def test_an_unknown_regulation_is_a_warning() -> None:
    batch = stage(scores=("Kab. Langkat,kabupaten,2023,Perbup 5/2022,61.85,B,,",))
    assert (codes(batch), notes(batch)) == ([], ["regulation_unknown"])
    assert batch.scores[0].item.rulebook == "lke-88-2021"


@pytest.mark.parametrize(
    ("total", "code"), [("100.01", "total_out_of_range"), ("-1", "total_out_of_range"), ("baik", "total_unreadable")]
)
def test_an_impossible_total_is_an_error_without_a_predicate(total: str, code: str) -> None:
    batch = stage(scores=(f"Kab. Langkat,kabupaten,2023,,{total},B,,",))
    assert codes(batch) == [code]
    assert batch.scores[0].item.predicate is None


def test_a_year_before_any_rulebook_has_none() -> None:
    batch = stage(scores=("Kab. Langkat,kabupaten,2005,,61,B,,",))
    assert codes(batch) == ["no_rulebook"]
    assert batch.scores[0].item.rulebook is None


def test_an_average_is_listed_and_is_no_institution() -> None:
    batch = stage(scores=("Rata-rata nasional provinsi,national average,2021,PermenPANRB 12/2015,70.88,,,",))
    assert batch.scores[0].item.predicate == "BB"
    assert batch.scores[0].entity.key is None
    assert (codes(batch), notes(batch)) == ([], ["not_an_entity"])


def test_a_total_that_another_row_contradicts_is_an_error() -> None:
    batch = stage(scores=("Kota Bima,kota,2019,,67.05,B,,", "Kota Bima,kota,2019,,76.05,B,,"))
    assert [(each.code, each.line) for each in batch.errors] == [("row_contradicted", 3)]


def test_the_computed_column_is_never_read() -> None:
    row = "Kota Bima,kota,2019,PermenPANRB 12/2015,67.05,B,,"
    assert stage(scores=(row + "B",)).scores == stage(scores=(row + "AA",)).scores
