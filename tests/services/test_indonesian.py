"""Dates, figures, targets and words as Indonesian readers expect them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from domain.indicator import (
    ExactFigure,
    LabelRealised,
    NotRealised,
    NumberRealised,
    NumberTarget,
    OrdinalTarget,
    RangeTarget,
    RatioRealised,
)
from services.indonesian import day, figure, instant, realised, target, word


class TestIndonesian:
    def test_dates_instants_figures_and_words(self) -> None:
        assert day(date(2024, 2, 29)) == "29 Februari 2024"
        assert instant(datetime(2024, 2, 28, 17, 5, tzinfo=UTC), "Asia/Jakarta") == "29 Februari 2024 pukul 00.05 WIB"
        assert figure(Decimal("1234567.5")) == "1.234.567,5"
        assert figure(Decimal("0.125"), 2) == "0,13"
        assert word("overdue") == "terlambat"
        assert word("no_such_word") == "no such word"
        assert {day(None), figure(None), word(None), target(None), realised(None)} == {"–"}

    def test_targets_and_realisations(self) -> None:
        assert target(NumberTarget(value=Decimal("95.5"))) == "95,5"
        assert target(RangeTarget(low=Decimal(80), high=Decimal(90))) == "80–90"
        assert target(OrdinalTarget(value="BB", scale=("D", "BB", "A"))) == "BB"
        assert realised(NumberRealised(value=Decimal(88))) == "88"
        assert realised(RatioRealised(numerator=Decimal(9212), denominator=Decimal(9800))) == "9.212/9.800"
        assert realised(LabelRealised(value="A")) == "A"
        assert realised(NotRealised(reason="not_obtained")) == "tidak diperoleh informasi (TDI)"
        assert realised(ExactFigure(value=Decimal(1) / Decimal(3))) == "0,33"
