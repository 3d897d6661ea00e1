"""Specifications of the arrow from the agreement in force to the measurement."""

from domain.errors import StageAlreadyOpen
from domain.institution import BudgetDocument
from domain.measurement.commands import OpenMeasurement
from domain.obligation.commands import MeetObligation
from domain.obligation.refusals import ObligationSettled
from domain.opening import Opening
from tests.workflows.spec import given
from tests.workflows.year import (
    SOURCE,
    UNIT,
    YEAR,
    agreement_published,
    amended,
    day,
    duty,
    measurement_opened,
    met,
    ratified,
    signed,
    waived,
)
from workflows.agreement_to_measurement import WORKFLOW

MEASURED = OpenMeasurement(unit=UNIT, fiscal_year=YEAR, effective_on=day("2025-01-20"))
AGREEMENT_MET = MeetObligation(
    obligation="2025.dinkes.agreement", met_on=day("2025-01-20"), effective_on=day("2025-01-20")
)
REVISED = ratified(BudgetDocument.DPPA, "2025-09-12")


def amendment_met(met_on: str, effective_on: str) -> MeetObligation:
    """Return that the duty to amend is met."""
    return MeetObligation(obligation="2025.dinkes.amendment", met_on=day(met_on), effective_on=day(effective_on))


def test_a_signed_agreement_opens_its_measurement_and_meets_its_duty() -> None:
    """PermenPANRB 53/2014: what was promised is measured; the duty is met on the day of signature."""
    given(WORKFLOW, duty("agreement")).when(signed("2025-01-20")).then_sends(MEASURED, AGREEMENT_MET)


def test_an_agreement_is_signed_while_the_year_before_is_unreported() -> None:
    """Years overlap: nothing of year n−1 stands in the way of year n, and nothing of it is met by it."""
    given(WORKFLOW, duty("agreement", year=2024), duty("report", year=2024), duty("agreement")).when(
        signed("2025-01-20")
    ).then_sends(MEASURED, AGREEMENT_MET)
    given(WORKFLOW, duty("agreement", year=2024)).when(signed("2025-01-20")).then_sends(MEASURED)


def test_measurement_that_a_decision_opened_is_not_opened_again() -> None:
    given(WORKFLOW, duty("agreement"), measurement_opened("2025-01-10")).when(signed("2025-01-20")).then_sends(
        AGREEMENT_MET
    )


def test_an_agreement_signed_before_its_duty_was_known_meets_it_as_it_opens() -> None:
    given(WORKFLOW).when(signed("2025-01-20")).then_sends(MEASURED)
    given(WORKFLOW, signed("2025-01-20")).when(duty("agreement")).then_sends(AGREEMENT_MET)


def test_the_duty_is_not_met_before_it_began() -> None:
    """The duty may be opened with effect after the signature: it is met on the day of signature, known from then on."""
    given(WORKFLOW, signed("2025-01-20")).when(duty("agreement", on="2025-02-03")).then_sends(
        MeetObligation(obligation="2025.dinkes.agreement", met_on=day("2025-01-20"), effective_on=day("2025-02-03"))
    )


def test_a_waived_duty_is_not_met() -> None:
    given(WORKFLOW, duty("agreement"), waived("agreement", "2025-01-15")).when(signed("2025-01-20")).then_sends(
        MEASURED
    )


def test_an_unsigned_agreement_meets_no_duty() -> None:
    given(WORKFLOW).when(duty("agreement")).then_sends_nothing()
    given(WORKFLOW, signed("2025-01-20")).when(duty("report")).then_sends_nothing()


def test_a_published_agreement_is_measured_from_the_same_source_and_meets_nothing() -> None:
    """History: whether and when it was signed is not in the source, and what is not known is not guessed."""
    published = agreement_published("2025-01-20").as_history()
    given(WORKFLOW, duty("agreement")).when(published).then_sends(
        OpenMeasurement(unit=UNIT, fiscal_year=YEAR, opening=Opening(source=SOURCE), effective_on=day("2025-01-20"))
    )
    given(WORKFLOW, published).when(duty("agreement")).then_sends_nothing()
    given(WORKFLOW, measurement_opened("2025-01-01")).when(published).then_sends_nothing()


def test_an_amendment_answers_a_revised_budget() -> None:
    given(WORKFLOW, REVISED, duty("amendment", on="2025-09-12")).when(amended("2025-09-30")).then_sends(
        amendment_met("2025-09-30", "2025-09-30")
    )


def test_an_amendment_without_a_revised_budget_meets_no_duty() -> None:
    given(WORKFLOW, duty("agreement"), signed("2025-01-20")).when(amended("2025-05-02")).then_sends_nothing()


def test_an_amendment_from_before_the_revised_budget_does_not_answer_it() -> None:
    given(WORKFLOW, amended("2025-05-02"), REVISED).when(duty("amendment", on="2025-09-12")).then_sends_nothing()
    given(WORKFLOW, REVISED, duty("amendment", on="2025-09-12")).when(amended("2025-09-01")).then_sends_nothing()


def test_an_amendment_recorded_before_the_duty_meets_it_as_it_opens() -> None:
    given(WORKFLOW, amended("2025-09-15"), amended("2025-10-01"), REVISED).when(
        duty("amendment", on="2025-09-12")
    ).then_sends(amendment_met("2025-09-15", "2025-09-15"))


def test_a_second_amendment_does_not_meet_the_duty_again() -> None:
    given(
        WORKFLOW, REVISED, duty("amendment", on="2025-09-12"), amended("2025-09-30"), met("amendment", "2025-09-30")
    ).when(amended("2025-11-03")).then_sends_nothing()


def test_what_is_open_or_met_already_leaves_nothing_to_mend() -> None:
    """The log at the cause does not show what is under way: the stage says so itself, and that is no dead letter."""
    given(WORKFLOW, REVISED, duty("amendment", on="2025-09-12"), amended("2025-09-30")).when(
        amended("2025-11-03")
    ).then_sends(amendment_met("2025-09-30", "2025-11-03")).tolerating(ObligationSettled)
    given(WORKFLOW).when(signed("2025-01-20")).then_sends(MEASURED).tolerating(StageAlreadyOpen)
