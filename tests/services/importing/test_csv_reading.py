"""Files as they come: any damage becomes a fault with its line, and the other rows are read."""

import re

import pytest

from services.importing.csv_reading import MAX_CELL, read_sheet
from services.importing.forms import FORMS, SCORES
from tests.services.importing.staged import SCORES as HEADING
from tests.services.importing.staged import codes, stage_bytes, table

GOOD = "Kota Bima,kota,2019,PermenPANRB 12/2015,67.05,B,ntbpos.co,"


def read(content: bytes) -> tuple[list[int], list[tuple[str, int | None, str | None]]]:
    """Return the lines of the rows that were read, and the faults."""
    sheet = read_sheet(SCORES, content)
    return [row.line for row in sheet.rows], [(each.code, each.line, each.column) for each in sheet.errors]


def test_a_byte_order_mark_makes_no_difference() -> None:
    plain = table(HEADING, GOOD)
    assert read_sheet(SCORES, b"\xef\xbb\xbf" + plain) == read_sheet(SCORES, plain)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_will_do(ending: str) -> None:
    assert read(table(HEADING, GOOD, GOOD).replace(b"\n", ending.encode())) == ([2, 3], [])


def test_a_quoted_cell_may_span_lines_and_the_next_row_keeps_its_own_line() -> None:
    spanning = GOOD.replace("Kota Bima", '"Kota\nBima"')
    assert read(table(HEADING, spanning, "", GOOD)) == ([2, 5], [])


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (b"Kota Bima,kota", ("column_count", 2, None)),
        (GOOD.encode() + b",one too many", ("column_count", 2, None)),
        (GOOD.encode().replace(b"Bima", b"Bi\xffma"), ("not_utf8", 2, "entity")),
        (GOOD.encode().replace(b"Bima", b"Bi\x00ma"), ("control_character", 2, "entity")),
        (GOOD.encode().replace(b"67.05", b"67\xc2\x8505"), ("control_character", 2, "total")),
        (GOOD.encode().replace(b"Bima", b"B" * (MAX_CELL + 1)), ("cell_too_long", 2, "entity")),
        (GOOD.encode().replace(b"Kota Bima", b'"Kota"Bima'), ("row_malformed", 2, None)),
        (GOOD.encode().replace(b"Bima", b"B" * 140_000), ("row_malformed", 2, None)),
    ],
)
def test_a_damaged_row_is_an_error_and_the_next_is_read(row: bytes, fault: tuple[str, int, str | None]) -> None:
    content = HEADING.encode() + b"\n" + row + b"\n" + GOOD.encode() + b"\n"
    assert read(content) == ([3], [fault])


def test_a_quote_that_never_ends_is_an_error() -> None:
    lines, faults = read(table(HEADING, GOOD, '"' + GOOD))
    assert (lines, faults) == ([2], [("row_malformed", 3, None)])


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("", "header_missing"),
        ("entity,year,total", "column_missing"),
        ("entity;year;total;predicate", "column_missing"),
        ("entity,year,total,predicate,total", "header_repeated"),
    ],
)
def test_a_useless_heading_makes_the_file_unreadable(heading: str, code: str) -> None:
    batch = stage_bytes({"lhe_scores.csv": table(heading)})
    assert code in codes(batch)
    assert batch.exit_code == 2


@pytest.mark.parametrize("content", [b"\xff\xfee\x00n\x00t\x00", b"ent\xffity,year,total,predicate\n", b"\x00\x01\x02"])
def test_a_file_that_is_no_text_is_unreadable(content: bytes) -> None:
    assert stage_bytes({"lhe_scores.csv": content}).exit_code == 2


def test_an_unreadable_file_leaves_the_others_alone() -> None:
    batch = stage_bytes({"lhe_scores.csv": table(HEADING, GOOD), "submissions.csv": b""})
    assert (len(batch.scores), batch.exit_code) == (1, 2)


def test_a_heading_alone_is_clean_and_strange_columns_are_warned_of() -> None:
    batch = stage_bytes({"lhe_scores.csv": table("entity,year,total,predicate,warna")})
    assert batch.exit_code == 0
    assert [(each.code, each.column) for each in batch.warnings] == [("column_ignored", "warna")]


@pytest.mark.parametrize("file", FORMS)
def test_no_computed_column_is_ever_read(file: str) -> None:
    computed = re.compile(r"expected_.*|calc_.*|formula_.*|.*_num|.*_check")
    assert [column for column in FORMS[file].read if computed.fullmatch(column)] == []


def test_every_form_keeps_its_computed_columns_from_the_rows() -> None:
    for form in FORMS.values():
        heading = ",".join((*form.read, *form.unread))
        sheet = read_sheet(form, table(heading, ",".join("1" for _ in (*form.read, *form.unread))))
        assert sheet.warnings == ()
        assert [set(row.cells) for row in sheet.rows] == [set(form.read)]
