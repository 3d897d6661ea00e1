"""How the realisations of several periods become one figure, without reading a missing period as zero."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from domain.arithmetic import quotient, total, write_figure
from domain.indicator import (
    Accumulation,
    ExactFigure,
    LabelRealised,
    NotRealised,
    NumberRealised,
    RatioRealised,
    Realised,
)

_MISSING: Final = frozenset({"not_filled", "not_obtained"})


class Accumulated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The figure of several periods, in the periods' order.

    `realised` is null where the periods cannot be put together (`steps` say why). `counted` periods are in the figure;
    `missing` ones (not filled, not obtained) should be and are not, so the figure is `complete` only without them.
    Periods that are not yet due or not applicable are neither.
    """

    realised: Realised | ExactFigure | None
    counted: int
    missing: int
    steps: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether no period is missing."""
        return self.missing == 0


def accumulate(accumulation: Accumulation, periods: Sequence[Realised]) -> Accumulated:
    """Put the realisations of consecutive periods together: their sum, the last one that is there, or their average.

    Numerators and denominators are summed apart, so the ratio of a year is the ratio of its totals; an average of
    ratios is the mean of the periods' figures. Labels have no sum and no average.
    """
    filled = [entry for entry in periods if not isinstance(entry, NotRealised)]
    missing = sum(isinstance(entry, NotRealised) and entry.reason in _MISSING for entry in periods)
    if not filled:
        return Accumulated(realised=_absence(periods), counted=0, missing=missing, steps=("Belum ada realisasi",))
    if accumulation == "last":
        return Accumulated(realised=filled[-1], counted=1, missing=missing, steps=("Realisasi periode terakhir",))
    combined, step = _summed(filled) if accumulation == "sum" else _averaged(filled)
    steps = (step, f"{missing} periode belum ada realisasinya") if missing else (step,)
    return Accumulated(realised=combined, counted=len(filled), missing=missing, steps=steps)


def _absence(periods: Sequence[Realised]) -> NotRealised:
    """The reason to show when nothing is there: the first that calls for action."""
    reasons = {entry.reason for entry in periods if isinstance(entry, NotRealised)}
    for reason in ("not_filled", "not_obtained", "not_yet_due", "not_applicable"):
        if reason in reasons:
            return NotRealised(reason=reason)
    return NotRealised(reason="not_filled")


def _summed(filled: Sequence[Realised]) -> tuple[ExactFigure | None, str]:
    numbers = [entry.value for entry in filled if isinstance(entry, NumberRealised)]
    if len(numbers) == len(filled):
        value = total(numbers)
        return ExactFigure(value=value), f"Jumlah {len(filled)} periode: {write_figure(value)}"
    ratios = [entry for entry in filled if isinstance(entry, RatioRealised)]
    if len(ratios) != len(filled) or len({entry.per for entry in ratios}) != 1:
        return None, "Realisasi antarperiode tidak sejenis, tidak dapat dijumlahkan"
    top, bottom = total(entry.numerator for entry in ratios), total(entry.denominator for entry in ratios)
    if not bottom:
        return None, "Jumlah penyebut nol"
    step = f"Jumlah pembilang {write_figure(top)} / jumlah penyebut {write_figure(bottom)}"
    return ExactFigure(value=quotient(top, bottom, per=ratios[0].per)), step


def _averaged(filled: Sequence[Realised]) -> tuple[ExactFigure | None, str]:
    values = [value for entry in filled if (value := _value(entry)) is not None]
    if len(values) != len(filled):
        return None, "Realisasi tidak semuanya angka, tidak dapat dirata-ratakan"
    mean = quotient(total(values), Decimal(len(values)))
    return ExactFigure(value=mean), f"Rata-rata {len(values)} periode: {write_figure(mean, 4)}"


def _value(entry: Realised) -> Decimal | None:
    match entry:
        case NumberRealised():
            return entry.value
        case RatioRealised() if entry.denominator:
            return quotient(entry.numerator, entry.denominator, per=entry.per)
        case RatioRealised() | LabelRealised() | NotRealised():
            return None
