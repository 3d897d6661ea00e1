"""What the annex of an agreement has to fulfil: rows told apart, partners in being, targets within the year."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.agreement.refusals import CommitmentRepeated, CrosscuttingUnitUnfit, TargetOutsideYear
from domain.commitment import AgreedTarget, Commitment
from domain.institution import Institution


def demand_annex(commitments: Sequence[Commitment], fiscal_year: int) -> None:
    """Refuse two commitments with one id, and targets of the action plan outside the year."""
    seen: set[str] = set()
    for each in commitments:
        if each.id in seen:
            raise CommitmentRepeated(commitment=each.id)
        seen.add(each.id)
        demand_periods(each.id, each.target, fiscal_year)


def demand_partners(unit: str, commitments: Iterable[Commitment], day: date, institution: Institution) -> None:
    """Refuse a crosscutting unit that is the entity itself or that is not in being on the day."""
    for each in commitments:
        for partner in each.crosscutting:
            if partner == unit or not institution.in_being(partner, day):
                raise CrosscuttingUnitUnfit(commitment=each.id, unit=partner, day=day)


def demand_periods(commitment: str, target: AgreedTarget, fiscal_year: int) -> None:
    """Refuse a target of the action plan for another year, and two targets for one period."""
    periods = [each.period for each in target.periods]
    if len(set(periods)) != len(periods) or any(period.fiscal_year != fiscal_year for period in periods):
        raise TargetOutsideYear(commitment=commitment, fiscal_year=fiscal_year)


def demand_change(commitment: str, target: AgreedTarget, begins_on: date, fiscal_year: int) -> None:
    """Refuse a new target that begins outside the year, besides the refusals of `demand_periods`."""
    if begins_on.year != fiscal_year:
        raise TargetOutsideYear(commitment=commitment, fiscal_year=fiscal_year, begins_on=begins_on)
    demand_periods(commitment, target, fiscal_year)
