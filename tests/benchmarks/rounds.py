"""Takes turns: each measurement once a round, so that a slow minute of the machine meets all of them."""

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.table import Table


class Reading(NamedTuple):
    """One measured value, its tail where it is a median of many; of `checked` results `wrong` were not right.

    A measurement without wrong results counted is no measurement: it might be fast at doing the wrong thing.
    """

    value: float
    checked: int
    wrong: int
    tail: float | None = None


class Trial(NamedTuple):
    """Something to measure: of what, by whom, on which database, in which unit (`…/s`: more is better, else less)."""

    what: str
    contestant: str
    database: str
    unit: str
    run: Callable[[], Reading]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What the rounds gave: median and quartiles of the values, median of the tails, sums of the checks."""

    what: str
    contestant: str
    database: str
    unit: str
    note: str
    values: tuple[float, ...]
    lower: float
    median: float
    upper: float
    tail: float | None
    checked: int
    wrong: int


def interleaved(trials: Sequence[Trial], rounds: int, *, warm_up: bool = True) -> list[Figure]:
    """Run all trials once to warm up, then all of them once a round; return a figure for each."""
    readings: dict[int, list[Reading]] = {number: [] for number in range(len(trials))}
    for number in range(0 if warm_up else 1, rounds + 1):
        for place, trial in enumerate(trials):
            reading = trial.run()
            if number:
                readings[place].append(reading)
        if trials:
            sys.stderr.write(f"{trials[0].what} …: round {number} of {rounds}\n")
    return [figure_of(trial, readings[place]) for place, trial in enumerate(trials)]


def figure_of(trial: Trial, readings: Sequence[Reading]) -> Figure:
    """Return the figure of at least one reading."""
    values = tuple(each.value for each in readings)
    lower, median, upper = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    slowest = [each.tail for each in readings if each.tail is not None]
    return Figure(
        what=trial.what,
        contestant=trial.contestant,
        database=trial.database,
        unit=trial.unit,
        note=trial.note,
        values=values,
        lower=lower,
        median=median,
        upper=upper,
        tail=statistics.median(slowest) if slowest else None,
        checked=sum(each.checked for each in readings),
        wrong=sum(each.wrong for each in readings),
    )


def table_of(title: str, figures: Sequence[Figure]) -> Table:
    """Return the figures as a table; `× rival` compares with the last contestant of the same kind and database."""
    table = Table(title=title)
    for column in ("what", "contestant"):
        table.add_column(column)
    for column in ("database", "median", "quartiles", "unit", "tail", "× rival", "wrong", "of"):
        table.add_column(column, justify="right")
    table.add_column("note")
    rivals = {(each.what, each.database): each for each in figures if each.contestant.startswith("eventsourcing")}
    for each in figures:
        rival = rivals.get((each.what, each.database))
        table.add_row(
            each.what,
            each.contestant,
            each.database,
            _shown(each.median),
            f"{_shown(each.lower)} – {_shown(each.upper)}",
            each.unit,
            "" if each.tail is None else _shown(each.tail),
            "" if rival is None else f"{_times(each, rival):.1f}",
            f"{each.wrong:,}",
            f"{each.checked:,}",
            each.note,
        )
    return table


def _times(figure: Figure, rival: Figure) -> float:
    """Return how many times as good a figure is as the rival's."""
    if figure.unit.endswith("/s"):
        return figure.median / rival.median
    return rival.median / figure.median


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
