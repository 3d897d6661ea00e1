"""A log in which every kind of event happens once or more, for what holds of all read models at once."""

from decimal import Decimal

from domain.actor import Role
from domain.agreement.events import (
    AgreementOpened,
    AgreementPublished,
    AgreementRectified,
    TargetCorrected,
    TargetWithdrawn,
)
from domain.allowance_hold import events as holds
from domain.commitment import Evidence
from domain.evaluation import events as evaluations
from domain.follow_up import events as follow_ups
from domain.indicator import LabelRealised, RatioRealised
from domain.institution import BudgetDocument, Capacity, RuleKind
from domain.measurement import events as measurements
from domain.obligation import events as obligations
from domain.opening import Opening
from domain.organisation import events as organisations
from domain.period import Period
from domain.report import events as reports
from domain.sealed_text import SealedText
from tests.projections.sample import (
    AGREEMENT,
    BUREAU,
    COMMITMENT,
    FILE,
    IN_ORDER,
    MEASUREMENT,
    PAPER,
    REASON,
    RULE,
    amended,
    day,
    measured,
    realisation,
    realised,
    set_target,
    signed,
    target,
)
from tests.projections.spec import Fact, happened

FIRST = Period.parse("2025-Q1")
SECOND = SealedText("c" * 64)
DUTY = "2025.dinkes.agreement"
SHARE = holds.HeldShare(person="kadis", percent=Decimal("12.50"))
EVIDENCE = (Evidence(file=FILE, name="notulen", dated=day("2025-09-01")),)
IN_MARCH, IN_APRIL, IN_MAY = day("2025-03-01"), day("2025-04-10"), day("2025-05-20")

ORGANISATION = happened(
    "organisation",
    organisations.InstitutionFounded(
        effective_on=day("2020-01-01"),
        institution="contoh",
        name="Kabupaten Contoh",
        level="kabupaten",
        time_zone="Asia/Jakarta",
        head_unit="pemda",
    ),
    organisations.UnitEstablished(effective_on=day("2020-01-01"), unit="dinkes", name="Dinkes"),
    organisations.UnitEstablished(effective_on=day("2020-01-01"), unit="setda", name="Setda"),
    organisations.UnitRenamed(effective_on=day("2025-01-01"), unit="dinkes", name="Dinas Kesehatn"),
    organisations.UnitNameCorrected(effective_on=day("2025-01-01"), corrects=4, unit="dinkes", name="Dinas Kesehatan"),
    organisations.UnitDissolved(effective_on=day("2026-01-01"), unit="setda", successors=("dinkes",)),
    organisations.PersonRegistered(effective_on=day("2024-01-01"), person="ani", name=REASON, employee_number=SECOND),
    organisations.OfficialAppointed(
        effective_on=day("2024-01-01"), unit="dinkes", person="ani", position="Kadis", capacity=Capacity.DEFINITIVE
    ),
    organisations.OfficialAppointed(
        effective_on=day("2025-06-01"), unit="dinkes", person="budi", position="Kadis", capacity=Capacity.ACTING_ABSENT
    ),
    organisations.OfficialCorrected(
        effective_on=day("2024-01-01"),
        corrects=8,
        unit="dinkes",
        person="ani",
        position="Kepala Dinas",
        capacity=Capacity.DEFINITIVE,
    ),
    organisations.OfficialWithdrawn(effective_on=day("2025-06-01"), withdraws=9, unit="dinkes"),
    organisations.OfficialRelieved(effective_on=day("2025-11-01"), unit="dinkes"),
    organisations.RoleGranted(effective_on=day("2024-01-01"), person="ani", role=Role.UNIT_OPERATOR, unit="dinkes"),
    organisations.RoleRevoked(effective_on=day("2025-10-01"), person="ani", role=Role.UNIT_OPERATOR, unit="dinkes"),
    organisations.CalendarAdopted(
        effective_on=day("2025-01-01"), year=2025, holidays=(day("2025-08-17"),), joint_leave=(), decree="SKB"
    ),
    organisations.RulebookAdopted(
        effective_on=day("2025-01-01"), kind=RuleKind.HOLD, rule=RULE, legal_basis="Perbup 1/2025"
    ),
    organisations.RulebookEnded(effective_on=day("2025-12-01"), kind=RuleKind.HOLD, reason=REASON),
    organisations.FiscalYearOpened(effective_on=day("2025-01-02"), fiscal_year=2025, entities=("dinkes", "setda")),
    organisations.BudgetRatified(
        effective_on=day("2025-01-30"), unit="dinkes", fiscal_year=2025, document=BudgetDocument.DPA, number="DPA/1"
    ),
    organisations.DocumentRegistered(effective_on=day("2025-02-01"), unit="dinkes", fiscal_year=2025, document="Renja"),
)

