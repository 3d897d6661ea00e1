"""Specifications of the arrow from the opened year to the agreement and the duties of the year."""

from domain.agreement.commands import OpenAgreement
from domain.institution import BudgetDocument
from domain.obligation.commands import OpenObligation, SetDueDate
from tests.workflows.spec import given
from tests.workflows.year import UNIT, YEAR, agreement_opened, day, duty, duty_of, ratified, year_opened
from workflows.year_to_agreement import WORKFLOW

OPENED_ON = day("2025-01-02")


def duties(unit: str, opened_on: str | None) -> tuple[OpenObligation, ...]:
    """Return the duties of the year 2025."""
    on = None if opened_on is None else day(opened_on)
    quarters = (("I", "2025-03-31"), ("II", "2025-06-30"), ("III", "2025-09-30"), ("IV", "2025-12-31"))
    return (
        OpenObligation(
            obligation=duty_of("agreement", unit),
            duty="agreement",
            subject="Perjanjian kinerja 2025",
            effective_on=on,
        ),
        *(
            OpenObligation(
                obligation=duty_of(f"measurement-q{number}", unit),
                duty="measurement",
                subject=f"Pengukuran kinerja Triwulan {roman} 2025",
                anchor=day(end),
                effective_on=on,
            )
            for number, (roman, end) in enumerate(quarters, 1)
        ),
        OpenObligation(
            obligation=duty_of("report", unit),
            duty="report",
            subject="Laporan kinerja 2025",
            anchor=day("2025-12-31"),
            effective_on=on,
        ),
    )


def test_an_opened_year_gives_each_entity_its_duties_and_the_institution_its_own() -> None:
    """PermenPANRB 53/2014: agreement from the budget, measurement by quarter, report from the end of the year."""
    given(WORKFLOW).when(year_opened("dinkes", "pemda")).then_sends(
        *duties("dinkes", "2025-01-02"), *duties("pemda", "2025-01-02")
    )


def test_a_year_without_entities_brings_nothing_about() -> None:
    given(WORKFLOW).when(year_opened()).then_sends_nothing()


def test_a_year_opened_beforehand_has_its_duties_from_the_day_it_was_opened() -> None:
    """A status change never lies in the future: the command leaves its day to the clock."""
    opened = year_opened("dinkes", on="2025-01-02").recorded("2024-12-20T03:00")
    given(WORKFLOW).when(opened).then_sends(*duties("dinkes", None))


def test_a_year_of_history_has_its_duties_from_its_own_day() -> None:
    given(WORKFLOW).when(year_opened("dinkes").as_history()).then_sends(*duties("dinkes", "2025-01-02"))


def test_the_agreement_opens_with_its_duty() -> None:
    given(WORKFLOW, year_opened(UNIT)).when(duty("agreement")).then_sends(
        OpenAgreement(unit=UNIT, fiscal_year=YEAR, effective_on=OPENED_ON)
    )


def test_an_agreement_that_a_decision_opened_before_the_year_is_not_opened_again() -> None:
    given(WORKFLOW, agreement_opened("2024-12-15"), year_opened(UNIT)).when(duty("agreement")).then_sends_nothing()


def test_the_agreement_of_another_year_or_unit_opens_nothing_here() -> None:
    """Years overlap: each one is a cycle of its own."""
    given(WORKFLOW, agreement_opened("2024-01-15", year=2024), agreement_opened("2025-01-02", unit="disdik")).when(
        duty("agreement")
    ).then_sends(OpenAgreement(unit=UNIT, fiscal_year=YEAR, effective_on=OPENED_ON))


def test_the_duty_to_measure_or_report_opens_no_stage() -> None:
    given(WORKFLOW, year_opened(UNIT), duty("agreement")).when(duty("measurement-q1")).then_sends_nothing()
    given(WORKFLOW, year_opened(UNIT), duty("agreement")).when(duty("report")).then_sends_nothing()


def test_the_agreement_is_due_from_the_ratified_budget() -> None:
    """PermenPANRB 53/2014, Lampiran I: one month after the budget document was ratified."""
    given(WORKFLOW, year_opened(UNIT), duty("agreement")).when(ratified(BudgetDocument.DPA, "2025-01-30")).then_sends(
        SetDueDate(obligation="2025.dinkes.agreement", anchor=day("2025-01-30"))
    )


def test_a_budget_that_was_ratified_before_the_duty_opened_dates_it_as_it_opens() -> None:
    budget = ratified(BudgetDocument.DPA, "2024-12-30")
    given(WORKFLOW).when(budget).then_sends_nothing()
    given(WORKFLOW, budget, year_opened(UNIT)).when(duty("agreement")).then_sends(
        SetDueDate(obligation="2025.dinkes.agreement", anchor=day("2024-12-30")),
        OpenAgreement(unit=UNIT, fiscal_year=YEAR, effective_on=OPENED_ON),
    )


def test_the_budget_of_another_unit_dates_nothing_here() -> None:
    budget = ratified(BudgetDocument.DPA, "2025-01-30", unit="disdik")
    given(WORKFLOW, budget, agreement_opened("2025-01-02")).when(duty("agreement")).then_sends_nothing()
    given(WORKFLOW, duty("agreement")).when(budget).then_sends_nothing()


def test_a_budget_that_is_recorded_again_moves_the_due_date() -> None:
    given(WORKFLOW, duty("agreement"), ratified(BudgetDocument.DPA, "2025-01-30")).when(
        ratified(BudgetDocument.DPA, "2025-01-20")
    ).then_sends(SetDueDate(obligation="2025.dinkes.agreement", anchor=day("2025-01-20")))


def test_a_revised_budget_raises_the_duty_to_amend() -> None:
    """A DPPA raises a duty to amend; only a local rule dates it."""
    given(WORKFLOW, duty("agreement"), ratified(BudgetDocument.DPA, "2025-01-30")).when(
        ratified(BudgetDocument.DPPA, "2025-09-12")
    ).then_sends(
        OpenObligation(
            obligation="2025.dinkes.amendment",
            duty="amendment",
            subject="Perubahan perjanjian kinerja 2025",
            anchor=day("2025-09-12"),
            effective_on=day("2025-09-12"),
        )
    )


def test_a_second_revision_moves_the_due_date_of_the_same_duty() -> None:
    given(WORKFLOW, ratified(BudgetDocument.DPPA, "2025-09-12")).when(
        ratified(BudgetDocument.DPPA, "2025-10-20")
    ).then_sends(SetDueDate(obligation="2025.dinkes.amendment", anchor=day("2025-10-20")))
