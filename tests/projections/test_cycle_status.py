"""Specifications of the cycle status: who has not filled in, and what, on a day."""

from domain.agreement.events import AgreementOpened, AgreementPublished, TargetWithdrawn
from domain.evaluation.events import EvaluationOpened
from domain.event import Event
from domain.follow_up.events import RecommendationOpened, ResultApproved
from domain.indicator import NotRealised
from domain.measurement.events import PeriodReturned, PeriodSubmitted, RealisationCorrected
from domain.opening import Opening
from domain.organisation.events import FiscalYearOpened
from domain.period import Period
from domain.report.events import ReportOpened, ReportReturned, ReportSubmitted
from projections.cycle_status import CycleStatus, cycle_statuses, not_filled_in
from tests.projections.sample import (
    AGREEMENT,
    COMMITMENT,
    FILE,
    IN_ORDER,
    MEASUREMENT,
    REASON,
    RULE,
    day,
    measured,
    realisation,
    realised,
    set_target,
    signed,
    with_indicator,
)
from tests.projections.spec import Fact, Spec, given, happened

YEAR = Fact(
    "organisation", FiscalYearOpened(effective_on=day("2025-01-02"), fiscal_year=2025, entities=("dinkes", "setda"))
)
OPENED = Fact(AGREEMENT, AgreementOpened(effective_on=day("2025-01-02"), opening=IN_ORDER))
FIRST = Period.parse("2025-Q1")


def the(spec: Spec) -> CycleStatus:
    """Ask for the cycle of the health office."""
    (found,) = spec.asked(cycle_statuses, unit="dinkes", fiscal_year=2025)
    return found


def owed(spec: Spec) -> list[str]:
    """Ask what the health office has not filled in."""
    return [each.what for each in the(spec).not_filled]


def submitted(on: str) -> PeriodSubmitted:
    """Return the submission of the first quarter."""
    return PeriodSubmitted(effective_on=day(on), period=FIRST)


def report(*bodies: Event) -> tuple[Fact, ...]:
    """Return a report opened in January 2026, and what happened to it."""
    return happened("report/dinkes/2025", ReportOpened(effective_on=day("2026-01-05"), opening=IN_ORDER), *bodies)


def test_every_entity_of_an_opened_year_is_listed_with_what_it_owes() -> None:
    spec = given(YEAR, OPENED).on("2025-03-01")
    assert [(each.unit, [what.label for what in each.not_filled]) for each in spec.asked(not_filled_in)] == [
        ("dinkes", ["Perjanjian kinerja 2025"]),
        ("setda", ["Perjanjian kinerja 2025"]),
    ]
    assert (the(spec).agreement.status, the(spec).agreement.since) == ("opened", day("2025-01-02"))
    assert spec.on("2025-01-01").asked(cycle_statuses) == ()


def test_who_has_signed_owes_no_agreement_from_that_day_on() -> None:
    spec = given(YEAR, *signed())
    assert owed(spec.on("2025-01-19")) == ["agreement"]
    assert owed(spec.on("2025-01-20")) == []
    assert [each.unit for each in spec.on("2025-01-20").asked(not_filled_in)] == ["setda"]


def test_a_quarter_is_owed_once_it_is_over_until_it_is_submitted() -> None:
    spec = given(YEAR, *signed(), *measured(realised("2025-Q1", 20), submitted("2025-04-03")))
    states = {on: the(spec.on(on)).quarters[0].state for on in ("2025-03-31", "2025-04-02", "2025-04-03")}
    assert states == {"2025-03-31": "not_yet_due", "2025-04-02": "filled", "2025-04-03": "submitted"}
    assert [owed(spec.on(on)) for on in states] == [[], ["2025-Q1"], []]
    assert owed(spec.on("2025-07-01")) == ["2025-Q2"]


def test_a_quarter_says_which_commitments_have_no_answer() -> None:
    spec = given(YEAR, *signed(), *measured()).on("2025-04-01")
    first = the(spec).quarters[0]
    assert (first.state, first.due, first.filled, first.missing) == ("not_filled", 1, 0, ("imunisasi",))
    monthly = given(YEAR, *signed(with_indicator(frequency="month")), *measured(realised("2025-M01", 3)))
    first = the(monthly.on("2025-04-01")).quarters[0]
    assert (first.state, first.due, first.filled) == ("partly_filled", 3, 1)


