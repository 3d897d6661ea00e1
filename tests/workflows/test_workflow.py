"""What all workflows share: which day what follows takes effect on, and what a late workflow's day comes to."""

from datetime import UTC, datetime

import pytest

from domain.actor import Actor, Role, system_actor
from domain.decider import decide, fold
from domain.errors import EffectiveBeforePrevious, EffectiveInFuture
from domain.event import Origin
from domain.facts import Facts
from domain.obligation.commands import MeetObligation
from domain.obligation.decider import STAGE
from domain.obligation.events import ObligationMet
from tests.spec import ANYONE, INSTITUTION
from tests.workflows.spec import recorded
from tests.workflows.year import day, dissolved, duty, duty_of, locked, overdue, year_opened
from workflows.workflow import day_of, every_year, own_cycle, unit_and_year

WORKFLOW = system_actor(Role.WORKFLOW, "report_to_evaluation")
LATE = [recorded(each, at) for at, each in enumerate((duty("report"), overdue("report", "2026-03-02")), 1)]


def facts(actor: Actor, today: str = "2026-03-03") -> Facts:
    """Return what a decision of that actor and day may rely on."""
    return Facts(
        actor=actor,
        now=datetime(2026, 3, 3, 3, tzinfo=UTC),
        today=day(today),
        origin=Origin.LIVE,
        institution=INSTITUTION,
        rulebooks={},
    )


def meeting(effective_on: str) -> MeetObligation:
    """Return that a report of 20 February met the duty."""
    return MeetObligation(obligation=duty_of("report"), met_on=day("2026-02-20"), effective_on=day(effective_on))


def test_an_event_belongs_to_the_cycle_of_its_stream() -> None:
    event = recorded(locked("2025-Q1", "2025-05-05"), 1)
    assert own_cycle(event) == "dinkes/2025"
    assert every_year(event) == "dinkes/"
    assert unit_and_year(event) == ("dinkes", 2025)


def test_an_event_of_no_cycle_has_no_unit_and_year() -> None:
    event = recorded(year_opened("dinkes"), 1)
    assert own_cycle(event) is None
    with pytest.raises(ValueError, match="invalid literal"):
        unit_and_year(event)


def test_what_follows_a_status_change_takes_effect_with_it() -> None:
    """Its day has come: the log takes none of the future, and the local day may be ahead of the UTC day."""
    early = locked("2025-Q1", "2025-05-06").recorded("2025-05-05T23:30")
    assert day_of(recorded(early, 1)) == day("2025-05-06")


@pytest.mark.parametrize(("recorded_at", "expected"), [("2025-06-30T23:59", None), ("2025-07-01T00:00", "2025-07-01")])
def test_what_follows_a_dated_value_waits_for_no_day_to_come(recorded_at: str, expected: str | None) -> None:
    event = recorded(dissolved("dinsehat", on="2025-07-01").recorded(recorded_at), 1)
    assert day_of(event) == (None if expected is None else day(expected))


def test_a_workflow_that_comes_after_a_later_status_change_takes_effect_with_that_one() -> None:
    """The duty was met by a report of 20 February, which was accepted while the clock found it overdue."""
    state = fold(STAGE, LATE)
    assert decide(STAGE, meeting("2026-03-01"), state, facts(WORKFLOW)) == (
        ObligationMet(effective_on=day("2026-03-02"), met_on=day("2026-02-20"), due_on=None, days_late=None),
    )


def test_a_person_can_not_reach_behind_the_previous_status_change() -> None:
    with pytest.raises(EffectiveBeforePrevious):
        decide(STAGE, meeting("2026-03-01"), fold(STAGE, LATE), facts(ANYONE))


def test_a_workflow_can_not_reach_into_the_future() -> None:
    with pytest.raises(EffectiveInFuture):
        decide(STAGE, meeting("2026-03-04"), fold(STAGE, LATE), facts(WORKFLOW))
