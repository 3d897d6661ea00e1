"""Specifications of the report: compiled, reviewed, submitted, returned, accepted, sent outside."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from domain.achievement import AchievementStatus
from domain.actor import Actor, Role
from domain.commitment import AgreedTarget, Commitment
from domain.dated import Dated
from domain.errors import (
    AgreementNotSigned,
    EffectiveInFuture,
    SamePersonTwice,
    StageAlreadyOpen,
    StageNotOpenYet,
    TermEndsBeforeStart,
)
from domain.event import Event
from domain.facts import AgreementFacts, CommitmentInForce, MeasurementFacts, ReportFacts
from domain.indicator import (
    Accumulation,
    Indicator,
    LabelRealised,
    NotRealised,
    NumberRealised,
    NumberTarget,
    RatioRealised,
    Realised,
)
from domain.opening import Opening
from domain.period import Frequency, Period
from domain.realisation import Realisation
from domain.report.commands import (
    AcceptReport,
    CompileReport,
    OpenReport,
    RecordPublishedReport,
    ReturnReport,
    ReviewReport,
    SendReportOutside,
    SubmitReport,
)
from domain.report.compilation import compile_achievements
from domain.report.decider import STAGE
from domain.report.events import (
    ReportAccepted,
    ReportCompiled,
    ReportedAchievement,
    ReportOpened,
    ReportPublished,
    ReportReturned,
    ReportReviewed,
    ReportSentOutside,
    ReportSubmitted,
)
from domain.report.refusals import (
    MeasurementNotLocked,
    NotInstitutionReport,
    ReportAlreadyAccepted,
    ReportAlreadySubmitted,
    ReportNotAccepted,
    ReportNotCompiled,
    ReportNotReviewed,
    ReportNotSubmitted,
    UnitReportsNotAccepted,
)
from domain.sealed_text import SealedText
from tests.spec import Spec, given

ANALYSIS = SealedText("c" * 64)
FILE = "d" * 64
RECEIVER = Actor(id="sari", role=Role.ORGANISATION_BUREAU)
REVIEWER = Actor(id="indra", role=Role.INSPECTOR)


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def agreed(value: int | str) -> AgreedTarget:
    """Return a target for the year."""
    return AgreedTarget(year=NumberTarget(value=Decimal(value)))


def promised(
    accumulation: Accumulation = "last",
    frequency: Frequency = "quarter",
    target: int = 100,
    cap: int | None = None,
    measured_from: Period | None = None,
) -> CommitmentInForce:
    """Return the one commitment, in force since January."""
    indicator = Indicator(
        name="Cakupan layanan",
        definition="Bagian penduduk yang terlayani",
        formula="terlayani / penduduk x 100",
        unit_of_measure="%",
        source="Dinas Kesehatan",
        frequency=frequency,
        direction="maximise",
        accumulation=accumulation,
        cap=None if cap is None else Decimal(cap),
        measured_from=measured_from,
    )
    row = Commitment(id="layanan", objective="Meningkatnya layanan", indicator=indicator, target=agreed(target))
    targets = Dated[AgreedTarget]().add(day("2025-01-01"), 4, row.target)
    return CommitmentInForce(commitment=row, targets=targets, original=row.target)


def figure(value: int | str) -> NumberRealised:
    """Return a realised figure."""
    return NumberRealised(value=Decimal(value))


def measured(**periods: Realised) -> dict[tuple[str, str], Realisation]:
    """Return realisations of the commitment, by Q1 to Q4 or `year`."""
    codes = {name: "2025" if name == "year" else f"2025-{name}" for name in periods}
    return {
        ("layanan", codes[name]): Realisation(commitment="layanan", period=Period.parse(codes[name]), realised=outcome)
        for name, outcome in periods.items()
    }


def compiled(in_force: CommitmentInForce, realisations: dict[tuple[str, str], Realisation]) -> ReportedAchievement:
    """Return the row of the one commitment."""
    (row,) = compile_achievements({"layanan": in_force}, realisations, 2025)
    return row


def published(unit: str = "dinkes", *, locked: str = "2025-Q4", **reports: bool) -> dict[str, object]:
    """Return what agreement, measurement and unit reports (accepted or not) publish."""
    facts = MeasurementFacts(realisations=measured(Q4=figure(90)), locked=frozenset({locked}))
    return {
        f"agreement/{unit}/2025": AgreementFacts(signed_on=day("2025-01-20"), commitments={"layanan": promised()}),
        f"measurement/{unit}/2025": facts,
        **{
            f"report/{name}/2025": ReportFacts(met_on=day("2026-02-10") if accepted else None, accepted=accepted)
            for name, accepted in reports.items()
        },
    }


ROW = compiled(promised(), measured(Q4=figure(90)))
OPENED = ReportOpened(effective_on=day("2026-01-20"), opening=Opening())
COMPILED = ReportCompiled(
    effective_on=day("2026-02-01"), achievements=(ROW,), compiled_from=(), analysis=ANALYSIS, file=None
)
REVIEWED = ReportReviewed(effective_on=day("2026-02-10"), statement_number="700/12/2026", file=FILE)


def submitted(on: str) -> ReportSubmitted:
    """Return the fact of a submission."""
    return ReportSubmitted(effective_on=day(on), file=FILE)


def returned(on: str, correct_by: str) -> ReportReturned:
    """Return the fact of a return with its term."""
    return ReportReturned(effective_on=day(on), reason=ANALYSIS, correct_by=day(correct_by))


SUBMITTED = submitted("2026-02-20")
ACCEPTED = ReportAccepted(effective_on=day("2026-02-25"), met_on=day("2026-02-20"))
COMPILE = CompileReport(unit="dinkes", fiscal_year=2025, analysis=ANALYSIS)
SUBMIT = SubmitReport(unit="dinkes", fiscal_year=2025, file=FILE)
SUBMIT_OWN = SubmitReport(unit="pemda", fiscal_year=2025, file=FILE)
ACCEPT = AcceptReport(unit="dinkes", fiscal_year=2025)


def send_back(correct_by: str = "2026-03-05") -> ReturnReport:
    """Return the command that returns the report."""
    return ReturnReport(unit="dinkes", fiscal_year=2025, reason=ANALYSIS, correct_by=day(correct_by))


def review(unit: str = "dinkes") -> ReviewReport:
    """Return the command that records APIP's statement."""
    return ReviewReport(unit=unit, fiscal_year=2025, statement_number="700/12/2026", file=FILE)


