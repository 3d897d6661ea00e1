"""What an indicator is, what was promised for it and what was realised: the figures of an agreement."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from domain.bounds import Figure, FiscalYear, Line, Paragraph, check_figures
from domain.period import Frequency, Period

Direction = Literal["maximise", "minimise", "range", "ordinal"]
"""Which way is better. `ordinal` also covers predicates such as WTP, which are equal or not."""

MinimiseSchool = Literal["mirror", "inverse"]
"""How a minimised indicator is scored: `mirror` is (2T-R)/T, `inverse` is T/R. Both are in use."""

Accumulation = Literal["sum", "last", "average"]
"""How the periods of a year become the figure of the year."""

ORDINAL_STEPS = 50


class NumberTarget(Struct, frozen=True, kw_only=True, tag="number", forbid_unknown_fields=True, gc=False):
    """A target that is one figure in the indicator's unit of measure."""

    value: Figure

    def __post_init__(self) -> None:
        """Refuse a figure out of bounds."""
        check_figures(self.value)


class RangeTarget(Struct, frozen=True, kw_only=True, tag="range", forbid_unknown_fields=True, gc=False):
    """A target between two figures, both included, such as '80–90'."""

    low: Figure
    high: Figure

    def __post_init__(self) -> None:
        """Refuse figures out of bounds and an empty range."""
        check_figures(self.low, self.high)
        if self.low > self.high:
            raise ValueError("Batas bawah melebihi batas atas")


class OrdinalTarget(Struct, frozen=True, kw_only=True, tag="ordinal", forbid_unknown_fields=True, gc=False):
    """A target on a ladder of named steps; `scale` runs from the worst step to the best and contains `value`."""

    value: Line
    scale: Annotated[tuple[Line, ...], Meta(min_length=2, max_length=ORDINAL_STEPS)]

    def __post_init__(self) -> None:
        """Refuse a ladder with repeated steps, or one that lacks the target."""
        steps = {same_label(step) for step in self.scale}
        if len(steps) != len(self.scale) or same_label(self.value) not in steps:
            raise ValueError("Skala harus memuat target dan tidak boleh berulang")


class PredicateTarget(Struct, frozen=True, kw_only=True, tag="predicate", forbid_unknown_fields=True, gc=False):
    """A target that is reached or not reached, such as the audit opinion WTP."""

    value: Line


Target = NumberTarget | RangeTarget | OrdinalTarget | PredicateTarget


class NumberRealised(Struct, frozen=True, kw_only=True, tag="number", forbid_unknown_fields=True, gc=False):
    """A realisation that is one figure in the indicator's unit of measure."""

    value: Figure

    def __post_init__(self) -> None:
        """Refuse a figure out of bounds."""
        check_figures(self.value)


class RatioRealised(Struct, frozen=True, kw_only=True, tag="ratio", forbid_unknown_fields=True, gc=False):
    """A realisation kept as its numerator and denominator; `per` is 100 for a percentage, 100000 for a death rate."""

    numerator: Figure
    denominator: Figure
    per: Figure = Decimal(100)

    def __post_init__(self) -> None:
        """Refuse figures out of bounds; a denominator of zero is legal and cannot be computed."""
        check_figures(self.numerator, self.denominator, self.per)


class LabelRealised(Struct, frozen=True, kw_only=True, tag="label", forbid_unknown_fields=True, gc=False):
    """A realisation that is a step of a ladder or a predicate: 'BB', 'Level 3 Plus', 'WTP'."""

    value: Line


class NotRealised(Struct, frozen=True, kw_only=True, tag="none", forbid_unknown_fields=True, gc=False):
    """No realisation, and why: four different things, none of which is zero.

    `not_filled`: nobody entered it; `not_yet_due`: the indicator is measured later in the year; `not_applicable`:
    it does not apply this period; `not_obtained`: no information could be had (TDI, Permendagri 18/2020).
    """

    reason: Literal["not_filled", "not_yet_due", "not_applicable", "not_obtained"]


Realised = NumberRealised | RatioRealised | LabelRealised | NotRealised


class ExactFigure(Struct, frozen=True, kw_only=True, tag="exact", forbid_unknown_fields=True, gc=False):
    """An unrounded figure that came out of several periods: computed when it is asked for, never recorded."""

    value: Decimal


class Benchmark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A national or neighbouring figure to compare with (PermenPANRB 53/2014, Bab III), and where it was published."""

    value: Figure
    source: Line

    def __post_init__(self) -> None:
        """Refuse a figure out of bounds."""
        check_figures(self.value)


class YearFigure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The realisation of an earlier year."""

    fiscal_year: FiscalYear
    value: Figure

    def __post_init__(self) -> None:
        """Refuse a figure out of bounds."""
        check_figures(self.value)


class Indicator(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The definition of an indicator as an agreement freezes it (PermenPANRB 53/2014, Lampiran I and II).

    `measured_from` is the first period in which the indicator is due to be measured (null: the first of the year).
    `cap` is the highest achievement in percent that counts (null: none; 53/2014 sets none); the uncapped value is
    kept beside it. `renstra_end_target` is the target of the strategic plan's last year.
    """

    name: Line
    definition: Paragraph
    formula: Paragraph
    unit_of_measure: Line
    source: Line
    frequency: Frequency
    direction: Direction
    accumulation: Accumulation
    measured_from: Period | None = None
    minimise_school: MinimiseSchool = "mirror"
    baseline: Figure | None = None
    earlier_years: Annotated[tuple[YearFigure, ...], Meta(max_length=20)] = ()
    renstra_end_target: Target | None = None
    benchmark: Benchmark | None = None
    cap: Figure | None = None

    def __post_init__(self) -> None:
        """Refuse figures out of bounds, a cap below 100 percent, and two figures for one earlier year."""
        check_figures(self.baseline, self.cap)
        if self.cap is not None and self.cap < Decimal(100):
            raise ValueError("Batas capaian tidak boleh di bawah 100 persen")
        if len({entry.fiscal_year for entry in self.earlier_years}) != len(self.earlier_years):
            raise ValueError("Satu tahun hanya boleh punya satu realisasi")


def same_label(label: str) -> str:
    """The form in which two labels are compared: case and spacing do not matter."""
    return " ".join(label.split()).casefold()
