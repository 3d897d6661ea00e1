"""The auditor's year as a workbook (XLSX): a cover, a sheet for each register, and every event.

The same question gives the same bytes. No cell is ever a formula or a link, whatever a text begins with.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from domain.errors import Inadmissible
from domain.event import Event, RecordedEvent
from services.indonesian import day, instant
from services.told_event import rules_of
from services.year_file import YearFile
from services.year_sheets.cells import Line, Quotient
from services.year_sheets.order import Sheet, sheets_of

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = 32_767
"""How many characters a cell holds."""
CUT: Final = "… (terpotong: berkas JSON memuat seluruhnya)"
MOST_LINES: Final = 1_048_575
"""How many lines a sheet holds below its head."""
FIRST_YEAR: Final = 1901
"""From which year on a cell can hold a day as a date: the count of days in workbooks is wrong at its beginning."""
_EXACT: Final = Context(prec=15, rounding=ROUND_HALF_UP)
"""A cell holds fifteen digits exactly, and no more."""

NOT_SHOWN: Final = (
    "Berkas ini tidak membuktikan bahwa catatan tidak ditulis ulang; untuk itu pakai `sakip export` dan checkpoint.",
    "Berkas ini tidak menunjukkan bahwa isi catatan benar, atau bahwa semua yang terjadi dicatat.",
    "Bukti dukung dan naskah bertanda tangan hanya disebut dengan sidiknya; berkasnya tidak ada di sini.",
    "Angka hasil hitungan dibulatkan sampai 15 angka penting; berkas JSON memuatnya utuh.",
    "Teks yang sudah dihapus tinggal sidiknya; di sini hanya ditandai.",
)


class WorkbookTooLarge(Inadmissible):
    """A sheet would have more lines than workbooks have; JSON has no such limit."""

    code = "workbook_too_large"
    title = "Terlalu banyak baris untuk buku kerja; pakai berkas JSON"


class _Styles(NamedTuple):
    """How cells look."""

    head: Format
    figure: Format
    whole: Format
    day: Format
    instant: Format
    text: Format


def year_workbook(file: YearFile, texts: Mapping[str, str], time_zone: str, root: str | None = None) -> bytes:
    """Return the workbook of a year; `texts` are the typed texts by digest, `root` that of the log at the position.

    Raises:
        WorkbookTooLarge: there are more events than a sheet has lines.
    """
    content = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, {"in_memory": True, "remove_timezone": True, **plain})
    book.set_properties({"title": f"SAKIP {file.institution} {file.year}", "created": _naive(_last_of(file))})
    styles = _styles(book)
    _cover(book.add_worksheet("Sampul"), styles, list(_told(file, time_zone, root)))
    for sheet in sheets_of(file, texts, time_zone):
        _write(book.add_worksheet(sheet.title), styles, sheet)
    book.close()
    return content.getvalue()


def file_name(file: YearFile) -> str:
    """Return what the workbook is called: institution, year, unit and position say which question it answers."""
    unit = f"-{file.unit}" if file.unit else ""
    return f"sakip-{file.institution}-{file.year}{unit}-posisi-{file.position}.xlsx"


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    top: dict[str, Any] = {"valign": "top"}
    return _Styles(
        head=book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#D9E2EC", "bottom": 1}),
        figure=book.add_format({**top, "num_format": "#,##0.##########"}),
        whole=book.add_format({**top, "num_format": "0"}),
        day=book.add_format({**top, "num_format": "dd/mm/yyyy", "align": "left"}),
        instant=book.add_format({**top, "num_format": "dd/mm/yyyy hh:mm:ss", "align": "left"}),
        text=book.add_format({**top, "text_wrap": True}),
    )


def _told(file: YearFile, time_zone: str, root: str | None) -> Iterator[tuple[str, str | int]]:
    yield "Instansi", f"{file.name or file.institution} ({file.institution})"
    yield "Tahun kinerja", file.year
    yield "Unit", file.unit or "semua"
    last = _last_of(file)
    told = f"{instant(last, time_zone)} ({last.isoformat()})" if file.events else "tidak ada"
    yield "Peristiwa terakhir yang termuat", told
    yield "Berlaku pada", day(file.valid_on)
    yield "Posisi log", file.position
    if root is not None:
        yield "Akar log pada posisi itu (SHA-256, RFC 6962)", root
    yield "Jumlah peristiwa", len(file.events)
    for parked in file.parked:
        stopped = f"{parked.model} {parked.key} tidak mengikuti log sejak posisi {parked.position}"
        yield "PERHATIAN: data baca tertinggal", stopped
    yield "Waktu dalam lembar", f"menurut zona {time_zone}"
    for name, version, digest in sorted(_rules(file.events)):
        yield "Aturan yang menghasilkan angka dan tanggal", f"{name} versi {version}, sidik {digest}"
    yield "Dapat dibuat lagi dengan", _again(file)
    yield from (("Yang tidak diperlihatkan", each) for each in NOT_SHOWN)


def _again(file: YearFile) -> str:
    """Return the command that makes the same bytes, or why none does: a replay would be refused."""
    if file.parked:
        return "tidak dapat, karena data baca tertinggal; buat berkas baru sesudah itu diperbaiki"
    if file.position == 0:
        return "tidak dapat, karena belum ada peristiwa yang termuat"
    asked = f"--year {file.year}" + (f" --unit {file.unit}" if file.unit else "")
    moment = f"--known-at {file.position} --valid-on {file.valid_on.isoformat()}"
    return f"sakip replay --institution {file.institution} {asked} {moment} --xlsx FILE"


def _last_of(file: YearFile) -> datetime:
    """Return when the last event of the file was recorded: other than `known_at` it is the same however one asks."""
    return max((event.recorded_at for event in file.events), default=datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))


def _rules(events: Iterable[RecordedEvent[Event]]) -> set[tuple[str, int, str]]:
    return {(rule.name, rule.version, rule.digest) for event in events for rule in rules_of(event.body)}


def _cover(sheet: Worksheet, styles: _Styles, told: list[tuple[str, str | int]]) -> None:
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 110)
    for number, (name, value) in enumerate(told):
        sheet.write_string(number, 0, name, styles.head)
        _cell(sheet, styles, number, 1, value)


def _write(sheet: Worksheet, styles: _Styles, content: Sheet) -> None:
    widths = [len(head) for head in content.heads]
    for column, head in enumerate(content.heads):
        sheet.write_string(0, column, head, styles.head)
    last = 0
    for last, line in enumerate(content.lines, start=1):
        if last > MOST_LINES:
            raise WorkbookTooLarge(sheet=content.title)
        _line(sheet, styles, last, line)
        widths = [max(width, _width(cell)) for width, cell in zip(widths, line, strict=True)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, 8), 60))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(content.heads) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()


def _line(sheet: Worksheet, styles: _Styles, row: int, line: Line) -> None:
    for column, value in enumerate(line):
        _cell(sheet, styles, row, column, value)


def _cell(sheet: Worksheet, styles: _Styles, row: int, column: int, value: Any) -> None:  # noqa: ANN401 - a cell
    match value:
        case None:
            return
        case Quotient(value=exact):
            sheet.write_number(row, column, float(_EXACT.plus(exact)), styles.figure)
        case Decimal() if _EXACT.plus(value) == value:
            sheet.write_number(row, column, float(value), styles.figure)
        case int():
            sheet.write_number(row, column, value, styles.whole)
        case datetime():
            sheet.write_datetime(row, column, value, styles.instant)
        case date() if value.year >= FIRST_YEAR:
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), styles.day)  # noqa: DTZ001
        case _:
            sheet.write_string(row, column, _short(str(value)), styles.text)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def _width(value: object) -> int:
    return 18 if isinstance(value, date) else len(str(value))


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None, microsecond=0)
