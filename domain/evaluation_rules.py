"""The rules of an AKIP evaluation: weights, grades and predicate limits of one worksheet (LKE)."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final

from msgspec import Meta, Struct

from domain.bounds import Figure, FiscalYear, Identifier, Line, check_figures
from domain.legal_rule import LegalRule

FULL: Final = Decimal(100)
Grade = Annotated[str, Meta(min_length=1, max_length=5, pattern=r"^[A-Z]{1,2}[+-]?(?!\n)$")]


class SubComponent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a component that gets one mark; `weight` is in points of the total of 100."""

    code: Identifier
    name: Line
    weight: Figure

    def __post_init__(self) -> None:
        """Refuse a weight out of bounds or not above zero."""
        check_figures(self.weight)
        if self.weight <= 0:
            raise ValueError("Bobot harus lebih dari nol")


class Component(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A component of the worksheet; its weight is the sum of the weights of its sub-components."""

    code: Identifier
    name: Line
    weight: Figure
    sub_components: Annotated[tuple[SubComponent, ...], Meta(min_length=1, max_length=50)]

    def __post_init__(self) -> None:
        """Refuse a weight that differs from the sum of its parts."""
        if sum(part.weight for part in self.sub_components) != self.weight:
            raise ValueError(f"Bobot subkomponen {self.code} tidak berjumlah {self.weight}")


class GradeValue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A grade of a sub-component and its value in percent of the weight."""

    grade: Grade
    value: Figure

    def __post_init__(self) -> None:
        """Refuse a value outside 0 to 100."""
        check_figures(self.value)
        if not 0 <= self.value <= FULL:
            raise ValueError("Nilai grade harus 0 sampai 100")


class PredicateLimit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A predicate for totals above `above` up to and including `up_to`; the lowest one includes its `above` too."""

    predicate: Grade
    label: Line
    above: Figure
    up_to: Figure

    def __post_init__(self) -> None:
        """Refuse limits out of bounds and an empty stretch."""
        check_figures(self.above, self.up_to)
        if self.above >= self.up_to:
            raise ValueError(f"Batas predikat {self.predicate} kosong")


class EvaluationRules(LegalRule, frozen=True, kw_only=True, tag="evaluation", forbid_unknown_fields=True):
    """One worksheet, chosen by evaluation year (never by performance or issue year).

    `first_evaluation_year` and `last_evaluation_year` are both included; null means still in force. `grades` is empty
    where the regulation grades questions instead of sub-components, so that only numbers can be given.
    """

    first_evaluation_year: FiscalYear
    last_evaluation_year: FiscalYear | None = None
    decimal_places: Annotated[int, Meta(ge=0, le=4)] = 2
    components: Annotated[tuple[Component, ...], Meta(min_length=1, max_length=20)]
    grades: Annotated[tuple[GradeValue, ...], Meta(max_length=20)] = ()
    predicates: Annotated[tuple[PredicateLimit, ...], Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        """Refuse weights that are not 100 in all, repeated codes, falling grades out of order, and limits with gaps."""
        if self.last_evaluation_year is not None and self.last_evaluation_year < self.first_evaluation_year:
            raise ValueError("Tahun evaluasi terakhir mendahului yang pertama")
        if sum(component.weight for component in self.components) != FULL:
            raise ValueError("Bobot komponen tidak berjumlah 100")
        codes = [part.code for part in self.sub_components]
        if len(set(codes)) != len(codes):
            raise ValueError("Kode subkomponen berulang")
        self._check_grades()
        self._check_predicates()

    def _check_grades(self) -> None:
        values = [grade.value for grade in self.grades]
        names = {grade.grade for grade in self.grades}
        if len(names) != len(values) or any(a <= b for a, b in pairwise(values)):
            raise ValueError("Grade harus turun dari yang terbaik dan tidak berulang")

    def _check_predicates(self) -> None:
        limits = self.predicates
        contiguous = all(higher.above == lower.up_to for higher, lower in pairwise(limits))
        if not contiguous or limits[0].up_to != FULL or limits[-1].above != 0:
            raise ValueError("Batas predikat harus bersambung dari 100 turun ke 0")
        if len({limit.predicate for limit in limits}) != len(limits):
            raise ValueError("Predikat berulang")

    @property
    def sub_components(self) -> tuple[SubComponent, ...]:
        """All sub-components in the order of the worksheet."""
        return tuple(part for component in self.components for part in component.sub_components)

    def holds_for(self, evaluation_year: int) -> bool:
        """Whether an evaluation assigned in that year follows this worksheet."""
        last = self.last_evaluation_year
        return self.first_evaluation_year <= evaluation_year and (last is None or evaluation_year <= last)
