"""What differs, place by place: values by their name, whatever stands before them, and by the event that made them."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.allowance_hold.events import HoldTransferred
from domain.errors import ReadModelParked, UnitUnknown
from domain.event import Event, RecordedEvent
from domain.report.events import ReportAccepted, ReportReturned
from projections import agreement_register, audit_trail, obligation_calendar
from services import year_file
from services.difference import Difference, difference, typed_in, with_texts
from services.places import Leaf, compare, in_words, name_of
from services.queries.asked import OfDifference
from services.queries.trail import told_entries
from services.settling import Against, Span
from services.year_file import may_concern, open_year_file
from tests.projections.sample import REASON
from tests.projections.spec import Fact, happened, logged
from tests.projections.test_hold_register import IMPOSED, NOTICED, PROPOSED, STREAM, filed
from tests.projections.year import REPORTS
from tests.services.office import (
    AGREEMENT,
    INSTITUTION,
    YEAR,
    Office,
    commitment,
    number,
    open_year,
    paper,
    quarter,
    realisation,
    sign,
)

FEBRUARY = "[dinkes].commitments[aki].periods[2024-M02].realised.value"


def month(number_: int) -> dict[str, Any]:
    """Return a month as the API takes it."""
    return {"fiscal_year": YEAR, "frequency": "month", "number": number_}


def told(before: object, after: object) -> dict[str, tuple[str | None, str | None]]:
    """Return what differs between two lists of answers, by place."""
    return {
        each.place: (each.earlier and each.earlier.text, each.later and each.later.text)
        for each in compare(before, after)
    }


def test_a_value_is_added_changed_or_removed() -> None:
    before, after = [{"id": "a", "kind": "tunda", "unit": "x"}], [{"id": "a", "kind": "potong"}]

    assert told(before, before) == {}
    assert told(before, after) == {"[a].kind": ("tunda", "potong"), "[a].unit": ("x", None)}
    assert told(None, after) == {"[a].id": (None, "a"), "[a].kind": (None, "potong")}
    assert told(after, []) == {"[a].id": ("a", None), "[a].kind": ("potong", None)}


def test_an_insertion_shifts_nothing_that_is_named() -> None:
    first, second = {"id": "a", "kind": "tunda"}, {"id": "b", "kind": "tunda"}

    assert told([second], [first, second]) == {"[a].id": (None, "a"), "[a].kind": (None, "tunda")}


def test_two_of_one_name_hide_no_change_of_each_other() -> None:
    """Two letters of one number, from two issuers."""
    before = [{"number": "1", "kind": "tunda"}, {"number": "1", "kind": "potong"}]
    after = [{"number": "1", "kind": "dibayar"}, {"number": "1", "kind": "potong"}]

    assert told(before, after) == {"[1#0].kind": ("tunda", "dibayar")}


def test_what_only_the_day_moves_is_no_difference() -> None:
    assert told([{"id": "a", "days_open": 1}], [{"id": "a", "days_open": 2}]) == {}


def test_a_list_of_words_is_one_value_and_pairs_are_named_by_their_first() -> None:
    assert told({"owners": ["x", "y"]}, {"owners": ["y"]}) == {"owners": ("x, y", "y")}
    assert told({"of": [("1a", 3)]}, {"of": [("0", 1), ("1a", 4)]}) == {"of[0]": (None, "1"), "of[1a]": ("3", "4")}
    assert name_of({"kind": "tunda"}) is None


def test_a_place_is_told_with_names_and_the_words_of_the_fields() -> None:
    place = "[dinkes].commitments[aki].periods[2024-Q1].achievement.capped"
    labels = {"dinkes": "Dinas Kesehatan", "aki": "Angka kematian ibu"}

    assert in_words(place, labels) == (
        "Dinas Kesehatan → komitmen Angka kematian ibu → periode Triwulan I 2024 → capaian → dibatasi"
    )
    assert in_words("[dinkes].commitments[aki].target.periods[2024-M02]", labels).endswith("periode Februari 2024")
    assert in_words("[dinkes].periods[2024-Q1#1]", labels) == "Dinas Kesehatan → periode 2024-Q1#1"
    assert Leaf("figure", "1") in {each.later for each in compare(None, {"value": Decimal(1)})}


def asked(
    regency: Office,
    against: Against = "moment",
    *,
    earlier: int | None = None,
    unit: str | None = "dinkes",
    day: str = "2024-06-30",
) -> Difference:
    """Return what differs up to now."""
    regency.settle()
    span = Span(year=2024, unit=unit, day=date.fromisoformat(day), against=against, earlier=earlier, later=regency.head)
    return difference(regency.system.reader.events(INSTITUTION), span)


def begin(regency: Office) -> None:
    """Sign, record a quarter."""
    open_year(regency)
    sign(regency)
    regency.on("2024-04-02")
    regency.does("op", "measurement.record", **AGREEMENT, realisation=realisation(1, "95"))


def test_a_change_is_told_with_every_event_that_touched_it(regency: Office) -> None:
    begin(regency)
    before = regency.head
    first = regency.does("op", "measurement.record", **AGREEMENT, realisation=realisation(1, "96")).position
    second = regency.does("op", "measurement.record", **AGREEMENT, realisation=realisation(1, "97")).position
    found = asked(regency, earlier=before)

    (value,) = (each for each in found.changes if each.place.endswith("periods[2024-Q1].realised.value"))
    assert (value.earlier, value.later) == ("95", "97")
    assert [(turn.position, turn.value) for turn in value.turns] == [(first, "96"), (second, "97")]
    assert [(event.position, event.actor.id) for event in found.events] == [(first, "op"), (second, "op")]
    assert {change.register for change in found.changes} == {"achievements"}


def test_what_was_changed_and_changed_back_is_no_difference(regency: Office) -> None:
    begin(regency)
    before = regency.head
    for value in ("96", "95"):
        regency.does("op", "measurement.record", **AGREEMENT, realisation=realisation(1, value))
    found = asked(regency, earlier=before)

    assert (found.changes, found.events, found.told) == ((), (), "Tidak ada yang berubah.")


def test_since_its_verification_a_quarter_differs_by_its_correction_alone(regency: Office) -> None:
    begin(regency)
    assert asked(regency, "approval").told.endswith("0 hilang.") is False
    regency.does("op", "measurement.submit", **AGREEMENT, period=quarter(1))
    regency.does("kabag", "measurement.verify", **AGREEMENT, period=quarter(1))
    assert [each for each in asked(regency, "approval").changes if each.register == "achievements"] == []

    regency.does("kabag", "measurement.lock", **AGREEMENT, period=quarter(1))
    reopened = {"period": quarter(1), "reason": "RSUD terlambat", "commitments": ["aki"], "until": "2024-04-30"}
    regency.does("kabag", "measurement.reopen", **AGREEMENT, **reopened)
    version = next(
        entry.originator_version
        for entry in regency.system.log.read_stream(INSTITUTION, "measurement/dinkes/2024")
        if entry.topic == "measurement.realisation_recorded.v1"
    )
    right = {"realisation": realisation(1, "99"), "corrects": version, "reason": "Laporan RSUD diterima"}
    regency.does("op", "measurement.correct", **AGREEMENT, **right)
    found = asked(regency, "approval")

    changed = {each.place: (each.earlier, each.later) for each in found.changes if each.register == "achievements"}
    assert changed["[dinkes].commitments[aki].periods[2024-Q1].realised.value"] == ("95", "99")
    correction = found.events[-1]
    assert correction.reason is not None
    texts = regency.system.log.texts(INSTITUTION, [correction.reason.digest])
    assert texts == {correction.reason.digest: "Laporan RSUD diterima"}
    assert {(each.register, each.period) for each in found.baselines} == {
        ("agreements", None),
        ("achievements", "2024-Q1"),
    }


def test_a_month_that_was_approved_with_its_quarter_differs_by_its_correction_alone(regency: Office) -> None:
    """Nothing else would tell of it: where the last month counts, the year has the same figure as before."""
    february = measured_each_month(regency)
    approve(regency, quarter(1))
    assert achievements_since_approval(regency) == {}

    corrected(regency, quarter(1), february, "99")
    assert achievements_since_approval(regency)[FEBRUARY] == ("95", "99")
    regency.on("2024-05-02")
    assert achievements_since_approval(regency, "2024-05-02")[FEBRUARY] == ("95", "99")

    regency.on("2024-07-02")
    for each in (4, 5, 6):
        recorded = {"commitment": "aki", "period": month(each), "realised": number("95")}
        regency.does("op", "measurement.record", **AGREEMENT, realisation=recorded)
    approve(regency, quarter(2))
    changed = achievements_since_approval(regency, "2024-07-02")
    assert changed[FEBRUARY] == ("95", "99")
    assert not any("M04" in place for place in changed)


@pytest.mark.parametrize(
    ("first", "then"), [(month(2), quarter(1)), (quarter(1), month(2))], ids=["quarter last", "month last"]
)
def test_a_month_is_held_against_the_later_approval_by_itself_or_with_its_quarter(
    regency: Office, first: dict[str, Any], then: dict[str, Any]
) -> None:
    february = measured_each_month(regency)
    approve(regency, first)
    corrected(regency, first, february, "97")
    assert achievements_since_approval(regency)[FEBRUARY] == ("95", "97")
    approve(regency, then)
    assert FEBRUARY not in achievements_since_approval(regency)
    corrected(regency, then, february, "99")
    assert achievements_since_approval(regency)[FEBRUARY] == ("97", "99")


def measured_each_month(regency: Office) -> int:
    """Sign for an indicator that is measured monthly, and record a quarter; return the version of February's figure."""
    open_year(regency)
    monthly = commitment()
    monthly["indicator"]["frequency"] = "month"
    regency.does("op", "agreement.propose", **AGREEMENT, commitments=[monthly])
    regency.does("kadin", "agreement.sign", **AGREEMENT, paper=paper())
    regency.settle()
    regency.on("2024-04-02")
    recorded = [{"commitment": "aki", "period": month(each), "realised": number("95")} for each in (1, 2, 3)]
    receipts = [regency.does("op", "measurement.record", **AGREEMENT, realisation=each) for each in recorded]
    return receipts[1].version


