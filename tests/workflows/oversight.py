"""Events of what follows a unit's year: its evaluation, its recommendations and its holds."""

from datetime import date

from domain.allowance_hold.events import (
    HoldDeclined,
    HoldImposed,
    HoldLapsed,
    HoldProposed,
    HoldReleased,
    HoldTransferred,
)
from domain.evaluation.events import EvaluationOpened, Finding, IssuedScore, LheIssued, ResultRecorded
from domain.event import Event
from domain.follow_up.events import (
    ProgressReported,
    RecommendationOpened,
    RecommendationReopened,
    RecommendationTransferred,
    ResultApproved,
    ResultProposed,
    TermExtended,
)
from domain.opening import Opening
from domain.rulebook import RuleRef
from domain.stream import (
    evaluation_stream,
    hold_stream,
    recommendation_stream,
)
from tests.workflows.spec import Fact
from tests.workflows.year import HOLD_RULE, REASON, UNIT, YEAR, day, duty_of

LKE = RuleRef(name="lke-88-2021", version=1, digest="c" * 64)
SCORE = IssuedScore(total=None, predicate=None)


# --- evaluation ------------------------------------------------------------------------------------------------------


def evaluation(body: Event) -> Fact:
    """Something happened to the evaluation."""
    return Fact(evaluation_stream(UNIT, YEAR), body)


def evaluation_opened(on: str) -> Fact:
    """The evaluation was opened."""
    return evaluation(EvaluationOpened(effective_on=day(on), opening=Opening()))


def finding(number: int, *owners: str, repeats: str | None = None) -> Finding:
    """Return a recommendation of a LHE."""
    return Finding(number=number, component="perencanaan", text=REASON, owners=owners or (UNIT,), repeats=repeats)


def lhe_issued(*findings: Finding, on: str = "2026-07-10") -> Fact:
    """The LHE was issued, and received three days later."""
    body = LheIssued(
        effective_on=day(on),
        number="700/12/2026",
        evaluation_year=2026,
        rule=LKE,
        score=SCORE,
        findings=findings,
        file=None,
        received_on=day("2026-07-13"),
    )
    return evaluation(body)


def result_recorded(*findings: Finding, on: str = "2026-12-01") -> Fact:
    """An outside evaluation was entered."""
    body = ResultRecorded(
        effective_on=day(on),
        issuer="KemenPANRB",
        number="B/1/2026",
        issued_on=day("2026-11-20"),
        evaluation_year=2026,
        score=SCORE,
        rule=None,
        by_rule=None,
        findings=findings,
        file=None,
        received_on=day("2026-11-25"),
        source=None,
    )
    return evaluation(body)


# --- follow-up -------------------------------------------------------------------------------------------------------


def on_recommendation(body: Event, number: int = 1, unit: str = UNIT, year: int = YEAR) -> Fact:
    """Something happened to a recommendation."""
    return Fact(recommendation_stream(duty_of(f"r{number}", unit, year)), body)


def recommended(
    number: int = 1,
    unit: str = UNIT,
    year: int = YEAR,
    *,
    due_on: str | None = None,
    owners: tuple[str, ...] = (),
    on: str | None = None,
) -> Fact:
    """A recommendation was opened, by itself in July of the next year."""
    body = RecommendationOpened(
        effective_on=date(year + 1, 7, 10) if on is None else day(on),
        unit=unit,
        fiscal_year=year,
        issuer="Inspektorat",
        lhe_number="700/12",
        component=None,
        text=REASON,
        owners=owners or (unit,),
        received_on=date(year + 1, 7, 13),
        due_on=None if due_on is None else day(due_on),
        rule=None,
        repeats=None,
    )
    return on_recommendation(body, number, unit, year)


def extended(on: str, due_on: str) -> Fact:
    """The term of the recommendation was moved."""
    return on_recommendation(TermExtended(effective_on=day(on), due_on=day(due_on), reason=REASON))


def progressed(on: str) -> Fact:
    """The owner reported progress."""
    return on_recommendation(ProgressReported(effective_on=day(on), progress=REASON, evidence=()))


def judged(on: str, result: str = "sesuai") -> Fact:
    """The verifier proposed a result."""
    return on_recommendation(ResultProposed(effective_on=day(on), result=result, reason=REASON))


def approved(on: str, *, closes: bool = True, number: int = 1, year: int = YEAR) -> Fact:
    """The result was approved."""
    result = "sesuai" if closes else "belum_sesuai"
    body = ResultApproved(effective_on=day(on), result=result, closes=closes)
    return on_recommendation(body, number, year=year)


def reopened(on: str, *, number: int = 1, year: int = YEAR) -> Fact:
    """The closure rested on false evidence."""
    body = RecommendationReopened(effective_on=day(on), reason=REASON, evidence=())
    return on_recommendation(body, number, year=year)


def given_to(*owners: str, on: str) -> Fact:
    """The recommendation was given to other owners."""
    return on_recommendation(RecommendationTransferred(effective_on=day(on), owners=owners, reason=REASON))


# --- allowance hold --------------------------------------------------------------------------------------------------


def hold(cause: str, body: Event) -> Fact:
    """Something happened to a hold."""
    return Fact(hold_stream(duty_of(cause)), body)


def proposed(cause: str, on: str) -> Fact:
    """A hold was proposed."""
    body = HoldProposed(
        effective_on=day(on),
        unit=UNIT,
        fiscal_year=YEAR,
        obligation=duty_of(cause),
        duty=cause.partition("-")[0],
        rule=HOLD_RULE,
        article="Pasal 12",
        kind="tunda",
    )
    return hold(cause, body)


def imposed(cause: str, on: str) -> Fact:
    """A hold was imposed."""
    body = HoldImposed(
        rule=HOLD_RULE,
        effective_on=day(on),
        decision="800/1",
        persons=(),
        months=("2025-04",),
        article="Pasal 12",
        kind="tunda",
        file=None,
    )
    return hold(cause, body)


def declined(cause: str, on: str) -> Fact:
    """The deciding official decided not to hold."""
    return hold(cause, HoldDeclined(effective_on=day(on), reason=REASON))


def lapsed(cause: str, on: str) -> Fact:
    """A proposal ended."""
    return hold(cause, HoldLapsed(effective_on=day(on)))


def released(cause: str, on: str, *, ended: bool) -> Fact:
    """A hold was released, in part or wholly."""
    return hold(cause, HoldReleased(effective_on=day(on), scope="all", released=(), reason=REASON, ended=ended))


def hold_transferred(cause: str, on: str, to: str) -> Fact:
    """A hold passed to another unit."""
    return hold(cause, HoldTransferred(effective_on=day(on), unit=to, reason=None))
