"""Periods become a year without reading a missing one as zero."""

from decimal import Decimal
from typing import get_args

import pytest

from domain.accumulation import Accumulated, accumulate
from domain.indicator import (
    Accumulation,
    ExactFigure,
    LabelRealised,
    NotRealised,
    NumberRealised,
    RatioRealised,
    Realised,
)

NOT_FILLED = NotRealised(reason="not_filled")
NOT_YET_DUE = NotRealised(reason="not_yet_due")
NOT_APPLICABLE = NotRealised(reason="not_applicable")
NOT_OBTAINED = NotRealised(reason="not_obtained")


def figures(*texts: str) -> list[Realised]:
    return [NumberRealised(value=Decimal(text)) for text in texts]


def ratio(top: int, bottom: int, per: int = 100) -> RatioRealised:
    return RatioRealised(numerator=Decimal(top), denominator=Decimal(bottom), per=Decimal(per))


def exact(result: Accumulated) -> Decimal:
    assert isinstance(result.realised, ExactFigure)
    return result.realised.value


@pytest.mark.parametrize(("way", "expected"), [("sum", "60"), ("average", "20")])
def test_numbers_are_summed_or_averaged(way: Accumulation, expected: str) -> None:
    result = accumulate(way, figures("10", "20", "30"))
    assert (exact(result), result.counted, result.complete) == (Decimal(expected), 3, True)


def test_the_last_figure_that_is_there_stands() -> None:
    result = accumulate("last", [*figures("10", "8"), NOT_YET_DUE])
    assert result.realised == NumberRealised(value=Decimal(8))
    assert result.complete


def test_a_missing_period_is_not_zero_and_leaves_the_figure_incomplete() -> None:
    result = accumulate("average", [*figures("10"), NOT_FILLED, NOT_OBTAINED, *figures("20"), NOT_APPLICABLE])
    assert (exact(result), result.counted, result.missing) == (Decimal(15), 2, 2)
    assert not result.complete
    assert result.steps[-1] == "2 periode belum ada realisasinya"


@pytest.mark.parametrize(
    ("periods", "reason"),
    [
        ([NOT_YET_DUE, NOT_YET_DUE], "not_yet_due"),
        ([NOT_YET_DUE, NOT_FILLED], "not_filled"),
        ([NOT_APPLICABLE, NOT_OBTAINED], "not_obtained"),
        ([NOT_APPLICABLE], "not_applicable"),
        ([], "not_filled"),
    ],
)
def test_nothing_at_all_keeps_its_reason(periods: list[Realised], reason: str) -> None:
    for way in get_args(Accumulation):
        result = accumulate(way, periods)
        assert isinstance(result.realised, NotRealised)
        assert result.realised.reason == reason


def test_the_ratio_of_a_year_is_the_ratio_of_its_totals_but_an_average_is_the_mean_of_the_periods() -> None:
    assert exact(accumulate("sum", [ratio(1, 2), ratio(1, 6)])) == Decimal(25)
    assert accumulate("average", [ratio(1, 2), ratio(1, 4)]).realised == ExactFigure(value=Decimal("37.5"))


@pytest.mark.parametrize(
    ("way", "periods"),
    [
        ("sum", [LabelRealised(value="BB"), *figures("1")]),
        ("average", [LabelRealised(value="BB")]),
        ("sum", [ratio(1, 2), *figures("1")]),
        ("sum", [ratio(1, 2), ratio(1, 2, 1000)]),
        ("sum", [ratio(1, 2), ratio(1, -2)]),
        ("average", [ratio(1, 0)]),
    ],
)
def test_what_has_no_sum_or_average_has_no_figure_and_says_why(way: Accumulation, periods: list[Realised]) -> None:
    result = accumulate(way, periods)
    assert result.realised is None
    assert any("tidak dapat" in step or "nol" in step for step in result.steps)


def test_a_sum_may_exceed_the_bound_of_a_single_figure_and_an_average_stays_unrounded() -> None:
    big = figures(*["900000000000000"] * 12)
    assert exact(accumulate("sum", big)) == Decimal(10800000000000000)
    assert exact(accumulate("average", figures("1", "1", "2"))) * 3 > Decimal("3.999999999999999999999")