def approve(regency: Office, period: dict[str, Any]) -> None:
    """Submit, verify and lock a period."""
    regency.does("op", "measurement.submit", **AGREEMENT, period=period)
    regency.does("kabag", "measurement.verify", **AGREEMENT, period=period)
    regency.does("kabag", "measurement.lock", **AGREEMENT, period=period)


def corrected(regency: Office, period: dict[str, Any], version: int, value: str) -> None:
    """Open a locked period again and put the figure of February right that a stream version recorded."""
    reopened = {"period": period, "reason": "RSUD terlambat", "commitments": ["aki"], "until": "2024-04-30"}
    regency.does("kabag", "measurement.reopen", **AGREEMENT, **reopened)
    right = {"realisation": {"commitment": "aki", "period": month(2), "realised": number(value)}}
    regency.does("op", "measurement.correct", **AGREEMENT, **right, corrects=version, reason="Laporan RSUD")


def achievements_since_approval(regency: Office, day: str = "2024-06-30") -> dict[str, tuple[str | None, str | None]]:
    """Return what of the achievements is another than when it was approved, by place."""
    found = asked(regency, "approval", day=day)
    return {each.place: (each.earlier, each.later) for each in found.changes if each.register == "achievements"}


def test_what_the_signing_itself_recorded_is_no_change_since_the_signing(regency: Office) -> None:
    """A signature is followed by the targets that it sets, in the same command."""
    open_year(regency)
    sign(regency)

    assert [each for each in asked(regency, "approval").changes if each.register == "agreements"] == []


