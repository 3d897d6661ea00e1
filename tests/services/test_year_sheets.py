"""What the sheets of a year tell of duties, holds and recommendations that passed from one unit to another."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.allowance_hold.events import HoldTransferred
from domain.follow_up.events import RecommendationTransferred, TermExtended
from domain.obligation.events import ObligationExtended, ObligationTransferred, SubmissionReturned
from services.difference import ERASED
from services.reading import View
from services.year_file import YearFile, year_file
from services.year_sheets.order import sheets_of
from tests.projections import test_hold_register as holds
from tests.projections import test_obligation_calendar as duties
from tests.projections import test_recommendation_register as recommendations
from tests.projections.sample import REASON, RULE, day
from tests.projections.spec import Fact, given, happened
from tests.projections.year import ORGANISATION

BEFORE: Final = len(ORGANISATION)
"""Events recorded before those that a specification is about."""


def file_on(on: str, *facts: Fact, year: int = 2025, unit: str | None = None) -> YearFile:
    """Return the file of a year as of a day; the institution has the units dinkes and setda."""
    spec = given(*ORGANISATION, *facts).on(on)
    log = [replace(event, fiscal_year=year) for event in spec.log]
    view = View(
        institution="contoh",
        rows=spec.rows,
        position=log[-1].position,
        known_at=log[-1].recorded_at,
        valid_on=spec.day,
    )
    return year_file(view, log, year, unit)


def lines_of(file: YearFile, title: str, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the lines of a sheet, those of one kind or all, each by its heads."""
    (sheet,) = (each for each in sheets_of(file, {}, "Asia/Jakarta") if each.title == title)
    found = [dict(zip(sheet.heads, line, strict=True)) for line in sheet.lines]
    return [each for each in found if kind is None or each["Baris"] == kind]


def told(found: list[dict[str, Any]], *heads: str) -> list[tuple[str, ...]]:
    """Return what stands below some heads, as text; an empty cell is empty text."""
    return [tuple("" if each[head] is None else str(each[head]) for head in heads) for each in found]


@pytest.mark.parametrize(("on", "passed"), [("2025-06-30", 0), ("2025-07-01", 1), ("2025-07-31", 1), ("2025-08-01", 2)])
def test_a_hold_tells_to_whom_it_passed_by_the_day_and_why(on: str, passed: int) -> None:
    file = file_on(
        on,
        holds.PROPOSED,
        *holds.NOTICED,
        holds.IMPOSED,
        *happened(
            holds.STREAM,
            HoldTransferred(effective_on=day("2025-07-01"), unit="bappeda", reason=REASON),
            HoldTransferred(effective_on=day("2025-08-01"), unit="setda", reason=None),
        ),
    )
    found = lines_of(file, "Penundaan TPP", "pengalihan")

    expected = [
        ("2025-07-01", "bappeda", ERASED, str(BEFORE + 6)),
        ("2025-08-01", "setda", "", str(BEFORE + 7)),
    ]
    assert told(found, "Tanggal", "Dialihkan kepada", "Alasan", "Posisi") == expected[:passed]
    assert [each["Unit"] for each in found] == ["dinkes", "bappeda"][:passed]
    assert {each["Unit"] for each in lines_of(file, "Penundaan TPP", "ditunda")} == {"dinkes"}
    assert {each["Unit"] for each in lines_of(file, "Penundaan TPP", "bagian")} == {
        ["dinkes", "bappeda", "setda"][passed]
    }
    of_law = ("Pasal", "Bulan TPP", "Aturan", "Batas waktu", "Nomor", "Orang")
    assert told(found, *of_law) == [("Pasal 12 ayat (2)", "2025-04, 2025-05", RULE.name, "", "", "")] * passed


def test_who_took_a_hold_over_has_its_history_in_its_own_file() -> None:
    moved = HoldTransferred(effective_on=day("2025-07-01"), unit="setda", reason=None)
    facts = (holds.PROPOSED, *holds.NOTICED, holds.IMPOSED, Fact(holds.STREAM, moved))

    heir = lines_of(file_on("2025-12-31", *facts, unit="setda"), "Penundaan TPP")
    steps = ("diusulkan", "direkomendasikan", "diberi tahu", "masa jawab lewat", "ditunda")
    assert [each["Baris"] for each in heir] == [*steps, "pengalihan", "bagian", "bagian"]
    assert lines_of(file_on("2025-12-31", *facts, unit="dinkes"), "Penundaan TPP") == []


@pytest.mark.parametrize(("on", "passed"), [("2025-08-31", 0), ("2025-09-01", 1), ("2025-10-01", 2)])
def test_a_recommendation_tells_who_took_it_over_by_the_day_and_why(on: str, passed: int) -> None:
    file = file_on(
        on,
        recommendations.opened(),
        *recommendations.then(
            RecommendationTransferred(effective_on=day("2025-09-01"), owners=("bappeda", "setda"), reason=REASON),
            RecommendationTransferred(effective_on=day("2025-10-01"), owners=("setda",), reason=None),
        ),
        year=2024,
    )
    found = lines_of(file, "Tindak Lanjut", "pengalihan")

    expected = [
        ("2025-09-01", "bappeda, setda", ERASED, str(BEFORE + 2)),
        ("2025-10-01", "setda", "", str(BEFORE + 3)),
    ]
    assert told(found, "Tanggal", "Dialihkan kepada", "Uraian", "Posisi") == expected[:passed]
    assert [each["Pemilik"] for each in found] == ["dinkes", "bappeda, setda"][:passed]
    assert {each["Pemilik"] for each in lines_of(file, "Rekomendasi")} == {
        ["dinkes", "bappeda, setda", "setda"][passed]
    }


