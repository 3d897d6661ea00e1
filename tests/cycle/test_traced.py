"""Every difference of the played year is made by the events that are named for it, and every hold has its root."""

import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from rich.console import Console

from domain.errors import DifferenceTooLarge
from domain.event import Event, RecordedEvent
from domain.stream import hold_stream
from projections.commitment_achievement import CommitmentAchievement, Measured, achieved
from projections.commitment_ledger import CommitmentEntry
from services.bootstrap import System
from services.causes import Chain, chain
from services.demo.cast import INSTITUTION, UNITS
from services.difference import Difference, difference
from services.places import compare, name_of
from services.queries.workbook import workbook_of
from services.reading import ParkedMark
from services.settling import Against, Settled, Span, settled_until
from services.year_file import MODELS, REGISTERS, YearFile, may_concern, open_year_file, year_file
from services.year_print import print_chain, print_difference
from services.year_sheets.order import Sheet
from services.year_workbook import CUT, LONGEST, WorkbookTooLarge, file_name, year_workbook

YEAR = 2024
HOLD = "2024.disdik.agreement"


def file_at(year: System, position: int, day: str, unit: str | None = None) -> YearFile:
    """Return the file as known at a position."""
    return open_year_file(year.reader, INSTITUTION, YEAR, unit=unit, known_at=str(position), valid_on=day)


def traced(
    year: System,
    later: int,
    *,
    earlier: int | None = None,
    against: Against = "moment",
    unit: str | None = None,
    day: str = "2025-10-31",
) -> Difference:
    """Return what differs by the events in between."""
    span = Span(year=YEAR, unit=unit, day=date.fromisoformat(day), against=against, earlier=earlier, later=later)
    return difference(year.reader.events(INSTITUTION, until=later), span)


def between(earlier: YearFile, later: YearFile) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Return what differs between the ends, by looking at the ends alone."""
    found = {}
    for register in (each.name for each in REGISTERS):
        before, after = ({name_of(each): each for each in getattr(file, register)} for file in (earlier, later))
        for name in before.keys() | after.keys():
            for each in compare(before.get(name), after.get(name), f"[{name}]"):
                found[register, each.place] = (
                    each.earlier and each.earlier.text,
                    each.later and each.later.text,
                )
    return found


@pytest.mark.parametrize("unit", [None, "dinkes", "disdik"])
def test_what_the_events_changed_is_what_differs_between_the_ends(year: System, unit: str | None) -> None:
    chance, met = random.Random(f"{unit}"), 0
    for _ in range(12):
        earlier, later = sorted(chance.sample(range(60, year.log.head(INSTITUTION) + 1), 2))
        day = chance.choice(["2024-02-28", "2024-06-10", "2024-12-31", "2025-10-31"])
        found = traced(year, later, earlier=earlier, unit=unit, day=day)
        ends = between(file_at(year, earlier, day, unit), file_at(year, later, day, unit))
        assert {(each.register, each.place): (each.earlier, each.later) for each in found.changes} == ends
        met += len(ends)
    assert met > 100


def test_an_event_is_named_for_exactly_what_it_changed(year: System) -> None:
    """Just before each event that is named the value is another one, and just after it is the one that is told."""
    found = traced(year, 300, earlier=250)
    assert found.changes
    at: dict[int, dict[tuple[str, str], tuple[str | None, str | None]]] = {}
    for position in {turn.position for each in found.changes for turn in each.turns}:
        before, after = (file_at(year, each, "2025-10-31") for each in (position - 1, position))
        at[position] = between(before, after)
    for each in found.changes:
        for turn in each.turns:
            assert at[turn.position][each.register, each.place][1] == turn.value
    named = {(turn.position, each.register, each.place) for each in found.changes for turn in each.turns}
    lasting = {(each.register, each.place) for each in found.changes}
    assert named == {(p, *place) for p, places in at.items() for place in places if place in lasting}


def test_the_events_are_told_with_actor_reason_and_legal_basis(year: System) -> None:
    events = {each.type: each for each in traced(year, year.log.head(INSTITUTION), earlier=60).events}

    imposed, corrected = events["hold.imposed.v1"], events["measurement.realisation_corrected.v1"]
    assert (imposed.actor.id, imposed.legal_basis) == (
        "ratna",
        "Contoh peraturan kepala daerah Pasal 12; Keputusan Kep. Sekda 841/2024",
    )
    assert imposed.rule is not None
    assert corrected.reason is not None
    assert list(year.log.texts(INSTITUTION, [corrected.reason.digest]).values()) == ["Laporan RSUD diterima"]


def test_what_was_reported_is_held_against_what_is_known_now(year: System) -> None:
    head = year.log.head(INSTITUTION)
    found = traced(year, head, against="report", unit="dinkes")

    (baseline,) = found.baselines
    assert (baseline.document, baseline.event.type) == ("dinkes/2024", "report.submitted.v1")
    ends = between(*(file_at(year, each, "2025-10-31", "dinkes") for each in (baseline.event.position, head)))
    assert {(each.register, each.place): (each.earlier, each.later) for each in found.changes} == ends


def test_a_unit_is_held_against_its_own_documents_only(year: System) -> None:
    head = year.log.head(INSTITUTION)
    everybody, *alone = (
        {
            (each.register, each.document, each.period)
            for each in traced(year, head, against="approval", unit=of).baselines
        }
        for of in (None, "pemda", *(each.id for each in UNITS))
    )
    assert sum(map(bool, alone)) > 3
    assert set.union(*alone) == everybody


def telling(year: System) -> list[Difference]:
    """Return what differs at some moments of the year."""
    head = year.log.head(INSTITUTION)
    return [
        *(traced(year, head, earlier=earlier) for earlier in range(60, head, 40)),
        *(traced(year, head, against=against) for against in ("report", "approval")),
    ]


def test_what_is_told_again_of_a_commitment_is_what_would_be_computed(
    year: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = telling(year)
    monkeypatch.setattr("services.change_tracing._ToldAgain", lambda: achieved)
    assert again == telling(year)


def test_what_is_told_again_after_the_commitment_changed_is_caught(
    year: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who doesn't look whether anything changed tells the first figure forever."""

    class Stubborn:
        def __init__(self) -> None:
            self.first: dict[str, CommitmentAchievement] = {}

        def __call__(
            self, entry: CommitmentEntry, measured: Sequence[Measured], fiscal_year: int, day: date
        ) -> CommitmentAchievement:
            computed = achieved(entry, measured, fiscal_year, day)
            return self.first.setdefault(entry.commitment.id, computed)

    right = telling(year)
    monkeypatch.setattr("services.change_tracing._ToldAgain", Stubborn)
    assert right != telling(year)