def compile_own(*units: str) -> CompileReport:
    """Return the command that compiles the institution's report from those of units."""
    return CompileReport(unit="pemda", fiscal_year=2025, analysis=ANALYSIS, compiled_from=units)


def report_facts(spec: Spec) -> ReportFacts:
    """Return what other stages know of the report."""
    facts = STAGE.publish(spec.state)
    assert isinstance(facts, ReportFacts)
    return facts


# --- opening and compiling ---


@pytest.mark.parametrize("last", ["2025-Q4", "2025-M12", "2025-S2", "2025"])
def test_a_report_opens_once_the_last_period_of_the_year_is_locked(last: str) -> None:
    opening = OpenReport(unit="dinkes", fiscal_year=2025)
    given(STAGE).when(opening, on="2026-01-20", published=published(locked=last)).then(OPENED)


def test_without_a_locked_year_a_report_opens_only_by_a_decision_or_from_a_source() -> None:
    opening = OpenReport(unit="dinkes", fiscal_year=2025)
    given(STAGE).when(opening, published=published(locked="2025-Q3")).then_refused(MeasurementNotLocked)
    given(STAGE).when(opening).then_refused(MeasurementNotLocked, unit="dinkes", fiscal_year=2025)
    for why in (Opening(reason=ANALYSIS), Opening(source="esr")):
        assert given(STAGE).when(OpenReport(unit="dinkes", fiscal_year=2025, opening=why)).events
    given(STAGE, OPENED).when(opening, published=published()).then_refused(StageAlreadyOpen)