def test_what_happened_to_a_recommendation_names_who_had_it_then() -> None:
    moved = RecommendationTransferred(effective_on=day("2025-09-01"), owners=("setda",), reason=None)
    extended = TermExtended(effective_on=day("2025-09-10"), due_on=day("2025-12-01"), reason=REASON)
    facts = (
        recommendations.opened(),
        *recommendations.then(recommendations.progress("2025-08-20"), moved, extended),
        *recommendations.then(recommendations.progress("2025-09-20")),
    )
    found = lines_of(file_on("2025-12-31", *facts, year=2024), "Tindak Lanjut")
    assert {(each["Baris"], each["Pemilik"]) for each in found} >= {
        *(("kemajuan", "dinkes"), ("kemajuan", "setda"), ("pengalihan", "dinkes")),
        *(("batas waktu", "dinkes"), ("batas waktu", "setda")),
    }
    early = lines_of(file_on("2025-09-09", *facts, year=2024), "Tindak Lanjut", "batas waktu")
    assert told(early, "Tanggal") == [("2025-10-04",)]


DUTY: Final = (
    duties.opened(),
    *duties.then(
        duties.due("2025-02-28"),
        duties.OVERDUE,
        ObligationExtended(effective_on=day("2025-03-02"), due_on=day("2025-03-10"), reason=REASON),
        duties.noted("2025-03-05"),
        SubmissionReturned(effective_on=day("2025-03-07"), correct_by=day("2025-03-14")),
        ObligationTransferred(effective_on=day("2025-03-08"), unit="setda", reason=None),
        duties.met("2025-03-05", "2025-03-20", due_on="2025-03-10"),
    ),
)


def test_a_duty_tells_all_that_happened_to_it_each_with_its_event_and_who_had_it_then() -> None:
    found = lines_of(file_on("2025-12-31", *DUTY), "Riwayat Kewajiban")

    assert told(found, "Peristiwa", "Tanggal", "Batas waktu", "Unit", "Dialihkan kepada", "Alasan", "Aturan") == [
        ("Kewajiban timbul", "2025-01-01", "", "dinkes", "", "", ""),
        ("Jatuh tempo ditetapkan", "2025-01-30", "2025-02-28", "dinkes", "", "", RULE.name),
        ("Kewajiban lewat jatuh tempo", "2025-03-01", "2025-02-28", "dinkes", "", "", RULE.name),
        ("Jatuh tempo diperpanjang", "2025-03-02", "2025-03-10", "dinkes", "", ERASED, ""),
        ("Pemenuhan kewajiban diajukan", "2025-03-05", "", "dinkes", "", "", ""),
        ("Yang diajukan dikembalikan", "2025-03-07", "2025-03-14", "dinkes", "", "", ""),
        ("Kewajiban dialihkan", "2025-03-08", "", "dinkes", "setda", "", ""),
        ("Kewajiban dipenuhi", "2025-03-20", "2025-03-10", "setda", "", "", ""),
    ]
    assert [each["Posisi"] for each in found] == [BEFORE + number for number in range(1, 9)]
    assert {each["Kewajiban"] for each in found} == {duties.ID}
    assert told(found, "Dipenuhi pada") == [*[("",)] * 7, ("2025-03-05",)]


@pytest.mark.parametrize(
    ("on", "state", "known"),
    [
        ("2025-03-01", "terlambat", 3),
        ("2025-03-02", "segera jatuh tempo", 4),
        ("2025-03-05", "tepat waktu", 6),
        ("2025-03-08", "tepat waktu", 8),
    ],
)
def test_of_a_duty_is_told_what_it_was_on_the_day(on: str, state: str, known: int) -> None:
    """That it was met is told from the day of the submission on, as its state says."""
    file = file_on(on, *DUTY)
    steps = lines_of(file, "Riwayat Kewajiban")
    assert [each["Keadaan"] for each in lines_of(file, "Kewajiban")] == [state]
    assert (len(steps), any(each["Dipenuhi pada"] for each in steps)) == (known, state == "tepat waktu")


def test_a_due_date_that_no_rule_gives_is_told_as_unknown() -> None:
    file = file_on("2025-12-31", duties.opened(), *duties.then(duties.due(None)))
    assert lines_of(file, "Riwayat Kewajiban")[-1]["Batas waktu"] == "jatuh tempo tidak diketahui"


@pytest.mark.parametrize(("on", "rule"), [("2025-02-19", RULE.name), ("2025-03-02", "")])
def test_a_duty_names_the_rule_of_the_due_date_that_holds_on_the_day(on: str, rule: str) -> None:
    assert told(lines_of(file_on(on, *DUTY), "Kewajiban"), "Aturan") == [(rule,)]