def since_baselines(year: System, against: Against = "approval") -> list[Difference]:
    """Return what differs since the approvals, as known at every seventh position."""
    return [traced(year, later, against=against) for later in range(60, year.log.head(INSTITUTION), 7)]


@pytest.mark.parametrize("against", ["approval", "report"])
def test_what_is_settled_later_is_left_out_without_a_difference(
    year: System, against: Against, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = since_baselines(year, against)
    assert sum(bool(each.changes) for each in found) > 10
    monkeypatch.setattr("services.difference.settled_until", lambda _events, _span: lambda _document, _part: 0)
    assert found == since_baselines(year, against)


def test_whoever_leaves_out_more_than_is_settled_is_caught(year: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the last approval of one period does not settle what happens in another."""

    def of_any_period(events: Iterable[RecordedEvent[Event]], span: Span) -> Settled:
        right = settled_until(events, span)
        of_no_baseline = "2000"
        return lambda document, _part: max(right(document, "2024-Q1"), right(document, of_no_baseline))

    found = since_baselines(year)
    monkeypatch.setattr("services.difference.settled_until", of_any_period)
    assert found != since_baselines(year)


def test_what_cannot_concern_a_unit_need_not_be_read(year: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.difference.may_concern", lambda *_: True)
    head = year.log.head(INSTITUTION)
    events, read = list(year.reader.events(INSTITUTION)), 0
    for unit in (each.id for each in UNITS):
        own = [event for event in events if may_concern(unit, event.stream)]
        read += len(own)
        for against in ("approval", "report"):
            span = Span(year=YEAR, unit=unit, day=date(2025, 10, 31), against=against, earlier=None, later=head)
            assert difference(own, span) == difference(events, span)
        file = year_file_of(year, events, unit)
        assert file == year_file_of(year, own, unit)
    assert read < len(UNITS) * len(events) * 2 / 3


def year_file_of(year: System, events: Sequence[RecordedEvent[Event]], unit: str) -> YearFile:
    """Return the file of a unit made of some events."""
    with year.reader.view(INSTITUTION, MODELS, str(year.log.head(INSTITUTION)), "2025-10-31") as view:
        return year_file(view, events, YEAR, unit)


def test_a_difference_that_too_many_events_made_is_refused(year: System) -> None:
    span = Span(year=YEAR, unit=None, day=date(2025, 10, 31), against="moment", earlier=60, later=300)
    events = list(year.reader.events(INSTITUTION, until=300))
    made_by = len({turn.position for each in difference(events, span).changes for turn in each.turns})

    with pytest.raises(DifferenceTooLarge) as refused:
        difference(events, span, most=made_by // 2)

    assert refused.value.fields == {"most": made_by // 2, "unit": None, "against": "moment"}
    assert difference(events, span, most=2 * made_by) == difference(events, span)


def test_since_the_last_approvals_only_the_correction_remains_of_the_figures(year: System) -> None:
    found = traced(year, year.log.head(INSTITUTION), against="approval")
    figures = {
        each.place: (each.earlier, each.later)
        for each in found.changes
        if each.register == "achievements" and each.kind == "figure"
    }
    place = "[dinkes].commitments[aki].periods[2024-Q1]"
    assert figures == {
        f"{place}.realised.value": ("104", "109"),
        f"{place}.achievement.value": ("96", "91"),
        f"{place}.achievement.capped": ("96", "91"),
    }


def chain_of(year: System, type_name: str) -> Chain:
    """Return the chain behind an event of the hold."""
    entries = year.log.read_stream(INSTITUTION, hold_stream(HOLD))
    position = next(entry.id for entry in entries if entry.topic == type_name)
    found = chain(year.log, year.codec, INSTITUTION, position)
    assert found is not None
    return found


def test_a_hold_goes_back_to_the_overdue_duty_its_rule_and_whoever_began_it(year: System) -> None:
    found = chain_of(year, "hold.imposed.v1")
    types = [each.event.type for each in found.steps]

    assert (found.unit, types[0], found.steps[0].of) == ("disdik", "hold.imposed.v1", None)
    told = ("hold.proposed.v1", "obligation.overdue.v1", "obligation.due_date_set.v1", "budget.ratified.v1")
    assert [each for each in types if each in told] == list(told)
    roots = {(each.event.type, each.event.actor.id) for each in found.steps if each.root}
    assert roots == {
        ("budget.ratified.v1", "tari"),
        ("rulebook.adopted.v1", "kartika"),
        ("fiscal_year.opened.v1", "tari"),
    }
    assert {each.link for each in found.steps} == {"asked", "step", "reference", "due_date", "causation", "rule"}


def test_a_chain_names_every_event_once_and_each_cause_lies_before_its_effect(year: System) -> None:
    for position in range(1, year.log.head(INSTITUTION) + 1):
        found = chain(year.log, year.codec, INSTITUTION, position)
        assert found is not None
        told = [each.event.position for each in found.steps]
        assert len(told) == len(set(told))
        assert all(each.of is None or each.event.position < each.of for each in found.steps)
        assert any(each.root for each in found.steps)
    assert chain(year.log, year.codec, INSTITUTION, position + 1) is None


def printed(show: Any, found: Any) -> str:  # noqa: ANN401 - either of two
    """Return what is printed."""
    console = Console(file=io.StringIO(), width=220)
    show(console, found, {})
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_difference_and_chain_are_printed_for_people(year: System) -> None:
    show = partial(print_difference, time_zone="Asia/Jakarta")
    page = printed(show, traced(year, 300, earlier=250))
    for told in ("Yang berbeda", "Angka kematian ibu", "104", "109", "Realisasi dibetulkan", "agus", "operator unit"):
        assert told in page
    nothing = printed(show, traced(year, 300, earlier=300))
    assert "Tidak ada yang berubah." in nothing
    tree = printed(print_chain, chain_of(year, "hold.imposed.v1"))
    for told in ("Kewajiban lewat jatuh tempo", "dipicu oleh", "menurut aturan yang diberlakukan oleh", "(teks telah"):
        assert told in tree


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Return the cells of a workbook by sheet."""
    book = load_workbook(io.BytesIO(content))
    return {name: [tuple(row) for row in book[name].iter_rows(values_only=True)] for name in book.sheetnames}


def test_the_workbook_holds_every_register_and_every_event(year: System) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR, known_at="600")
    held = sheets(workbook_of(year, file))

    assert list(held) == [
        "Sampul",
        *("Perjanjian Kinerja", "Realisasi", "Laporan", "Nilai", "Rekomendasi", "Tindak Lanjut"),
        *("Kewajiban", "Riwayat Kewajiban", "Penundaan TPP", "Peristiwa"),
    ]
    assert [row[0] for row in held["Peristiwa"][1:]] == [event.position for event in file.events]
    cover = {str(name): value for name, value in held["Sampul"]}
    assert cover["Posisi log"] == 600
    assert cover["Akar log pada posisi itu (SHA-256, RFC 6962)"] == year.proofs.root(INSTITUTION, 600).hex()
    assert any("due-dates-53-2014 versi 1" in str(value) for _, value in held["Sampul"])


def test_figures_are_numbers_and_days_are_days(year: System) -> None:
    held = sheets(workbook_of(year, open_year_file(year.reader, INSTITUTION, YEAR, unit="dinkes")))
    head, *lines = held["Realisasi"]
    (corrected,) = (
        dict(zip(head, line, strict=True))
        for line in lines
        if line[1] == "periode" and line[4] == "Triwulan I 2024" and line[2] == "aki"
    )
    assert (corrected["Realisasi (angka)"], corrected["Capaian (%)"]) == (109, 91)
    duty = dict(zip(held["Kewajiban"][0], held["Kewajiban"][1], strict=True))
    assert isinstance(duty["Jatuh tempo"], datetime)
    assert isinstance(dict(zip(held["Peristiwa"][0], held["Peristiwa"][1], strict=True))["Dicatat pada"], datetime)


def test_the_same_question_gives_the_same_bytes(year: System) -> None:
    once, again = (
        workbook_of(year, open_year_file(year.reader, INSTITUTION, YEAR, known_at="600", valid_on="2024-12-31"))
        for _ in range(2)
    )
    assert once == again
    other = workbook_of(year, open_year_file(year.reader, INSTITUTION, YEAR, known_at="599", valid_on="2024-12-31"))
    assert once != other
    file = open_year_file(year.reader, INSTITUTION, YEAR, unit="dinkes", known_at="600")
    assert file_name(file) == "sakip-contoh-2024-dinkes-posisi-600.xlsx"


def test_the_cover_names_no_command_where_a_replay_would_be_refused(year: System) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR, known_at="600")
    stopped = ParkedMark(model="achievement", key="dinkes/2024", position=500)
    assert again(file).startswith("sakip replay ")
    assert again(msgspec.structs.replace(file, parked=(stopped,))).startswith("tidak dapat, karena data baca")
    assert again(msgspec.structs.replace(file, position=0, events=())).startswith("tidak dapat, karena belum")