def test_compiling_fixes_the_figures_of_agreement_and_measurement() -> None:
    """PermenPANRB 53/2014, Lampiran II: Bab III sets target against realisation."""
    given(STAGE, OPENED).when(COMPILE, on="2026-02-01", published=published()).then(COMPILED)
    assert (ROW.achievement, ROW.status) == (Decimal(90), "computed")


def test_nothing_is_compiled_before_opening_or_without_an_agreement() -> None:
    given(STAGE).when(COMPILE, published=published()).then_refused(StageNotOpenYet)
    given(STAGE, OPENED).when(COMPILE, on="2026-02-01").then_refused(AgreementNotSigned)


def test_a_report_opened_by_a_decision_is_compiled_with_whatever_exists() -> None:
    """A missing document is a criterion not met, not a refusal."""
    decided = ReportOpened(effective_on=day("2026-01-20"), opening=Opening(reason=ANALYSIS))
    (event,) = given(STAGE, decided).when(COMPILE, on="2026-02-01").events
    assert isinstance(event, ReportCompiled)
    assert event.achievements == ()


def test_a_report_is_compiled_again_until_it_is_submitted_and_after_a_return() -> None:
    for history in ((OPENED, COMPILED), (OPENED, COMPILED, SUBMITTED, returned("2026-02-22", "2026-03-05"))):
        assert given(STAGE, *history).when(COMPILE, on="2026-02-23", published=published()).events
    late = given(STAGE, OPENED, COMPILED, SUBMITTED).when(COMPILE, on="2026-02-23", published=published())
    late.then_refused(ReportAlreadySubmitted, submitted_on=day("2026-02-20"))
    done = given(STAGE, OPENED, COMPILED, SUBMITTED, ACCEPTED).when(COMPILE, on="2026-02-26", published=published())
    done.then_refused(ReportAlreadyAccepted)


# --- the institution's own report ---


def test_the_institutions_report_is_compiled_from_accepted_unit_reports() -> None:
    """PermenPANRB 53/2014, Lampiran II: the report of the government stands on those of its units."""
    both = published("pemda", dinkes=True, dinsos=True)
    (event,) = given(STAGE, OPENED).when(compile_own("dinkes", "dinsos"), on="2026-03-01", published=both).events
    assert isinstance(event, ReportCompiled)
    assert event.compiled_from == ("dinkes", "dinsos")
    one_open = published("pemda", dinkes=True, dinsos=False)
    refused = given(STAGE, OPENED).when(compile_own("dinkes", "dinsos", "bkad"), on="2026-03-01", published=one_open)
    refused.then_refused(UnitReportsNotAccepted, units=("dinsos", "bkad"))
    none = given(STAGE, OPENED).when(compile_own(), on="2026-03-01", published=both)
    none.then_refused(UnitReportsNotAccepted)
    itself = given(STAGE, OPENED).when(compile_own("pemda"), on="2026-03-01", published=published("pemda", pemda=True))
    itself.then_refused(UnitReportsNotAccepted)


def test_the_decision_to_open_without_predecessors_also_spares_the_unit_reports() -> None:
    decided = ReportOpened(effective_on=day("2026-01-20"), opening=Opening(reason=ANALYSIS))
    assert given(STAGE, decided).when(compile_own(), on="2026-03-01", published=published("pemda")).events


def test_a_units_report_is_compiled_from_no_other() -> None:
    borrowed = CompileReport(unit="dinkes", fiscal_year=2025, analysis=ANALYSIS, compiled_from=("dinsos",))
    spec = given(STAGE, OPENED).when(borrowed, on="2026-03-01", published=published(dinsos=True))
    spec.then_refused(NotInstitutionReport, unit="dinkes")


def test_apip_reviews_the_institutions_report_before_submission_and_may_review_a_units() -> None:
    """PermenPANRB 53/2014: the report of the ministry or regional government is reviewed before signature."""
    given(STAGE, OPENED, COMPILED).when(SUBMIT_OWN, on="2026-03-01").then_refused(ReportNotReviewed, unit="pemda")
    given(STAGE, OPENED, COMPILED).when(review("pemda"), on="2026-02-10", by=REVIEWER).then(REVIEWED)
    assert given(STAGE, OPENED, COMPILED, REVIEWED).when(SUBMIT_OWN, on="2026-03-01").events
    assert given(STAGE, OPENED, COMPILED).when(review(), on="2026-02-10", by=REVIEWER).events
    given(STAGE, OPENED, COMPILED).when(SUBMIT, on="2026-02-20").then(SUBMITTED)


