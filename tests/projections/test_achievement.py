"""Specifications of the achievement: periods against the target of their last day, six outcomes, the year's figure."""

from decimal import Decimal

import pytest

from domain.commitment import AgreedTarget
from domain.indicator import LabelRealised, NotRealised, NumberRealised, NumberTarget, OrdinalTarget
from domain.measurement.events import (
    MeasurementOpened,
    PeriodLocked,
    PeriodReopened,
    PeriodReturned,
    PeriodSubmitted,
    PeriodVerified,
    RealisationCorrected,
)
from domain.opening import Opening
from domain.period import Period
from domain.realisation import Realisation
from projections.achievement import UnitAchievement, achievement, achievements
from projections.commitment_achievement import PeriodAchievement, YearAchievement
from tests.projections.sample import (
    AGREEMENT,
    COMMITMENT,
    IN_ORDER,
    MEASUREMENT,
    NOT_APPLICABLE,
    NOT_OBTAINED,
    REASON,
    amended,
    day,
    measured,
    realisation,
    realised,
    set_target,
    signed,
    target,
    with_indicator,
)
from tests.projections.spec import Fact, Spec, given, happened, there

QUARTERS = target(100, q1=20, q2=50, q3=75, q4=100)


def the(spec: Spec) -> UnitAchievement:
    """Ask for the unit's year."""
    return there(spec.asked(achievement, unit="dinkes", fiscal_year=2025))


def period(spec: Spec, code: str) -> PeriodAchievement:
    """Ask for a period of the one commitment."""
    (commitment,) = the(spec).commitments
    return next(each for each in commitment.periods if each.period == code)


def year(spec: Spec) -> YearAchievement:
    """Ask for the year of the one commitment."""
    (commitment,) = the(spec).commitments
    return commitment.year


def test_a_period_is_measured_against_the_target_in_effect_on_its_last_day() -> None:
    changed = happened(
        AGREEMENT, amended("2025-05-10"), set_target(target(100, q1=40, q2=80), "2025-05-15", amended_by=5)
    )
    spec = given(*signed(first=QUARTERS), *changed, *measured(realised("2025-Q1", 20), realised("2025-Q2", 40)))
    first, second = period(spec, "2025-Q1"), period(spec, "2025-Q2")
    assert (first.target, first.achievement.value) == (NumberTarget(value=Decimal(20)), Decimal(100))
    assert (second.target, second.achievement.value) == (NumberTarget(value=Decimal(80)), Decimal(50))
    assert second.original_target == NumberTarget(value=Decimal(50))


def test_the_year_is_measured_against_the_last_target_and_the_original_stands_beside_it() -> None:
    changed = happened(AGREEMENT, amended("2025-11-10"), set_target(target(200), "2025-11-10", amended_by=5))
    spec = given(*signed(), *changed, *measured(*(realised(f"2025-Q{n}", 25) for n in range(1, 5))))
    found = year(spec)
    assert (found.achievement.value, found.against_original.value) == (Decimal(50), Decimal(100))
    assert (found.counted, found.missing, found.ahead, found.certainty) == (4, 0, 0, "final")


@pytest.mark.parametrize(
    ("accumulation", "expected", "counted"),
    [("sum", Decimal(60), 3), ("last", Decimal(30), 1), ("average", Decimal(20), 3)],
)
def test_the_year_follows_from_its_periods_by_the_indicators_accumulation(
    accumulation: str, expected: Decimal, counted: int
) -> None:
    recorded = measured(realised("2025-Q1", 10), realised("2025-Q2", 20), realised("2025-Q3", 30))
    spec = given(*signed(with_indicator(accumulation=accumulation)), *recorded).on("2025-10-15")
    found = year(spec)
    assert found.achievement.value == expected
    assert (found.counted, found.missing, found.ahead, found.certainty) == (counted, 0, 1, "provisional")


def test_six_outcomes_are_six_different_things_and_zero_is_computed() -> None:
    spec = given(
        *signed(with_indicator(frequency="month"), first=target(100)),
        *measured(
            realised("2025-M01", 0),
            realised("2025-M02", NOT_APPLICABLE),
            realised("2025-M03", NOT_OBTAINED),
            realised("2025-M04", LabelRealised(value="baik")),
        ),
    ).on("2025-06-15")
    outcomes = {
        code: period(spec, code).achievement.status
        for code in ("2025-M01", "2025-M02", "2025-M03", "2025-M04", "2025-M05", "2025-M06")
    }
    assert outcomes == {
        "2025-M01": "computed",
        "2025-M02": "not_applicable",
        "2025-M03": "not_obtained",
        "2025-M04": "cannot_compute",
        "2025-M05": "not_filled",
        "2025-M06": "not_yet_due",
    }
    assert period(spec, "2025-M01").achievement.value == Decimal(0)


def test_only_what_was_computed_enters_the_units_average() -> None:
    silent = with_indicator()
    spec = given(*signed(silent), *measured()).on("2026-01-15")
    found = the(spec)
    assert (found.average, found.average_capped, found.counted, found.left_out) == (None, None, 0, 1)
    assert year(spec).achievement.status == "not_filled"


def test_an_outcome_is_not_yet_due_before_its_first_period() -> None:
    """A yearly outcome is not yet due to be measured in quarters I to III: its own state, never red."""
    late_starter = with_indicator(measured_from=Period.parse("2025-Q4"))
    spec = given(*signed(late_starter), *measured()).on("2025-12-31")
    assert [period(spec, f"2025-Q{n}").achievement.status for n in range(1, 5)] == ["not_yet_due"] * 4
    assert period(spec.on("2026-01-01"), "2025-Q4").achievement.status == "not_filled"
    assert period(spec.on("2026-01-01"), "2025-Q3").achievement.status == "not_yet_due"


