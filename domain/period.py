"""A stretch of a fiscal year for which performance is measured: month, quarter, semester or year."""

import re
from calendar import monthrange
from datetime import date
from functools import cache
from typing import Final, Literal, Self

from msgspec import Struct

from domain.bounds import FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR, FiscalYear

Frequency = Literal["month", "quarter", "semester", "year"]

COUNT_IN_YEAR: Final[dict[Frequency, int]] = {"month": 12, "quarter": 4, "semester": 2, "year": 1}
_LETTER: Final[dict[Frequency, str]] = {"month": "M", "quarter": "Q", "semester": "S", "year": ""}
_FREQUENCY: Final[dict[str, Frequency]] = {"M": "month", "Q": "quarter", "S": "semester"}
_CODE: Final = re.compile(r"([0-9]{4})(?:-(?:(M)(0[1-9]|1[0-2])|(Q)([1-4])|(S)([12])))?")
_ROMAN: Final = ("I", "II", "III", "IV")
MONTHS: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


class Period(Struct, frozen=True, kw_only=True, order=False, forbid_unknown_fields=True, gc=False):
    """One period of a fiscal year; `number` counts from 1 within its frequency, and a year has number 1."""

    fiscal_year: FiscalYear
    frequency: Frequency
    number: int

    def __post_init__(self) -> None:
        """Refuse a year outside 2000 to 2100, an unknown frequency, or a number that the frequency does not have."""
        if not FIRST_FISCAL_YEAR <= self.fiscal_year <= LAST_FISCAL_YEAR:
            raise ValueError(f"Tahun anggaran harus {FIRST_FISCAL_YEAR} sampai {LAST_FISCAL_YEAR}")
        if not 1 <= self.number <= COUNT_IN_YEAR.get(self.frequency, 0):
            raise ValueError("Periode tidak ada dalam tahun anggaran")

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read '2024-Q1', '2024-S1', '2024-M03' or '2024'; raise ValueError for anything else."""
        found = _CODE.fullmatch(code)
        if found is None:
            raise ValueError("Kode periode harus seperti 2024-Q1, 2024-S1, 2024-M03 atau 2024")
        year, *rest = (part for part in found.groups() if part is not None)
        if not rest:
            return cls(fiscal_year=int(year), frequency="year", number=1)
        return cls(fiscal_year=int(year), frequency=_FREQUENCY[rest[0]], number=int(rest[1]))

    # Of 1,919 periods at most, each of which is told of again and again: by every figure of a measurement.
    @property
    @cache  # noqa: B019
    def code(self) -> str:
        """The period as `parse` reads it."""
        if self.frequency == "year":
            return str(self.fiscal_year)
        width = 2 if self.frequency == "month" else 1
        return f"{self.fiscal_year}-{_LETTER[self.frequency]}{self.number:0{width}d}"

    @property
    @cache  # noqa: B019
    def label(self) -> str:
        """The period in Indonesian: 'Triwulan I 2024', 'Semester I 2024', 'Maret 2024', 'Tahun 2024'."""
        if self.frequency == "year":
            return f"Tahun {self.fiscal_year}"
        if self.frequency == "month":
            return f"{MONTHS[self.number - 1]} {self.fiscal_year}"
        word = "Triwulan" if self.frequency == "quarter" else "Semester"
        return f"{word} {_ROMAN[self.number - 1]} {self.fiscal_year}"

    @property
    def first_day(self) -> date:
        """The first day of the period; a fiscal year runs from 1 January (UU 17/2003 Pasal 4)."""
        return date(self.fiscal_year, (self.number - 1) * self._months + 1, 1)

    @property
    @cache  # noqa: B019
    def last_day(self) -> date:
        """The last day of the period: the day whose target the period is measured against."""
        month = self.number * self._months
        return date(self.fiscal_year, month, monthrange(self.fiscal_year, month)[1])

    @property
    def _months(self) -> int:
        return 12 // COUNT_IN_YEAR[self.frequency]

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the period."""
        return self.first_day <= day <= self.last_day


@cache
def periods_of(fiscal_year: int, frequency: Frequency) -> tuple[Period, ...]:
    """All periods of a fiscal year in order: 12 months, 4 quarters, 2 semesters or 1 year."""
    return tuple(
        Period(fiscal_year=fiscal_year, frequency=frequency, number=number)
        for number in range(1, COUNT_IN_YEAR[frequency] + 1)
    )


def period_at(day: date, frequency: Frequency) -> Period:
    """The period of that frequency in which `day` lies; ValueError outside 2000 to 2100."""
    number = (day.month - 1) * COUNT_IN_YEAR[frequency] // 12 + 1
    return Period(fiscal_year=day.year, frequency=frequency, number=number)