def test_a_review_is_about_the_figures_as_last_compiled() -> None:
    again = msgspec.structs.replace(COMPILED, effective_on=day("2026-02-15"))
    given(STAGE, OPENED, COMPILED, REVIEWED, again).when(SUBMIT_OWN, on="2026-03-01").then_refused(ReportNotReviewed)


def test_nobody_reviews_what_they_compiled_and_nothing_uncompiled_or_submitted_is_reviewed() -> None:
    own_work = given(STAGE, OPENED).and_by(REVIEWER, COMPILED)
    own_work.when(review(), on="2026-02-10", by=REVIEWER).then_refused(SamePersonTwice)
    given(STAGE, OPENED).when(review(), on="2026-02-10", by=REVIEWER).then_refused(ReportNotCompiled)
    late = given(STAGE, OPENED, COMPILED, SUBMITTED).when(review(), on="2026-02-21", by=REVIEWER)
    late.then_refused(ReportAlreadySubmitted)


# --- submission, return, acceptance ---


def test_only_a_compiled_report_is_submitted_and_once_at_a_time() -> None:
    given(STAGE).when(SUBMIT).then_refused(StageNotOpenYet)
    given(STAGE, OPENED).when(SUBMIT, on="2026-02-20").then_refused(ReportNotCompiled)
    given(STAGE, OPENED, COMPILED, SUBMITTED).when(SUBMIT, on="2026-02-21").then_refused(ReportAlreadySubmitted)


def test_a_return_sets_a_term_that_lies_not_before_it() -> None:
    history = (OPENED, COMPILED, SUBMITTED)
    given(STAGE, *history).when(send_back(), on="2026-02-22", by=RECEIVER).then(returned("2026-02-22", "2026-03-05"))
    past = given(STAGE, *history).when(send_back("2026-02-21"), on="2026-02-22", by=RECEIVER)
    past.then_refused(TermEndsBeforeStart)


@pytest.mark.parametrize("command", [send_back(), ACCEPT])
def test_only_what_is_submitted_is_decided_upon(command: ReturnReport | AcceptReport) -> None:
    given(STAGE).when(command, on="2026-02-22", by=RECEIVER).then_refused(StageNotOpenYet)
    given(STAGE, OPENED, COMPILED).when(command, on="2026-02-22", by=RECEIVER).then_refused(ReportNotSubmitted)
    back = given(STAGE, OPENED, COMPILED, SUBMITTED, returned("2026-02-22", "2026-03-05"))
    back.when(command, on="2026-02-23", by=RECEIVER).then_refused(ReportNotSubmitted)
    done = given(STAGE, OPENED, COMPILED, SUBMITTED, ACCEPTED)
    done.when(command, on="2026-02-26", by=RECEIVER).then_refused(ReportAlreadyAccepted)


@pytest.mark.parametrize("command", [send_back(), ACCEPT])
def test_nobody_decides_on_what_they_submitted(command: ReturnReport | AcceptReport) -> None:
    own = Actor(id="tono", role=Role.ORGANISATION_BUREAU)
    history = given(STAGE, OPENED, COMPILED).and_by(own, SUBMITTED)
    history.when(command, on="2026-02-22", by=own).then_refused(SamePersonTwice, person="tono")


