"""Working days under an adopted calendar, and terms in months that keep the day of the month."""

from datetime import date

import holidays
import msgspec
import pytest

from domain.calendar import CalendarYear, WorkingCalendar, add_calendar_days, add_months


def decree(year: int, *, collective_leave: bool = True) -> CalendarYear:
    """The days off of a year as the holidays package lists them for the civil service."""
    off = {
        category: tuple(sorted(holidays.country_holidays("ID", years=year, categories=category)))
        for category in ("public", "government")
    }
    return CalendarYear(
        year=year,
        decree=f"SKB {year}",
        public_holidays=off["public"],
        collective_leave=off["government"] if collective_leave else (),
    )


def test_seven_working_days_from_9_march_2026_end_on_25_march_with_holidays_and_collective_leave() -> None:
    calendar = WorkingCalendar(years=(decree(2026),))
    assert calendar.add_working_days(date(2026, 3, 9), 7) == date(2026, 3, 25)


def test_without_a_known_calendar_the_same_term_ends_on_18_march() -> None:
    calendar = WorkingCalendar()
    assert calendar.add_working_days(date(2026, 3, 9), 7) == date(2026, 3, 18)
    assert not calendar.covers(date(2026, 3, 9), date(2026, 3, 18))


def test_collective_leave_counts_as_a_day_off_beside_the_public_holidays() -> None:
    public_only = WorkingCalendar(years=(decree(2026, collective_leave=False),))
    assert public_only.add_working_days(date(2026, 3, 18), 1) == date(2026, 3, 20)
    assert WorkingCalendar(years=(decree(2026),)).add_working_days(date(2026, 3, 17), 1) == date(2026, 3, 25)


def test_a_revised_decree_replaces_its_year_only() -> None:
    first = WorkingCalendar().adopt(decree(2026)).adopt(decree(2025))
    revised = first.adopt(CalendarYear(year=2026, decree="SKB revisi", public_holidays=(), collective_leave=()))
    assert [entry.year for entry in revised.years] == [2025, 2026]
    assert revised.is_working_day(date(2026, 3, 19))
    assert not first.is_working_day(date(2026, 3, 19))
    assert revised.covers(date(2025, 12, 1), date(2026, 1, 31))


def test_equal_calendars_have_equal_bytes_and_come_back() -> None:
    calendar = WorkingCalendar(years=(decree(2026),))
    encoded = msgspec.json.encode(calendar)
    assert msgspec.json.decode(encoded, type=WorkingCalendar) == calendar
    assert msgspec.json.encode(WorkingCalendar(years=(decree(2026),))) == encoded


@pytest.mark.parametrize("days", [["2025-01-01"], ["2026-02-01", "2026-01-01"], ["2026-01-01", "2026-01-01"]])
def test_a_calendar_year_refuses_foreign_repeated_and_unsorted_days(days: list[str]) -> None:
    body = {"year": 2026, "decree": "SKB", "public_holidays": days, "collective_leave": []}
    with pytest.raises(msgspec.ValidationError, match="Hari libur"):
        msgspec.convert(body, CalendarYear)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2024, 1, 30), 1, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2024, 12, 31), 3, date(2025, 3, 31)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 1, 3), 1, date(2026, 2, 3)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_a_term_in_months_keeps_the_day_or_takes_the_last_one_and_ignores_weekends(
    start: date, months: int, end: date
) -> None:
    assert add_months(start, months) == end


def test_terms_are_bounded() -> None:
    start = date(2026, 1, 1)
    for count in (-1, 1_001):
        with pytest.raises(ValueError, match="harus"):
            WorkingCalendar().add_working_days(start, count)
    for count in (-1, 1_201):
        with pytest.raises(ValueError, match="harus"):
            add_months(start, count)
    for count in (-1, 3_661):
        with pytest.raises(ValueError, match="harus"):
            add_calendar_days(start, count)
    assert add_calendar_days(date(2025, 1, 1), 60) == date(2025, 3, 2)
