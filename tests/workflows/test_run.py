"""The arrows and the stages together: the years of one unit, without an output that is refused."""

from decimal import Decimal
from typing import Final, cast

from domain.actor import Actor, Role
from domain.agreement.commands import ProposeCommitments, SignAgreement
from domain.commitment import AgreedTarget, Commitment, Signatory, SignedPaper
from domain.evaluation.commands import AssignEvaluation, Grade, IssueLhe
from domain.evaluation.events import Mark, TeamMember
from domain.evaluation_rules import EvaluationRules
from domain.event import Origin
from domain.follow_up.commands import ApproveResult, ProposeResult, ReportProgress
from domain.follow_up.events import CarriedOver, RecommendationOpened, RepeatFound
from domain.indicator import Indicator, NumberRealised, NumberTarget
from domain.institution import BudgetDocument
from domain.measurement.commands import LockPeriod, RecordRealisation, SubmitPeriod, VerifyPeriod
from domain.obligation.commands import MarkOverdue
from domain.obligation.events import DueDateSet, ObligationMet
from domain.period import Period
from domain.realisation import Realisation
from domain.report.commands import AcceptReport, CompileReport, ReturnReport, SubmitReport
from tests.domain.setting import FILE, PLAIN, REASON, REFERENCES, RULEBOOKS, actor, adopting
from tests.workflows.oversight import finding
from tests.workflows.run import Run
from tests.workflows.year import day, dissolved, ratified, year_opened

OPERATOR: Final = actor("budi", Role.UNIT_OPERATOR, "dinkes")
HEAD: Final = actor("kadinkes", Role.UNIT_HEAD, "dinkes")
BUREAU: Final = actor("tuti", Role.ORGANISATION_BUREAU)
LEAD: Final = actor("dewi", Role.TEAM_LEAD, "inspektorat")
INSPECTOR: Final = actor("inspektur", Role.INSPECTOR, "inspektorat")
CLOCK: Final = Actor(id="system:timekeeper", role=Role.TIMEKEEPER)
RULES: Final = ("due-dates-53-2014", "lke-88-2021", "follow-up-lhe-contoh", "hold-contoh-perkada")

LKE: Final = cast("EvaluationRules", RULEBOOKS[REFERENCES["lke-88-2021"].digest])

INDICATOR: Final = Indicator(
    name="Cakupan imunisasi dasar lengkap",
    definition="Bayi yang memperoleh imunisasi dasar lengkap",
    formula="bayi diimunisasi / seluruh bayi x 100",
    unit_of_measure="persen",
    source="Dinas Kesehatan",
    frequency="quarter",
    direction="maximise",
    accumulation="last",
)
COMMITMENT: Final = Commitment(
    id="imunisasi",
    objective="Meningkatnya kesehatan bayi",
    indicator=INDICATOR,
    target=AgreedTarget(year=NumberTarget(value=Decimal(95))),
)
PAPER: Final = SignedPaper(
    place="Wonosari",
    signatories=(Signatory(person="kadinkes", position="Kepala"), Signatory(person="bupati", position="Bupati")),
    file=FILE,
)


def begun() -> Run:
    """Return the regency under rules, its year 2025 open, and the budget of dinkes ratified on 30 January."""
    run = Run(adopting(*(REFERENCES[name] for name in RULES)))
    run.on("2025-01-02").happened(year_opened("dinkes", "pemda"))
    run.on("2025-01-30").happened(ratified(BudgetDocument.DPA, "2025-01-30"))
    return run


def signed(run: Run, on: str) -> None:
    """Let dinkes propose and sign."""
    run.on(on).ask(ProposeCommitments(unit="dinkes", fiscal_year=2025, commitments=(COMMITMENT,)), OPERATOR)
    run.ask(SignAgreement(unit="dinkes", fiscal_year=2025, paper=PAPER), HEAD)


