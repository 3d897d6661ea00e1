"""Reading one CSV file of a known form: every cell is bounded, and whatever is wrong becomes a fault, never a crash."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from services.importing.faults import Fault, fault
from services.importing.forms import Form

MAX_BYTES: Final = 50_000_000
MAX_ROWS: Final = 200_000
MAX_CELL: Final = 4_000
_BOM: Final = b"\xef\xbb\xbf"
_ALLOWED_CONTROLS: Final = frozenset("\t\n\r")


class Row(Struct, frozen=True, kw_only=True):
    """One row with the cells that may be read, stripped; `line` is the first line of the file that it stands on."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell; a column that the file does not have is empty."""
        return self.cells.get(column, "")

    def fault(self, code: str, column: str | None = None, *, detail: object = "") -> Fault:
        """Say what is wrong in this row."""
        return fault(code, self.file, self.line, column, detail=detail)


class Sheet(Struct, frozen=True, kw_only=True):
    """What was read of one file; `unreadable`: its heading is of no use, so there are no rows."""

    rows: tuple[Row, ...] = ()
    errors: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    unreadable: bool = False


def read_sheet(form: Form, content: bytes) -> Sheet:
    """Read the bytes of a file: UTF-8 with or without BOM, comma-separated, the first row its heading. Never raises."""
    if len(content) > MAX_BYTES:
        return _unreadable(fault("file_too_large", form.file, detail=MAX_BYTES))
    # Bytes that are no UTF-8 become lone surrogates, so that only the rows that hold them are lost.
    text = content.removeprefix(_BOM).decode("utf-8", "surrogateescape")
    lines = _lines(form.file, text)
    heading = next(lines, None)
    if heading is None or isinstance(heading, Fault):
        return _unreadable(heading or fault("header_missing", form.file, 1))
    columns = [column.strip() for column in heading[1]]
    broken = _heading_faults(form, columns)
    if broken:
        return _unreadable(*broken)
    rows, errors = _read_rows(form, columns, lines)
    known = {*form.read, *form.unread}
    strangers = [fault("column_ignored", form.file, 1, column) for column in columns if column not in known]
    return Sheet(rows=tuple(rows), errors=tuple(errors), warnings=tuple(strangers))


def _unreadable(*faults: Fault) -> Sheet:
    return Sheet(errors=faults, unreadable=True)


def _lines(file: str, text: str) -> Iterator[tuple[int, list[str]] | Fault]:
    """Yield each row that is not blank with its first line, or the fault that hides it."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield fault("row_malformed", file, begins, detail=error)
            continue
        if any(cell.strip() for cell in cells):
            yield begins, cells


def _heading_faults(form: Form, columns: Sequence[str]) -> list[Fault]:
    if any(_is_surrogate(character) for column in columns for character in column):
        return [fault("header_not_utf8", form.file, 1)]
    repeated = [column for column in form.read if columns.count(column) > 1]
    missing = [column for column in form.required if column not in columns]
    return [
        *(fault("header_repeated", form.file, 1, column) for column in repeated),
        *(fault("column_missing", form.file, 1, column) for column in missing),
    ]


def _read_rows(
    form: Form, columns: Sequence[str], lines: Iterator[tuple[int, list[str]] | Fault]
) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    errors: list[Fault] = []
    readable = frozenset(form.read)
    for found in lines:
        if isinstance(found, Fault):
            errors.append(found)
            continue
        line, cells = found
        if len(rows) == MAX_ROWS:
            errors.append(fault("too_many_rows", form.file, line, detail=MAX_ROWS))
            break
        if len(cells) != len(columns):
            errors.append(fault("column_count", form.file, line, detail=f"{len(cells)} sel, {len(columns)} kolom"))
            continue
        kept = {column: cell.strip() for column, cell in zip(columns, cells, strict=True) if column in readable}
        row = Row(file=form.file, line=line, cells=kept)
        faults = [bad for column, cell in kept.items() if (bad := _cell_fault(row, column, cell)) is not None]
        errors.extend(faults)
        if not faults:
            rows.append(row)
    return rows, errors


def _cell_fault(row: Row, column: str, cell: str) -> Fault | None:
    if len(cell) > MAX_CELL:
        return row.fault("cell_too_long", column, detail=MAX_CELL)
    if any(_is_surrogate(character) for character in cell):
        return row.fault("not_utf8", column)
    if any(_is_control(character) for character in cell):
        return row.fault("control_character", column)
    return None


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _is_control(character: str) -> bool:
    return (character < " " and character not in _ALLOWED_CONTROLS) or "\x7f" <= character <= "\x9f"
