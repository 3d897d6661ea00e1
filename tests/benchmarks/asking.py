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


class Question(NamedTuple):
    """What is asked about a year, out of which read models, from their rows; how often in a turn."""

    what: str
    models: Sequence[ReadModel[Any]]
    ask: Callable[[Rows, date, int], Sequence[Any]]
    times: int


STATUS: Final = Question(
    "status of all units",
    (cycle_status.READ_MODEL,),
    lambda rows, day, year: cycle_status.cycle_statuses(rows, day, fiscal_year=year),
    15,
)

WHOLE_YEAR: Final = Question(
    "institution-year, any moment of it, all models",
    READ_MODELS,
    lambda rows, _day, year: [row for model in READ_MODELS for row in rows.rows(model, fiscal_year=year)],
    5,
)


class Stretch(NamedTuple):
    """So many events of a log after a position, as known after any of which it is asked."""

    after: int
    events: int


class Answer(NamedTuple):
    """How long somebody waited, and whether what came was wrong."""

    seconds: float
    wrong: bool


def trial_of(
    question: Question, system: System, contestant: str, database: str, stretch: Stretch, note: str = "", *, check: bool
) -> Trial:
    """Return the trial of a question, in a system that stays open; `check` where no event of its year lies before."""
    run = partial(_asked, system, question, stretch, count(), check=check)
    told = f"{question.times} a turn{note}; tail: the slowest"
    return Trial(question.what, contestant, database, "ms", run, told)


def reading_of(answers: Sequence[Answer]) -> Reading:
    """Return the median in milliseconds, with the slowest as the tail."""
    spent = [each.seconds * 1000 for each in answers]
    return Reading(statistics.median(spent), len(spent), sum(each.wrong for each in answers), tail=max(spent))


def _asked(system: System, question: Question, stretch: Stretch, turns: Iterator[int], *, check: bool) -> Reading:
    """Ask after other events in each turn, and after the same ones of two stretches; check the first answer."""
    chance = random.Random(next(turns))
    drawn = [chance.randint(BATCH_EVENTS, stretch.events) for _ in range(question.times)]
    return reading_of(
        [_ask(system, question, stretch.after, each, check=check and not number) for number, each in enumerate(drawn)]
    )


def _ask(system: System, question: Question, after: int, events: int, *, check: bool) -> Answer:
    """Ask about the year that was being recorded; an empty answer, or one as of elsewhere, is wrong."""
    position = after + events
    (entry,) = system.log.read(INSTITUTION, position - 1, 1)
    year = entry.fiscal_year or FIRST_YEAR
    started = time.perf_counter()
    with system.reader.view(INSTITUTION, question.models, known_at=str(position)) as view:
        answer = question.ask(view.rows, view.valid_on, year)
        seconds = time.perf_counter() - started
    wrong = view.position != position or not answer
    if check:
        entries = system.log.read(INSTITUTION, after, events)
        folded = ReplayedRows(map(system.codec.decode, entries), question.models)
        wrong |= answer != question.ask(folded, view.valid_on, year)
    return Answer(seconds, wrong)