def test_without_a_report_there_is_nothing_to_hold_it_against(regency: Office) -> None:
    begin(regency)
    found = asked(regency, "report")

    assert (found.changes, found.baselines) == ((), ())
    assert found.told == "Belum ada laporan yang disampaikan, jadi belum ada yang dapat dibandingkan."


def test_typed_texts_are_told_as_texts_and_erased_ones_are_marked(regency: Office) -> None:
    begin(regency)
    before = regency.head
    entered = {**realisation(1, "96"), "obstacle": "Vaksin terlambat"}
    regency.does("op", "measurement.record", **AGREEMENT, realisation=entered)
    found = asked(regency, earlier=before)
    (digest, *_) = typed_in(found)
    place = "[dinkes].commitments[aki].periods[2024-Q1].recorded.realisation.obstacle"

    def later(texts: dict[str, str]) -> str | None:
        return next(each.later for each in with_texts(found, texts).changes if each.place == place)

    assert later({digest: "Vaksin terlambat"}) == "Vaksin terlambat"
    assert later({}) == "(teks telah dihapus)"


def test_a_file_of_one_unit_holds_nothing_of_another(regency: Office) -> None:
    open_year(regency)
    file = open_year_file(regency.system.reader, INSTITUTION, 2024, unit="dinkes")

    assert {each.unit for each in file.agreements} == {each.unit for each in file.obligations} == {"dinkes"}
    assert {event.correlation for event in file.events} == {"dinkes/2024"}


