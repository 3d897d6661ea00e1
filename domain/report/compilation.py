"""The figures of a report: each commitment's year against its last target, the original beside it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from domain.accumulation import accumulate
from domain.achievement import Achievement, AchievementRule, achieve
from domain.arithmetic import round_half_up
from domain.bounds import MAX_DECIMAL_PLACES
from domain.facts import CommitmentInForce
from domain.indicator import ExactFigure, NotRealised, NumberRealised, Realised
from domain.period import Period, periods_of
from domain.realisation import Realisation
from domain.report.events import ReportedAchievement
from domain.target import is_due, last_target

_TOO_LARGE: Final = Achievement(status="cannot_compute", steps=("Tidak dapat dihitung: angka setahun terlalu besar",))
_UNLIKE: Final = Achievement(status="cannot_compute")


def compile_achievements(
    commitments: Mapping[str, CommitmentInForce], realisations: Mapping[tuple[str, str], Realisation], fiscal_year: int
) -> tuple[ReportedAchievement, ...]:
    """Return a row for each commitment of the agreement, in its order; `realisations` by (commitment, period code).

    A figure recorded for the whole year counts as it stands; otherwise the periods are put together as the indicator
    says. A period without a record is not filled, or not yet due before the indicator's first period: never zero.
    """
    return tuple(_row(in_force, realisations, fiscal_year) for in_force in commitments.values())


def _row(
    in_force: CommitmentInForce, realisations: Mapping[tuple[str, str], Realisation], fiscal_year: int
) -> ReportedAchievement:
    commitment = in_force.commitment
    indicator, target = commitment.indicator, last_target(in_force, fiscal_year)
    used = _periods_used(in_force, realisations, fiscal_year)
    found = [realisations.get((commitment.id, period.code)) for period in used]
    year = accumulate(
        indicator.accumulation,
        [_realised(in_force, period, each) for period, each in zip(used, found, strict=True)],
    )
    recorded = _recordable(year.realised)
    achievement = _UNLIKE if year.realised is None else _TOO_LARGE
    if year.realised is not None and recorded is not None:
        achievement = achieve(None if target is None else target.year, year.realised, AchievementRule.of(indicator))
    return ReportedAchievement(
        commitment=commitment.id,
        target=target,
        original_target=in_force.original,
        realised=recorded,
        achievement=achievement.value,
        capped=achievement.capped,
        status=achievement.status,
        formula=achievement.formula,
        missing=year.missing,
        provisional=any(each is not None and each.certainty == "provisional" for each in found),
        steps=(*year.steps, *achievement.steps),
    )


def _periods_used(
    in_force: CommitmentInForce, realisations: Mapping[tuple[str, str], Realisation], fiscal_year: int
) -> tuple[Period, ...]:
    whole = periods_of(fiscal_year, "year")
    if (in_force.commitment.id, whole[0].code) in realisations:
        return whole
    return periods_of(fiscal_year, in_force.commitment.indicator.frequency)


def _realised(in_force: CommitmentInForce, period: Period, found: Realisation | None) -> Realised:
    if found is not None:
        return found.realised
    return NotRealised(reason="not_filled" if is_due(in_force.commitment.indicator, period) else "not_yet_due")


def _recordable(realised: Realised | ExactFigure | None) -> Realised | None:
    """Return a figure of the year as an event may hold it: to ten decimal places, or null where it is out of bounds."""
    if not isinstance(realised, ExactFigure):
        return realised
    rounded = round_half_up(realised.value, MAX_DECIMAL_PLACES).normalize()
    try:
        return NumberRealised(value=Decimal(f"{rounded:f}"))
    except ValueError:
        return None
