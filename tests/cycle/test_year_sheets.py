"""The sheets of the played year: every line fits below its heads, and names the events that made it."""

import msgspec
import pytest

from projections.commitment_ledger import TargetRevision
from services.bootstrap import System
from services.demo.cast import INSTITUTION
from services.year_file import YearFile, open_year_file
from services.year_sheets.order import Sheet, sheets_of
from services.year_workbook import year_workbook
from tests.projections.test_hold_register import begun, decided, filed, released, the
from tests.services.test_year_sheets import lines_of

YEAR = 2024
ZONE = "Asia/Jakarta"

KINDS = {
    "Perjanjian Kinerja": {"dibuka", "target awal", "perubahan perjanjian kinerja terlambat", "koreksi versi 1"},
    "Realisasi": {"periode", "tahun", "koreksi"},
    "Laporan": {"langkah", "keadaan"},
    "Nilai": {"hasil", "komponen", "penetapan"},
    "Tindak Lanjut": {"rencana aksi", "kemajuan", "hasil", "batas waktu", "selesai"},
    "Penundaan TPP": {"ditunda", "keberatan", "keberatan ditolak", "pelepasan", "bagian"},
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


def test_a_hold_is_told_from_the_notice_to_what_was_released(year: System) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR)
    types = {event.position: event.type for event in file.events}
    of_hold = [each for each in lines_of(file, "Penundaan TPP") if each["Penundaan TPP"] == "2024.disdik.agreement"]
    told = {
        each["Baris"]: (
            types.get(each["Posisi"]),
            *(str(each[head] or "") for head in ("Tanggal", "Nomor", "Orang", "Ditunda (%)", "Dilepas (%)")),
        )
        for each in of_hold
    }
    until = {each["Baris"]: str(each["Batas waktu"]) for each in of_hold if each["Batas waktu"]}

    assert told["diberi tahu"] == ("hold.notice_served.v1", "2024-02-20", "800/117/2024", "", "", "")
    assert told["ditunda"] == ("hold.imposed.v1", "2024-03-05", "Kep. Sekda 841/2024", "", "", "")
    assert told["keberatan"] == ("hold.objection_filed.v1", "2024-03-13", "", "", "", "")
    assert told["keberatan ditolak"] == ("hold.objection_decided.v1", "2024-03-20", "", "", "", "")
    assert told["pelepasan"] == ("hold.released.v1", "2024-03-25", "", "bambang", "", "50")
    assert told["bagian"][3:] == ("bambang", "50", "")
    assert until == {"diberi tahu": "2024-02-29", "keberatan": "2024-03-27"}
    assert {each["Masih ditunda (%)"] for each in of_hold if each["Baris"] == "bagian"} == {0}
    assert all(each["Alasan"] for each in of_hold if each["Baris"] in {"keberatan ditolak", "pelepasan"})


def test_an_objection_still_pending_has_no_outcome(year: System) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR, known_at="2024-03-19")
    kinds = [each["Baris"] for each in lines_of(file, "Penundaan TPP")]

    assert "keberatan" in kinds
    assert not [each for each in kinds if each.startswith("keberatan ")]
    assert "pelepasan" not in kinds


@pytest.mark.parametrize(
    ("upheld", "deemed", "told"),
    [
        (False, False, "keberatan ditolak"),
        (True, False, "keberatan dikabulkan"),
        (True, True, "keberatan dianggap dikabulkan"),
    ],
)
def test_how_an_objection_ended_and_what_each_person_got_back_is_told(
    year: System, *, upheld: bool, deemed: bool, told: str
) -> None:
    hold = the(
        begun(
            filed(),
            decided("2025-04-10", upheld=upheld, deemed=deemed),
            released("2025-05-01", "part", {"kadis": "20", "sekdis": "10"}),
            released("2025-06-01", "all", {"kadis": "30", "sekdis": "10"}, ended=True),
        )
    )
    file = msgspec.structs.replace(open_year_file(year.reader, INSTITUTION, YEAR), holds=(hold,))
    lines = lines_of(file, "Penundaan TPP")

    (ended,) = (each for each in lines if each["Baris"].startswith("keberatan "))
    assert (ended["Baris"], ended["Orang"], str(ended["Tanggal"])) == (told, "kadis", "2025-04-10")
    freed = [each for each in lines if each["Baris"] == "pelepasan"]
    assert [(str(each["Tanggal"]), each["Orang"], str(each["Dilepas (%)"])) for each in freed] == [
        ("2025-05-01", "kadis", "20"),
        ("2025-05-01", "sekdis", "10"),
        ("2025-06-01", "kadis", "30"),
        ("2025-06-01", "sekdis", "10"),
    ]
    assert len({each["Posisi"] for each in freed}) == 2
