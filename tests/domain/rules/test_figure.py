"""Cells as people write them: one table of expected readings, and no text that makes the reader stumble."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bounds import check_figure
from domain.figure import FigureKind, ParsedFigure, parse_figure

NUMBERS = {
    "4.079,71": ("4079.71", 2),
    "0.355": ("0.355", 3),
    "0,9": ("0.9", 1),
    "2,165": ("2.165", 3),
    "22,6038": ("22.6038", 4),
    "94,50": ("94.50", 2),
    "80.50": ("80.50", 2),
    "-2.24": ("-2.24", 2),
    "+5": ("5", 0),
    ",5": ("0.5", 1),
    "0123.456": ("123.456", 3),
    "2.800.000": ("2800000", 0),
    "1.550.220,39": ("1550220.39", 2),
    "36.919.809,00": ("36919809.00", 2),
    "20.959.401.847": ("20959401847", 0),
    "1,234.56": ("1234.56", 2),
    "1,234,567": ("1234567", 0),
    "100%": ("100", 0),
    "87,50 %": ("87.50", 2),
    "  75,35\u00a0": ("75.35", 2),
    "Rp 44.113": ("44113", 0),
    "Rp. 2.500.000,00": ("2500000.00", 2),
    "4,5 juta": ("4500000", 0),
    "4.079,7112345 juta rupiah": ("4079711234.5", 1),
    "25 km2": ("25", 0),
    "999.999.999.999.999": ("999999999999999", 0),
}

WITH_TEXT = {
    "A (80,50)": ("80.50", "A", ""),
    "BB(78,84)": ("78.84", "BB", ""),
    "88,31 (A)": ("88.31", "A", ""),
    "Sangat Baik (88,31)": ("88.31", "Sangat Baik", ""),
    "38% (Evaluasi Semester I)": ("38", "", "Evaluasi Semester I"),
    "140 Kelompok (1400 orang)": ("140", "", "Kelompok (1400 orang)"),
    "95 persen": ("95", "", "persen"),
}

OTHERS: dict[str, FigureKind] = {
    "": "blank",
    "   ": "blank",
    "-": "blank",
    "–": "blank",
    "n/a": "not_applicable",
    "N/A": "not_applicable",
    "Tidak berlaku": "not_applicable",
    "TDI": "not_obtained",
    "Tidak Diperoleh Informasi": "not_obtained",
    "WTP": "predicate",
    "BB": "predicate",
    "sangat baik": "predicate",
    "Level 3 Plus": "ordinal",
    "Level 3": "ordinal",
    "Tingkat IV": "ordinal",
    "44.113": "ambiguous",
    "-3.286": "ambiguous",
    "1.000 orang": "ambiguous",
    "1.234:5": "ambiguous",
    "A (80.500)": "ambiguous",
}

TEXTS = [
    "**)",
    "Paripurna",
    "1_000",
    "\uff11\uff12",
    "٣",
    "1²",
    "NaN",
    "Infinity",
    "-inf",
    "1e3",
    "1e999999",
    "0x10",
    "1 000",
    "5.",
    "5,",
    "1,,5",
    "--5",
    "1.23.456",
    "0.123.456",
    "1.234.56",
    "1.234,56,7",
    "1,234.567,8",
    "12/2015",
    "9" * 16,
    "1.000.000.000.000.000",
    "999 999 juta",
    "9.000.000.000 juta",
    "0,12345678901",
    "90-80",
    "3 dari",
    "5 dan 6",
    "5 dan lainnya",
    "Tidak diadakan karena Covid19",
    "100 (",
    "C (80) (90)",
]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read_with_the_places_as_written(text: str) -> None:
    parsed = parse_figure(text)
    assert parsed.kind == "number"
    assert (str(parsed.value), parsed.decimals) == NUMBERS[text]
    assert parsed.percent == ("%" in text)


@pytest.mark.parametrize("text", WITH_TEXT)
def test_what_stands_beside_a_number_is_kept(text: str) -> None:
    parsed = parse_figure(text)
    assert parsed.kind == "number"
    assert (str(parsed.value), parsed.label, parsed.note) == WITH_TEXT[text]


@pytest.mark.parametrize("text", OTHERS)
def test_other_cells_have_a_kind_and_no_value(text: str) -> None:
    parsed = parse_figure(text)
    assert (parsed.kind, parsed.value) == (OTHERS[text], None)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_no_figure_is_text(text: str) -> None:
    parsed = parse_figure(text)
    assert (parsed.kind, parsed.value, parsed.readings, parsed.label) == ("text", None, (), text)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("9" * 10_000, "lebih dari 300 karakter"),
        ("1" + "." * 400, "lebih dari 300 karakter"),
        ("1\x00", "memuat karakter terlarang"),
        ("\ud800", "memuat karakter terlarang"),
        ("80\x9f", "memuat karakter terlarang"),
    ],
)
def test_a_cell_that_no_store_could_hold_is_text_without_its_text(text: str, note: str) -> None:
    assert parse_figure(text) == ParsedFigure(kind="text", note=note)


def test_a_single_point_before_three_digits_has_two_readings_and_no_value() -> None:
    parsed = parse_figure("44.113")
    assert [(str(reading.value), reading.decimals) for reading in parsed.readings] == [("44.113", 3), ("44113", 0)]
    assert parsed.value is None


@pytest.mark.parametrize(
    ("text", "kind", "parts", "quotient"),
    [
        ("1:79", "ratio", ("1", "79"), Decimal("0.01265822784810126582278481012658227848101")),
        ("1 : 2,5", "ratio", ("1", "2.5"), Decimal("0.4")),
        ("1:0", "ratio", ("1", "0"), None),
        ("100 dari 110 Organisasi", "fraction", ("100", "110"), Decimal("0.9090909090909090909090909090909090909091")),
        ("80–90", "range", ("80", "90"), None),
        ("80,5 s.d. 90%", "range", ("80.5", "90"), None),
    ],
)
def test_two_figures_that_belong_together_are_kept_as_two(
    text: str, kind: str, parts: tuple[str, str], quotient: Decimal | None
) -> None:
    parsed = parse_figure(text)
    assert parsed.parts is not None
    assert (parsed.kind, tuple(map(str, parsed.parts)), parsed.value) == (kind, parts, None)
    assert parsed.quotient == quotient


@given(st.one_of(st.text(), st.text(alphabet="0123456789.,%-+ ()RpeEx:dari_", max_size=40)))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    parsed = parse_figure(text)
    assert (parsed.value is not None) == (parsed.kind == "number")
    for reading in parsed.readings:
        assert check_figure(reading.value) == reading.value
    assert msgspec.json.decode(msgspec.json.encode(parsed), type=ParsedFigure) == parsed


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=2))
def test_a_figure_written_the_indonesian_way_is_read_back(value: Decimal) -> None:
    written = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_figure(written).value == value
