"""Counting days: working days under an adopted calendar, and statutory terms in months."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Final, Self

from msgspec import Meta, Struct

from domain.bounds import FiscalYear, Line

_SATURDAY: Final = 5
_MAX_WORKING_DAYS: Final = 1_000
_MAX_MONTHS: Final = 1_200
_MAX_CALENDAR_DAYS: Final = 3_660

DaysOff = Annotated[tuple[date, ...], Meta(max_length=100)]


class CalendarYear(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days off of one year as a joint decree (SKB tiga menteri) fixes them.

    Both lists ascend strictly, so that equal calendars have equal bytes. `collective_leave` is cuti bersama, which
    is a day off for the civil service (Keppres on cuti bersama of each year).
    """

    year: FiscalYear
    decree: Line
    public_holidays: DaysOff
    collective_leave: DaysOff

    def __post_init__(self) -> None:
        """Refuse days of another year, repeated days and days out of order."""
        for days in (self.public_holidays, self.collective_leave):
            if any(day.year != self.year for day in days):
                raise ValueError(f"Hari libur harus di dalam tahun {self.year}")
            if any(earlier >= later for earlier, later in pairwise(days)):
                raise ValueError("Hari libur harus berurutan dan tidak berulang")


class WorkingCalendar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The calendar in force on a day: one `CalendarYear` per known year; of an unknown year only weekends are known."""

    years: tuple[CalendarYear, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two entries for one year."""
        if len({entry.year for entry in self.years}) != len(self.years):
            raise ValueError("Satu tahun hanya boleh punya satu kalender")

    def adopt(self, entry: CalendarYear) -> Self:
        """Return the calendar with `entry` in place of what was known of its year; a decree may be revised."""
        kept = (known for known in self.years if known.year != entry.year)
        return type(self)(years=tuple(sorted((*kept, entry), key=lambda known: known.year)))

    def covers(self, first: date, last: date) -> bool:
        """Whether every year from `first` to `last` is known; if not, a count between them rests on weekends alone."""
        known = {entry.year for entry in self.years}
        return all(year in known for year in range(first.year, last.year + 1))

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is neither Saturday, Sunday, public holiday nor cuti bersama."""
        if day.weekday() >= _SATURDAY:
            return False
        return not any(
            day in entry.public_holidays or day in entry.collective_leave
            for entry in self.years
            if entry.year == day.year
        )

    def add_working_days(self, start: date, count: int) -> date:
        """The last day of a term of `count` working days after `start`; `start` itself is not counted.

        Raises ValueError for a count outside 0 to 1,000. A count of 0 returns `start`.
        """
        if not 0 <= count <= _MAX_WORKING_DAYS:
            raise ValueError(f"Jumlah hari kerja harus 0 sampai {_MAX_WORKING_DAYS}")
        day = start
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day


def add_months(day: date, count: int) -> date:
    """The same day of the month `count` months later, or that month's last day where it is shorter.

    30 January + 1 month is 28 or 29 February. A statutory date in months does not roll over a weekend. Raises
    ValueError for a count outside 0 to 1,200.
    """
    if not 0 <= count <= _MAX_MONTHS:
        raise ValueError(f"Jumlah bulan harus 0 sampai {_MAX_MONTHS}")
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_calendar_days(day: date, count: int) -> date:
    """The day `count` calendar days later (60 days of Peraturan BPK 2/2017); ValueError outside 0 to 3,660."""
    if not 0 <= count <= _MAX_CALENDAR_DAYS:
        raise ValueError(f"Jumlah hari harus 0 sampai {_MAX_CALENDAR_DAYS}")
    return day + timedelta(days=count)
