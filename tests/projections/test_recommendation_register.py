"""Specifications of the recommendation register: owners, terms, verdicts, ageing and completion on a day."""

from datetime import date
from decimal import Decimal

from domain.event import Event
from domain.follow_up.events import (
    ActionPlanned,
    CarriedOver,
    IssuerVerdictRecorded,
    ProgressReported,
    RecommendationOpened,
    RecommendationReopened,
    RecommendationTransferred,
    RepeatFound,
    ResultApproved,
    ResultProposed,
    ResultRejected,
    TermExtended,
)
from projections.follow_up_rate import FOURTH_CLASS, ageing, completion
from projections.recommendation_register import Recommendation, recommendation, recommendations
from tests.projections.sample import REASON, RULE, day
from tests.projections.spec import Fact, Spec, given, happened, there

ID = "2024.dinkes.r1"


def opened(number: int = 1, due_on: str | None = "2025-10-04", received_on: str = "2025-08-05") -> Fact:
    """Return a recommendation received in August and due 60 days later."""
    body = RecommendationOpened(
        effective_on=day(received_on),
        unit="dinkes",
        fiscal_year=2024,
        issuer="Inspektorat",
        lhe_number="LHE/1",
        component="Perencanaan",
        text=REASON,
        owners=("dinkes",),
        received_on=day(received_on),
        due_on=None if due_on is None else day(due_on),
        rule=RULE,
        repeats=None,
    )
    return Fact(f"recommendation/2024.dinkes.r{number}", body)


def then(*bodies: Event, number: int = 1) -> tuple[Fact, ...]:
    """Return what happened to the recommendation afterwards."""
    return happened(f"recommendation/2024.dinkes.r{number}", *bodies)


def progress(on: str) -> ProgressReported:
    """Return a report of an owner."""
    return ProgressReported(effective_on=day(on), progress=REASON, evidence=())


def proposed(on: str, result: str = "sesuai", *, awaits: bool = True) -> ResultProposed:
    """Return a judgement of the verifier."""
    return ResultProposed(effective_on=day(on), result=result, reason=REASON, awaits_approval=awaits)


def approved(on: str, result: str = "sesuai", *, closes: bool = True) -> ResultApproved:
    """Return the approval of the second person."""
    return ResultApproved(effective_on=day(on), result=result, closes=closes)


def extended(on: str, due_on: str) -> TermExtended:
    """Return an extension decided on a day."""
    return TermExtended(effective_on=day(on), due_on=day(due_on), reason=REASON)


def the(spec: Spec) -> Recommendation:
    """Ask for the first recommendation."""
    return there(spec.asked(recommendation, key=ID))


def test_overdue_and_age_are_a_question_about_a_day_and_not_an_event() -> None:
    spec = given(opened())
    due_day, day_after = the(spec.on("2025-10-04")), the(spec.on("2025-10-05"))
    assert (due_day.overdue, due_day.days_overdue, due_day.days_open) == (False, 0, 60)
    assert (day_after.overdue, day_after.days_overdue, day_after.days_open) == (True, 1, 61)


def test_without_a_term_nothing_is_overdue_and_nothing_is_in_time() -> None:
    found = the(given(opened(due_on=None)).on("2026-08-05"))
    assert (found.due_on, found.overdue, found.days_overdue, found.days_open) == (None, None, 0, 365)


def test_an_extension_moves_the_date_from_its_day_on_and_the_history_stays() -> None:
    spec = given(opened(), *then(extended("2025-10-20", "2025-11-30")))
    assert (the(spec.on("2025-10-10")).due_on, the(spec.on("2025-10-10")).overdue) == (day("2025-10-04"), True)
    assert (the(spec.on("2025-10-20")).due_on, the(spec.on("2025-10-20")).overdue) == (day("2025-11-30"), False)
    history = the(spec).due_history
    assert [(each.due.due_on, each.valid_from, each.valid_to) for each in history] == [
        (day("2025-10-04"), day("2025-08-05"), day("2025-10-20")),
        (day("2025-11-30"), day("2025-10-20"), None),
    ]
    assert [each.due.reason for each in history] == [None, REASON]


def test_only_the_second_approval_closes_and_not_started_is_no_verdict() -> None:
    spec = given(opened(), *then(progress("2025-09-01"), proposed("2025-09-10"), approved("2025-09-15")))
    statuses = {on: the(spec.on(on)).status for on in ("2025-08-05", "2025-09-01", "2025-09-10", "2025-09-15")}
    assert statuses == {
        "2025-08-05": "not_started",
        "2025-09-01": "in_progress",
        "2025-09-10": "awaiting_approval",
        "2025-09-15": "closed",
    }
    assert (the(spec.on("2025-08-05")).result, the(spec.on("2025-09-10")).result) == (None, None)
    assert there(the(spec.on("2025-09-10")).proposed).result == "sesuai"
    closed = the(spec.on("2026-05-01"))
    assert (closed.result, closed.closed_on, closed.days_open, closed.overdue, closed.closed_late) == (
        "sesuai",
        day("2025-09-15"),
        41,
        False,
        False,
    )


def test_a_late_closure_says_so() -> None:
    found = the(given(opened(), *then(progress("2025-09-01"), proposed("2025-10-10"), approved("2025-10-15"))))
    assert (found.closed_late, found.overdue, found.days_overdue) == (True, False, 0)