def measured(run: Run, code: str, submitted_on: str, locked_on: str) -> None:
    """Let dinkes measure a quarter, and the bureau verify and lock it."""
    period = Period.parse(code)
    realisation = Realisation(
        commitment="imunisasi", period=period, realised=NumberRealised(value=Decimal(90)), evidence=()
    )
    run.on(submitted_on).ask(RecordRealisation(unit="dinkes", fiscal_year=2025, realisation=realisation), OPERATOR)
    run.ask(SubmitPeriod(unit="dinkes", fiscal_year=2025, period=period), HEAD)
    run.on(locked_on).ask(VerifyPeriod(unit="dinkes", fiscal_year=2025, period=period), BUREAU)
    run.ask(LockPeriod(unit="dinkes", fiscal_year=2025, period=period), BUREAU)


def reported(run: Run) -> None:
    """Let dinkes report on 20 February, correct it within the term of the return, and the bureau accept it."""
    submit = SubmitReport(unit="dinkes", fiscal_year=2025, file=FILE)
    term = day("2026-03-09")
    run.on("2026-02-20").ask(CompileReport(unit="dinkes", fiscal_year=2025, analysis=REASON), OPERATOR)
    run.ask(submit, HEAD)
    run.on("2026-03-02").ask(ReturnReport(unit="dinkes", fiscal_year=2025, reason=REASON, correct_by=term), BUREAU)
    run.on("2026-03-05").ask(submit, HEAD)
    run.on("2026-03-10").ask(AcceptReport(unit="dinkes", fiscal_year=2025), BUREAU)


def evaluated(run: Run, year: int, on: str, repeats: str | None = None) -> None:
    """Let the Inspektorat evaluate dinkes with whatever exists, and issue its LHE with one recommendation."""
    team = (TeamMember(person="dewi", role=Role.TEAM_LEAD),)
    run.on(on).ask(
        AssignEvaluation(
            unit="dinkes",
            fiscal_year=year,
            letter="090/1",
            letter_date=day(on),
            evaluation_year=year + 1,
            team=team,
        ),
        INSPECTOR,
    )
    for part in LKE.sub_components:
        mark = Mark(sub_component=part.code, grade="D")
        run.ask(Grade(unit="dinkes", fiscal_year=year, mark=mark), LEAD)
    lhe = IssueLhe(unit="dinkes", fiscal_year=year, number="700/12", findings=(finding(1, repeats=repeats),))
    run.ask(lhe, INSPECTOR)


def only_met(run: Run, cause: str) -> ObligationMet:
    """Return how the duty of dinkes in 2025 was met."""
    (met,) = [each for each in run.bodies(f"obligation/2025.dinkes.{cause}") if isinstance(each, ObligationMet)]
    return met


def test_a_year_goes_from_its_opening_to_a_closed_recommendation() -> None:
    run = begun()
    signed(run, "2025-02-10")
    measured(run, "2025-Q1", "2025-04-10", "2025-04-20")
    measured(run, "2025-Q2", "2025-07-10", "2025-07-20")
    measured(run, "2025-Q3", "2025-10-10", "2025-10-20")
    measured(run, "2025-Q4", "2026-01-12", "2026-01-20")
    reported(run)
    evaluated(run, 2025, "2026-07-10")
    run.on("2026-08-01").ask(ReportProgress(recommendation="2025.dinkes.r1", progress=REASON), OPERATOR)
    run.on("2026-08-20").ask(ProposeResult(recommendation="2025.dinkes.r1", result="sesuai", reason=REASON), LEAD)
    run.on("2026-08-25").ask(ApproveResult(recommendation="2025.dinkes.r1"), INSPECTOR)

    assert run.letters == []
    assert (only_met(run, "agreement").met_on, only_met(run, "agreement").due_on) == (
        day("2025-02-10"),
        day("2025-02-28"),
    )
    assert [only_met(run, f"measurement-q{number}").met_on for number in (1, 2, 3, 4)] == [
        day("2025-04-10"),
        day("2025-07-10"),
        day("2025-10-10"),
        day("2026-01-12"),
    ]
    assert (only_met(run, "report").met_on, only_met(run, "report").days_late) == (day("2026-02-20"), 0)
    assert only_met(run, "recommendation-r1").met_on == day("2026-08-01")
    assert run.types("evaluation/dinkes/2025")[0] == "evaluation.opened"