def test_a_register_that_fails_at_another_units_event_leaves_a_unit_its_file(
    regency: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(regency)
    regency.settle()
    whole = open_year_file(regency.system.reader, INSTITUTION, 2024, unit="dinkes")
    named: Any = obligation_calendar.READ_MODEL.keys

    def fail(event: Any) -> Any:  # noqa: ANN401 - as the original
        if ".disdik." in event.stream:
            raise LookupError(event.stream)
        return named(event)

    broken = obligation_calendar.READ_MODEL._replace(keys=fail)
    registers = [each._replace(model=broken) if each.name == "obligations" else each for each in year_file.REGISTERS]
    monkeypatch.setattr(year_file, "REGISTERS", registers)
    assert open_year_file(regency.system.reader, INSTITUTION, 2024, unit="dinkes") == whole


def test_a_unit_that_was_never_there_has_no_empty_file(regency: Office) -> None:
    open_year(regency)
    with pytest.raises(UnitUnknown):
        open_year_file(regency.system.reader, INSTITUTION, 2024, unit="dinlain")


@pytest.mark.parametrize(
    ("given", "against"),
    [
        ({"earlier": "5"}, "moment"),
        ({"as_reported": True}, "report"),
        ({"since_approval": True}, "approval"),
        ({}, "approval"),
    ],
)
def test_one_thing_is_held_against(given: dict[str, Any], against: str) -> None:
    assert msgspec.convert({"fiscal_year": 2024, **given}, OfDifference).against == against


def test_two_things_at_once_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="Pilih salah satu"):
        msgspec.convert({"fiscal_year": 2024, "earlier": "5", "as_reported": True}, OfDifference)


def test_what_is_promised_later_is_told_by_its_name(regency: Office) -> None:
    """When the comparison begins the agreement is open, and nothing is in it yet."""
    begin(regency)
    stream = regency.system.log.read_stream(INSTITUTION, "agreement/dinkes/2024")
    found = asked(regency, earlier=next(each.id for each in stream if each.topic == "agreement.opened.v1"))
    told = [each.told for each in found.changes if "[aki]" in each.place]

    assert len(told) > 10
    assert all("Angka kematian ibu" in each for each in told)


def transferred_hold() -> list[RecordedEvent[Event]]:
    """Return what happened to a hold of 2025 that passed from dinkes to bappeda on 1 July."""
    moved = HoldTransferred(effective_on=date(2025, 7, 1), unit="bappeda", reason=REASON)
    return logged([PROPOSED, *NOTICED, IMPOSED, *happened(STREAM, filed(), moved)])


@pytest.mark.parametrize(
    ("unit", "day", "against"),
    [
        ("dinkes", "2025-06-30", ["hold.imposed.v1"]),
        ("dinkes", "2025-12-31", ["hold.imposed.v1"]),
        ("bappeda", "2025-06-30", []),
        ("bappeda", "2025-12-31", ["hold.imposed.v1"]),
        ("setda", "2025-12-31", []),
    ],
)
def test_whoever_is_told_of_changes_is_told_what_they_are_held_against(unit: str, day: str, against: list[str]) -> None:
    """On 31 December it is the unit's no more, which is itself a change since the decision."""
    span = Span(year=2025, unit=unit, day=date.fromisoformat(day), against="approval", earlier=None, later=99)
    found = difference(transferred_hold(), span)

    assert bool(found.changes) == bool(against)
    assert [each.event.type for each in found.baselines] == against
    assert found.told.startswith("Belum ada dokumen") != bool(against)


def reported(unit: str) -> list[Fact]:
    """Return what a unit did until its report of 2025 was submitted."""
    return [
        fact._replace(stream=f"report/{unit}/2025")
        for fact in REPORTS
        if fact.stream == "report/dinkes/2025" and not isinstance(fact.body, ReportReturned | ReportAccepted)
    ]


MOVED = happened(STREAM, HoldTransferred(effective_on=date(2025, 7, 1), unit="bappeda", reason=REASON))
HELD = [PROPOSED, *NOTICED, IMPOSED]
OBJECTED = happened(STREAM, filed())


