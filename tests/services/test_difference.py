"""What differs between two files of a year: each value by its place, whatever was inserted before it."""

from datetime import UTC, date, datetime
from typing import Any

from services.difference import Change, difference
from services.year_file import YearFile, open_year_file
from tests.services.office import AGREEMENT, INSTITUTION, Office, open_year, realisation, sign


def file_with(*holds: Any) -> YearFile:  # noqa: ANN401 - any answers
    """Return a file that holds nothing but some answers."""
    nothing: tuple[Any, ...] = ()
    return YearFile(
        institution=INSTITUTION,
        name=None,
        year=2024,
        unit=None,
        position=1,
        known_at=datetime(2024, 1, 2, tzinfo=UTC),
        valid_on=date(2024, 1, 2),
        agreements=nothing,
        achievements=nothing,
        reports=nothing,
        evaluations=nothing,
        recommendations=nothing,
        obligations=nothing,
        holds=holds,
        events=nothing,
    )


def changed(place: str, earlier: str | None, later: str | None) -> Change:
    """Return a change of the register of holds."""
    return Change(register="holds", place=place, earlier=earlier, later=later)


def test_a_value_is_added_changed_or_removed() -> None:
    before, after = file_with({"id": "a", "kind": "tunda", "unit": "x"}), file_with({"id": "a", "kind": "potong"})

    assert difference(before, before).changes == ()
    assert [(each.earlier, each.later) for each in difference(file_with(), after).changes] == [
        (None, "a"),
        (None, "potong"),
    ]
    assert [(each.earlier, each.later) for each in difference(after, file_with()).changes] == [
        ("a", None),
        ("potong", None),
    ]
    assert changed("[a/x].unit", "x", None) in difference(before, after).changes


def test_an_insertion_shifts_nothing_that_is_named() -> None:
    first, second = {"id": "a", "kind": "tunda"}, {"id": "b", "kind": "tunda"}

    assert difference(file_with(second), file_with(first, second)).changes == (
        changed("[a].id", None, "a"),
        changed("[a].kind", None, "tunda"),
    )


def test_two_of_one_name_hide_no_change_of_each_other() -> None:
    """Two letters of one number, from two issuers."""
    before = file_with({"number": "1", "kind": "tunda"}, {"number": "1", "kind": "potong"})
    after = file_with({"number": "1", "kind": "dibayar"}, {"number": "1", "kind": "potong"})

    assert difference(before, after).changes == (changed("[1#0].kind", "tunda", "dibayar"),)


def test_what_only_the_day_moves_is_no_difference() -> None:
    assert difference(file_with({"id": "a", "days_open": 1}), file_with({"id": "a", "days_open": 2})).changes == ()


def test_the_events_between_two_positions_are_its_causes(regency: Office) -> None:
    open_year(regency)
    sign(regency)
    regency.on("2024-04-02")
    regency.does("op", "measurement.record", **AGREEMENT, realisation=realisation(1, "95"))
    regency.settle()
    earlier, later = (
        open_year_file(regency.system.reader, INSTITUTION, 2024, unit="dinkes", known_at=day, valid_on="2024-06-30")
        for day in ("2024-04-01", "2024-04-02")
    )
    found = difference(earlier, later)

    assert [(event.type, event.actor.id) for event in found.events] == [("measurement.realisation_recorded.v1", "op")]
    assert {change.register for change in found.changes} == {"achievements"}
    assert (None, "95") in {(change.earlier, change.later) for change in found.changes}


def test_a_file_of_one_unit_holds_nothing_of_another(regency: Office) -> None:
    open_year(regency)
    file = open_year_file(regency.system.reader, INSTITUTION, 2024, unit="dinkes")

    assert {each.unit for each in file.agreements} == {each.unit for each in file.obligations} == {"dinkes"}
    assert {event.correlation for event in file.events} == {"dinkes/2024"}
