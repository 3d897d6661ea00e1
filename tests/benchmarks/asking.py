"""Questions as known at positions that chance draws: what a page about the past costs."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import count
from typing import Any, Final, NamedTuple

from projections import cycle_status
from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel, Rows
from projections.replay import ReplayedRows
from services.bootstrap import System
from tests.benchmarks.regency import BATCH_EVENTS, FIRST_YEAR, INSTITUTION
from tests.benchmarks.rounds import Reading, Trial

QUESTIONS: Final = 5
"""Of one turn, each as known at another position."""


class Question(NamedTuple):
    """What is asked about a year, out of which read models, from their rows."""

    what: str
    models: Sequence[ReadModel[Any]]
    ask: Callable[[Rows, date, int], Sequence[Any]]


STATUS: Final = Question(
    "status of all units, any moment",
    (cycle_status.READ_MODEL,),
    lambda rows, day, year: cycle_status.cycle_statuses(rows, day, fiscal_year=year),
)

WHOLE_YEAR: Final = Question(
    "institution-year, any moment of it, all models",
    READ_MODELS,
    lambda rows, _day, year: [row for model in READ_MODELS for row in rows.rows(model, fiscal_year=year)],
)


class Answer(NamedTuple):
    """How long somebody waited, and whether what came was wrong."""

    seconds: float
    wrong: bool


def trial_of(question: Question, system: System, contestant: str, database: str, size: int, *, check: bool) -> Trial:
    """Return the trial of a question, in a system that stays open, as known at positions up to `size`."""
    run = partial(_asked, system, question, size, count(), check=check)
    return Trial(question.what, contestant, database, "ms", run, f"{QUESTIONS} a turn; tail: the slowest")


def _asked(system: System, question: Question, size: int, turns: Iterator[int], *, check: bool) -> Reading:
    """Ask as known at other positions in each turn; check the first answer against a fold where that is cheap."""
    chance = random.Random(next(turns))
    positions = [chance.randint(BATCH_EVENTS, size) for _ in range(QUESTIONS)]
    answers = [
        _ask(system, question, position, check=check and not number) for number, position in enumerate(positions)
    ]
    spent = sorted(each.seconds * 1000 for each in answers)
    return Reading(statistics.median(spent), len(spent), sum(each.wrong for each in answers), tail=spent[-1])


def _ask(system: System, question: Question, position: int, *, check: bool) -> Answer:
    """Ask about the year that was being recorded; an empty answer, or one as of elsewhere, is wrong."""
    (entry,) = system.log.read(INSTITUTION, position - 1, 1)
    year = entry.fiscal_year or FIRST_YEAR
    started = time.perf_counter()
    with system.reader.view(INSTITUTION, question.models, known_at=str(position)) as view:
        answer = question.ask(view.rows, view.valid_on, year)
        seconds = time.perf_counter() - started
    wrong = view.position != position or not answer
    if check:
        folded = ReplayedRows(system.reader.events(INSTITUTION, until=position), question.models)
        wrong |= answer != question.ask(folded, view.valid_on, year)
    return Answer(seconds, wrong)
