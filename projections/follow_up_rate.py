"""How old are recommendations, and which part of them is done? Every rate says whether the fourth class counts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from domain.arithmetic import quotient, round_half_up
from projections.recommendation_register import Recommendation

FOURTH_CLASS: Final = "tidak_dapat_ditindaklanjuti"
"""What cannot be followed up, with a valid reason (fourth class of Peraturan BPK 2/2017): closed, but not done."""

_BOUNDS: Final = ((0, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, None))
_PERCENT: Final = Decimal(100)


class AgeBucket(Struct, frozen=True, kw_only=True):
    """Open recommendations whose days since receipt lie between two bounds, both included (null: no upper one)."""

    from_days: int
    to_days: int | None
    label: str
    open: int
    overdue: int


class Ageing(Struct, frozen=True, kw_only=True):
    """Open recommendations by age; `due_date_unknown` ones are neither overdue nor in time."""

    open: int
    overdue: int
    due_date_unknown: int
    oldest_days: int | None
    buckets: tuple[AgeBucket, ...]


class Rate(Struct, frozen=True, kw_only=True):
    """A rate in percent, rounded half up to two places (null: nothing to divide by), with what it counts."""

    percent: Decimal | None
    numerator: int
    denominator: int
    fourth_class_counts: bool
    label: str


class Completion(Struct, frozen=True, kw_only=True):
    """How many recommendations are closed: `not_followable` are those of the fourth class, in `closed` too."""

    total: int
    closed: int
    not_followable: int
    open: int
    closed_late: int
    counting_fourth_class: Rate
    without_fourth_class: Rate


def ageing(recommendations: Sequence[Recommendation]) -> Ageing:
    """Sort the open ones among these into ages, as they stand on the day they were asked for."""
    still = [each for each in recommendations if each.status != "closed"]
    return Ageing(
        open=len(still),
        overdue=sum(each.overdue is True for each in still),
        due_date_unknown=sum(each.due_on is None for each in still),
        oldest_days=max((each.days_open for each in still), default=None),
        buckets=tuple(_bucket(still, low, high) for low, high in _BOUNDS),
    )


def completion(recommendations: Sequence[Recommendation]) -> Completion:
    """Count the closed ones among these, once with the fourth class as done and once with it left out altogether."""
    closed = [each for each in recommendations if each.status == "closed"]
    fourth = sum(each.result == FOURTH_CLASS for each in closed)
    done, total = len(closed) - fourth, len(recommendations)
    return Completion(
        total=total,
        closed=len(closed),
        not_followable=fourth,
        open=total - len(closed),
        closed_late=sum(each.closed_late for each in closed),
        counting_fourth_class=_rate(len(closed), total, counts=True),
        without_fourth_class=_rate(done, total - fourth, counts=False),
    )


def _bucket(recommendations: Sequence[Recommendation], low: int, high: int | None) -> AgeBucket:
    inside = [each for each in recommendations if each.days_open >= low and (high is None or each.days_open <= high)]
    return AgeBucket(
        from_days=low,
        to_days=high,
        label=f"di atas {low - 1} hari" if high is None else f"{low}–{high} hari",
        open=len(inside),
        overdue=sum(each.overdue is True for each in inside),
    )


def _rate(numerator: int, denominator: int, *, counts: bool) -> Rate:
    exact = quotient(Decimal(numerator), Decimal(denominator), per=_PERCENT) if denominator else None
    word = "termasuk" if counts else "tanpa"
    return Rate(
        percent=None if exact is None else round_half_up(exact, 2),
        numerator=numerator,
        denominator=denominator,
        fourth_class_counts=counts,
        label=f"Penyelesaian rekomendasi, {word} yang tidak dapat ditindaklanjuti dengan alasan sah",
    )