def test_years_overlap() -> None:
    """On 20 January 2026: 2026 is signed, quarter IV and the report of 2025 are to come, 2024 is to be followed up."""
    run = begun()
    signed(run, "2025-02-10")
    evaluated(run, 2024, "2025-07-10")
    run.on("2026-01-02").happened(year_opened("dinkes", on="2026-01-02", year=2026))

    assert run.letters == []
    assert run.types("agreement/dinkes/2026") == ["agreement.opened"]
    assert run.types("report/dinkes/2025") == []
    carried = [each for each in run.bodies("recommendation/2024.dinkes.r1") if isinstance(each, CarriedOver)]
    assert carried == [CarriedOver(effective_on=day("2026-01-02"), into_fiscal_year=2026)]


def test_a_unit_without_agreement_or_report_is_evaluated_and_followed_up_and_its_repeat_is_linked() -> None:
    run = begun()
    evaluated(run, 2024, "2025-07-10")
    evaluated(run, 2025, "2026-07-10", repeats="2024.dinkes.r1")

    assert run.letters == []
    (opened,) = run.bodies("recommendation/2025.dinkes.r1")
    assert isinstance(opened, RecommendationOpened)
    (fixed,) = [each for each in run.bodies("obligation/2025.dinkes.recommendation-r1") if isinstance(each, DueDateSet)]
    assert fixed.due_on == opened.due_on == day("2026-09-08")
    repeated = [each for each in run.bodies("recommendation/2024.dinkes.r1") if isinstance(each, RepeatFound)]
    assert [each.repeated_by for each in repeated] == ["2025.dinkes.r1"]


def test_a_late_signature_that_the_clock_was_faster_than_still_meets_the_duty() -> None:
    """Signed on 20 February, recorded on 10 March: in time, though the duty was found overdue on 3 March."""
    run = begun()
    run.on("2025-02-05").ask(ProposeCommitments(unit="dinkes", fiscal_year=2025, commitments=(COMMITMENT,)), OPERATOR)
    run.on("2025-03-03").ask(MarkOverdue(obligation="2025.dinkes.agreement"), CLOCK)
    run.on("2025-03-10").ask(
        SignAgreement(unit="dinkes", fiscal_year=2025, paper=PAPER, effective_on=day("2025-02-20")), HEAD
    )

    assert run.letters == []
    met = only_met(run, "agreement")
    assert (met.met_on, met.days_late, met.effective_on) == (day("2025-02-20"), 0, day("2025-03-03"))


def test_a_hold_is_proposed_after_the_grace_and_lapses_when_the_duty_is_met() -> None:
    run = begun()
    run.on("2025-03-17").ask(MarkOverdue(obligation="2025.dinkes.agreement"), CLOCK)
    assert run.types("hold/2025.dinkes.agreement") == ["hold.proposed"]
    signed(run, "2025-03-20")

    assert run.letters == []
    assert run.types("hold/2025.dinkes.agreement") == ["hold.proposed", "hold.lapsed"]


def test_within_the_grace_nothing_is_proposed_and_nothing_is_a_dead_letter() -> None:
    run = begun()
    run.on("2025-03-03").ask(MarkOverdue(obligation="2025.dinkes.agreement"), CLOCK)

    assert run.letters == []
    assert run.types("hold/2025.dinkes.agreement") == []


def test_what_a_merged_unit_owed_passes_to_its_successor() -> None:
    """`lama` was merged into `dinsos`: what it still owed for 2024 is owed by `dinsos`."""
    run = Run(PLAIN)
    run.on("2024-01-02").happened(year_opened("lama", on="2024-01-02", year=2024))
    run.on("2025-01-02").happened(dissolved("dinsos", unit="lama", on="2025-01-01"))

    assert run.letters == []
    assert run.types("obligation/2024.lama.report")[-1] == "obligation.transferred"


def test_history_opens_stages_and_duties_on_its_own_days() -> None:
    run = Run(PLAIN)
    run.on("2026-11-02").happened(year_opened("dinkes").as_history())

    assert run.letters == []
    (opened,) = run.bodies("agreement/dinkes/2025")
    assert opened.effective_on == day("2025-01-02")
    assert {event.origin for event in run.log} == {Origin.HISTORY}