@pytest.mark.parametrize(
    ("resubmitted", "met_on"),
    [
        ([], "2026-02-20"),
        ([("2026-02-22", "2026-03-05", "2026-03-05")], "2026-02-20"),
        ([("2026-02-22", "2026-03-05", "2026-03-06")], "2026-03-06"),
        ([("2026-02-22", "2026-03-05", "2026-03-06"), ("2026-03-07", "2026-03-12", "2026-03-10")], "2026-03-10"),
        ([("2026-02-22", "2026-03-05", "2026-03-01"), ("2026-03-07", "2026-03-12", "2026-03-10")], "2026-02-20"),
    ],
)
def test_the_duty_is_met_by_the_first_submission_if_every_correction_came_in_time(
    resubmitted: list[tuple[str, str, str]], met_on: str
) -> None:
    """Met on the day of the first submission that is later accepted; a late correction costs that day."""
    history: list[Event] = [OPENED, COMPILED, SUBMITTED]
    for returned_on, correct_by, again in resubmitted:
        history += [returned(returned_on, correct_by), submitted(again)]
    accepted = given(STAGE, *history).when(ACCEPT, on="2026-03-15", by=RECEIVER)
    accepted.then(ReportAccepted(effective_on=day("2026-03-15"), met_on=day(met_on)))
    assert report_facts(accepted) == ReportFacts(met_on=day(met_on), accepted=True)


def test_before_acceptance_nothing_is_met() -> None:
    assert report_facts(given(STAGE, OPENED, COMPILED, SUBMITTED)) == ReportFacts(met_on=None, accepted=False)


def test_only_the_institutions_accepted_report_is_sent_outside_with_its_receipt() -> None:
    """PermenPANRB 53/2014, Lampiran II: to the ministries within three months after the fiscal year."""

    def send(unit: str) -> SendReportOutside:
        return SendReportOutside(unit=unit, fiscal_year=2025, recipient="KemenPANRB (ESR)", receipt="ESR-2026-77")

    done = (OPENED, COMPILED, REVIEWED, SUBMITTED, ACCEPTED)
    sent = ReportSentOutside(effective_on=day("2026-03-20"), recipient="KemenPANRB (ESR)", receipt="ESR-2026-77")
    given(STAGE, *done).when(send("pemda"), on="2026-03-20").then(sent)
    assert given(STAGE, *done, sent).when(send("pemda"), on="2026-03-21").events, "and to more than one recipient"
    given(STAGE, *done).when(send("dinkes"), on="2026-03-20").then_refused(NotInstitutionReport)
    given(STAGE, OPENED, COMPILED).when(send("pemda"), on="2026-03-20").then_refused(ReportNotAccepted)
    given(STAGE).when(send("pemda")).then_refused(StageNotOpenYet)


def test_a_published_report_keeps_its_credible_day_or_none() -> None:
    """History: a bulk-migration day is no day of submission; the report is known all the same."""
    opened = ReportOpened(effective_on=day("2025-12-31"), opening=Opening(source="esr"))
    dated = RecordPublishedReport(unit="dinkes", fiscal_year=2025, submitted_on=day("2026-02-27"), source="esr")
    fact = ReportPublished(effective_on=day("2026-02-27"), submitted_on=day("2026-02-27"), source="esr")
    spec = given(STAGE, opened).when(dated, on="2026-06-30")
    spec.then(fact)
    assert report_facts(spec) == ReportFacts(met_on=day("2026-02-27"), accepted=True)
    undated = RecordPublishedReport(unit="dinkes", fiscal_year=2025, submitted_on=None, source="esr")
    unknown = given(STAGE, opened).when(undated, on="2026-06-30")
    unknown.then(ReportPublished(effective_on=day("2026-06-30"), submitted_on=None, source="esr"))
    assert report_facts(unknown) == ReportFacts(met_on=None, accepted=True)
    given(STAGE, opened).when(dated, on="2026-02-26").then_refused(EffectiveInFuture)
    given(STAGE, opened, fact).when(dated, on="2026-06-30").then_refused(ReportAlreadySubmitted)
    given(STAGE).when(dated).then_refused(StageNotOpenYet)


# --- the figures ---


def test_the_year_stands_against_its_last_target_with_the_original_beside_it() -> None:
    """PermenPANRB 53/2014, Lampiran I: after a revision the last target counts; both are shown."""
    start = promised(target=100)
    amended = msgspec.structs.replace(start, targets=start.targets.add(day("2025-07-01"), 9, agreed(80)))
    row = compiled(amended, measured(Q4=figure(80)))
    assert (row.target, row.original_target) == (agreed(80), agreed(100))
    assert row.achievement == Decimal(100)


