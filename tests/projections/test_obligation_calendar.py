"""Specifications of the obligation calendar: what each duty is on a day, without an event for the passing of time."""

import pytest

from domain.event import Event
from domain.obligation.events import (
    DueDateSet,
    ObligationExtended,
    ObligationMet,
    ObligationOpened,
    ObligationOverdue,
    ObligationTransferred,
    ObligationWaived,
    SubmissionNoted,
    SubmissionReturned,
)
from projections.obligation_calendar import Duty, duties, duty, late
from tests.projections.sample import REASON, RULE, day
from tests.projections.spec import Fact, Spec, given, happened, there

ID = "2025.dinkes.agreement"


def opened(key: str = ID, name: str = "agreement") -> Fact:
    """Return a duty opened on 1 January 2025."""
    body = ObligationOpened(
        effective_on=day("2025-01-01"), unit=key.split(".")[1], fiscal_year=2025, duty=name, subject=name
    )
    return Fact(f"obligation/{key}", body)


def then(*bodies: Event, key: str = ID) -> tuple[Fact, ...]:
    """Return what happened to the duty."""
    return happened(f"obligation/{key}", *bodies)


def due(on: str | None, *, fixed: str = "2025-01-30") -> DueDateSet:
    """Return a due date by the rule, counted from the ratification of the budget."""
    anchor = day(fixed)
    return DueDateSet(effective_on=anchor, anchor=anchor, due_on=None if on is None else day(on), rule=RULE)


OVERDUE = ObligationOverdue(
    effective_on=day("2025-03-01"),
    unit="dinkes",
    fiscal_year=2025,
    duty="agreement",
    due_on=day("2025-02-28"),
    hold_rule=RULE,
)
"""That the due date of 28 February passed, as recorded on the day after."""


def noted(on: str) -> SubmissionNoted:
    """Return a submission."""
    return SubmissionNoted(effective_on=day(on))


def met(on: str, accepted: str, *, due_on: str | None = "2025-02-28", days_late: int | None = 0) -> ObligationMet:
    """Return the acceptance of what was submitted on a day."""
    return ObligationMet(
        effective_on=day(accepted),
        met_on=day(on),
        due_on=None if due_on is None else day(due_on),
        days_late=days_late,
    )


def the(spec: Spec) -> Duty:
    """Ask for the duty."""
    return there(spec.asked(duty, key=ID))


@pytest.mark.parametrize(
    ("on", "state", "days_late", "days_left"),
    [
        ("2025-02-13", "not_due", 0, 15),
        ("2025-02-14", "due_soon", 0, 14),
        ("2025-02-28", "due_soon", 0, 0),
        ("2025-03-01", "overdue", 1, None),
        ("2025-04-01", "overdue", 32, None),
    ],
)
def test_overdue_is_found_on_the_day_without_any_event(on: str, state: str, days_late: int, days_left: int) -> None:
    found = the(given(opened(), *then(due("2025-02-28"))).on(on))
    assert (found.state, found.days_late, found.days_left, found.overdue) == (state, days_late, days_left, None)


def test_without_a_due_date_a_duty_is_neither_late_nor_in_time() -> None:
    """A budget whose ratification is not recorded: due date unknown."""
    for spec in (given(opened()), given(opened(), *then(due(None)))):
        found = the(spec.on("2025-12-31"))
        assert (found.state, found.due_on, found.days_late) == ("due_date_unknown", None, None)
    unknown = given(opened(), *then(noted("2025-03-01"), met("2025-03-01", "2025-03-02", due_on=None, days_late=None)))
    assert (the(unknown).state, the(unknown).met_on) == ("due_date_unknown", day("2025-03-01"))


def test_a_duty_is_met_on_the_day_of_the_submission_that_was_later_accepted() -> None:
    spec = given(opened(), *then(due("2025-02-28"), noted("2025-02-25"), met("2025-02-25", "2025-03-10")))
    assert the(spec.on("2025-02-24")).state == "due_soon"
    assert (the(spec.on("2025-03-05")).state, the(spec.on("2025-03-05")).met_on) == ("met_on_time", day("2025-02-25"))


def test_before_acceptance_a_submission_in_time_is_in_hand_and_a_late_one_is_overdue() -> None:
    early = given(opened(), *then(due("2025-02-28"), noted("2025-02-25")))
    assert (the(early.on("2025-03-05")).state, the(early.on("2025-03-05")).submitted_on) == (
        "in_hand",
        day("2025-02-25"),
    )
    tardy = given(opened(), *then(due("2025-02-28"), noted("2025-03-03")))
    assert (the(tardy.on("2025-03-05")).state, the(tardy.on("2025-03-05")).days_late) == ("overdue", 5)


