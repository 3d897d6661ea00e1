"""The file of a year: all that was promised, measured, reported, evaluated, followed up and held, at one moment."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec

from domain.event import Event, RecordedEvent
from projections import (
    achievement,
    agreement_register,
    evaluation_result,
    hold_register,
    obligation_calendar,
    organisation_chart,
    recommendation_register,
    report_register,
)
from projections.achievement import UnitAchievement
from projections.agreement_register import Agreement
from projections.evaluation_result import Evaluation
from projections.hold_register import Hold
from projections.obligation_calendar import Duty
from projections.read_model import ReadModel
from projections.recommendation_register import Recommendation
from projections.report_register import Report
from services.reading import Reader, View

MODELS: tuple[ReadModel[Any], ...] = (
    organisation_chart.READ_MODEL,
    agreement_register.READ_MODEL,
    achievement.READ_MODEL,
    report_register.READ_MODEL,
    evaluation_result.READ_MODEL,
    recommendation_register.READ_MODEL,
    obligation_calendar.READ_MODEL,
    hold_register.READ_MODEL,
)


class YearFile(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of every register for a year, with the events that made them, and the moment they are asked at."""

    institution: str
    name: str | None
    year: int
    unit: str | None
    position: int
    known_at: datetime
    valid_on: date
    agreements: tuple[Agreement, ...]
    achievements: tuple[UnitAchievement, ...]
    reports: tuple[Report, ...]
    evaluations: tuple[Evaluation, ...]
    recommendations: tuple[Recommendation, ...]
    obligations: tuple[Duty, ...]
    holds: tuple[Hold, ...]
    events: tuple[RecordedEvent[Event], ...]


def year_file(view: View, events: Iterable[RecordedEvent[Event]], year: int, unit: str | None = None) -> YearFile:
    """Return the file of a year for all units or one, from a view of all `MODELS` and the events up to its position."""
    rows, day = view.rows, view.valid_on
    scope: dict[str, Any] = {"unit": unit, "fiscal_year": year}
    institution = organisation_chart.institution(rows, day)
    return YearFile(
        institution=view.institution,
        name=institution.name if institution else None,
        year=year,
        unit=unit,
        position=view.position,
        known_at=view.known_at,
        valid_on=day,
        agreements=agreement_register.agreements(rows, day, **scope),
        achievements=achievement.achievements(rows, day, **scope),
        reports=report_register.reports(rows, day, **scope),
        evaluations=evaluation_result.evaluations(rows, day, **scope),
        recommendations=recommendation_register.recommendations(rows, day, **scope),
        obligations=obligation_calendar.duties(rows, day, **scope),
        holds=hold_register.holds(rows, day, **scope),
        events=tuple(event for event in events if _concerns(event, year, unit)),
    )


def open_year_file(
    reader: Reader,
    institution: str,
    year: int,
    *,
    unit: str | None = None,
    known_at: str | None = None,
    valid_on: str | None = None,
) -> YearFile:
    """Return the file of a year as of a moment; raise a refusal where `known_at` or `valid_on` make no sense."""
    with reader.view(institution, MODELS, known_at, valid_on) as view:
        return year_file(view, reader.events(institution, until=view.position), year, unit)


def _concerns(event: RecordedEvent[Event], year: int, unit: str | None) -> bool:
    if event.fiscal_year != year:
        return False
    return unit is None or (event.correlation or "").startswith(f"{unit}/")
