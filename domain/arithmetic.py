"""Arithmetic of figures: wide enough not to disturb a result, and one rounding step, half up, at the end."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import cache, reduce
from typing import Final

WORKING_DIGITS: Final = 40
"""Digits carried by a quotient: far beyond those that a figure of 15 + 10 digits needs for a correct last rounding."""

# Passed by name and never made current: threads share them, and nobody reads what they note of an operation.
_WORKING: Final = Context(prec=WORKING_DIGITS, rounding=ROUND_HALF_EVEN)
_TEN: Final = Decimal(10)
_WIDE: Final = Context(prec=2 * WORKING_DIGITS)
_GROUPED_FROM: Final = 3
"""From which power of ten on a figure is written in groups of three digits."""


def quotient(numerator: Decimal, denominator: Decimal, *, per: Decimal = Decimal(1)) -> Decimal:
    """`numerator / denominator * per`, unrounded to 40 digits; the caller has excluded a denominator of zero."""
    return _plain(_WORKING.divide(_WORKING.multiply(numerator, per), denominator))


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return _plain(reduce(_WORKING.add, values, Decimal(0)))


def difference(minuend: Decimal, subtrahend: Decimal) -> Decimal:
    """The exact difference."""
    return _WORKING.subtract(minuend, subtrahend)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """`value` with exactly `places` decimal places, halves away from zero: 80.005 with 2 places is 80.01."""
    return value.quantize(_last_place(places), ROUND_HALF_UP, _WIDE)


@cache
def _last_place(places: int) -> Decimal:
    return Decimal(1).scaleb(-places, _WIDE)


def _plain(value: Decimal) -> Decimal:
    """The same value in one form, so that equal results have equal text: no exponent, no trailing zeros."""
    if not value:
        return Decimal(0)
    short = value.normalize(_WORKING)
    # Only tens have an exponent then; a unit's answer has some 700 figures, and most are none.
    return short if _WIDE.remainder(short, _TEN) else round_half_up(short, 0)


def write_figure(value: Decimal, places: int | None = None) -> str:
    """A figure as Indonesian readers expect it: '1.234,5'; with `places` rounded half up, otherwise as it stands."""
    shown = value if places is None else round_half_up(value, places)
    text = str(shown)
    if shown.adjusted() < _GROUPED_FROM and "E" not in text:  # most figures; a unit's answer has some 2,000
        return text.replace(".", ",")
    return f"{shown:,f}".replace(",", "_").replace(".", ",").replace("_", ".")