@pytest.mark.parametrize(
    ("facts", "unit", "day", "changes"),
    [
        ([*HELD, *reported("dinkes"), *MOVED], "dinkes", "2025-12-31", {"removed"}),
        ([*HELD, *reported("dinkes"), *MOVED], "bappeda", "2025-12-31", set()),
        ([*HELD, *reported("dinkes"), *MOVED], None, "2025-12-31", {"changed"}),
        ([*HELD, *reported("dinkes"), *MOVED, *reported("bappeda")], "dinkes", "2025-12-31", {"removed"}),
        ([*HELD, *reported("dinkes"), *MOVED, *reported("bappeda")], None, "2025-12-31", set()),
        ([*HELD, *reported("bappeda"), *MOVED], "bappeda", "2025-12-31", {"added"}),
        ([*HELD, *reported("bappeda"), *MOVED], None, "2025-12-31", set()),
        ([*HELD, *reported("setda"), *OBJECTED, *MOVED, *reported("dinkes")], None, "2025-12-31", set()),
        ([*HELD, *reported("dinkes"), *MOVED, *reported("dinkes")], None, "2025-12-31", {"changed"}),
        ([*HELD, *reported("dinkes"), *MOVED, *reported("setda")], None, "2025-12-31", {"changed"}),
        ([*HELD, *MOVED, *reported("dinkes")], "dinkes", "2025-12-31", set()),
        ([*HELD, *reported("dinkes"), *OBJECTED], "dinkes", "2025-06-30", {"added", "changed"}),
        ([*HELD, *reported("dinkes"), *OBJECTED, *MOVED], "dinkes", "2025-06-30", {"added", "changed"}),
    ],
)
def test_a_hold_that_passed_on_is_held_against_the_report_of_whoever_had_it(
    facts: list[Fact], unit: str | None, day: str, changes: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    events = logged(facts)
    span = Span(
        year=2025, unit=unit, day=date.fromisoformat(day), against="report", earlier=None, later=events[-1].position
    )
    found = difference(events, span)
    held = [each for each in found.changes if each.register == "holds"]

    kinds = {(each.earlier is None, each.later is None) for each in held}
    assert {{(True, False): "added", (False, True): "removed"}.get(each, "changed") for each in kinds} == changes
    monkeypatch.setattr("services.difference.settled_until", lambda _events, _span: lambda _document, _part: 0)
    assert difference(events, span) == found


@pytest.mark.parametrize("unit", ["dinkes", "bappeda"])
def test_what_passed_from_one_unit_to_another_is_read_for_both(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.difference.may_concern", lambda *_: True)
    events = transferred_hold()
    read = [event for event in events if may_concern(unit, event.stream)]
    span = Span(year=2025, unit=unit, day=date(2025, 12, 31), against="moment", earlier=1, later=99)

    assert difference(read, span).changes
    assert difference(read, span) == difference(events, span)


def test_where_another_unit_stopped_a_unit_is_told_all_the_same(
    regency: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(regency)
    reached: Any = agreement_register._reached

    def fail(row: Any, event: Any, status: Any) -> Any:  # noqa: ANN401 - as the original
        if row.unit == "dinkes":
            raise ValueError(status)
        return reached(row, event, status)

    monkeypatch.setattr(agreement_register, "_reached", fail)
    assert asked(regency, earlier=1, unit="disdik").changes
    for unit in ("dinkes", None):
        with pytest.raises(ReadModelParked):
            asked(regency, earlier=1, unit=unit)


def test_where_a_read_model_fails_at_an_event_the_difference_is_refused_and_the_trail_says_so(
    regency: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(regency)
    regency.settle()
    reached: Any = agreement_register._reached

    def fail(row: Any, event: Any, status: Any) -> Any:  # noqa: ANN401 - as the original
        if status == "signed":
            raise ValueError(status)
        return reached(row, event, status)

    monkeypatch.setattr(agreement_register, "_reached", fail)
    with pytest.raises(ReadModelParked):
        asked(regency, earlier=1)
    with regency.system.reader.view(INSTITUTION, (audit_trail.READ_MODEL,)) as view:
        rows = audit_trail.trail(view.rows, stream="agreement/dinkes/2024").entries
    told = told_entries(regency.system.log, regency.system.codec, INSTITUTION, rows)
    assert [each.type for each in told if each.changes is None] == ["agreement.signed.v1", "agreement.target_set.v1"]
