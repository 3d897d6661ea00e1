"""What happens to one unit in one year: the cycle whose events fill the large logs of the benchmarks.

48 commitments measured every month, corrections, an amendment, a report, a period that is reopened after it, an
evaluation of 80 criteria, 8 recommendations, 15 duties and a hold: some 1,200 events.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from domain.actor import Role
from domain.agreement.events import AgreementOpened, AgreementSigned, CommitmentsProposed, TargetCorrected, TargetSet
from domain.allowance_hold import events as holds
from domain.commitment import AgreedTarget
from domain.evaluation import events as evaluations
from domain.event import Event
from domain.follow_up import events as follow_ups
from domain.indicator import NumberRealised, NumberTarget
from domain.measurement import events as measurements
from domain.obligation import events as obligations
from domain.period import Period
from domain.realisation import Realisation
from domain.report import events as reports
from tests.projections import sample

COMMITMENTS: Final = tuple(f"iku-{number:02d}" for number in range(48))
CRITERIA: Final = tuple(f"k{number:02d}" for number in range(80))


class Told(NamedTuple):
    """An event of a cycle: the month in which it is recorded (0: January of the year), its stream, what happened."""

    month: int
    stream: str
    body: Event


def year_of_unit(unit: str, year: int) -> Iterator[Told]:
    """Tell the cycle of a unit and year, each stream in order."""
    yield from _agreement(f"agreement/{unit}/{year}", year)
    yield from _measurement(f"measurement/{unit}/{year}", year)
    yield from _report(f"report/{unit}/{year}", year)
    yield from _evaluation(f"evaluation/{unit}/{year}", unit, year)
    for number in range(1, 9):
        yield from _recommendation(f"recommendation/{year}.{unit}.r{number}", unit, year)
    duties = {"agreement": 1, "report": 13, "evaluation": 16, **{f"month-{month}": month for month in range(1, 13)}}
    for duty, month in duties.items():
        yield from _obligation(f"obligation/{year}.{unit}.{duty}", unit, year, duty, month)
    yield from _hold(f"hold/{year}.{unit}.month-3", unit, year)


def _on(year: int, month: int, day: int = 10) -> date:
    later, in_year = divmod(month, 12)
    return date(year + later, in_year + 1, day)


def _told(stream: str, month: int, *bodies: Event) -> Iterator[Told]:
    return (Told(month, stream, body) for body in bodies)


def _target(value: int) -> AgreedTarget:
    return AgreedTarget(year=NumberTarget(value=Decimal(value)))


def _agreement(stream: str, year: int) -> Iterator[Told]:
    began = date(year, 1, 1)
    indicator = msgspec.structs.replace(sample.INDICATOR, frequency="month")
    proposed = tuple(
        msgspec.structs.replace(sample.COMMITMENT, id=each, indicator=indicator, target=_target(100 + number))
        for number, each in enumerate(COMMITMENTS)
    )
    yield from _told(
        stream,
        0,
        AgreementOpened(effective_on=began, opening=sample.IN_ORDER),
        CommitmentsProposed(effective_on=_on(year, 0), commitments=proposed, programmes=()),
        AgreementSigned(effective_on=_on(year, 0, 20), paper=sample.PAPER, binds=2),
        *(TargetSet(effective_on=began, commitment=each.id, target=each.target, amended_by=None) for each in proposed),
    )
    amended = 3 + len(proposed) + 1
    yield from _told(
        stream,
        6,
        sample.amended(f"{year}-07-10"),
        *(
            TargetSet(effective_on=date(year, 7, 1), commitment=each, target=_target(80), amended_by=amended)
            for each in COMMITMENTS[:8]
        ),
        *(
            TargetCorrected(
                effective_on=date(year, 7, 1),
                corrects=amended + 1 + number,
                commitment=COMMITMENTS[number],
                target=_target(90),
                reason=sample.REASON,
            )
            for number in range(2)
        ),
    )


def _measurement(stream: str, year: int) -> Iterator[Told]:
    yield Told(0, stream, measurements.MeasurementOpened(effective_on=_on(year, 0, 20), opening=sample.IN_ORDER))
    version = 1
    for month in range(1, 13):
        period = Period(fiscal_year=year, frequency="month", number=month)
        first = version + 1
        bodies = [*_realisations(period, first), *_steps(period, _on(year, month))]
        version += len(bodies)
        yield from _told(stream, month, *bodies)
    yield from _told(stream, 14, *_reopened(period, first + 3, _on(year, 14)))


def _realisations(period: Period, first: int) -> Iterator[Event]:
    def realised(commitment: str, value: Decimal) -> Realisation:
        return Realisation(commitment=commitment, period=period, realised=NumberRealised(value=value))

    for number, each in enumerate(COMMITMENTS):
        figure = Decimal(number * 7 + period.number) / 4
        yield measurements.RealisationRecorded(effective_on=period.last_day, realisation=realised(each, figure))
    for number in range(3):
        yield measurements.RealisationCorrected(
            effective_on=period.last_day,
            corrects=first + number,
            realisation=realised(COMMITMENTS[number], Decimal("12.50")),
            reason=sample.REASON,
        )


def _steps(period: Period, day: date) -> Iterator[Event]:
    yield measurements.PeriodSubmitted(effective_on=day, period=period)
    if period.number % 4 == 0:
        yield measurements.PeriodReturned(effective_on=day, period=period, reason=sample.REASON)
        yield measurements.PeriodSubmitted(effective_on=day, period=period)
    yield measurements.PeriodVerified(effective_on=day, period=period)
    yield measurements.PeriodLocked(effective_on=day, period=period, last=period.number == 12)


def _reopened(period: Period, first: int, day: date) -> Iterator[Event]:
    """Tell what an auditor found after the report: what differs from it, and since the last approval."""
    found = COMMITMENTS[3:6]
    yield measurements.PeriodReopened(
        effective_on=day, period=period, reason=sample.REASON, commitments=found, until=day + timedelta(days=14)
    )
    for number, each in enumerate(found):
        realisation = Realisation(commitment=each, period=period, realised=NumberRealised(value=Decimal("7.25")))
        yield measurements.RealisationCorrected(
            effective_on=period.last_day, corrects=first + number, realisation=realisation, reason=sample.REASON
        )


def _report(stream: str, year: int) -> Iterator[Told]:
    day = _on(year, 13)
    reported = tuple(
        reports.ReportedAchievement(
            commitment=each,
            target=_target(100),
            original_target=_target(100),
            realised=None,
            achievement=None,
            capped=None,
            status="cannot_compute",
        )
        for each in COMMITMENTS
    )
    yield from _told(
        stream,
        13,
        reports.ReportOpened(effective_on=_on(year, 12), opening=sample.IN_ORDER),
        reports.ReportCompiled(
            effective_on=day, achievements=reported, compiled_from=(), analysis=sample.REASON, file=sample.FILE
        ),
        reports.ReportReviewed(effective_on=day, statement_number="700/1", file=sample.FILE),
        reports.ReportSubmitted(effective_on=day, file=sample.FILE),
        reports.ReportReturned(effective_on=day, reason=sample.REASON, correct_by=_on(year, 13, 20)),
        reports.ReportSubmitted(effective_on=day, file=sample.FILE),
        reports.ReportAccepted(effective_on=day, met_on=day),
    )


def _evaluation(stream: str, unit: str, year: int) -> Iterator[Told]:
    yield from _told(
        stream,
        15,
        evaluations.EvaluationOpened(effective_on=_on(year, 15), opening=sample.IN_ORDER),
        evaluations.EvaluationAssigned(
            effective_on=_on(year, 15),
            letter="ST/1",
            letter_date=_on(year, 15),
            evaluation_year=year + 1,
            team=(evaluations.TeamMember(person="tono", role=Role.TEAM_LEAD),),
            rule=sample.RULE,
        ),
        *(
            evaluations.SelfAssessed(
                effective_on=_on(year, 15), mark=evaluations.Mark(sub_component=each, grade=grade), note=sample.REASON
            )
            for grade, criteria in (("BB", CRITERIA), ("A", CRITERIA[:69]))
            for each in criteria
        ),
    )
    for month, grade in ((16, "B"), (17, "BB")):
        yield from _told(
            stream,
            month,
            *(
                evaluations.Graded(
                    effective_on=_on(year, month),
                    mark=evaluations.Mark(sub_component=each, grade=grade),
                    note=sample.REASON,
                )
                for each in CRITERIA
            ),
        )
    findings = tuple(evaluations.Finding(number=each, text=sample.REASON, owners=(unit,)) for each in range(1, 9))
    issued = evaluations.LheIssued(
        effective_on=_on(year, 18),
        number="LHE/1",
        evaluation_year=year + 1,
        rule=sample.RULE,
        score=evaluations.IssuedScore(
            total=Decimal("72.40"), predicate="BB", components=tuple((f"{each}", Decimal("18.10")) for each in range(4))
        ),
        findings=findings,
        file=None,
        received_on=_on(year, 18),
    )
    yield Told(18, stream, issued)


def _recommendation(stream: str, unit: str, year: int) -> Iterator[Told]:
    opened = follow_ups.RecommendationOpened(
        effective_on=_on(year, 18),
        unit=unit,
        fiscal_year=year,
        issuer="Inspektorat",
        lhe_number="LHE/1",
        component="1",
        text=sample.REASON,
        owners=(unit,),
        received_on=_on(year, 18),
        due_on=_on(year, 20),
        rule=sample.RULE,
        repeats=None,
    )
    day = _on(year, 19)
    yield Told(18, stream, opened)
    yield from _told(
        stream,
        19,
        follow_ups.ActionPlanned(
            effective_on=day, plan=sample.REASON, plan_due_on=_on(year, 20), person_in_charge=None
        ),
        follow_ups.TermExtended(effective_on=day, due_on=_on(year, 21), reason=sample.REASON),
        *(follow_ups.ProgressReported(effective_on=day, progress=sample.REASON, evidence=()) for _ in range(3)),
    )
    yield from _told(
        stream,
        20,
        follow_ups.ResultProposed(effective_on=_on(year, 20), result="sesuai", reason=sample.REASON),
        follow_ups.ResultRejected(effective_on=_on(year, 20), result="sesuai", reason=sample.REASON),
        follow_ups.ResultProposed(effective_on=_on(year, 20), result="sesuai", reason=sample.REASON),
        follow_ups.ResultApproved(effective_on=_on(year, 20), result="sesuai", closes=True),
    )


def _obligation(stream: str, unit: str, year: int, duty: str, month: int) -> Iterator[Told]:
    due, met = _on(year, month, 15), _on(year, month, 12)
    yield from _told(
        stream,
        max(0, month - 1),
        obligations.ObligationOpened(
            effective_on=_on(year, max(0, month - 1)), unit=unit, fiscal_year=year, duty=duty, subject=f"{duty} {year}"
        ),
        obligations.DueDateSet(effective_on=_on(year, max(0, month - 1)), anchor=due, due_on=due, rule=sample.RULE),
    )
    yield from _told(
        stream,
        month,
        obligations.SubmissionNoted(effective_on=met),
        obligations.ObligationMet(effective_on=met, met_on=met, due_on=due, days_late=0),
    )


def _hold(stream: str, unit: str, year: int) -> Iterator[Told]:
    duty = stream.partition("/")[2]
    share = holds.HeldShare(person=f"kepala-{unit}", percent=Decimal("12.50"))
    proposed = holds.HoldProposed(
        effective_on=_on(year, 4),
        unit=unit,
        fiscal_year=year,
        obligation=duty,
        duty="measurement",
        rule=sample.RULE,
        article="Pasal 12",
        kind="tunda",
    )
    yield from _told(
        stream,
        4,
        proposed,
        holds.HoldRecommended(effective_on=_on(year, 4), reason=sample.REASON),
        holds.NoticeServed(effective_on=_on(year, 4), rule=sample.RULE, number="SP/1", answer_until=_on(year, 4, 20)),
    )
    yield from _told(
        stream,
        5,
        holds.NoticeLapsed(effective_on=_on(year, 5, 1)),
        holds.HoldImposed(
            effective_on=_on(year, 5, 2),
            rule=sample.RULE,
            decision="SK/1",
            persons=(share,),
            months=(f"{year}-06",),
            article="Pasal 12",
            kind="tunda",
            file=None,
        ),
        holds.HoldReleased(effective_on=_on(year, 5, 20), scope="all", released=(share,), reason=None, ended=True),
    )
