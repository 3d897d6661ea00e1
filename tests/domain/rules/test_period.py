"""Periods of a fiscal year: codes, labels and days (PermenPANRB 53/2014: quarterly and yearly measurement)."""

from datetime import date

import msgspec
import pytest

from domain.period import COUNT_IN_YEAR, Frequency, Period, period_at, periods_of


@pytest.mark.parametrize(
    ("code", "label", "first", "last"),
    [
        ("2024-Q1", "Triwulan I 2024", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q4", "Triwulan IV 2024", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-S1", "Semester I 2024", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-S2", "Semester II 2024", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-M02", "Februari 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-M12", "Desember 2023", date(2023, 12, 1), date(2023, 12, 31)),
        ("2024", "Tahun 2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_code_names_a_stretch_of_days(code: str, label: str, first: date, last: date) -> None:
    period = Period.parse(code)
    assert (period.code, period.label, period.first_day, period.last_day) == (code, label, first, last)
    assert period.contains(first)
    assert period.contains(last)
    assert msgspec.json.decode(msgspec.json.encode(period), type=Period) == period


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2024-Q0",
        "2024-Q5",
        "2024-S3",
        "2024-M00",
        "2024-M13",
        "2024-M1",
        "1999",
        "2101",
        "\uff12\uff10\uff12\uff14",
        "2024\n",
    ],
)
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"Kode periode|Tahun anggaran"):
        Period.parse(code)


@pytest.mark.parametrize(("frequency", "number"), [("quarter", 5), ("year", 2), ("month", 0), ("semester", -1)])
def test_a_number_that_the_frequency_lacks_is_refused_in_a_body(frequency: str, number: int) -> None:
    body = {"fiscal_year": 2024, "frequency": frequency, "number": number}
    with pytest.raises(msgspec.ValidationError, match="Periode tidak ada"):
        msgspec.convert(body, Period)


@pytest.mark.parametrize("frequency", list(COUNT_IN_YEAR))
def test_the_periods_of_a_year_cover_it_without_gap_and_each_day_finds_its_own(frequency: Frequency) -> None:
    periods = periods_of(2023, frequency)
    assert sum((period.last_day - period.first_day).days + 1 for period in periods) == 365
    for period in periods:
        assert period_at(period.first_day, frequency) == period_at(period.last_day, frequency) == period