AGREEMENTS = (
    *signed(first=target(100, q1=25)),
    *happened(
        AGREEMENT,
        AgreementRectified(effective_on=day("2025-02-01"), reason=REASON, paper=PAPER),
        TargetCorrected(
            effective_on=day("2025-01-01"), corrects=4, commitment="imunisasi", target=target(110), reason=REASON
        ),
        amended("2025-06-10"),
        set_target(target(80), "2025-07-01", amended_by=7),
        TargetWithdrawn(effective_on=day("2025-07-01"), withdraws=8, commitment="imunisasi", reason=SECOND),
    ),
    *happened(
        "agreement/setda/2025",
        AgreementOpened(effective_on=day("2025-01-02"), opening=Opening(source="LKjIP")),
        AgreementPublished(effective_on=day("2025-01-02"), commitments=(COMMITMENT,), source="LKjIP"),
        set_target(COMMITMENT.target, "2025-01-01"),
    ),
)

MEASUREMENTS = (
    *measured(
        realised("2025-Q1", 24),
        measurements.RealisationCorrected(
            effective_on=FIRST.last_day,
            corrects=2,
            realisation=realisation("2025-Q1", RatioRealised(numerator=Decimal("1.50"), denominator=Decimal(6))),
            reason=REASON,
        ),
        realised("2025-Q2", LabelRealised(value="baik")),
    ),
    *(
        fact.by_actor(BUREAU)
        for fact in happened(
            MEASUREMENT,
            measurements.PeriodSubmitted(effective_on=IN_APRIL, period=FIRST),
            measurements.PeriodReturned(effective_on=IN_APRIL, period=FIRST, reason=REASON),
            measurements.PeriodSubmitted(effective_on=IN_APRIL, period=FIRST),
            measurements.PeriodVerified(effective_on=IN_APRIL, period=FIRST),
            measurements.PeriodLocked(effective_on=IN_APRIL, period=FIRST, last=False),
            measurements.PeriodReopened(
                effective_on=IN_MAY, period=FIRST, reason=REASON, commitments=("imunisasi",), until=day("2025-06-01")
            ),
        )
    ),
)

REPORTS = (
    *happened(
        "report/dinkes/2025",
        reports.ReportOpened(effective_on=day("2026-01-05"), opening=IN_ORDER),
        reports.ReportCompiled(
            effective_on=day("2026-02-01"),
            achievements=(
                reports.ReportedAchievement(
                    commitment="imunisasi",
                    target=target(110),
                    original_target=target(110),
                    realised=None,
                    achievement=None,
                    capped=None,
                    status="cannot_compute",
                ),
            ),
            compiled_from=(),
            analysis=REASON,
            file=FILE,
        ),
        reports.ReportReviewed(effective_on=day("2026-02-02"), statement_number="700/1", file=FILE),
        reports.ReportSubmitted(effective_on=day("2026-02-03"), file=FILE),
        reports.ReportReturned(effective_on=day("2026-02-04"), reason=REASON, correct_by=day("2026-02-10")),
        reports.ReportSubmitted(effective_on=day("2026-02-09"), file=FILE),
        reports.ReportAccepted(effective_on=day("2026-02-11"), met_on=day("2026-02-03")),
        reports.ReportSentOutside(effective_on=day("2026-03-01"), recipient="KemenPANRB", receipt="ESR-1"),
    ),
    Fact(
        "report/setda/2025",
        reports.ReportPublished(effective_on=day("2026-03-01"), submitted_on=None, source="unggahan"),
    ).as_history(),
)

