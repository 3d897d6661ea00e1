"""Specifications of the inbox: what waits for whom on a day."""

from domain.actor import Role
from domain.allowance_hold.events import HoldImposed, HoldProposed, NoticeLapsed, ObjectionDecided, ObjectionFiled
from domain.follow_up.events import ProgressReported, ResultApproved, ResultProposed
from domain.measurement.events import PeriodLocked, PeriodReopened, PeriodReturned, PeriodSubmitted, PeriodVerified
from domain.period import Period
from domain.report.events import ReportAccepted, ReportSubmitted
from projections.inbox import tasks
from tests.projections.sample import FILE, REASON, RULE, day, measured
from tests.projections.spec import Fact, Spec, given, happened

FIRST = Period.parse("2025-Q1")
RECOMMENDATION = "recommendation/2024.dinkes.r1"
HOLD = "hold/2025.dinkes.agreement"
QUARTER = given(
    *measured(
        PeriodSubmitted(effective_on=day("2025-04-03"), period=FIRST),
        PeriodReturned(effective_on=day("2025-04-05"), period=FIRST, reason=REASON),
        PeriodSubmitted(effective_on=day("2025-04-07"), period=FIRST),
        PeriodVerified(effective_on=day("2025-04-08"), period=FIRST),
        PeriodLocked(effective_on=day("2025-04-09"), period=FIRST, last=False),
        PeriodReopened(
            effective_on=day("2025-05-01"), period=FIRST, reason=REASON, commitments=("a",), until=day("2025-05-10")
        ),
    )
)


def waiting(spec: Spec, on: str) -> list[str]:
    """Return the commands that wait on a day."""
    return [each.command for each in spec.on(on).asked(tasks)]


def test_a_period_waits_for_the_next_hand_on_each_day() -> None:
    days = ("2025-04-02", "2025-04-03", "2025-04-05", "2025-04-07", "2025-04-08", "2025-04-09", "2025-05-10")
    assert [waiting(QUARTER, on) for on in days] == [
        [],
        ["measurement.verify"],
        ["measurement.submit"],
        ["measurement.verify"],
        ["measurement.lock"],
        [],
        ["measurement.correct"],
    ]


def test_a_reopening_waits_only_until_it_ends() -> None:
    assert waiting(QUARTER, "2025-05-11") == []


def test_a_task_names_who_may_do_it_and_how_long_it_has_waited() -> None:
    (task,) = QUARTER.on("2025-04-04").asked(tasks)
    assert (task.roles, task.unit, task.fiscal_year, task.subject, task.days) == (
        (Role.ORGANISATION_BUREAU,),
        "dinkes",
        2025,
        "2025-Q1",
        1,
    )
    assert QUARTER.on("2025-04-04").asked(tasks, role=Role.INSPECTOR) == ()
    assert len(QUARTER.on("2025-04-04").asked(tasks, role=Role.ORGANISATION_BUREAU)) == 1
    assert QUARTER.on("2025-04-04").asked(tasks, unit="setda") == ()


def test_reports_wait_for_acceptance_and_results_for_approval() -> None:
    spec = given(
        *happened(
            "report/dinkes/2025",
            ReportSubmitted(effective_on=day("2026-02-20"), file=FILE),
            ReportAccepted(effective_on=day("2026-03-10"), met_on=day("2026-02-20")),
        ),
        *happened(
            RECOMMENDATION,
            ProgressReported(effective_on=day("2026-02-01"), progress=REASON, evidence=()),
            ResultProposed(effective_on=day("2026-02-25"), result="sesuai", reason=REASON),
            ResultApproved(effective_on=day("2026-03-01"), result="sesuai", closes=True),
        ),
    )
    assert waiting(spec, "2026-02-20") == ["follow_up.propose_result", "report.accept"]
    assert waiting(spec, "2026-02-25") == ["report.accept", "follow_up.approve_result"]
    assert waiting(spec, "2026-03-10") == []


def test_a_result_that_needs_no_approval_waits_for_nobody() -> None:
    body = ResultProposed(effective_on=day("2026-02-25"), result="belum_sesuai", reason=REASON, awaits_approval=False)
    assert waiting(given(Fact(RECOMMENDATION, body)), "2026-02-25") == []


def test_a_lapsed_notice_waits_for_a_decision_and_each_objection_for_its_own() -> None:
    proposed = HoldProposed(
        effective_on=day("2025-03-10"),
        unit="dinkes",
        fiscal_year=2025,
        obligation="2025.dinkes.agreement",
        duty="agreement",
        rule=RULE,
        article="Pasal 12",
        kind="tunda",
    )
    imposed = HoldImposed(
        rule=RULE,
        effective_on=day("2025-03-25"),
        decision="SK/1",
        persons=(),
        months=("2025-04",),
        article="12",
        kind="tunda",
        file=None,
    )

    def filed(person: str | None) -> ObjectionFiled:
        return ObjectionFiled(
            rule=RULE,
            effective_on=day("2025-04-01"),
            person=person,
            grounds=REASON,
            decide_by=day("2025-04-15"),
            suspends=True,
        )

    decided = ObjectionDecided(effective_on=day("2025-04-10"), upheld=False, deemed=False, reason=REASON, person="ani")
    spec = given(
        *happened(
            HOLD, proposed, NoticeLapsed(effective_on=day("2025-03-21")), imposed, filed("ani"), filed(None), decided
        )
    )
    assert waiting(spec, "2025-03-10") == ["hold.recommend"]
    assert waiting(spec, "2025-03-21") == ["hold.impose"]
    assert waiting(spec, "2025-03-25") == []
    assert waiting(spec, "2025-04-01") == ["hold.decide_objection", "hold.decide_objection"]
    assert [each.subject for each in spec.on("2025-04-10").asked(tasks)] == ["objection-unit"]


def test_history_asks_nobody_for_anything() -> None:
    body = ReportSubmitted(effective_on=day("2024-02-20"), file=FILE)
    assert waiting(given(Fact("report/dinkes/2023", body).as_history()), "2025-01-01") == []
