"""Which commitments have to answer in a period, and which answers are good ones."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from domain.facts import CommitmentInForce
from domain.indicator import NotRealised, Realised
from domain.period import Period, period_at, periods_of
from domain.target import is_due, target_for

MONTHS_IN_QUARTER: Final = 3


def due_in(commitments: Mapping[str, CommitmentInForce], period: Period) -> Iterator[tuple[str, Period]]:
    """Yield (commitment, period) of every answer that a submission of the period needs.

    These are the commitments measured at that frequency; a quarter, which PermenPANRB 53/2014 asks of everybody, also
    answers for its months. A commitment whose target was withdrawn, or that is measured later in the year, is not due.
    """
    for commitment, in_force in commitments.items():
        indicator = in_force.commitment.indicator
        for each in (period, *_months_of(period)):
            due = indicator.frequency == each.frequency and is_due(indicator, each)
            if due and target_for(in_force, each) is not None:
                yield commitment, each


@cache
def covering(period: Period) -> tuple[Period, ...]:
    """Return the periods whose submission covers the figures of a period: itself, and for a month its quarter."""
    return (period, period_at(period.last_day, "quarter")) if period.frequency == "month" else (period,)


def is_answer(realised: Realised) -> bool:
    """Say whether this answers the question: a reason for having no figure does, "not filled" does not."""
    return not (isinstance(realised, NotRealised) and realised.reason == "not_filled")


def _months_of(period: Period) -> tuple[Period, ...]:
    if period.frequency != "quarter":
        return ()
    first = (period.number - 1) * MONTHS_IN_QUARTER
    return periods_of(period.fiscal_year, "month")[first : first + MONTHS_IN_QUARTER]
