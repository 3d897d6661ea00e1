"""What a period is measured against: whether the indicator is due in it, and the target in effect on its last day."""

from domain.commitment import AgreedTarget
from domain.facts import CommitmentInForce
from domain.indicator import Indicator, Target
from domain.period import Period, periods_of


def is_due(indicator: Indicator, period: Period) -> bool:
    """Say whether an indicator is due to be measured at the end of a period, by its `measured_from`."""
    return indicator.measured_from is None or period.last_day >= indicator.measured_from.last_day


def target_for(in_force: CommitmentInForce, period: Period) -> Target | None:
    """Return the target of a period: that of the action plan where it has one, else that of the year.

    The version in effect on the period's last day counts, so an amendment in May changes the second quarter and not
    the first. Null where no target is in effect, because it was withdrawn.
    """
    agreed = in_force.targets.at(period.last_day)
    return None if agreed is None else in_period(agreed, period)


def in_period(agreed: AgreedTarget, period: Period) -> Target:
    """Return what an agreed target says of a period: by the action plan where it has the period, else by the year."""
    if not agreed.periods or period.frequency == "year":
        return agreed.year
    return next((each.target for each in agreed.periods if each.period == period), agreed.year)


def last_target(in_force: CommitmentInForce, fiscal_year: int) -> AgreedTarget | None:
    """Return the last target of the year, against which the year is measured; the original stands beside it."""
    (year,) = periods_of(fiscal_year, "year")
    return in_force.targets.at(year.last_day)
