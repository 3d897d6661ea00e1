"""Specifications of the arrow from the issued evaluation to the follow-up of its recommendations."""

from domain.follow_up.commands import LinkRepeat, OpenRecommendation
from domain.obligation.commands import FixDueDate, MeetObligation, OpenObligation
from domain.obligation.refusals import ObligationSettled
from tests.workflows.oversight import (
    approved,
    extended,
    finding,
    judged,
    lhe_issued,
    progressed,
    recommended,
    reopened,
    result_recorded,
)
from tests.workflows.spec import given
from tests.workflows.year import REASON, day
from workflows.evaluation_to_follow_up import WORKFLOW

DUTY = "2025.dinkes.recommendation-r1"


def recommendation(number: int, *owners: str, repeats: str | None = None) -> OpenRecommendation:
    """Return the opening of a recommendation of the Inspektorat's LHE."""
    return OpenRecommendation(
        recommendation=f"2025.dinkes.r{number}",
        issuer="Inspektorat",
        lhe_number="700/12/2026",
        component="perencanaan",
        text=REASON,
        owners=owners or ("dinkes",),
        received_on=day("2026-07-13"),
        repeats=repeats,
        effective_on=day("2026-07-10"),
    )


def duty_met(met_on: str, effective_on: str) -> MeetObligation:
    """Return that the duty to follow up is met."""
    return MeetObligation(obligation=DUTY, met_on=day(met_on), effective_on=day(effective_on))


def test_each_finding_of_a_lhe_becomes_a_recommendation_with_its_owners() -> None:
    given(WORKFLOW).when(lhe_issued(finding(1), finding(2, "dinkes", "bappeda"))).then_sends(
        recommendation(1), recommendation(2, "dinkes", "bappeda")
    )


def test_a_lhe_is_issued_for_a_unit_without_agreement_or_report() -> None:
    """A missing document is a criterion not met, not a refusal."""
    given(WORKFLOW).when(lhe_issued(finding(1))).then_sends(recommendation(1))


def test_a_lhe_without_findings_brings_nothing_about() -> None:
    given(WORKFLOW).when(lhe_issued()).then_sends_nothing()


def test_an_outside_result_is_followed_up_under_its_own_issuer() -> None:
    given(WORKFLOW).when(result_recorded(finding(7, "bappeda"))).then_sends(
        OpenRecommendation(
            recommendation="2025.dinkes.r7",
            issuer="KemenPANRB",
            lhe_number="B/1/2026",
            component="perencanaan",
            text=REASON,
            owners=("bappeda",),
            received_on=day("2026-11-25"),
            effective_on=day("2026-12-01"),
        )
    )


def test_a_published_result_of_history_opens_its_recommendations() -> None:
    assert given(WORKFLOW).when(result_recorded(finding(1)).as_history()).sent


def test_a_weakness_found_again_is_linked_to_the_earlier_recommendation() -> None:
    """A repeat (temuan berulang) opens a new recommendation and does not reopen the earlier one."""
    given(WORKFLOW).when(lhe_issued(finding(1), finding(2, repeats="2024.dinkes.r3"))).then_sends(
        recommendation(1),
        recommendation(2, repeats="2024.dinkes.r3"),
        LinkRepeat(recommendation="2024.dinkes.r3", repeated_by="2025.dinkes.r2", effective_on=day("2026-07-10")),
    )


def test_two_findings_that_repeat_the_same_one_link_it_once() -> None:
    findings = (finding(1, repeats="2024.dinkes.r3"), finding(2, repeats="2024.dinkes.r3"))
    given(WORKFLOW).when(lhe_issued(*findings)).then_sends(
        recommendation(1, repeats="2024.dinkes.r3"),
        recommendation(2, repeats="2024.dinkes.r3"),
        LinkRepeat(recommendation="2024.dinkes.r3", repeated_by="2025.dinkes.r1", effective_on=day("2026-07-10")),
    )


def test_a_recommendation_with_a_term_is_a_duty_that_is_due_on_its_day() -> None:
    """The term was counted by the issuer's rule when the recommendation was opened; it is not counted again."""
    given(WORKFLOW).when(recommended(due_on="2026-09-11")).then_sends(
        OpenObligation(
            obligation=DUTY,
            duty="recommendation",
            subject="Tindak lanjut rekomendasi 1 atas kinerja 2025",
            effective_on=day("2026-07-10"),
        ),
        FixDueDate(obligation=DUTY, due_on=day("2026-09-11"), effective_on=day("2026-07-10")),
    )


def test_a_recommendation_without_a_term_is_no_duty() -> None:
    """PermenPANRB 88/2021 sets no number of days: without a local rule there is no due date."""
    given(WORKFLOW).when(recommended()).then_sends_nothing()
    given(WORKFLOW, recommended(), progressed("2026-08-01"), judged("2026-08-10")).when(
        approved("2026-08-20")
    ).then_sends_nothing()


def test_an_extension_moves_the_due_date() -> None:
    given(WORKFLOW, recommended(due_on="2026-09-11")).when(extended("2026-09-01", due_on="2026-10-31")).then_sends(
        FixDueDate(obligation=DUTY, due_on=day("2026-10-31"), effective_on=day("2026-09-01"))
    )


def test_a_closing_result_meets_the_duty_on_the_day_of_the_progress_that_was_judged() -> None:
    given(
        WORKFLOW,
        recommended(due_on="2026-09-11"),
        progressed("2026-08-01"),
        progressed("2026-08-20"),
        judged("2026-09-20"),
    ).when(approved("2026-09-25")).then_sends(duty_met("2026-08-20", "2026-09-25"))


def test_a_closing_result_without_progress_meets_the_duty_on_its_own_day() -> None:
    """Not possible to follow up for a valid reason: nobody reported anything."""
    given(WORKFLOW, recommended(due_on="2026-09-11"), judged("2026-09-20")).when(approved("2026-09-25")).then_sends(
        duty_met("2026-09-25", "2026-09-25")
    )


def test_a_result_that_closes_nothing_leaves_the_duty_open() -> None:
    """A valid reason excuses a delay and stops nothing."""
    given(WORKFLOW, recommended(due_on="2026-09-11"), progressed("2026-08-01"), judged("2026-08-10")).when(
        approved("2026-08-20", closes=False)
    ).then_sends_nothing()


def test_each_recommendation_is_closed_on_its_own() -> None:
    given(WORKFLOW, recommended(2, due_on="2026-09-11"), judged("2026-08-10")).when(
        approved("2026-08-20", number=1)
    ).then_sends_nothing()


def test_a_duty_that_is_settled_already_leaves_nothing_to_mend() -> None:
    """A closure after a reopening, or after the duty was waived: the duty itself says that it is settled."""
    given(
        WORKFLOW,
        recommended(due_on="2026-09-11"),
        judged("2026-08-10"),
        approved("2026-08-20"),
        reopened("2026-10-01"),
        judged("2026-11-01"),
    ).when(approved("2026-11-10")).then_sends(duty_met("2026-11-10", "2026-11-10")).tolerating(ObligationSettled)


def test_a_recommendation_that_is_open_already_is_a_contradiction_to_mend() -> None:
    """Two findings of one number: nobody was faster, one of the two is wrong."""
    given(WORKFLOW).when(lhe_issued(finding(1))).tolerating()
