"""What happens to the internal evaluation (evaluasi AKIP) of an entity's performance year (PermenPANRB 88/2021)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from domain.actor import Role
from domain.bounds import Digest, Figure, FiscalYear, Identifier, Line, check_figures
from domain.event import DatedValue, StatusChange
from domain.opening import Opening
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from domain.stream import DerivedId


class TeamMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person in an evaluation team and the role there."""

    person: Identifier
    role: Role


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mark of one sub-component: a grade of the rulebook, or a score in points of its weight; exactly one of them.

    `obtained` says how the mark came about where it is not the rule's own, such as an average over evaluators.
    """

    sub_component: Identifier
    grade: Line | None = None
    score: Figure | None = None
    obtained: Line | None = None

    def __post_init__(self) -> None:
        """Refuse figures out of bounds, and anything but exactly one of grade and score."""
        check_figures(self.score)
        if (self.grade is None) == (self.score is None):
            message = "Isi salah satu: nilai huruf atau angka"
            raise ValueError(message)


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recommendation of a LHE: what to do, where it came from, and which units own it.

    `repeats` is the id of an earlier recommendation whose weakness was found again (temuan berulang).
    """

    number: Annotated[int, Meta(ge=1, le=999)]
    component: Line | None = None
    text: SealedText
    owners: Annotated[tuple[Identifier, ...], Meta(min_length=1, max_length=60)]
    repeats: DerivedId | None = None


class IssuedScore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The score as issued: total to two decimals, predicate, and points per component. Folds never compute it again."""

    total: Decimal | None
    predicate: Line | None
    components: tuple[tuple[str, Decimal], ...] = ()

    def __post_init__(self) -> None:
        """Refuse figures out of bounds."""
        check_figures(self.total, *(points for _, points in self.components))


class EvaluationOpened(StatusChange, frozen=True, kw_only=True, tag="evaluation.opened.v1"):
    """The evaluation of an entity's performance year can begin."""

    opening: Opening


class EvaluationAssigned(StatusChange, frozen=True, kw_only=True, tag="evaluation.assigned.v1"):
    """A team was assigned by letter (surat tugas); the evaluation year fixes the rule."""

    letter: Line
    letter_date: date
    evaluation_year: FiscalYear
    team: tuple[TeamMember, ...]
    rule: RuleRef


class SelfAssessed(DatedValue, frozen=True, kw_only=True, tag="evaluation.self_assessed.v1"):
    """The unit marked a sub-component of its own (penilaian mandiri, usulan)."""

    mark: Mark
    note: SealedText | None = None


class Graded(DatedValue, frozen=True, kw_only=True, tag="evaluation.graded.v1"):
    """An evaluator marked a sub-component (penetapan); the self-assessment stays beside it."""

    mark: Mark
    note: SealedText | None = None


class LheIssued(StatusChange, frozen=True, kw_only=True, tag="evaluation.lhe_issued.v1"):
    """The Inspektur issued the evaluation report (LHE) with score, predicate and recommendations."""

    number: Line
    evaluation_year: FiscalYear
    rule: RuleRef
    score: IssuedScore
    findings: tuple[Finding, ...]
    file: Digest | None
    received_on: date


class ResultRecorded(StatusChange, frozen=True, kw_only=True, tag="evaluation.result_recorded.v1"):
    """An evaluation made outside this system: by KemenPANRB or the province, or published before it was in use.

    `score` is what was published; `by_rule` is the predicate that `rule` gives for the published total, beside it.
    """

    issuer: Line
    number: Line | None
    issued_on: date | None
    evaluation_year: FiscalYear
    score: IssuedScore
    rule: RuleRef | None
    by_rule: Line | None
    findings: tuple[Finding, ...]
    file: Digest | None
    received_on: date
    source: Line | None


EvaluationEvent = EvaluationOpened | EvaluationAssigned | SelfAssessed | Graded | LheIssued | ResultRecorded
