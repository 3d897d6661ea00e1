"""What can be asked of the evaluation of an entity's performance year."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.bounds import Digest, FiscalYear, Line
from domain.command import CycleCommand
from domain.evaluation.events import Finding, IssuedScore, Mark, TeamMember
from domain.opening import OpenStage
from domain.sealed_text import SealedText
from domain.stream import evaluation_stream

Findings = Annotated[tuple[Finding, ...], Meta(max_length=200)]
Team = Annotated[tuple[TeamMember, ...], Meta(min_length=1, max_length=30)]


class OpenEvaluation(OpenStage, frozen=True, kw_only=True, tag="evaluation.open"):
    """Open the evaluation of an entity's performance year."""

    @property
    def stream(self) -> str:
        """The evaluation's stream."""
        return evaluation_stream(self.unit, self.fiscal_year)


class EvaluationCommand(CycleCommand, frozen=True, kw_only=True):
    """A command on an evaluation; `fiscal_year` is the performance year."""

    @property
    def stream(self) -> str:
        """The evaluation's stream."""
        return evaluation_stream(self.unit, self.fiscal_year)


class AssignEvaluation(EvaluationCommand, frozen=True, kw_only=True, tag="evaluation.assign"):
    """Assign a team by letter; opens the evaluation with whatever exists where no report opened it."""

    letter: Line
    letter_date: date
    evaluation_year: FiscalYear
    team: Team


class AssessSelf(EvaluationCommand, frozen=True, kw_only=True, tag="evaluation.assess_self"):
    """Mark a sub-component as the unit sees itself."""

    mark: Mark
    note: SealedText | None = None


class Grade(EvaluationCommand, frozen=True, kw_only=True, tag="evaluation.grade"):
    """Mark a sub-component as an assigned evaluator."""

    mark: Mark
    note: SealedText | None = None


class IssueLhe(EvaluationCommand, frozen=True, kw_only=True, tag="evaluation.issue_lhe"):
    """Issue the LHE; the score follows from the marks and the assigned rule and cannot be given."""

    number: Line
    findings: Findings = ()
    file: Digest | None = None
    received_on: date | None = None


class RecordExternalEvaluation(EvaluationCommand, frozen=True, kw_only=True, tag="evaluation.record_external"):
    """Enter the LHE of KemenPANRB or the province, or (history) a published result, as it was published."""

    issuer: Line
    number: Line | None = None
    issued_on: date | None = None
    evaluation_year: FiscalYear
    score: IssuedScore
    findings: Findings = ()
    file: Digest | None = None
    received_on: date | None = None
    source: Line | None = None


EvaluationCommands = OpenEvaluation | AssignEvaluation | AssessSelf | Grade | IssueLhe | RecordExternalEvaluation
