"""The arrows together: every stage is opened by one of them, every trigger is driven, and none speaks twice."""

import ast
import inspect
from collections import Counter
from typing import NamedTuple

import pytest

from domain.agreement.commands import OpenAgreement
from domain.allowance_hold.commands import ProposeHold
from domain.command import Command
from domain.evaluation.commands import OpenEvaluation
from domain.follow_up.commands import OpenRecommendation
from domain.institution import BudgetDocument
from domain.measurement.commands import OpenMeasurement
from domain.opening import OpenStage
from domain.report.commands import OpenReport
from tests.workflows.oversight import (
    approved,
    extended,
    finding,
    judged,
    lhe_issued,
    proposed,
    recommended,
    result_recorded,
)
from tests.workflows.spec import Fact, given
from tests.workflows.year import (
    agreement_opened,
    agreement_published,
    amended,
    dissolved,
    duty,
    locked,
    met,
    overdue,
    ratified,
    report_accepted,
    report_published,
    report_returned,
    report_submitted,
    returned,
    signed,
    submitted,
    waived,
    year_opened,
)
from workflows import cycle
from workflows.cycle import WORKFLOWS
from workflows.workflow import Workflow

ARROWS = {workflow.name: workflow for workflow in WORKFLOWS}


class Example(NamedTuple):
    """A trigger that makes an arrow send something, and what has to be known for it."""

    arrow: str
    known: tuple[Fact, ...]
    trigger: Fact

    @property
    def sent(self) -> tuple[Command, ...]:
        """The commands that are sent."""
        return given(ARROWS[self.arrow], *self.known).when(self.trigger).sent or ()

    def __str__(self) -> str:
        return f"{self.arrow}: {type(self.trigger.body).__name__}"


REVISED = ratified(BudgetDocument.DPPA, "2025-09-12")
SUBMITTED = submitted("2025-Q1", "2025-04-10")
RECOMMENDED = recommended(due_on="2026-09-11")
LATE = overdue("report", "2026-03-02")

EXAMPLES = (
    Example("year_to_agreement", (), year_opened("dinkes")),
    Example("year_to_agreement", (duty("agreement"),), ratified(BudgetDocument.DPA, "2025-01-30")),
    Example("year_to_agreement", (), duty("agreement")),
    Example("agreement_to_measurement", (), signed("2025-01-20")),
    Example("agreement_to_measurement", (), agreement_published("2025-01-20")),
    Example("agreement_to_measurement", (REVISED, duty("amendment")), amended("2025-09-30")),
    Example("agreement_to_measurement", (signed("2025-01-20"),), duty("agreement")),
    Example("measurement_to_report", (duty("measurement-q1"),), SUBMITTED),
    Example("measurement_to_report", (duty("measurement-q1"), SUBMITTED), returned("2025-Q1", "2025-04-12")),
    Example("measurement_to_report", (), locked("2025-Q4", "2026-01-20", last=True)),
    Example("measurement_to_report", (SUBMITTED,), duty("measurement-q1")),
    Example("report_to_evaluation", (duty("report"),), report_submitted("2026-02-20")),
    Example("report_to_evaluation", (duty("report"),), report_returned("2026-03-02", "2026-03-09")),
    Example("report_to_evaluation", (), report_accepted("2026-03-10", "2026-02-20")),
    Example("report_to_evaluation", (duty("report"),), report_published("2026-06-01", "2026-02-25")),
    Example("report_to_evaluation", (report_submitted("2026-02-20"),), duty("report")),
    Example("evaluation_to_follow_up", (), lhe_issued(finding(1))),
    Example("evaluation_to_follow_up", (), result_recorded(finding(1))),
    Example("evaluation_to_follow_up", (), RECOMMENDED),
    Example("evaluation_to_follow_up", (RECOMMENDED,), extended("2026-09-01", "2026-10-31")),
    Example("evaluation_to_follow_up", (RECOMMENDED, judged("2026-08-10")), approved("2026-08-20")),
    Example("follow_up_to_agreement", (recommended(year=2023),), agreement_opened("2025-01-02")),
    Example("overdue_to_hold", (), LATE),
    Example("overdue_to_hold", (LATE, proposed("report", "2026-03-02")), met("report", "2026-03-05")),
    Example("overdue_to_hold", (LATE, proposed("report", "2026-03-02")), waived("report", "2026-03-05")),
    Example("overdue_to_hold", (LATE, met("report", "2026-03-05")), proposed("report", "2026-03-06")),
    Example("reorganisation_to_transfer", (duty("report"),), dissolved("dinsehat")),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_each_trigger_can_bring_something_about(example: Example) -> None:
    assert example.sent


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_the_triggers_of_an_arrow_are_exactly_those_that_are_driven_here(workflow: Workflow) -> None:
    driven = {type(example.trigger.body) for example in EXAMPLES if example.arrow == workflow.name}
    assert set(workflow.triggers) == driven
    assert len(workflow.triggers) == len(driven)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_the_triggers_of_an_arrow_are_exactly_those_that_its_reaction_names(workflow: Workflow) -> None:
    assert named_in_cases(workflow) == {trigger.__name__ for trigger in workflow.triggers}


def test_each_stage_is_opened_by_exactly_one_arrow() -> None:
    openings = {OpenAgreement, OpenMeasurement, OpenReport, OpenEvaluation, OpenRecommendation, ProposeHold}
    assert set(OpenStage.__subclasses__()) < openings
    opened_by = Counter(
        opening
        for opening, _ in {(type(sent), each.arrow) for each in EXAMPLES for sent in each.sent}
        if opening in openings
    )
    assert opened_by == Counter(openings)


def test_an_arrow_bears_the_name_of_its_module() -> None:
    modules = [inspect.getmodule(workflow.react) for workflow in WORKFLOWS]
    assert [module.__name__ for module in modules if module] == [f"workflows.{each.name}" for each in WORKFLOWS]


def test_every_arrow_stands_in_the_drawing() -> None:
    assert [name for name in ARROWS if name not in (cycle.__doc__ or "")] == []


def named_in_cases(workflow: Workflow) -> set[str]:
    """Return the names of the classes in the cases of a reaction."""
    tree = ast.parse(inspect.getsource(workflow.react))
    patterns = (node for node in ast.walk(tree) if isinstance(node, ast.MatchClass))
    return {pattern.cls.id for pattern in patterns if isinstance(pattern.cls, ast.Name)}
