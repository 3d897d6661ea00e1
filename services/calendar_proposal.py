"""Proposes the days off of a year; what counts is what an institution adopts by decree."""

from datetime import date

import holidays
import msgspec
from holidays.constants import GOVERNMENT, PUBLIC


class CalendarProposal(msgspec.Struct, frozen=True, kw_only=True):
    """Public holidays and joint leave (cuti bersama) of a year, in order."""

    year: int
    holidays: tuple[date, ...]
    joint_leave: tuple[date, ...]


def propose_calendar(year: int) -> CalendarProposal:
    """Return the national days off of Indonesia as far as the `holidays` package knows them."""
    public = holidays.country_holidays("ID", years=year, categories=(PUBLIC,))
    joint = holidays.country_holidays("ID", years=year, categories=(GOVERNMENT,))
    return CalendarProposal(
        year=year, holidays=tuple(sorted(public)), joint_leave=tuple(sorted(set(joint) - set(public)))
    )
