"""The file of a year: all that was promised, measured, reported, evaluated, followed up and held, at one moment."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec

from domain.errors import UnitUnknown
from domain.event import Event, RecordedEvent
from domain.stream import category_of, cycle, cycle_of
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
from projections.keyed_fold import KeyedFold
from projections.obligation_calendar import Duty
from projections.read_model import ReadModel
from projections.recommendation_register import Recommendation
from projections.report_register import Report
from services.reading import ParkedMark, Reader, View


class Register(NamedTuple):
    """One register of the file: its name there, its read model, and the question that is asked of it."""

    name: str
    model: ReadModel[Any]
    ask: Callable[..., Sequence[Any]]


REGISTERS: Final = (
    Register("agreements", agreement_register.READ_MODEL, agreement_register.agreements),
    Register("achievements", achievement.READ_MODEL, achievement.achievements),
    Register("reports", report_register.READ_MODEL, report_register.reports),
    Register("evaluations", evaluation_result.READ_MODEL, evaluation_result.evaluations),
    Register("recommendations", recommendation_register.READ_MODEL, recommendation_register.recommendations),
    Register("obligations", obligation_calendar.READ_MODEL, obligation_calendar.duties),
    Register("holds", hold_register.READ_MODEL, hold_register.holds),
)
"""In the order of the cycle. An answer of each is made of one row."""

_OF_CYCLE: Final = frozenset(
    category for each in REGISTERS if each.model.of_cycle for category in each.model.streams or ()
)
"""The categories of streams of which nothing is told but in rows of their own cycle."""

MODELS: Final[tuple[ReadModel[Any], ...]] = (organisation_chart.READ_MODEL, *(each.model for each in REGISTERS))


class YearFile(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of every register for a year, with the events that made them, and the moment they are asked at.

    The duties and holds of a `unit` are those that it had on the day, also where it took them over. Its recommendations
    are those that were given to it, whoever follows them up: one that it took over stands in the other unit's file.
    `parked` names the rows that stopped before that moment: there the registers are older than it says, `events` not.
    """

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
    parked: tuple[ParkedMark, ...] = ()


def year_file(view: View, events: Iterable[RecordedEvent[Event]], year: int, unit: str | None = None) -> YearFile:
    """Return the file of a year for all units or one, from a view of all `MODELS` and the year's events up to it.

    Raises:
        UnitUnknown: nothing was known of the unit then; an empty file would look as if it had done nothing.
    """
    rows, day = view.rows, view.valid_on
    demand_unit(view, unit)
    institution = organisation_chart.institution(rows, day)
    answers = {each.name: tuple(each.ask(rows, day, unit=unit, fiscal_year=year)) for each in REGISTERS}
    shown = {key for found in answers.values() for key in map(_key_of, found)}
    return YearFile(
        institution=view.institution,
        name=institution.name if institution else None,
        year=year,
        unit=unit,
        position=view.position,
        known_at=view.known_at,
        valid_on=day,
        events=tuple(event for event in events if _concerns(event, year, unit, shown)),
        parked=view.parked,
        **answers,
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
    """Return the file of a year as of a moment; raise a refusal where unit, `known_at` or `valid_on` make no sense."""
    with reader.view(institution, MODELS, known_at, valid_on) as view:
        events = events_of_year(reader, institution, year, unit, until=view.position)
        return year_file(view, events, year, unit)


def events_of_year(
    reader: Reader, institution: str, year: int, unit: str | None, *, until: int
) -> Iterator[RecordedEvent[Event]]:
    """Yield the events of a year up to a position that may concern a unit or all."""
    return reader.events(institution, until=until, fiscal_year=year, wanted=partial(may_concern, unit))


def demand_unit(view: View, unit: str | None) -> None:
    """Raise `UnitUnknown` where a unit is named that was not known by then; the view holds the organisation chart."""
    if unit is not None and unit not in organisation_chart.names(view.rows, date.max):
        raise UnitUnknown(unit=unit)


def may_concern(unit: str | None, stream: str) -> bool:
    """Say whether an event in a stream may change what is told of a unit, or of all: not in a cycle of another unit."""
    of_other = unit is not None and category_of(stream) in _OF_CYCLE and cycle_of(stream)
    return not of_other or of_other[0] == unit


def _key_of(answer: Any) -> str:  # noqa: ANN401 - an answer of any register
    """Return the key of the one row that an answer is made of."""
    return str(answer.id) if hasattr(answer, "id") else cycle(answer.unit, answer.fiscal_year)


def _concerns(event: RecordedEvent[Event], year: int, unit: str | None, shown: AbstractSet[str]) -> bool:
    """Say whether an event belongs to the file: it is of that year, and of the unit or of what is told of it.

    What a unit took over from another was begun by events of that one. A register that fails at an event says nothing
    of it here, and is among the `parked` of the file.
    """
    if event.fiscal_year != year:
        return False
    if unit is None or (event.correlation or "").startswith(f"{unit}/"):
        return True
    models = (each.model for each in REGISTERS if each.model.concerns(event.stream))
    return any(key in shown for model in models for key in KeyedFold(model).keys(event))
