"""Checking a publisher's arithmetic: which formula gives the printed achievement, and what the declared one gives."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Final, Literal

from msgspec import Struct

from domain.achievement import Formula, apply_formula, formula_for
from domain.arithmetic import difference
from domain.figure import ParsedFigure, Reading, parse_figure
from domain.indicator import MinimiseSchool

PublishedStatus = Literal["computed", "ambiguous", "not_filled", "not_applicable", "not_obtained", "cannot_compute"]

Pair = tuple[Decimal, Decimal]
"""A target and a realisation, one reading of each."""

_FORMULAE: Final[tuple[Formula, ...]] = ("R/T", "(2T-R)/T", "T/R")
_PAIR_KINDS: Final = frozenset({"fraction", "ratio"})


class PublishedAchievement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be said of one printed row of target, realisation and achievement.

    `achievement` is uncapped and unrounded, in percent, by the declared direction. `formula` is one that reproduces
    the printed figure, the declared direction's own before the others. `agrees` is null where one side cannot be
    computed. `decided_by_print`: a number with two readings was settled because the print allows only one of them.
    """

    target: ParsedFigure
    realised: ParsedFigure
    published: ParsedFigure
    status: PublishedStatus
    achievement: Decimal | None = None
    formula: Formula | None = None
    agrees: bool | None = None
    decided_by_print: bool = False
    reason: str = ""


def reproduce(target: Decimal, realised: Decimal, published_text: str, *, prefer: Formula = "R/T") -> Formula | None:
    """The formula that gives the printed percentage within less than one unit of its last printed place, or null.

    Less than one unit, not half of one: publishers both round and truncate. `prefer` is tried first, because several
    formulae agree where the target was met exactly.
    """
    readings = parse_figure(published_text).readings
    return next((formula for formula, _ in _matches([(target, realised)], readings, prefer)), None)


def check_published(
    target_text: str,
    realised_text: str,
    published_text: str,
    *,
    direction: str,
    minimise_school: MinimiseSchool = "mirror",
) -> PublishedAchievement:
    """Read a printed row and check it; never raises. A direction other than maximise or minimise has no formula.

    A number with two readings ('44.113') is settled by the print alone, where the declared direction's own formula
    reproduces it and all readings that do so give one achievement. Another formula is no witness: it would take two
    guesses at once. Otherwise the row stays `ambiguous`, without formula and achievement.
    """
    target, realised, published = (parse_figure(text) for text in (target_text, realised_text, published_text))
    pairs = _pairs(target, realised)
    declared = _declared(direction, minimise_school)
    certain = len(pairs) == 1
    matches = [
        (formula, pair)
        for formula, pair in _matches(pairs, published.readings, declared or "R/T")
        if certain or formula == declared
    ]
    settled = set(pairs) if certain else {pair for _, pair in matches}
    status, achievement, reason = _achieved(declared, settled, target, realised)
    return PublishedAchievement(
        target=target,
        realised=realised,
        published=published,
        status=status,
        achievement=achievement,
        formula=matches[0][0] if matches else None,
        agrees=bool(matches) if published.readings and any(_computable(pair) for pair in pairs) else None,
        decided_by_print=not certain and achievement is not None,
        reason=reason,
    )


def _declared(direction: str, school: MinimiseSchool) -> Formula | None:
    if direction == "minimise":
        return formula_for("minimise", school)
    return formula_for("maximise") if direction == "maximise" else None


def _pairs(target: ParsedFigure, realised: ParsedFigure) -> list[Pair]:
    """All readings of target and realisation together; fractions and ratios are only compared with their own kind."""
    if target.kind == realised.kind and target.kind in _PAIR_KINDS:
        first, second = target.quotient, realised.quotient
        return [] if first is None or second is None else [(first, second)]
    return [(t.value, r.value) for t, r in product(target.readings, realised.readings)]


def _matches(pairs: Sequence[Pair], printed: Sequence[Reading], prefer: Formula) -> Iterator[tuple[Formula, Pair]]:
    for formula in (prefer, *(formula for formula in _FORMULAE if formula != prefer)):
        for (target, realised), reading in product(pairs, printed):
            value = apply_formula(formula, target, realised)
            unit = Decimal(1).scaleb(-reading.decimals)
            if value is not None and abs(difference(value, reading.value)) < unit:
                yield formula, (target, realised)


def _computable(pair: Pair) -> bool:
    """Whether a formula has a meaning for the pair: a target of zero divides nothing, a negative one turns the sign."""
    return pair[0] > 0


def _achieved(
    declared: Formula | None, pairs: set[Pair], target: ParsedFigure, realised: ParsedFigure
) -> tuple[PublishedStatus, Decimal | None, str]:
    if (status := _missing(target, realised)) is not None:
        return status, None, ""
    values = {apply_formula(declared, *pair) if declared and _computable(pair) else None for pair in pairs}
    if len(values) > 1 or (not values and "ambiguous" in {target.kind, realised.kind}):
        return "ambiguous", None, "angka dapat dibaca dengan dua cara"
    value = values.pop() if values else None
    if value is not None:
        return "computed", value, ""
    if not pairs:
        return "cannot_compute", None, "target atau realisasi bukan angka yang dapat dibandingkan"
    return "cannot_compute", None, "pembagi nol, target negatif, atau arah indikator tidak dinyatakan"


def _missing(target: ParsedFigure, realised: ParsedFigure) -> PublishedStatus | None:
    kinds = {target.kind, realised.kind}
    if "not_applicable" in kinds:
        return "not_applicable"
    if "not_obtained" in kinds:
        return "not_obtained"
    if realised.kind == "blank":
        return "not_filled"
    return "cannot_compute" if target.kind == "blank" else None
