"""Published achievements, rows taken by hand: which formula reproduces the print, and what cannot be said."""

import pytest

from services.importing.achievements import AchievementItem
from tests.services.importing.staged import codes, stage

PEMDA = "Pemerintah Kabupaten Gunungkidul"


def only(cells: str) -> AchievementItem:
    (read,) = stage(achievements=(f"{PEMDA},2023,Indikator,,{cells},sumber,apa saja",)).achievements
    return read.item


@pytest.mark.parametrize(
    ("cells", "formula", "agrees", "status"),
    [
        ('maximise,"A (80,50)","BB (79,39)",98.62', "R/T", True, "computed"),
        ("minimise,1.98,2.09,94.44", "(2T-R)/T", True, "computed"),
        ("minimise,0.321,0.343,93.15", "(2T-R)/T", True, "computed"),
        ('maximise,"22,6038","73,39",324', "R/T", True, "computed"),
        ("maximise,3837967,4079710,106.31", None, False, "computed"),
        ('maximise,"4.079,71",4.387.740,107.55', None, False, "computed"),
        ("maximise,82.00,97.84,97.84", None, False, "computed"),
        ('maximise,100%,100%,"65,93%"', None, False, "computed"),
        ("predicate,WTP,WTP,100", None, None, "cannot_compute"),
        ('maximise,"BB(78,84)",**),', None, None, "cannot_compute"),
        ('maximise,"80,07",,', None, None, "not_filled"),
        ("maximise,80.04,-,-", None, None, "not_filled"),
        ('maximise,N/A,"87,4%",N/A', None, None, "not_applicable"),
        ("maximise,100,TDI,", None, None, "not_obtained"),
        ("maximise,135000,44.113,306", None, False, "ambiguous"),
    ],
)
def test_the_print_is_checked(cells: str, formula: str | None, agrees: bool | None, status: str) -> None:  # noqa: FBT001
    item = only(cells)
    assert (item.formula, item.agrees, item.status) == (formula, agrees, status)


def test_the_achievement_is_uncapped_decimal_text_by_the_declared_direction() -> None:
    assert only("maximise,2,4,200").achievement == "200"
    assert only("minimise,2,4,200").achievement == "0"
    assert only("maximise,3,1,33").achievement == "33.3333333333"
    assert only(",3,1,33").achievement is None


def test_cells_are_told_as_written() -> None:
    item = only('maximise,"A (80,50)","BB (79,39)",98.62')
    assert (item.target, item.realisation, item.published) == ("A (80,50)", "BB (79,39)", "98.62")
    assert (item.entity, item.year, item.indicator, item.direction) == (PEMDA, 2023, "Indikator", "maximise")
    assert only("maximise,5,,").published is None


def test_a_row_needs_an_entity_an_indicator_a_year_and_a_known_direction() -> None:
    batch = stage(
        achievements=(",2023,I,,maximise,1,1,100,,", "X,2023,,,maximise,1,1,100,,", "X,th,I,,maximise,1,1,,,")
    )
    assert codes(batch) == ["cell_missing", "cell_missing", "year_unreadable"]
    assert batch.achievements == ()
    assert codes(stage(achievements=("X,2023,I,,naik,1,1,100,,",))) == ["direction_unknown"]


def test_the_same_indicator_with_other_figures_is_an_error_and_repeated_it_is_none() -> None:
    first, other = (f"{PEMDA},2023,Indeks,,maximise,70,{figure},100,," for figure in ("70", "71"))
    assert codes(stage(achievements=(first, first))) == []
    assert codes(stage(achievements=(first, other))) == ["row_contradicted"]