def test_a_return_keeps_the_first_day_only_while_its_term_runs() -> None:
    returned = SubmissionReturned(effective_on=day("2025-03-02"), correct_by=day("2025-03-06"))
    spec = given(opened(), *then(due("2025-02-28"), noted("2025-02-25"), returned))
    assert (the(spec.on("2025-03-06")).state, the(spec.on("2025-03-06")).correct_by) == (
        "in_hand",
        day("2025-03-06"),
    )
    assert the(spec.on("2025-03-07")).state == "overdue"
    kept = given(opened(), *then(due("2025-02-28"), noted("2025-02-25"), returned, noted("2025-03-05")))
    assert (the(kept).state, the(kept).submitted_on) == ("in_hand", day("2025-02-25"))
    missed = given(opened(), *then(due("2025-02-28"), noted("2025-02-25"), returned, noted("2025-03-09")))
    assert (the(missed).state, the(missed).submitted_on) == ("overdue", day("2025-03-09"))


def test_days_late_are_those_recorded_with_the_acceptance() -> None:
    """Folds never compute again what was issued: a later extension does not make a late duty punctual."""
    spec = given(
        opened(),
        *then(
            due("2025-02-28"),
            noted("2025-03-10"),
            met("2025-03-10", "2025-03-12", days_late=10),
            ObligationExtended(effective_on=day("2025-03-20"), due_on=day("2025-03-31"), reason=REASON),
        ),
    )
    found = the(spec)
    assert (found.state, found.days_late, found.due_on) == ("met_late", 10, day("2025-02-28"))


def test_an_extension_holds_from_its_day_on_and_the_history_stays() -> None:
    moved = ObligationExtended(effective_on=day("2025-03-05"), due_on=day("2025-03-31"), reason=REASON)
    spec = given(opened(), *then(due("2025-02-28"), moved))
    assert the(spec.on("2025-03-04")).state == "overdue"
    assert (the(spec.on("2025-03-05")).state, the(spec.on("2025-03-05")).due_on) == ("not_due", day("2025-03-31"))
    assert [(each.due.due_on, each.valid_to) for each in the(spec).due_history] == [
        (day("2025-02-28"), day("2025-03-05")),
        (day("2025-03-31"), None),
    ]


def test_recorded_lateness_names_the_rule_that_makes_it_a_trigger() -> None:
    spec = given(opened(), *then(due("2025-02-28"), OVERDUE))
    assert there(the(spec).overdue).hold_rule == RULE
    assert the(spec.on("2025-02-28")).overdue is None


def test_another_due_date_takes_recorded_lateness_back() -> None:
    moved = ObligationExtended(effective_on=day("2025-03-05"), due_on=day("2025-03-31"), reason=REASON)
    spec = given(opened(), *then(due("2025-02-28"), OVERDUE, moved))
    assert there(the(spec.on("2025-03-04")).overdue).due_on == day("2025-02-28")
    assert the(spec.on("2025-03-05")).overdue is None
    assert (the(spec.on("2025-04-01")).state, the(spec.on("2025-04-01")).overdue) == ("overdue", None)


def test_a_waiver_frees_from_its_day_on() -> None:
    waived = ObligationWaived(effective_on=day("2025-03-10"), reason=REASON)
    spec = given(opened(), *then(due("2025-02-28"), waived))
    assert (the(spec.on("2025-03-09")).state, the(spec.on("2025-03-09")).waiver) == ("overdue", None)
    assert (the(spec).state, there(the(spec).waiver).reason) == ("waived", REASON)


def test_who_is_late_is_listed_with_the_longest_first_and_by_who_had_the_duty_that_day() -> None:
    other = "2025.setda.agreement"
    moved = ObligationTransferred(effective_on=day("2025-03-10"), unit="bappeda", reason=REASON)
    spec = given(opened(), opened(other), *then(due("2025-02-28"), moved), *then(due("2025-02-10"), key=other)).on(
        "2025-03-05"
    )
    assert [(each.unit, each.days_late) for each in spec.asked(late)] == [("setda", 23), ("dinkes", 5)]
    assert [each.id for each in spec.asked(late, unit="dinkes")] == [ID]
    assert spec.asked(late, unit="bappeda") == ()
    assert [each.id for each in spec.on("2025-03-10").asked(late, unit="bappeda")] == [ID]
    assert spec.on("2025-02-09").asked(late) == ()


def test_duties_are_asked_for_by_kind_state_and_year() -> None:
    spec = given(opened(), opened("2025.dinkes.report", "report"), *then(due("2025-02-28"))).on("2025-03-05")
    assert [each.duty for each in spec.asked(duties, duty="report")] == ["report"]
    assert [each.duty for each in spec.asked(duties, states=("due_date_unknown",))] == ["report"]
    assert spec.asked(duties, fiscal_year=2024) == ()
    assert spec.on("2024-12-31").asked(duties) == ()
