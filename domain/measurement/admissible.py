"""What a realisation has to fulfil before it is recorded: by its commitment, the calendar and its source."""

from datetime import date

from domain.facts import CommitmentInForce
from domain.indicator import LabelRealised, NotRealised, NumberTarget, RangeTarget, Realised, Target
from domain.measurement.refusals import (
    DueToMeasure,
    EvidenceInFuture,
    NotYetDueToMeasure,
    PeriodNotBegun,
    PeriodUnfit,
    RealisedUnfit,
    SourceMissing,
)
from domain.realisation import Realisation
from domain.target import is_due, target_for


def demand_admissible(
    realisation: Realisation, in_force: CommitmentInForce, today: date, *, from_publication: bool
) -> None:
    """Refuse a realisation that its commitment, the calendar or its source does not bear.

    What a publication prints is recorded as printed, even where it does not fit the target: it then cannot be computed.
    A realisation comes from a publication when it names one, or when the whole stage was opened from one.
    """
    _demand_due(in_force, realisation)
    _demand_possible(realisation, today)
    published = from_publication or realisation.source is not None
    if realisation.published_achievement is not None and not published:
        raise SourceMissing(commitment=realisation.commitment, period=realisation.period.code)
    if not published and not _fits(target_for(in_force, realisation.period), realisation.realised):
        raise RealisedUnfit(commitment=realisation.commitment, period=realisation.period.code)


def _demand_due(in_force: CommitmentInForce, realisation: Realisation) -> None:
    indicator, period = in_force.commitment.indicator, realisation.period
    if period.frequency not in {indicator.frequency, "year"}:
        raise PeriodUnfit(commitment=realisation.commitment, period=period.code, frequency=indicator.frequency)
    deferred = isinstance(realisation.realised, NotRealised) and realisation.realised.reason == "not_yet_due"
    if is_due(indicator, period) and deferred:
        raise DueToMeasure(commitment=realisation.commitment, period=period.code)
    if not is_due(indicator, period) and not deferred:
        raise NotYetDueToMeasure(commitment=realisation.commitment, period=period.code)


def _demand_possible(realisation: Realisation, today: date) -> None:
    if realisation.period.first_day > today:
        raise PeriodNotBegun(period=realisation.period.code, first_day=realisation.period.first_day)
    later = tuple(each.name for each in realisation.evidence if each.dated > today)
    if later:
        raise EvidenceInFuture(evidence=later, today=today)


def _fits(target: Target | None, realised: Realised) -> bool:
    """Say whether figures meet a target in figures, and labels a target on a ladder or a predicate."""
    if target is None or isinstance(realised, NotRealised):
        return True
    return isinstance(target, NumberTarget | RangeTarget) != isinstance(realised, LabelRealised)
