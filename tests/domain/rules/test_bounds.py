"""Texts and figures that would break a store or a sum are refused at the edge."""

from decimal import Decimal

import msgspec
import pytest

from domain.bounds import Digest, FiscalYear, Identifier, Line, Paragraph, Version, check_figure
from domain.indicator import NumberTarget


@pytest.mark.parametrize("text", ["", " ", "a\n", "a\x00b", "\x85", "\ud800", "\u2028", "x" * 301, "a\tb"])
def test_a_line_refuses(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Line)


@pytest.mark.parametrize("text", ["Nilai AKIP", "–", "😀", "x" * 300, "Jum’at × 2"])
def test_a_line_accepts(text: str) -> None:
    assert msgspec.convert(text, Line) == text


def test_a_paragraph_keeps_its_lines_but_no_control_characters() -> None:
    assert msgspec.convert("satu\r\n\tdua\n", Paragraph) == "satu\r\n\tdua\n"
    for text in ("", "\n\n", "a\x00", "a\x0b", "\udfff", "x" * 10_001):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, Paragraph)


@pytest.mark.parametrize("text", ["", "-a", "A", "a_b", "a\n", "a" * 41, "é", "a/b"])
def test_an_identifier_refuses(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Identifier)


def test_numbers_and_digests_are_bounded() -> None:
    assert msgspec.convert(2024, FiscalYear) == 2024
    assert msgspec.convert("0" * 64, Digest) == "0" * 64
    for value, kind in ((1999, FiscalYear), (2101, FiscalYear), (-1, Version), (2**53 + 1, Version)):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(value, kind)
    for text in ("0" * 63, "G" * 64, "0" * 64 + "\n"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, Digest)


@pytest.mark.parametrize("text", ["0", "-44.01", "999999999999999.9999999999", "1E+14", "0.0000000001", "-0"])
def test_a_figure_within_bounds_is_kept(text: str) -> None:
    assert check_figure(Decimal(text)) == Decimal(text)


@pytest.mark.parametrize(
    "text", ["NaN", "sNaN", "Infinity", "-Infinity", "1e15", "-1e15", "1e999999", "0e999999", "1e-11", "0.00000000001"]
)
def test_a_figure_out_of_bounds_is_refused_also_in_a_body(text: str) -> None:
    with pytest.raises(ValueError, match="Angka"):
        check_figure(Decimal(text))
    with pytest.raises(msgspec.ValidationError, match="Angka"):
        msgspec.json.decode(f'{{"type":"number","value":"{text}"}}', type=NumberTarget)