def test_a_result_that_needs_no_second_person_holds_at_once_and_closes_nothing() -> None:
    found = the(given(opened(), *then(progress("2025-09-01"), proposed("2025-09-10", "belum_sesuai", awaits=False))))
    assert (found.status, found.result, found.closed_on) == ("in_progress", "belum_sesuai", None)


def test_a_rejected_result_leaves_the_recommendation_open() -> None:
    rejected = ResultRejected(effective_on=day("2025-09-12"), result="sesuai", reason=REASON)
    found = the(given(opened(), *then(progress("2025-09-01"), proposed("2025-09-10"), rejected)))
    assert (found.status, found.result, found.proposed) == ("in_progress", None, None)
    assert found.steps[-1].reason == REASON


def test_false_evidence_reopens_and_the_earlier_closure_stays_known() -> None:
    reopened = RecommendationReopened(effective_on=day("2025-12-01"), reason=REASON, evidence=())
    spec = given(opened(), *then(progress("2025-09-01"), proposed("2025-09-10"), approved("2025-09-15"), reopened))
    found = the(spec)
    assert (found.status, found.result, found.closed_on, found.overdue) == ("reopened", None, None, True)
    assert [each.closes for each in found.results] == [True]
    assert the(spec.on("2025-11-30")).status == "closed"


def test_a_transfer_changes_the_owners_from_its_day_on() -> None:
    moved = RecommendationTransferred(effective_on=day("2025-09-01"), owners=("bappeda", "setda"), reason=REASON)
    spec = given(opened(), *then(moved))
    assert the(spec.on("2025-08-31")).owners == ("dinkes",)
    assert the(spec).owners == ("bappeda", "setda")
    assert [each.id for each in spec.asked(recommendations, owner="setda")] == [ID]
    assert spec.on("2025-08-31").asked(recommendations, owner="setda") == ()


def test_plan_repeats_carry_over_and_the_issuers_own_verdict_are_kept_apart() -> None:
    plan = ActionPlanned(
        effective_on=day("2025-08-20"), plan=REASON, plan_due_on=day("2025-09-30"), person_in_charge="tono"
    )
    spec = given(
        opened(),
        *then(
            plan,
            CarriedOver(effective_on=day("2026-01-20"), into_fiscal_year=2026),
            RepeatFound(effective_on=day("2026-08-01"), repeated_by="2025.dinkes.r4"),
            IssuerVerdictRecorded(effective_on=day("2026-09-01"), issuer="BPK", verdict="S2", document=None),
        ),
    )
    found = the(spec)
    assert there(found.plan).plan_due_on == day("2025-09-30")
    assert (found.carried_into, found.repeated_by) == ((2026,), ("2025.dinkes.r4",))
    assert [(each.issuer, each.result) for each in found.issuer_verdicts] == [("BPK", "S2")]
    assert (found.status, found.result) == ("not_started", None)
    early = the(spec.on("2025-12-31"))
    assert (early.carried_into, early.repeated_by, early.issuer_verdicts) == ((), (), ())


def several() -> Spec:
    """One closed as done, one that cannot be followed up, one overdue, one without a term."""
    return given(
        opened(1),
        opened(2),
        opened(3),
        opened(4, due_on=None),
        *then(progress("2025-09-01"), proposed("2025-09-02"), approved("2025-09-03")),
        *then(
            progress("2025-09-01"), proposed("2025-10-02", FOURTH_CLASS), approved("2025-10-06", FOURTH_CLASS), number=2
        ),
    ).on("2025-10-10")


def test_recommendations_are_asked_for_by_what_they_are_on_the_day() -> None:
    def numbers(status: str | None = None, **filters: int) -> list[str]:
        found = several().asked(recommendations, status=status, **filters)  # type: ignore[arg-type]
        return [each.id[-2:] for each in found]

    assert numbers() == ["r1", "r2", "r3", "r4"]
    assert numbers("open") == ["r3", "r4"]
    assert numbers("overdue") == ["r3"]
    assert numbers("closed") == ["r1", "r2"]
    assert numbers(fiscal_year=2025) == []


def test_completion_says_whether_the_fourth_class_counts() -> None:
    rates = completion(several().asked(recommendations))
    assert (rates.total, rates.closed, rates.not_followable, rates.open, rates.closed_late) == (4, 2, 1, 2, 1)
    counting, without = rates.counting_fourth_class, rates.without_fourth_class
    assert (counting.percent, counting.fourth_class_counts) == (Decimal("50.00"), True)
    assert (without.percent, without.numerator, without.denominator) == (Decimal("33.33"), 1, 3)
    assert counting.label != without.label
    assert completion(()).counting_fourth_class.percent is None


def test_open_recommendations_are_sorted_by_age_and_unknown_dates_are_not_overdue() -> None:
    found = ageing(several().asked(recommendations))
    assert (found.open, found.overdue, found.due_date_unknown, found.oldest_days) == (2, 1, 1, 66)
    assert [(each.label, each.open, each.overdue) for each in found.buckets if each.open] == [("61–90 hari", 2, 1)]
    assert sum(each.open for each in ageing(several().on("2027-01-01").asked(recommendations)).buckets) == 2
    assert ageing(()).oldest_days is None


def test_nothing_is_told_before_the_recommendation_opened() -> None:
    assert given(opened()).on("2025-08-04").asked(recommendation, key=ID) is None
    assert the(given(opened())).opened.trace.effective_on == date(2025, 8, 5)