def test_a_reason_for_having_no_figure_is_an_answer_and_not_filled_is_none() -> None:
    reason = measured(realised("2025-Q1", NotRealised(reason="not_obtained")))
    assert the(given(YEAR, *signed(), *reason).on("2025-04-01")).quarters[0].filled == 1
    empty = measured(realised("2025-Q1", NotRealised(reason="not_filled")))
    spec = given(YEAR, *signed(), *empty)
    assert the(spec.on("2025-04-01")).quarters[0].filled == 0
    put_right = RealisationCorrected(
        effective_on=FIRST.last_day, corrects=2, realisation=realisation("2025-Q1", 5), reason=REASON
    )
    assert the(given(YEAR, *signed(), *empty, Fact(MEASUREMENT, put_right)).on("2025-04-01")).quarters[0].filled == 1


def test_nothing_is_due_of_an_indicator_measured_later_or_whose_target_was_withdrawn() -> None:
    yearly = given(YEAR, *signed(with_indicator(frequency="year")), *measured())
    assert [each.state for each in the(yearly.on("2026-01-01")).quarters] == ["nothing_due"] * 3 + ["not_filled"]
    late = given(YEAR, *signed(with_indicator(measured_from=Period.parse("2025-Q3"))), *measured())
    assert [each.due for each in the(late).quarters] == [0, 0, 1, 1]
    withdrawn = TargetWithdrawn(effective_on=day("2025-01-01"), withdraws=4, commitment="imunisasi", reason=REASON)
    assert [each.due for each in the(given(YEAR, *signed(), Fact(AGREEMENT, withdrawn))).quarters] == [0, 0, 0, 0]


def test_a_returned_quarter_and_a_returned_report_are_owed_again() -> None:
    back = PeriodReturned(effective_on=day("2025-04-05"), period=FIRST, reason=REASON)
    spec = given(YEAR, *signed(), *measured(realised("2025-Q1", 20), submitted("2025-04-03"), back))
    assert owed(spec.on("2025-04-05")) == ["2025-Q1"]
    yearly = (YEAR, *signed(with_indicator(frequency="year")), *measured(realised("2025", 100)))
    fourth = Fact(MEASUREMENT, PeriodSubmitted(effective_on=day("2026-01-04"), period=Period.parse("2025-Q4")))
    sent = ReportSubmitted(effective_on=day("2026-02-20"), file=FILE)
    again = ReportReturned(effective_on=day("2026-02-25"), reason=REASON, correct_by=day("2026-03-04"))
    spec = given(*yearly, fourth, *report(sent, again))
    assert [owed(spec.on(on)) for on in ("2025-12-31", "2026-02-19", "2026-02-20", "2026-02-25")] == [
        [],
        ["report"],
        [],
        ["report"],
    ]


def test_a_cycle_entered_from_a_publication_owes_nothing() -> None:
    source = Opening(source="LKjIP 2025")
    spec = given(
        YEAR,
        Fact(AGREEMENT, AgreementOpened(effective_on=day("2025-01-02"), opening=source)).as_history(),
        *happened(
            AGREEMENT,
            AgreementPublished(effective_on=day("2025-01-02"), commitments=(COMMITMENT,), source="LKjIP 2025"),
            set_target(COMMITMENT.target, "2025-01-01"),
        ),
    ).on("2026-06-01")
    found = the(spec)
    assert (found.agreement.status, found.from_source, found.not_filled) == ("published", True, ())
    assert [each.state for each in found.quarters] == ["not_in_source"] * 4


def test_evaluation_and_recommendations_of_the_year_are_counted_on_the_day() -> None:
    def opened(number: int) -> Fact:
        body = RecommendationOpened(
            effective_on=day("2026-08-01"),
            unit="dinkes",
            fiscal_year=2025,
            issuer="Inspektorat",
            lhe_number=None,
            component=None,
            text=REASON,
            owners=("dinkes",),
            received_on=day("2026-08-01"),
            due_on=None,
            rule=RULE,
            repeats=None,
        )
        return Fact(f"recommendation/2025.dinkes.r{number}", body)

    closed = ResultApproved(effective_on=day("2026-09-01"), result="sesuai", closes=True)
    spec = given(
        YEAR,
        *happened("evaluation/dinkes/2025", EvaluationOpened(effective_on=day("2026-06-01"), opening=IN_ORDER)),
        opened(1),
        opened(2),
        Fact("recommendation/2025.dinkes.r1", closed),
    )
    counts = {
        on: (the(spec.on(on)).open_recommendations, the(spec.on(on)).closed_recommendations)
        for on in ("2026-07-31", "2026-08-01", "2026-09-01")
    }
    assert counts == {"2026-07-31": (0, 0), "2026-08-01": (2, 0), "2026-09-01": (1, 1)}
    assert the(spec.on("2026-06-01")).evaluation.status == "opened"


def test_who_owes_most_comes_first() -> None:
    spec = given(YEAR, *signed(), *measured()).on("2025-10-01")
    assert [(each.unit, len(each.not_filled)) for each in spec.asked(not_filled_in, fiscal_year=2025)] == [
        ("dinkes", 3),
        ("setda", 1),
    ]
