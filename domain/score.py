"""The score of an AKIP evaluation: marks of sub-components under one worksheet, added, rounded once, and named."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from domain.arithmetic import quotient, round_half_up, total, write_figure
from domain.bounds import Figure, Identifier, Line, check_figures
from domain.evaluation_rules import FULL, Component, EvaluationRules, Grade, PredicateLimit, SubComponent


class GradeMark(Struct, frozen=True, kw_only=True, tag="grade", forbid_unknown_fields=True):
    """A sub-component marked with a grade of the worksheet (88/2021: AA to E). `obtained` says how it was reached."""

    sub_component: Identifier
    grade: Grade
    obtained: Line


class PercentMark(Struct, frozen=True, kw_only=True, tag="percent", forbid_unknown_fields=True):
    """A sub-component marked with a number from 0 to 100, such as a mean over units or criteria."""

    sub_component: Identifier
    percent: Figure
    obtained: Line

    def __post_init__(self) -> None:
        """Refuse a number out of bounds."""
        check_figures(self.percent)


class PointsMark(Struct, frozen=True, kw_only=True, tag="points", forbid_unknown_fields=True):
    """A sub-component marked with points that are weighted already, from 0 to its weight."""

    sub_component: Identifier
    points: Figure
    obtained: Line

    def __post_init__(self) -> None:
        """Refuse points out of bounds."""
        check_figures(self.points)


Mark = GradeMark | PercentMark | PointsMark

MarkFault = Literal["unknown_sub_component", "marked_twice", "unknown_grade", "out_of_range"]


class SubComponentScore(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The unrounded points of one sub-component (null where it is not marked), and how the mark was obtained."""

    code: Identifier
    weight: Decimal
    points: Decimal | None
    grade: Grade | None
    obtained: str | None


class ComponentScore(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The unrounded points of one component; null while one of its sub-components is not marked."""

    code: Identifier
    name: str
    weight: Decimal
    points: Decimal | None
    sub_components: tuple[SubComponentScore, ...]


class Score(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The result of an evaluation; without a mark for every sub-component there is no total and no predicate.

    `total` is unrounded, `total_rounded` has the worksheet's decimal places (2), half up, and alone decides the
    predicate. `steps` explain both in Indonesian.
    """

    complete: bool
    total: Decimal | None
    total_rounded: Decimal | None
    predicate: Grade | None
    components: tuple[ComponentScore, ...]
    steps: tuple[str, ...]


class MarkRefused(ValueError):
    """A mark does not fit the worksheet; `fault` says how and `sub_component` which."""

    def __init__(self, fault: MarkFault, sub_component: str, message: str) -> None:
        super().__init__(message)
        self.fault: MarkFault = fault
        self.sub_component = sub_component


def evaluate(rules: EvaluationRules, marks: Sequence[Mark]) -> Score:
    """Score the marks under a worksheet.

    PermenPANRB 88/2021: points = weight × grade / 100, total = their sum. Twelve sub-components at BB are 80.00, BB.
    Raises MarkRefused for a mark on an unknown sub-component, two marks on one, a grade that the worksheet does not
    have, a percentage outside 0 to 100, and points outside 0 to the weight.
    """
    by_code = _by_code(rules, marks)
    components = tuple(_component(rules, component, by_code) for component in rules.components)
    points = [component.points for component in components if component.points is not None]
    unmarked = [part.code for entry in components for part in entry.sub_components if part.points is None]
    if unmarked:
        step = f"Belum lengkap: {len(unmarked)} subkomponen belum dinilai ({', '.join(unmarked)})"
        return Score(
            complete=False, total=None, total_rounded=None, predicate=None, components=components, steps=(step,)
        )
    exact = total(points)
    rounded = round_half_up(exact, rules.decimal_places)
    limit = predicate_limit(rules, rounded)
    return Score(
        complete=True,
        total=exact,
        total_rounded=rounded,
        predicate=limit.predicate,
        components=components,
        steps=(*_explain(components), *_conclude(exact, rounded, limit)),
    )


def predicate_of(rules: EvaluationRules, points: Decimal) -> Grade:
    """The predicate of a total from 0 to 100, rounded half up first; limits include their upper figure.

    80.00 is BB and 80.01 is A under PermenPANRB 12/2015 and 88/2021. Raises ValueError outside 0 to 100.
    """
    return predicate_limit(rules, round_half_up(points, rules.decimal_places)).predicate


def predicate_limit(rules: EvaluationRules, rounded: Decimal) -> PredicateLimit:
    """The row of the predicate table for a rounded total; raises ValueError outside 0 to 100."""
    if not 0 <= rounded <= FULL:
        raise ValueError("Nilai harus 0 sampai 100")
    return next((limit for limit in rules.predicates if rounded > limit.above), rules.predicates[-1])


def _by_code(rules: EvaluationRules, marks: Sequence[Mark]) -> dict[str, Mark]:
    known = {part.code for part in rules.sub_components}
    found: dict[str, Mark] = {}
    for mark in marks:
        if mark.sub_component not in known:
            raise MarkRefused(
                "unknown_sub_component",
                mark.sub_component,
                f"Subkomponen {mark.sub_component} tidak ada dalam {rules.title}",
            )
        if mark.sub_component in found:
            raise MarkRefused("marked_twice", mark.sub_component, f"Subkomponen {mark.sub_component} dinilai dua kali")
        found[mark.sub_component] = mark
    return found


def _scored(rules: EvaluationRules, part: SubComponent, mark: Mark | None) -> SubComponentScore:
    return SubComponentScore(
        code=part.code,
        weight=part.weight,
        points=None if mark is None else _points(rules, part, mark),
        grade=mark.grade if isinstance(mark, GradeMark) else None,
        obtained=None if mark is None else mark.obtained,
    )


def _points(rules: EvaluationRules, part: SubComponent, mark: Mark) -> Decimal:
    if isinstance(mark, PointsMark):
        return _within(mark.points, part.weight, part.code)
    if isinstance(mark, PercentMark):
        return quotient(_within(mark.percent, FULL, part.code), FULL, per=part.weight)
    value = next((entry.value for entry in rules.grades if entry.grade == mark.grade), None)
    if value is None:
        raise MarkRefused("unknown_grade", part.code, f"Grade {mark.grade} tidak ada dalam {rules.title}")
    return quotient(value, FULL, per=part.weight)


def _within(number: Decimal, most: Decimal, code: str) -> Decimal:
    if not 0 <= number <= most:
        raise MarkRefused("out_of_range", code, f"Nilai subkomponen {code} harus 0 sampai {write_figure(most)}")
    return number


def _component(rules: EvaluationRules, component: Component, by_code: Mapping[str, Mark]) -> ComponentScore:
    parts = tuple(_scored(rules, part, by_code.get(part.code)) for part in component.sub_components)
    points = [part.points for part in parts if part.points is not None]
    return ComponentScore(
        code=component.code,
        name=component.name,
        weight=component.weight,
        points=total(points) if len(points) == len(parts) else None,
        sub_components=parts,
    )


def _explain(components: tuple[ComponentScore, ...]) -> tuple[str, ...]:
    return tuple(
        f"{entry.name}: {write_figure(entry.points, 2)} dari {write_figure(entry.weight)}"
        for entry in components
        if entry.points is not None
    )


def _conclude(exact: Decimal, rounded: Decimal, limit: PredicateLimit) -> tuple[str, ...]:
    return (
        f"Jumlah {write_figure(exact)}, dibulatkan {write_figure(rounded)}",
        f"Predikat {limit.predicate}: di atas {write_figure(limit.above)} sampai {write_figure(limit.up_to)}",
    )