def test_the_uncapped_achievement_is_kept_beside_the_capped_one() -> None:
    spec = given(*signed(with_indicator(cap=Decimal(120), frequency="year")), *measured(realised("2025", 150)))
    found = the(spec)
    assert (found.average, found.average_capped) == (Decimal(150), Decimal(120))


def test_a_figure_of_the_whole_year_counts_as_it_stands() -> None:
    spec = given(*signed(), *measured(realised("2025-Q1", 10), realised("2025", 90)))
    assert year(spec).achievement.value == Decimal(90)


def test_a_ladder_measured_yearly_is_read_as_a_ladder() -> None:
    ladder = AgreedTarget(year=OrdinalTarget(value="B", scale=("D", "C", "B", "A")))
    spec = given(
        *signed(with_indicator(frequency="year", direction="ordinal"), first=ladder),
        *measured(realised("2025", LabelRealised(value="A"))),
    )
    assert year(spec).achievement.value == Decimal("133.3333333333333333333333333333333333333")


def test_a_realisation_counts_from_its_day_and_one_entered_early_says_from_when() -> None:
    spec = given(*signed(), *measured(realised("2025-Q2", 10)))
    june = period(spec.on("2025-06-25"), "2025-Q2")
    assert (june.achievement.status, june.ahead) == ("not_yet_due", day("2025-06-30"))
    assert period(spec.on("2025-06-30"), "2025-Q2").achievement.status == "computed"


def test_a_correction_replaces_the_figure_and_both_stay_known() -> None:
    body = RealisationCorrected(
        effective_on=day("2025-03-31"), corrects=2, realisation=realisation("2025-Q1", 15), reason=REASON
    )
    before = (*signed(first=QUARTERS), *(fact.recorded("2025-04-05") for fact in measured(realised("2025-Q1", 10))))
    spec = given(*before, Fact(MEASUREMENT, body, recorded_on="2025-05-01"))
    assert period(spec, "2025-Q1").achievement.value == Decimal(75)
    assert period(spec.known_on("2025-04-30"), "2025-Q1").achievement.value == Decimal(50)
    (revision,) = the(spec).revisions
    assert (revision.before, revision.after) == (NumberRealised(value=Decimal(10)), NumberRealised(value=Decimal(15)))
    assert there(period(spec, "2025-Q1").recorded).reason == REASON


def test_a_later_record_of_the_same_period_replaces_the_earlier() -> None:
    spec = given(*signed(first=QUARTERS), *measured(realised("2025-Q1", 10), realised("2025-Q1", 20)))
    assert period(spec, "2025-Q1").achievement.value == Decimal(100)


def test_the_status_of_a_period_on_a_day_and_the_end_of_a_reopening() -> None:
    first = Period.parse("2025-Q1")
    steps = (
        PeriodSubmitted(effective_on=day("2025-04-03"), period=first),
        PeriodReturned(effective_on=day("2025-04-05"), period=first, reason=REASON),
        PeriodSubmitted(effective_on=day("2025-04-07"), period=first),
        PeriodVerified(effective_on=day("2025-04-08"), period=first),
        PeriodLocked(effective_on=day("2025-04-09"), period=first, last=False),
        PeriodReopened(
            effective_on=day("2025-05-01"),
            period=first,
            reason=REASON,
            commitments=("imunisasi",),
            until=day("2025-05-10"),
        ),
    )
    spec = given(*signed(), *measured(*steps))

    def status(on: str) -> list[str]:
        return [each.status for each in the(spec.on(on)).periods]

    assert status("2025-04-01") == []
    assert [status(on) for on in ("2025-04-05", "2025-04-08", "2025-04-09", "2025-05-10", "2025-05-11")] == [
        ["returned"],
        ["verified"],
        ["locked"],
        ["reopened"],
        ["locked"],
    ]


def test_what_a_publication_printed_stands_beside_what_the_rule_gives() -> None:
    printed = Realisation(
        commitment="imunisasi",
        period=Period.parse("2025"),
        realised=NumberRealised(value=Decimal(95)),
        published_achievement="95,10%",
        source="LKjIP 2025",
    )
    body = realised("2025", 95)
    opened = MeasurementOpened(effective_on=day("2025-12-31"), opening=Opening(source="LKjIP 2025"))
    told = type(body)(effective_on=body.effective_on, realisation=printed)
    found = year(given(*signed(), *happened(MEASUREMENT, opened, told)))
    assert (found.achievement.value, found.published_achievement) == (Decimal(95), "95,10%")


def test_nothing_is_told_of_a_unit_before_it_promised_or_measured_anything() -> None:
    spec = given(*signed()).on("2024-12-31")
    assert spec.asked(achievement, unit="dinkes", fiscal_year=2025) is None
    assert spec.asked(achievements, fiscal_year=2025) == ()
    assert [each.unit for each in spec.on("2025-01-20").asked(achievements, fiscal_year=2025)] == ["dinkes"]
    opened = Fact("measurement/setda/2025", MeasurementOpened(effective_on=day("2025-01-20"), opening=IN_ORDER))
    assert there(given(opened).asked(achievement, unit="setda", fiscal_year=2025)).commitments == ()


def test_provisional_figures_make_a_provisional_year() -> None:
    early = Realisation(
        commitment=COMMITMENT.id,
        period=Period.parse("2025"),
        realised=NumberRealised(value=Decimal(90)),
        certainty="provisional",
    )
    body = realised("2025", 90)
    spec = given(*signed(), *measured(type(body)(effective_on=body.effective_on, realisation=early)))
    assert year(spec).certainty == "provisional"
    assert isinstance(period(spec, "2025-Q1").realised, NotRealised)