_FINDING = evaluations.Finding(number=1, text=REASON, owners=("dinkes",))
_SCORE = evaluations.IssuedScore(total=Decimal("80.00"), predicate="BB", components=(("1", Decimal("24.0")),))

EVALUATIONS = happened(
    "evaluation/dinkes/2025",
    evaluations.EvaluationOpened(effective_on=day("2026-06-01"), opening=Opening(reason=REASON)),
    evaluations.EvaluationAssigned(
        effective_on=day("2026-06-02"),
        letter="ST/1",
        letter_date=day("2026-06-01"),
        evaluation_year=2026,
        team=(evaluations.TeamMember(person="tono", role=Role.TEAM_LEAD),),
        rule=RULE,
    ),
    evaluations.SelfAssessed(effective_on=day("2026-06-03"), mark=evaluations.Mark(sub_component="1a", grade="A")),
    evaluations.Graded(
        effective_on=day("2026-06-04"), mark=evaluations.Mark(sub_component="1a", score=Decimal("4.80")), note=REASON
    ),
    evaluations.LheIssued(
        effective_on=day("2026-07-01"),
        number="LHE/1",
        evaluation_year=2026,
        rule=RULE,
        score=_SCORE,
        findings=(_FINDING,),
        file=None,
        received_on=day("2026-07-02"),
    ),
    evaluations.ResultRecorded(
        effective_on=day("2026-09-01"),
        issuer="KemenPANRB",
        number=None,
        issued_on=None,
        evaluation_year=2026,
        score=_SCORE,
        rule=None,
        by_rule=None,
        findings=(),
        file=None,
        received_on=day("2026-09-01"),
        source="siaran pers",
    ),
)

FOLLOW_UPS = happened(
    "recommendation/2025.dinkes.r1",
    follow_ups.RecommendationOpened(
        effective_on=day("2026-07-02"),
        unit="dinkes",
        fiscal_year=2025,
        issuer="Inspektorat",
        lhe_number="LHE/1",
        component="1",
        text=REASON,
        owners=("dinkes",),
        received_on=day("2026-07-02"),
        due_on=day("2026-08-31"),
        rule=RULE,
        repeats=None,
    ),
    follow_ups.ActionPlanned(
        effective_on=day("2026-07-10"), plan=REASON, plan_due_on=day("2026-08-01"), person_in_charge=None
    ),
    follow_ups.TermExtended(effective_on=day("2026-08-20"), due_on=day("2026-09-30"), reason=REASON),
    follow_ups.ProgressReported(effective_on=day("2026-08-21"), progress=REASON, evidence=EVIDENCE),
    follow_ups.ResultProposed(effective_on=day("2026-08-22"), result="sesuai", reason=REASON),
    follow_ups.ResultRejected(effective_on=day("2026-08-23"), result="sesuai", reason=REASON),
    follow_ups.RecommendationTransferred(effective_on=day("2026-08-24"), owners=("setda",), reason=None),
    follow_ups.ResultProposed(effective_on=day("2026-08-25"), result="sesuai", reason=REASON),
    follow_ups.ResultApproved(effective_on=day("2026-08-26"), result="sesuai", closes=True),
    follow_ups.RecommendationReopened(effective_on=day("2026-10-01"), reason=REASON, evidence=EVIDENCE),
    follow_ups.CarriedOver(effective_on=day("2027-01-10"), into_fiscal_year=2027),
    follow_ups.RepeatFound(effective_on=day("2027-07-01"), repeated_by="2026.dinkes.r2"),
    follow_ups.IssuerVerdictRecorded(effective_on=day("2027-08-01"), issuer="BPK", verdict="S2", document=None),
)

