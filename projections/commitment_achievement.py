"""The achievement of one commitment: each period against the target on its last day, and the year by accumulation."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from msgspec import Struct

from domain.accumulation import accumulate
from domain.achievement import Achievement, AchievementRule, achieve
from domain.commitment import AgreedTarget
from domain.dated import Dated
from domain.indicator import Accumulation, Direction, ExactFigure, Indicator, NotRealised, Realised, Target
from domain.period import Period, periods_of
from domain.realisation import Certainty, Realisation
from domain.sealed_text import SealedText
from domain.target import in_period
from projections.commitment_ledger import CommitmentEntry
from projections.timeline import Trace


class RealisationEntry(Struct, frozen=True, kw_only=True, gc=False):
    """A realisation and where it was recorded; `reason` is that of the correction it came by, null otherwise."""

    realisation: Realisation
    trace: Trace
    reason: SealedText | None = None


class Measured(Struct, frozen=True, kw_only=True, gc=False):
    """All realisations of a commitment and period, by the day from which they hold."""

    commitment: str
    period: Period
    versions: Dated[RealisationEntry] = Dated()

    def entry(self, version: int) -> RealisationEntry | None:
        """The realisation that a stream version recorded, or None."""
        return next((each.value for each in self.versions.versions if each.version == version), None)


class PeriodAchievement(Struct, frozen=True, kw_only=True):
    """A period: target in effect on its last day (null: none), the one first agreed, realisation and achievement.

    `ahead` is the day from which a realisation that is already recorded takes effect, where it is after the day asked.
    """

    period: str
    label: str
    target: Target | None
    original_target: Target | None
    realised: Realised
    achievement: Achievement
    recorded: RealisationEntry | None
    ahead: date | None


class YearAchievement(Struct, frozen=True, kw_only=True):
    """The year: target in effect on its last day, and the achievement by it and by the target first agreed.

    `counted` periods are in the figure, `missing` ones should be and are not, `ahead` ones are not due to be measured
    yet; the figure is final only where nothing is missing or ahead and every realisation is final. `steps` explain how
    the periods were put together; `published_achievement` is what a publication printed for the year.
    """

    target: Target | None
    original_target: Target | None
    realised: Realised | ExactFigure | None
    achievement: Achievement
    against_original: Achievement
    counted: int
    missing: int
    ahead: int
    certainty: Certainty
    steps: tuple[str, ...]
    published_achievement: str | None


class CommitmentAchievement(Struct, frozen=True, kw_only=True):
    """A commitment with its periods in order and its year."""

    commitment: str
    objective: str
    indicator: str
    unit_of_measure: str
    direction: Direction
    accumulation: Accumulation
    person_in_charge: str | None
    periods: tuple[PeriodAchievement, ...]
    year: YearAchievement


Achieved = Callable[[CommitmentEntry, Iterable[Measured], int, date], CommitmentAchievement]
"""Answers as `achieved` does."""


def achieved(
    entry: CommitmentEntry, measured: Iterable[Measured], fiscal_year: int, day: date
) -> CommitmentAchievement:
    """Return the achievement of a commitment on a day, from what was `measured` of it, from its effective day on."""
    commitment, original = entry.commitment, entry.original_target
    rule = AchievementRule.of(commitment.indicator)
    own = {each.period: each for each in measured}
    due = periods_of(fiscal_year, commitment.indicator.frequency)
    extra = sorted(own.keys() - set(due), key=lambda period: (period.last_day, period.code))
    periods = tuple(_period(entry, original, rule, period, own.get(period), day) for period in (*due, *extra))
    return CommitmentAchievement(
        commitment=commitment.id,
        objective=commitment.objective,
        indicator=commitment.indicator.name,
        unit_of_measure=commitment.indicator.unit_of_measure,
        direction=commitment.indicator.direction,
        accumulation=commitment.indicator.accumulation,
        person_in_charge=commitment.person_in_charge,
        periods=periods,
        year=_year(entry, original, rule, periods, fiscal_year, len(due)),
    )


def _period(
    entry: CommitmentEntry,
    original: AgreedTarget | None,
    rule: AchievementRule,
    period: Period,
    measured: Measured | None,
    day: date,
) -> PeriodAchievement:
    indicator = entry.commitment.indicator
    recorded = None if measured is None else measured.versions.at(day)
    target = _target(_in_effect(entry, period), period)
    realised = _absent(indicator, period, day) if recorded is None else recorded.realisation.realised
    return PeriodAchievement(
        period=period.code,
        label=period.label,
        target=target,
        original_target=_target(original, period),
        realised=realised,
        achievement=achieve(target, realised, rule),
        recorded=recorded,
        ahead=None if measured is None else measured.versions.next_after(day),
    )


def _year(
    entry: CommitmentEntry,
    original: AgreedTarget | None,
    rule: AchievementRule,
    periods: Sequence[PeriodAchievement],
    fiscal_year: int,
    due: int,
) -> YearAchievement:
    indicator = entry.commitment.indicator
    (year,) = periods_of(fiscal_year, "year")
    whole = next((each for each in periods if each.period == year.code), None)
    direct = whole is not None and (indicator.frequency == "year" or whole.recorded is not None)
    parts = (whole,) if whole is not None and direct else periods[:due]
    together = accumulate("last" if direct else indicator.accumulation, [each.realised for each in parts])
    target, first = _target(_in_effect(entry, year), year), _target(original, year)
    ahead = sum(isinstance(each.realised, NotRealised) and each.realised.reason == "not_yet_due" for each in parts)
    recorded = [each.recorded.realisation for each in parts if each.recorded is not None]
    settled = not (together.missing or ahead) and all(each.certainty == "final" for each in recorded)
    return YearAchievement(
        target=target,
        original_target=first,
        realised=together.realised,
        achievement=_reached(target, together.realised, rule, together.steps),
        against_original=_reached(first, together.realised, rule, together.steps),
        counted=together.counted,
        missing=together.missing,
        ahead=ahead,
        certainty="final" if settled else "provisional",
        steps=together.steps,
        published_achievement=recorded[-1].published_achievement if direct and recorded else None,
    )


def _reached(
    target: Target | None, realised: Realised | ExactFigure | None, rule: AchievementRule, steps: tuple[str, ...]
) -> Achievement:
    if realised is None:
        return Achievement(status="cannot_compute", steps=steps)
    return achieve(target, realised, rule)


def _in_effect(entry: CommitmentEntry, period: Period) -> AgreedTarget | None:
    found = entry.targets.at(period.last_day)
    return None if found is None else found.target


def _target(agreed: AgreedTarget | None, period: Period) -> Target | None:
    return None if agreed is None else in_period(agreed, period)


def _absent(indicator: Indicator, period: Period, day: date) -> NotRealised:
    """Nothing is recorded: a period is due once it is over, and not before the indicator is measured at all."""
    first = indicator.measured_from
    early = first is not None and (first.fiscal_year, first.last_day) > (period.fiscal_year, period.last_day)
    return NotRealised(reason="not_yet_due" if early or period.last_day >= day else "not_filled")