def again(file: YearFile) -> str:
    """Return what the cover says of how to make a file again."""
    cover = dict(sheets(year_workbook(file, {}, "Asia/Jakarta"))["Sampul"])
    assert (cover["Peristiwa terakhir yang termuat"] == "tidak ada") == (not file.events)
    return str(cover["Dapat dibuat lagi dengan"])


def test_no_text_becomes_a_formula_or_a_link_and_none_is_too_long(year: System) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR, unit="dinkes")
    attacks = ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "http://x.test", "{=1}", "x" * 40_000]
    digests = [
        each.opened.text.digest
        for each in open_year_file(year.reader, INSTITUTION, 2023, unit="dinkes").recommendations
    ]
    assert digests
    for attack in attacks:
        every = dict.fromkeys(_digests(file), attack)
        content = year_workbook(file, every, "Asia/Jakarta")
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                text = parts.read(name)
                assert b"<f>" not in text
                assert b"<hyperlink" not in text
        cells = [cell for rows in sheets(content).values() for row in rows for cell in row if isinstance(cell, str)]
        assert attack[:100] in {cell[:100] for cell in cells}
        assert max(map(len, cells)) <= LONGEST
        assert any(cell.endswith(CUT) for cell in cells) == (len(attack) > LONGEST)


def _digests(file: YearFile) -> list[str]:
    return [each.reason.digest for unit in file.achievements for each in unit.revisions]


def test_a_figure_beyond_fifteen_digits_stays_whole_as_text(year: System, monkeypatch: pytest.MonkeyPatch) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR, unit="dinkes")
    cells = (Decimal("95.35"), Decimal("1234567890123456.78"), date(1900, 1, 2))
    only = Sheet("Laporan", ("Nilai", "Pagu", "Tanggal"), iter([cells]))
    monkeypatch.setattr("services.year_workbook.sheets_of", lambda *_: [only])
    _, line = sheets(year_workbook(file, {}, "Asia/Jakarta"))["Laporan"]

    assert line == (95.35, "1234567890123456.78", "1900-01-02")


def test_a_year_that_fits_no_sheet_is_refused_whole(year: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.year_workbook.MOST_LINES", 10)
    with pytest.raises(WorkbookTooLarge):
        year_workbook(open_year_file(year.reader, INSTITUTION, YEAR), {}, "Asia/Jakarta")
