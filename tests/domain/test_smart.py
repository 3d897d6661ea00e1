"""Specifications of the SMART findings: what a reviewer notes on a commitment, and what blocks nothing."""

from decimal import Decimal

import msgspec
import pytest

from domain.commitment import AgreedTarget, Commitment, PeriodTarget
from domain.indicator import Indicator, NumberTarget, OrdinalTarget, PredicateTarget, YearFigure
from domain.period import Period
from domain.smart import findings

GOOD = Commitment(
    id="aki",
    objective="Meningkatnya derajat kesehatan ibu",
    indicator=Indicator(
        name="Angka kematian ibu",
        definition="Kematian ibu per 100.000 kelahiran hidup",
        formula="kematian ibu / kelahiran hidup x 100.000",
        unit_of_measure="per 100.000",
        source="Dinas Kesehatan",
        frequency="quarter",
        direction="minimise",
        accumulation="last",
        baseline=Decimal(110),
    ),
    target=AgreedTarget(
        year=NumberTarget(value=Decimal(100)),
        periods=(PeriodTarget(period=Period.parse("2025-Q1"), target=NumberTarget(value=Decimal(108))),),
    ),
    person_in_charge="kepala-bidang",
)


def codes(commitment: Commitment) -> list[str]:
    """Return the codes of the findings."""
    return [finding.code for finding in findings(commitment)]


def with_indicator(**changes: object) -> Commitment:
    """Return the good commitment with another indicator."""
    return msgspec.structs.replace(GOOD, indicator=msgspec.structs.replace(GOOD.indicator, **changes))


def test_a_commitment_that_is_smart_has_no_findings() -> None:
    """PermenPANRB 88/2021, sub-component 1b: indicators are SMART."""
    assert codes(GOOD) == []


@pytest.mark.parametrize("nothing", ["-", "--", "n/a", "N/A", " Tidak ada ", "...", "–"])
def test_a_placeholder_is_no_definition_no_formula_and_no_unit(nothing: str) -> None:
    """PermenPANRB 53/2014, Lampiran I: each indicator has a definition, a formula and a unit of measure."""
    assert codes(with_indicator(definition=nothing)) == ["definition_missing"]
    assert codes(with_indicator(formula=nothing)) == ["formula_missing"]
    assert codes(with_indicator(unit_of_measure=nothing)) == ["unit_of_measure_missing"]


@pytest.mark.parametrize("unit_of_measure", ["%", "Rp", "orang", "‰ "])
def test_a_sign_such_as_percent_is_a_unit(unit_of_measure: str) -> None:
    assert codes(with_indicator(unit_of_measure=unit_of_measure)) == []


def test_a_target_is_a_figure_or_a_step_of_a_ladder() -> None:
    """A predicate without its ladder is reached or not: nothing in between can be measured."""
    ladder = OrdinalTarget(value="WTP", scale=("TMP", "TW", "WDP", "WTP"))
    on_ladder = AgreedTarget(year=ladder, periods=GOOD.target.periods)
    assert codes(msgspec.structs.replace(GOOD, target=on_ladder)) == []
    alone = AgreedTarget(year=PredicateTarget(value="WTP"), periods=GOOD.target.periods)
    assert codes(msgspec.structs.replace(GOOD, target=alone)) == ["target_not_measurable"]


def test_a_baseline_or_an_earlier_year_shows_what_the_target_is_worth() -> None:
    assert codes(with_indicator(baseline=None)) == ["baseline_missing"]
    earlier = (YearFigure(fiscal_year=2024, value=Decimal(112)),)
    assert codes(with_indicator(baseline=None, earlier_years=earlier)) == []


def test_somebody_answers_for_the_indicator() -> None:
    assert codes(msgspec.structs.replace(GOOD, person_in_charge=None)) == ["owner_missing"]


def test_an_indicator_measured_during_the_year_has_targets_of_its_periods() -> None:
    """A yearly outcome needs none."""
    only_year = msgspec.structs.replace(GOOD, target=AgreedTarget(year=NumberTarget(value=Decimal(100))))
    assert codes(only_year) == ["period_targets_missing"]
    yearly = msgspec.structs.replace(
        only_year, indicator=msgspec.structs.replace(only_year.indicator, frequency="year")
    )
    assert codes(yearly) == []


def test_words_of_activity_are_process_oriented_wherever_they_stand() -> None:
    by_objective = msgspec.structs.replace(GOOD, objective="Terlaksananya penyuluhan kesehatan")
    (finding,) = findings(by_objective)
    assert (finding.code, finding.criterion) == ("process_wording", "relevant")
    assert "'terlaksananya'" in finding.text
    by_name = with_indicator(name="Jumlah  kegiatan penyuluhan")
    assert "'jumlah kegiatan'" in findings(by_name)[0].text
    assert codes(with_indicator(name="Jumlah kematian ibu")) == []


def test_every_finding_names_its_source() -> None:
    bad = msgspec.structs.replace(
        with_indicator(definition="-", formula="-", unit_of_measure="-", baseline=None, name="Jumlah rapat"),
        target=AgreedTarget(year=PredicateTarget(value="WTP")),
        person_in_charge=None,
    )
    found = findings(bad)
    assert len(found) == 8
    assert {finding.source for finding in found} == {
        "PermenPANRB 53/2014, Lampiran I",
        "PermenPANRB 88/2021, subkomponen 1b",
    }
    assert {finding.criterion for finding in found} == {
        "specific",
        "measurable",
        "achievable",
        "relevant",
        "time_bound",
    }
