"""Cells of published agreements: those whose target is clear become commitments, the rest stays ambiguous."""

from typing import Final, Literal

from msgspec import Struct

from domain.figure import FigureKind, ParsedFigure, parse_figure
from services.importing.cells import read_year
from services.importing.csv_reading import Row
from services.importing.entities import Entities, Entity
from services.importing.faults import Fault
from services.importing.tables import Tables

Status = Literal["clear", "ambiguous", "not_filled", "not_applicable", "not_obtained"]

_ABSENT: Final[dict[FigureKind, Status]] = {
    "blank": "not_filled",
    "not_applicable": "not_applicable",
    "not_obtained": "not_obtained",
}
_UNCLEAR: Final[dict[FigureKind, str]] = {
    "ambiguous": "angka dapat dibaca dengan dua cara",
    "fraction": "target berupa bagian dari jumlah",
    "ratio": "target berupa perbandingan",
    "predicate": "target berupa predikat tanpa jenjang",
    "ordinal": "target berupa jenjang tanpa skala",
    "text": "target bukan satu angka",
}


class CommitmentItem(Struct, frozen=True, kw_only=True):
    """One cell of an agreement: `target` as written (null: empty); `year` is null where the row names several."""

    entity: str
    year: int | None
    indicator: str
    target: str | None
    direction: str | None
    status: Status
    reason: str | None


class ReadCommitment(Struct, frozen=True, kw_only=True):
    """A cell of an agreement with what it says and whose it is."""

    row: Row
    entity: Entity
    item: CommitmentItem
    target: ParsedFigure


class CommitmentReader:
    """Reads rows of agreements."""

    def __init__(self, entities: Entities, tables: Tables) -> None:
        self._entities = entities
        self._tables = tables
        self.errors: list[Fault] = []

    def read(self, row: Row) -> ReadCommitment | None:
        """Read one row; a row without an entity, an indicator or any year is only an error."""
        missing = [column for column in ("entity", "indicator") if not row[column]]
        self.errors.extend(row.fault("cell_missing", column) for column in missing)
        year = read_year(row["year"])
        if year is None and not any(read_year(part) for part in row["year"].replace("–", "-").split("-")):
            self.errors.append(row.fault("year_unreadable", "year", detail=row["year"]))
            return None
        if missing:
            return None
        target = parse_figure(row["target"])
        status, reason = _judge(row, target, year)
        return ReadCommitment(
            row=row,
            entity=self._entities.resolve(row["entity"], year),
            item=CommitmentItem(
                entity=row["entity"],
                year=year,
                indicator=row["indicator"],
                target=row["target"] or None,
                direction=self._tables.direction(row["indicator"]),
                status=status,
                reason=reason,
            ),
            target=target,
        )


def _judge(row: Row, target: ParsedFigure, year: int | None) -> tuple[Status, str | None]:
    if target.kind in _ABSENT:
        return _ABSENT[target.kind], None
    if target.kind in _UNCLEAR:
        return "ambiguous", _UNCLEAR[target.kind]
    if year is None:
        return "ambiguous", "baris menyebut beberapa tahun"
    if row["indicator"].startswith("("):
        return "ambiguous", "nama indikator tidak ada dalam sumber"
    december = parse_figure(row["dec"])
    if december.kind != "blank" and december.value != target.value:
        return "ambiguous", "nilai Desember berbeda dari target tahunan"
    return "clear", None
