"""How far a target was reached: one formula per direction, and six outcomes that are never mixed up."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal, Self, assert_never

from msgspec import Struct

from domain.arithmetic import difference, quotient, total, write_figure
from domain.indicator import (
    Direction,
    ExactFigure,
    Indicator,
    LabelRealised,
    MinimiseSchool,
    NotRealised,
    NumberRealised,
    NumberTarget,
    OrdinalTarget,
    PredicateTarget,
    RangeTarget,
    RatioRealised,
    Realised,
    Target,
    same_label,
)

AchievementStatus = Literal["computed", "not_filled", "not_yet_due", "not_applicable", "not_obtained", "cannot_compute"]
"""Only `computed` has a value, and a true zero is `computed`; the other five stay outside every average."""

Formula = Literal["R/T", "(2T-R)/T", "T/R", "R/B", "(2B-R)/B", "in_range", "rank", "equal"]
"""The formula used, each times 100. B is the bound of a range that was crossed; `rank` divides ladder positions."""

ZeroTarget = Literal["cannot_compute", "zero_met"]
"""A target of zero cannot be divided by; under a rule that says `zero_met`, zero realised is 100."""

HUNDRED: Final = Decimal(100)

_REASON_TEXT: Final[dict[str, str]] = {
    "not_filled": "Realisasi belum diisi",
    "not_yet_due": "Belum waktunya diukur",
    "not_applicable": "Tidak berlaku",
    "not_obtained": "Tidak diperoleh informasi (TDI)",
}


class AchievementRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What decides the formula: direction, minimise school, cap in percent, and how a target of zero is read."""

    direction: Direction
    minimise_school: MinimiseSchool = "mirror"
    cap: Decimal | None = None
    zero_target: ZeroTarget = "cannot_compute"

    @classmethod
    def of(cls, indicator: Indicator, *, zero_target: ZeroTarget = "cannot_compute") -> Self:
        """The rule that an indicator's own definition sets."""
        return cls(
            direction=indicator.direction,
            minimise_school=indicator.minimise_school,
            cap=indicator.cap,
            zero_target=zero_target,
        )