def test_the_uncapped_achievement_stays_beside_the_capped_one() -> None:
    row = compiled(promised(cap=120), measured(Q4=figure(150)))
    assert (row.achievement, row.capped) == (Decimal(150), Decimal(120))


@pytest.mark.parametrize(
    ("accumulation", "year", "achievement"), [("sum", "100", "100"), ("last", "40", "40"), ("average", "25", "25")]
)
def test_the_periods_of_a_year_are_put_together_as_the_indicator_says(
    accumulation: Accumulation, year: str, achievement: str
) -> None:
    quarters = measured(Q1=figure(10), Q2=figure(20), Q3=figure(30), Q4=figure(40))
    row = compiled(promised(accumulation), quarters)
    assert (row.realised, row.achievement) == (figure(year), Decimal(achievement))


def test_a_figure_for_the_whole_year_counts_as_it_stands() -> None:
    row = compiled(promised("sum"), measured(Q1=figure(10), Q2=figure(20), year=figure(95)))
    assert (row.realised, row.missing) == (figure(95), 0)


def test_a_ratio_keeps_its_parts_and_a_quotient_of_periods_is_recorded_to_ten_places() -> None:
    """The achievement is computed from the unrounded quotient: one rounding step, at the end."""
    third = RatioRealised(numerator=Decimal(1), denominator=Decimal(3))
    assert compiled(promised(), measured(Q4=third)).realised == third
    row = compiled(promised("sum", target=1), measured(Q3=third, Q4=third))
    assert row.realised == figure("33.3333333333")
    assert row.achievement is not None
    assert row.achievement > Decimal("3333.33333333333")


@pytest.mark.parametrize(
    ("in_force", "realisations", "status"),
    [
        (promised(), measured(Q4=figure(0)), "computed"),
        (promised(), {}, "not_filled"),
        (promised(measured_from=Period.parse("2026-Q1")), {}, "not_yet_due"),
        (promised(frequency="year"), measured(year=NotRealised(reason="not_applicable")), "not_applicable"),
        (promised(frequency="year"), measured(year=NotRealised(reason="not_obtained")), "not_obtained"),
        (promised(target=0), measured(Q4=figure(5)), "cannot_compute"),
    ],
)
def test_six_outcomes_are_never_mixed_up(
    in_force: CommitmentInForce, realisations: dict[tuple[str, str], Realisation], status: AchievementStatus
) -> None:
    """Only a computed outcome has a value, and a true zero is computed."""
    row = compiled(in_force, realisations)
    assert row.status == status
    assert row.achievement == (Decimal(0) if status == "computed" else None)
    assert row.steps


def test_missing_periods_are_counted_and_provisional_figures_are_marked() -> None:
    realisations = measured(Q1=figure(10), Q2=NotRealised(reason="not_obtained"), Q3=figure(10))
    key = ("layanan", "2025-Q3")
    realisations[key] = msgspec.structs.replace(realisations[key], certainty="provisional")
    row = compiled(promised("sum"), realisations)
    assert (row.realised, row.missing, row.provisional) == (figure(20), 2, True)
    assert not compiled(promised("sum"), measured(Q1=figure(10))).provisional


def test_what_cannot_be_put_together_or_recorded_has_no_figure() -> None:
    unlike = compiled(promised("sum"), measured(Q1=figure(10), Q2=LabelRealised(value="BB")))
    assert (unlike.realised, unlike.status) == (None, "cannot_compute")
    huge = figure("999999999999999")
    overflow = compiled(promised("sum"), measured(Q1=huge, Q2=huge))
    assert (overflow.realised, overflow.status, overflow.achievement) == (None, "cannot_compute", None)


def test_a_withdrawn_target_leaves_nothing_to_compare_with() -> None:
    row = compiled(msgspec.structs.replace(promised(), targets=Dated()), measured(Q4=figure(90)))
    assert (row.target, row.original_target, row.status) == (None, agreed(100), "cannot_compute")
