"""Definitions of indicators keep their bounds and come back from JSON as they were."""

from decimal import Decimal

import msgspec
import pytest

from domain.indicator import (
    Benchmark,
    Indicator,
    NotRealised,
    NumberRealised,
    NumberTarget,
    OrdinalTarget,
    PredicateTarget,
    RangeTarget,
    RatioRealised,
    Realised,
    Target,
    YearFigure,
)
from domain.period import Period

INDICATOR = Indicator(
    name="Prevalensi Stunting",
    definition="Balita pendek dan sangat pendek terhadap seluruh balita yang diukur.",
    formula="balita pendek / balita diukur × 100",
    unit_of_measure="persen",
    source="Dinas Kesehatan, pengukuran serentak",
    frequency="quarter",
    direction="minimise",
    accumulation="last",
    measured_from=Period.parse("2024-Q2"),
    minimise_school="inverse",
    baseline=Decimal("15.25"),
    earlier_years=(YearFigure(fiscal_year=2022, value=Decimal("15.5")),),
    renstra_end_target=RangeTarget(low=Decimal(10), high=Decimal(12)),
    benchmark=Benchmark(value=Decimal("21.5"), source="SKI 2023"),
    cap=Decimal(120),
)


def test_an_indicator_comes_back_from_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(INDICATOR), type=Indicator) == INDICATOR


@pytest.mark.parametrize(
    "value",
    [
        NumberTarget(value=Decimal("80.50")),
        RangeTarget(low=Decimal(80), high=Decimal(90)),
        OrdinalTarget(value="BB", scale=("CC", "B", "BB", "A")),
        PredicateTarget(value="WTP"),
    ],
)
def test_each_target_comes_back_from_json(value: Target) -> None:
    back: Target = msgspec.json.decode(msgspec.json.encode(value), type=Target)
    assert back == value


@pytest.mark.parametrize(
    "value",
    [
        NumberRealised(value=Decimal("-2.24")),
        RatioRealised(numerator=Decimal(12), denominator=Decimal(0), per=Decimal(100_000)),
        NotRealised(reason="not_obtained"),
    ],
)
def test_each_realisation_comes_back_from_json(value: Realised) -> None:
    back: Realised = msgspec.json.decode(msgspec.json.encode(value), type=Realised)
    assert back == value


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cap": "99"}, "Batas capaian"),
        ({"baseline": "NaN"}, "terhingga"),
        ({"earlier_years": [{"fiscal_year": 2022, "value": "1"}] * 2}, "Satu tahun"),
        ({"name": "a\x00"}, "matching regex"),
        ({"satuan": "persen"}, "unknown field"),
        ({"renstra_end_target": {"type": "range", "low": "2", "high": "1"}}, "Batas bawah"),
        ({"renstra_end_target": {"type": "ordinal", "value": "A", "scale": ["B", "BB"]}}, "Skala"),
        ({"renstra_end_target": {"type": "ordinal", "value": "A", "scale": ["A", "a "]}}, "Skala"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(change: dict[str, object], message: str) -> None:
    body = {**msgspec.to_builtins(INDICATOR), **change}
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(body, Indicator)
