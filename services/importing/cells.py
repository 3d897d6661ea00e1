"""Years and days as publications write them."""

import re
from datetime import date
from typing import Final

from domain.bounds import FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR

_YEARS: Final = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])", re.ASCII)
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T][0-9:.]{1,15})?", re.ASCII)
_ABSENT: Final = frozenset({"", "null", "none", "-", "0000-00-00"})
PLACEHOLDER_YEAR: Final = 1900
"""The year that applications write where they know none."""


class Unreadable(ValueError):
    """A cell holds something else than what its column is for."""


def read_year(text: str) -> int | None:
    """Return the one year of a text such as '2025 (row label)'; null where there is none, several, or a far one."""
    found = {int(year) for year in _YEARS.findall(text)}
    if len(found) != 1:
        return None
    year = found.pop()
    return year if FIRST_FISCAL_YEAR <= year <= LAST_FISCAL_YEAR else None


def read_day(text: str) -> date | None:
    """Return a day from 2000 to 2100, or of 1900; null where the cell is empty or says NULL; else raise Unreadable."""
    if text.casefold() in _ABSENT:
        return None
    found = _DAY.fullmatch(text)
    if found is None:
        raise Unreadable(text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Unreadable(text) from error
    if day.year != PLACEHOLDER_YEAR and not FIRST_FISCAL_YEAR <= day.year <= LAST_FISCAL_YEAR:
        raise Unreadable(text)
    return day