class Achievement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An achievement in percent: `value` uncapped and unrounded, `capped` beside it; both null unless computed.

    `steps` explain the figure, or its absence, in Indonesian.
    """

    status: AchievementStatus
    value: Decimal | None = None
    capped: Decimal | None = None
    formula: Formula | None = None
    steps: tuple[str, ...] = ()


def achieve(target: Target | None, realised: Realised | ExactFigure, rule: AchievementRule) -> Achievement:
    """The achievement of `target` by `realised`; never raises, and never turns something missing into 0 or 100.

    Maximise R/T, minimise (2T-R)/T or T/R, a range by the bound that was crossed (annex on performance measurement
    of the regional regulations that follow PermenPANRB 53/2014), a ladder by positions, a predicate by equality.
    """
    if isinstance(realised, NotRealised):
        return Achievement(status=realised.reason, steps=(_REASON_TEXT[realised.reason],))
    match target:
        case None:
            return _cannot("Target belum ditetapkan")
        case NumberTarget():
            return _against_number(target.value, realised, rule)
        case RangeTarget():
            return _against_range(target, realised, rule)
        case OrdinalTarget():
            return _against_ladder(target, realised, rule)
        case PredicateTarget():
            return _against_predicate(target, realised, rule)
        case _:
            assert_never(target)


def apply_formula(formula: Formula, target: Decimal, realised: Decimal) -> Decimal | None:
    """R/T, (2T-R)/T or T/R in percent, unrounded; null where the divisor is zero or the formula is another."""
    divisor = realised if formula == "T/R" else target
    if not divisor:
        return None
    if formula == "R/T":
        return quotient(realised, target, per=HUNDRED)
    if formula == "(2T-R)/T":
        return quotient(difference(total((target, target)), realised), target, per=HUNDRED)
    return quotient(target, realised, per=HUNDRED) if formula == "T/R" else None


def formula_for(direction: Direction, school: MinimiseSchool = "mirror") -> Formula:
    """The formula for a target that is one figure."""
    if direction == "minimise":
        return "(2T-R)/T" if school == "mirror" else "T/R"
    return "R/T"


def average_of(achievements: Iterable[Achievement], *, capped: bool = False) -> tuple[Decimal | None, int, int]:
    """The unrounded mean over computed achievements only, how many counted, and how many were left out."""
    every = tuple(achievements)
    values = [value for entry in every if (value := entry.capped if capped else entry.value) is not None]
    if not values:
        return None, 0, len(every)
    return quotient(total(values), Decimal(len(values))), len(values), len(every) - len(values)


def _cannot(reason: str) -> Achievement:
    return Achievement(status="cannot_compute", steps=(f"Tidak dapat dihitung: {reason}",))


def _computed(value: Decimal, formula: Formula, steps: tuple[str, ...], rule: AchievementRule) -> Achievement:
    capped = value if rule.cap is None else min(value, rule.cap)
    if capped != value:
        steps = (*steps, f"Dibatasi {write_figure(capped)} persen; tanpa batas {write_figure(value, 2)} persen")
    return Achievement(status="computed", value=value, capped=capped, formula=formula, steps=steps)


def _number_of(realised: Realised | ExactFigure) -> tuple[Decimal | None, tuple[str, ...]]:
    """The realised figure, or null with the reason in the steps."""
    match realised:
        case NumberRealised():
            return realised.value, (f"Realisasi (R) {write_figure(realised.value)}",)
        case ExactFigure():
            return realised.value, (f"Realisasi (R) dari beberapa periode {write_figure(realised.value, 4)}",)
        case RatioRealised() if realised.denominator:
            value = quotient(realised.numerator, realised.denominator, per=realised.per)
            parts = (write_figure(part) for part in (realised.numerator, realised.denominator, realised.per))
            return value, ("Realisasi (R) {} / {} × {}".format(*parts) + f" = {write_figure(value, 4)}",)
        case RatioRealised():
            return None, ("penyebut realisasi nol",)
        case _:
            return None, ("realisasi bukan angka",)


def _against_number(target: Decimal, realised: Realised | ExactFigure, rule: AchievementRule) -> Achievement:
    if rule.direction not in {"maximise", "minimise"}:
        return _cannot("target berupa satu angka, arah indikator bukan maksimal atau minimal")
    figure, steps = _number_of(realised)
    if figure is None:
        return _cannot(*steps)
    formula = formula_for(rule.direction, rule.minimise_school)
    steps = (f"Target (T) {write_figure(target)}", *steps)
    if not target and not figure and rule.zero_target == "zero_met":
        return _computed(HUNDRED, "equal", (*steps, "Target nol tercapai dengan realisasi nol"), rule)
    if target < 0:
        return _cannot("target negatif membalik arah rumus")
    value = apply_formula(formula, target, figure)
    if value is None or not target:
        return _cannot("realisasi nol sebagai pembagi" if target else "target nol")
    return _computed(value, formula, (*steps, f"{formula} × 100 = {write_figure(value, 4)}"), rule)


def _against_range(target: RangeTarget, realised: Realised | ExactFigure, rule: AchievementRule) -> Achievement:
    if rule.direction == "ordinal":
        return _cannot("target berupa rentang, arah indikator berjenjang")
    figure, steps = _number_of(realised)
    if figure is None:
        return _cannot(*steps)
    steps = (f"Target {write_figure(target.low)} sampai {write_figure(target.high)}", *steps)
    if target.low <= figure <= target.high:
        return _computed(HUNDRED, "in_range", (*steps, "Realisasi di dalam rentang"), rule)
    bound = target.high if figure > target.high else target.low
    if bound <= 0:
        return _cannot("batas rentang nol atau negatif")
    mirrored = rule.direction == "minimise"
    value = apply_formula("(2T-R)/T" if mirrored else "R/T", bound, figure) or Decimal(0)
    formula: Formula = "(2B-R)/B" if mirrored else "R/B"
    step = f"Batas yang dilewati (B) {write_figure(bound)}: {formula} × 100 = {write_figure(value, 4)}"
    return _computed(value, formula, (*steps, step), rule)


def _against_ladder(target: OrdinalTarget, realised: Realised | ExactFigure, rule: AchievementRule) -> Achievement:
    if not isinstance(realised, LabelRealised):
        return _cannot("target berjenjang, realisasi bukan jenjang")
    ladder = [same_label(step) for step in target.scale]
    if same_label(realised.value) not in ladder:
        return _cannot(f"jenjang {realised.value} tidak ada dalam skala")
    wanted = ladder.index(same_label(target.value)) + 1
    reached = ladder.index(same_label(realised.value)) + 1
    value = quotient(Decimal(reached), Decimal(wanted), per=HUNDRED)
    step = f"Jenjang {realised.value} ({reached}) terhadap {target.value} ({wanted}) dari {len(ladder)} jenjang"
    return _computed(value, "rank", (step, f"{reached} / {wanted} × 100 = {write_figure(value, 4)}"), rule)


def _against_predicate(target: PredicateTarget, realised: Realised | ExactFigure, rule: AchievementRule) -> Achievement:
    if not isinstance(realised, LabelRealised):
        return _cannot("target berupa predikat, realisasi bukan predikat")
    met = same_label(target.value) == same_label(realised.value)
    word = "sama dengan" if met else "berbeda dari"
    return _computed(HUNDRED if met else Decimal(0), "equal", (f"{realised.value} {word} {target.value}",), rule)
