"""The sheets of the played year: every line fits below its heads, and names the events that made it."""

import msgspec
import pytest

from projections.commitment_ledger import TargetRevision
from services.bootstrap import System
from services.demo.cast import INSTITUTION
from services.year_file import YearFile, open_year_file
from services.year_sheets.order import Sheet, sheets_of
from services.year_workbook import year_workbook

YEAR = 2024
ZONE = "Asia/Jakarta"

KINDS = {
    "Perjanjian Kinerja": {"dibuka", "target awal", "perubahan perjanjian kinerja terlambat", "koreksi versi 1"},
    "Realisasi": {"periode", "tahun", "koreksi"},
    "Laporan": {"langkah", "keadaan"},
    "Nilai": {"hasil", "komponen", "penetapan"},
    "Tindak Lanjut": {"rencana aksi", "kemajuan", "hasil", "batas waktu", "selesai"},
    "Penundaan TPP": {"ditunda", "keberatan", "bagian"},
}
"""The kinds of lines that are made each in its own way, of the sheets that have more than one."""


def with_a_corrected_target(file: YearFile) -> YearFile:
    """Return the file with a correction of a target, of which the played year has none."""
    agreement = next(each for each in file.agreements if each.changes)
    (change, *_), (promised, *_) = agreement.changes, agreement.commitments
    revision = TargetRevision(
        kind="correction",
        commitment=promised.commitment.id,
        version=1,
        before=promised.original_target,
        after=promised.target,
        reason=change.reason,
        trace=change.trace,
    )
    corrected = msgspec.structs.replace(agreement, revisions=(revision,))
    return msgspec.structs.replace(file, agreements=(corrected,))


def test_every_line_is_as_long_as_its_heads(year: System) -> None:
    file = with_a_corrected_target(open_year_file(year.reader, INSTITUTION, YEAR))
    for sheet in sheets_of(file, {}, ZONE):
        lines = list(sheet.lines)
        assert {len(line) for line in lines} == {len(sheet.heads)}, sheet.title
        if sheet.title in KINDS:
            at = sheet.heads.index("Baris")
            assert {line[at] for line in lines} >= KINDS[sheet.title], sheet.title


@pytest.mark.parametrize("length", [2, 4])
def test_a_line_of_another_length_makes_no_workbook(year: System, monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR, unit="dinkes")
    wrong = Sheet("Laporan", ("Unit", "Baris", "Keadaan"), iter([("dinkes",) * length]))
    monkeypatch.setattr("services.year_workbook.sheets_of", lambda *_: [wrong])
    with pytest.raises(ValueError, match=r"shorter|longer"):
        year_workbook(file, {}, ZONE)


def test_every_line_names_events_that_are_in_the_file(year: System) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR)
    known = {event.position for event in file.events}
    lines = without = 0
    for sheet in sheets_of(file, {}, ZONE):
        at = sheet.heads.index("Posisi")
        for line in sheet.lines:
            lines += 1
            positions = {int(each) for each in str(line[at]).split(", ")} if line[at] else set()
            assert positions <= known, (sheet.title, line)
            without += not positions
            assert positions or line[1] in {"periode", "tahun"}, (sheet.title, line)
    assert lines > 500
    assert without < lines / 5