OBLIGATIONS = (
    *happened(
        f"obligation/{DUTY}",
        obligations.ObligationOpened(
            effective_on=day("2025-01-02"), unit="dinkes", fiscal_year=2025, duty="agreement", subject="PK 2025"
        ),
        obligations.DueDateSet(
            effective_on=day("2025-01-30"), anchor=day("2025-01-30"), due_on=day("2025-02-28"), rule=RULE
        ),
        obligations.ObligationOverdue(
            effective_on=IN_MARCH,
            unit="dinkes",
            fiscal_year=2025,
            duty="agreement",
            due_on=day("2025-02-28"),
            hold_rule=RULE,
        ),
        obligations.ObligationExtended(effective_on=day("2025-03-05"), due_on=day("2025-03-20"), reason=REASON),
        obligations.SubmissionNoted(effective_on=day("2025-03-10")),
        obligations.SubmissionReturned(effective_on=day("2025-03-12"), correct_by=None),
        obligations.ObligationTransferred(effective_on=day("2025-03-13"), unit="setda", reason=REASON),
        obligations.ObligationMet(
            effective_on=day("2025-03-25"), met_on=day("2025-03-22"), due_on=day("2025-03-20"), days_late=2
        ),
    ),
    *happened(
        "obligation/2025.setda.report",
        obligations.ObligationOpened(
            effective_on=day("2026-01-02"), unit="setda", fiscal_year=2025, duty="report", subject="LKjIP 2025"
        ),
        obligations.ObligationWaived(effective_on=day("2026-02-01"), reason=REASON),
    ),
)

_PROPOSED = holds.HoldProposed(
    effective_on=IN_MARCH,
    unit="dinkes",
    fiscal_year=2025,
    obligation=DUTY,
    duty="agreement",
    rule=RULE,
    article="Pasal 12",
    kind="tunda",
)

HOLDS = (
    *happened(
        f"hold/{DUTY}",
        _PROPOSED,
        holds.HoldRecommended(effective_on=IN_MARCH, reason=REASON),
        holds.NoticeServed(rule=RULE, effective_on=IN_MARCH, number="SP/1", answer_until=day("2025-03-20")),
        holds.NoticeLapsed(effective_on=day("2025-03-21")),
        holds.HoldImposed(
            rule=RULE,
            effective_on=day("2025-03-25"),
            decision="SK/1",
            persons=(SHARE,),
            months=("2025-04",),
            article="Pasal 12",
            kind="tunda",
            file=None,
        ),
        holds.ObjectionFiled(
            rule=RULE, effective_on=IN_APRIL, person=None, grounds=REASON, decide_by=day("2025-04-25"), suspends=True
        ),
        holds.ObjectionDecided(effective_on=IN_MAY, upheld=True, deemed=True, reason=None),
        holds.HoldTransferred(effective_on=IN_MAY, unit="setda", reason=REASON),
        holds.HoldReleased(effective_on=IN_MAY, scope="all", released=(SHARE,), reason=None, ended=True),
    ),
    *happened("hold/2025.setda.report", _PROPOSED, holds.HoldDeclined(effective_on=IN_APRIL, reason=REASON)),
    *happened("hold/2025.setda.agreement", _PROPOSED, holds.HoldLapsed(effective_on=IN_APRIL)),
)

EVERYTHING: tuple[Fact, ...] = (
    *ORGANISATION,
    *AGREEMENTS,
    *MEASUREMENTS,
    *OBLIGATIONS,
    *HOLDS,
    *REPORTS,
    *EVALUATIONS,
    *FOLLOW_UPS,
)
