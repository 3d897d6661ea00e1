"""What each of the four pages shows: the answers of its read models, put in the order in which they are read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec

from domain.arithmetic import difference
from projections import (
    cycle_status,
    evaluation_result,
    hold_register,
    obligation_calendar,
    organisation_chart,
    recommendation_register,
)
from projections.cycle_status import CycleStatus
from projections.evaluation_result import EvaluationResult
from projections.follow_up_rate import ageing, completion
from projections.obligation_calendar import Duty
from projections.read_model import Rows
from projections.recommendation_register import Recommendation
from services.indonesian import word

Shown = Mapping[str, Any]
"""What a template gets, by name: answers of read models, and lists of them."""

_TONES: Final[Mapping[str, frozenset[str]]] = {
    "good": frozenset(
        {"signed", "amended", "published", "submitted", "verified", "locked", "accepted", "sent_outside"}
        | {"closed", "released"}
    ),
    "warning": frozenset(
        {"in_progress", "awaiting_approval", "reopened", "proposed", "recommended", "notice_served", "notice_lapsed"}
        | {"partly_released"}
    ),
    "bad": frozenset({"not_started", "imposed"}),
}
_QUARTER_OWED: Final = {"partly_filled": "belum lengkap", "filled": "belum diajukan"}
"""How the state of a quarter is told that should have been handed in, where no other word says it better."""

_WAITING: Final[Mapping[str | None, str]] = {
    None: "belum waktunya",
    "not_yet_due": "belum waktunya",
    "nothing_due": "tidak diukur",
    "opened": "dibuka",
    "compiled": "disusun",
    "reviewed": "direviu",
}
"""How a state is told of something that nobody waits for yet."""

_UNDECIDED: Final = frozenset({"proposed", "recommended", "notice_served", "notice_lapsed"})
_FINISHED: Final = frozenset({"released", "declined", "lapsed"})


class Question(NamedTuple):
    """Whose answers of which day are asked for; null: every unit, every year.

    `may_see_duties` says whether the person may see the duties too.
    """

    rows: Rows
    day: date
    unit: str | None
    year: int | None
    may_see_duties: bool = True


class StageCell(NamedTuple):
    """A stage or quarter of a cycle in a table: the word for its state, its colour, and what is there of it."""

    label: str
    word: str
    tone: str
    partly: str = ""


class CycleLine(NamedTuple):
    """A cycle as a line of the table."""

    cycle: CycleStatus
    cells: tuple[StageCell, ...]


class ScoreRow(msgspec.Struct, frozen=True, kw_only=True):
    """The results of a unit by one evaluator (null: our own Inspektorat) for a year and the year before.

    `change` is null unless each year has one total and both follow the same rule.
    """

    unit: str
    issuer: str | None
    before: tuple[EvaluationResult, ...]
    now: tuple[EvaluationResult, ...]
    change: Decimal | None


def not_filled_in(asked: Question) -> Shown:
    """Return who owes what in cycles, which units have no cycle, and the duties that are overdue."""
    scope: dict[str, Any] = {"unit": asked.unit, "fiscal_year": asked.year}
    found = cycle_status.cycle_statuses(asked.rows, asked.day, **scope)
    owing = cycle_status.not_filled_in(asked.rows, asked.day, **scope)
    duties = obligation_calendar.duties(asked.rows, asked.day, **scope) if asked.may_see_duties else None
    return {
        "owing": tuple(CycleLine(each, tuple(_cells(each))) for each in owing),
        "owed": sum(len(each.not_filled) for each in owing),
        "complete": tuple(each for each in found if not each.not_filled and not each.from_source),
        "from_source": tuple(each for each in found if each.from_source),
        "without_cycle": _missing(asked, {each.unit for each in found}),
        "cycles": len(found),
        "late": None if duties is None else _latest_last(duties),
        "without_due_date": sum(each.state == "due_date_unknown" for each in duties or ()),
    }


def scores(asked: Question) -> Shown:
    """Return the results of a performance year beside those of the year before, the highest first."""
    year = asked.year or asked.day.year - 1
    lines = [
        line
        for each in (year - 1, year)
        for line in evaluation_result.scores(asked.rows, asked.day, unit=asked.unit, fiscal_year=each)
    ]
    by_evaluator: dict[tuple[str, str | None], dict[int, list[EvaluationResult]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for line in lines:
        by_evaluator[line.unit, line.result.issuer][line.fiscal_year].append(line.result)
    rows = sorted((_score_row(*key, found, year) for key, found in by_evaluator.items()), key=_highest_first)
    evaluated = {line.unit for line in lines if line.fiscal_year == year and line.result.kind == "internal"}
    return {
        "internal": tuple(each for each in rows if each.issuer is None),
        "external": tuple(each for each in rows if each.issuer is not None),
        "evaluated": len(evaluated),
        "not_evaluated": _missing(asked, evaluated),
        "differing": sum(line.result.agrees is False for line in lines),
        "rules": tuple(dict.fromkeys(line.result.rule for line in lines if line.result.rule is not None)),
    }


def recommendations(asked: Question) -> Shown:
    """Return the recommendations that a unit owns or was given, overdue ones first, with their age and completion."""
    found = [
        each
        for each in recommendation_register.recommendations(asked.rows, asked.day, fiscal_year=asked.year)
        if asked.unit in {None, each.unit, *each.owners}
    ]
    return {
        "recommendations": tuple(sorted(found, key=_most_pressing_first)),
        "completion": completion(found),
        "ageing": ageing(found),
    }


def holds(asked: Question) -> Shown:
    """Return the holds of a unit or of all, those in force first."""
    found = hold_register.holds(asked.rows, asked.day, unit=asked.unit, fiscal_year=asked.year)
    return {
        "holds": tuple(sorted(found, key=lambda each: (not each.in_force, each.status in _FINISHED, each.id))),
        "in_force": sum(each.in_force for each in found),
        "undecided": sum(each.status in _UNDECIDED for each in found),
        "pending": sum(objection.outcome is None for each in found for objection in each.objections),
        "may_expire": sum(each.may_expire for each in found),
    }


def tone(status: str | None) -> str:
    """Return how a status is coloured; the word always stands beside the colour."""
    return next((name for name, statuses in _TONES.items() if status in statuses), "plain")


def _cells(cycle: CycleStatus) -> Iterable[StageCell]:
    owed = {each.what for each in cycle.not_filled}
    unsigned = "belum ditandatangani" if "agreement" in owed else None
    yield _cell("Perjanjian kinerja", cycle.agreement.status, unsigned)
    for each in cycle.quarters:
        partly = f"{each.filled} dari {each.due}" if 0 < each.filled < each.due else ""
        missing = _QUARTER_OWED.get(each.state) or word(each.state) if each.period in owed else None
        yield _cell(each.label, each.state, missing, partly)
    unsent = "belum disampaikan" if "report" in owed else None
    yield _cell("Laporan kinerja", cycle.report.status, unsent)


def _cell(label: str, state: str | None, owed: str | None, partly: str = "") -> StageCell:
    if owed is not None:
        return StageCell(label, owed, "bad", partly)
    if state in _WAITING:
        return StageCell(label, _WAITING[state], "quiet", partly)
    return StageCell(label, word(state), tone(state), partly)


def _latest_last(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    overdue = (each for each in duties if each.state == "overdue")
    return tuple(sorted(overdue, key=lambda each: (each.due_on or date.max, each.id)))


def _missing(asked: Question, there: set[str]) -> tuple[str, ...]:
    """Return the units in being that are asked about and of which there is nothing."""
    units = (each.unit for each in organisation_chart.units(asked.rows, asked.day))
    return tuple(unit for unit in units if unit not in there and asked.unit in {None, unit})


def _score_row(unit: str, issuer: str | None, found: Mapping[int, Sequence[EvaluationResult]], year: int) -> ScoreRow:
    before, now = tuple(found.get(year - 1, ())), tuple(found.get(year, ()))
    return ScoreRow(unit=unit, issuer=issuer, before=before, now=now, change=_change(before, now))


def _change(before: Sequence[EvaluationResult], now: Sequence[EvaluationResult]) -> Decimal | None:
    if len(before) != 1 or len(now) != 1 or before[0].rule != now[0].rule:
        return None
    earlier, later = before[0].score.total, now[0].score.total
    return None if earlier is None or later is None else difference(later, earlier)


def _highest_first(row: ScoreRow) -> tuple[bool, Decimal, str]:
    totals = [each.score.total for each in row.now if each.score.total is not None]
    return not totals, -max(totals, default=Decimal(0)), row.unit


def _most_pressing_first(each: Recommendation) -> tuple[bool, int, date, str]:
    return each.status == "closed", -each.days_overdue, each.due_on or date.max, each.id
