"""Specifications of duties: due dates by rule and calendar, submission, lateness, extension, waiver, transfer."""

from datetime import date

from domain.errors import (
    DueDateUnknown,
    ReasonMissing,
    StageAlreadyOpen,
    StageNotOpenYet,
    TermNotForward,
    UnitNotInBeing,
)
from domain.event import Event
from domain.institution import Institution
from domain.obligation.commands import (
    ExtendObligation,
    FixDueDate,
    MarkOverdue,
    MeetObligation,
    NoteSubmission,
    OpenObligation,
    ReturnSubmission,
    SetDueDate,
    TransferObligation,
    WaiveObligation,
)
from domain.obligation.decider import STAGE
from domain.obligation.events import (
    DueDateSet,
    ObligationExtended,
    ObligationMet,
    ObligationOpened,
    ObligationOverdue,
    ObligationTransferred,
    ObligationWaived,
    SubmissionNoted,
    SubmissionReturned,
)
from domain.obligation.refusals import (
    AnchorOutsideYear,
    MetInFuture,
    NothingSubmitted,
    NotOverdueYet,
    ObligationSettled,
    SubmissionPending,
)
from domain.obligation.state import ObligationState, publish
from tests.domain.setting import PLAIN, REASON, REFERENCES, RULEBOOKS, adopting, day
from tests.spec import Spec, given

DUE_DATES = REFERENCES["due-dates-53-2014"]
HOLD = REFERENCES["hold-contoh-perkada"]
RULED = adopting(DUE_DATES)
PK = "2025.dinkes.agreement"
OPENED = ObligationOpened(
    effective_on=day("2025-01-02"), unit="dinkes", fiscal_year=2025, duty="agreement", subject="Perjanjian kinerja 2025"
)


def due(on: str | None, *, since: str = "2025-01-30") -> DueDateSet:
    """Return the due date that the rule gives for a budget ratified on 30 January."""
    due_on = None if on is None else day(on)
    return DueDateSet(effective_on=day(since), anchor=day("2025-01-30"), due_on=due_on, rule=DUE_DATES)


DUE = due("2025-02-28")
OVERDUE = ObligationOverdue(
    effective_on=day("2025-03-01"),
    unit="dinkes",
    fiscal_year=2025,
    duty="agreement",
    due_on=day("2025-02-28"),
    hold_rule=None,
)
MARK = MarkOverdue(obligation=PK)


def submitted(on: str) -> SubmissionNoted:
    """Return a submission."""
    return SubmissionNoted(effective_on=day(on))


def returned(on: str, correct_by: str | None) -> SubmissionReturned:
    """Return a return."""
    return SubmissionReturned(effective_on=day(on), correct_by=None if correct_by is None else day(correct_by))


def duty(*events: Event) -> Spec:
    """Return the history of the agreement's duty, due on 28 February."""
    return given(STAGE, OPENED, DUE, *events)


def open_with(anchor: date | None, institution: Institution, *, unit: str = "dinkes", cause: str = "report") -> Event:
    """Open a report duty of 2025 and return the last event."""
    command = OpenObligation(obligation=f"2025.{unit}.{cause}", duty=cause, subject="Laporan kinerja", anchor=anchor)
    return given(STAGE).when(command, on="2025-01-02", institution=institution, rulebooks=RULEBOOKS).events[-1]


def due_of(event: Event) -> date | None:
    """Return the due date of an event that fixes one."""
    assert isinstance(event, DueDateSet)
    return event.due_on


def test_a_duty_opens_without_a_due_date_while_its_anchor_is_unknown() -> None:
    """PermenPANRB 53/2014 Lampiran I: the month runs from the ratification of the budget document."""
    command = OpenObligation(obligation=PK, duty="agreement", subject="Perjanjian kinerja 2025")
    spec = given(STAGE).when(command, on="2025-01-02", institution=RULED, rulebooks=RULEBOOKS).then(OPENED)
    assert isinstance(spec.state, ObligationState)
    assert publish(spec.state).due_on is None
    duty().when(command).then_refused(StageAlreadyOpen)
    given(STAGE).when(MARK).then_refused(StageNotOpenYet)


def test_the_agreement_is_due_one_month_after_ratification_and_holds_from_that_day() -> None:
    """PermenPANRB 53/2014 Lampiran I: 30 January and one month is 28 February, whatever weekday it is."""
    command = SetDueDate(obligation=PK, anchor=day("2025-01-30"))
    given(STAGE, OPENED).when(command, on="2025-02-10", institution=RULED, rulebooks=RULEBOOKS).then(DUE)


def test_a_unit_reports_in_two_months_a_region_in_three_and_a_ministry_in_two() -> None:
    """PermenPANRB 53/2014 Lampiran II."""
    ministry = adopting(DUE_DATES).now(level="kementerian")
    year_end = day("2025-12-31")
    assert due_of(open_with(year_end, RULED)) == day("2026-02-28")
    assert due_of(open_with(year_end, RULED, unit="pemda")) == day("2026-03-31")
    assert due_of(open_with(year_end, ministry, unit="pemda")) == day("2026-02-28")


def test_without_a_rule_or_a_term_the_due_date_is_unknown() -> None:
    """Neither late nor on time: nothing rules by default, and 53/2014 sets no date for measurement."""
    unruled = open_with(day("2025-12-31"), PLAIN)
    assert isinstance(unruled, DueDateSet)
    assert (unruled.due_on, unruled.rule) == (None, None)
    without_term = open_with(day("2025-03-31"), RULED, cause="measurement")
    assert isinstance(without_term, DueDateSet)
    assert (without_term.due_on, without_term.rule) == (None, DUE_DATES)
    given(STAGE, OPENED, due(None)).when(MARK, on="2026-01-01").then_refused(DueDateUnknown)
    meet = MeetObligation(obligation=PK, met_on=day("2025-12-01"))
    given(STAGE, OPENED).when(meet, on="2025-12-01").then(
        ObligationMet(effective_on=day("2025-12-01"), met_on=day("2025-12-01"), due_on=None, days_late=None)
    )


def test_an_anchor_years_away_from_the_fiscal_year_is_refused() -> None:
    mistyped = SetDueDate(obligation=PK, anchor=day("9999-12-31"))
    given(STAGE, OPENED).when(mistyped, institution=RULED, rulebooks=RULEBOOKS).then_refused(AnchorOutsideYear)


def test_a_date_that_another_event_determined_is_fixed_without_an_anchor_and_a_later_one_replaces_it() -> None:
    command = FixDueDate(obligation=PK, due_on=day("2025-03-15"))
    fixed = DueDateSet(effective_on=day("2025-02-01"), anchor=None, due_on=day("2025-03-15"), rule=None)
    spec = duty().when(command, on="2025-02-01").then(fixed)
    assert isinstance(spec.state, ObligationState)
    assert spec.state.due_on == day("2025-03-15")
    again = SetDueDate(obligation=PK, anchor=day("2025-01-20"))
    earlier = duty(fixed).when(again, on="2025-02-02", institution=RULED, rulebooks=RULEBOOKS)
    assert isinstance(earlier.state, ObligationState)
    assert earlier.state.due_on == day("2025-02-20")


def test_a_term_is_only_extended_and_the_earlier_one_stays_known() -> None:
    extend = ExtendObligation(obligation=PK, due_on=day("2025-03-31"), reason=REASON)
    extended = ObligationExtended(effective_on=day("2025-03-10"), due_on=day("2025-03-31"), reason=REASON)
    spec = duty(OVERDUE).when(extend, on="2025-03-10").then(extended)
    assert isinstance(spec.state, ObligationState)
    assert not spec.state.overdue
    assert spec.state.due.at(day("2025-03-09")) == day("2025-02-28")
    shorter = ExtendObligation(obligation=PK, due_on=day("2025-02-28"), reason=REASON)
    duty().when(shorter).then_refused(TermNotForward)
    given(STAGE, OPENED).when(extend).then_refused(DueDateUnknown)


def test_days_late_count_from_the_due_date_in_force_on_the_day_the_duty_was_met() -> None:
    meet = MeetObligation(obligation=PK, met_on=day("2025-03-05"))
    extended = ObligationExtended(effective_on=day("2025-03-10"), due_on=day("2025-03-31"), reason=REASON)
    late = duty(OVERDUE, extended).when(meet, on="2025-04-01").events[0]
    assert isinstance(late, ObligationMet)
    assert (late.due_on, late.days_late) == (day("2025-02-28"), 5)
    in_term = MeetObligation(obligation=PK, met_on=day("2025-03-31"))
    kept = duty(OVERDUE, extended).when(in_term, on="2025-04-01").events[0]
    assert isinstance(kept, ObligationMet)
    assert (kept.due_on, kept.days_late) == (day("2025-03-31"), 0)


def test_a_duty_is_not_met_in_the_future_nor_twice() -> None:
    meet = MeetObligation(obligation=PK, met_on=day("2025-02-20"))
    duty().when(meet, on="2025-02-19").then_refused(MetInFuture)
    met = duty().when(meet, on="2025-02-20").events
    duty(*met).when(meet, on="2025-02-21").then_refused(ObligationSettled)


def test_a_duty_is_overdue_the_day_after_it_was_due_and_once() -> None:
    """practice.md: only a legal effect of time is an event, and the decider checks again."""
    duty().when(MARK, on="2025-02-28").then_refused(NotOverdueYet, due_on=day("2025-02-28"))
    duty().when(MARK, on="2025-03-01").then(OVERDUE)
    duty(OVERDUE).when(MARK, on="2025-03-02").then()


def test_a_settled_duty_is_never_overdue() -> None:
    met = ObligationMet(effective_on=day("2025-02-27"), met_on=day("2025-02-27"), due_on=None, days_late=None)
    waived = ObligationWaived(effective_on=day("2025-02-27"), reason=REASON)
    duty(met).when(MARK, on="2025-03-01").then()
    duty(waived).when(MARK, on="2025-03-01").then()


def test_what_was_submitted_in_time_is_not_overdue_while_it_is_examined() -> None:
    """A duty is met on the day of the first submission that is later accepted."""
    note = NoteSubmission(obligation=PK, effective_on=day("2025-02-28"))
    duty().when(note, on="2025-03-03").then(submitted("2025-02-28"))
    duty(submitted("2025-02-28")).when(MARK, on="2025-03-05").then_refused(SubmissionPending)
    assert duty(submitted("2025-03-01")).when(MARK, on="2025-03-05").events
    duty().when(NoteSubmission(obligation=PK, effective_on=day("2025-03-04")), on="2025-03-03").then_refused(
        MetInFuture
    )
    met = duty().when(MeetObligation(obligation=PK, met_on=day("2025-02-20")), on="2025-02-20").events
    duty(*met).when(note, on="2025-03-03").then()


def test_a_return_sets_its_own_term_and_if_that_is_kept_the_first_submission_stands() -> None:
    give_back = ReturnSubmission(obligation=PK, correct_by=day("2025-03-10"))
    back = returned("2025-03-03", "2025-03-10")
    first = submitted("2025-02-28")
    duty(first).when(give_back, on="2025-03-03").then(back)
    duty(first, back).when(MARK, on="2025-03-10").then_refused(SubmissionPending)
    assert duty(first, back).when(MARK, on="2025-03-11").events
    duty(first, back, submitted("2025-03-10")).when(MARK, on="2025-03-20").then_refused(SubmissionPending)
    assert duty(first, back, submitted("2025-03-11")).when(MARK, on="2025-03-20").events
    assert duty(first, returned("2025-03-03", None)).when(MARK, on="2025-03-03").events
    duty().when(give_back).then_refused(NothingSubmitted)


def test_an_overdue_duty_names_the_adopted_hold_rule_it_triggers_whatever_the_grace() -> None:
    """practice.md: no hold rule is active by default; then late units are only listed."""
    adopted = duty().when(MARK, on="2025-03-01", institution=adopting(HOLD), rulebooks=RULEBOOKS).events[0]
    assert isinstance(adopted, ObligationOverdue)
    assert adopted.hold_rule == HOLD
    recommendation = ObligationOpened(
        effective_on=day("2025-01-02"), unit="dinkes", fiscal_year=2025, duty="recommendation", subject="Rekomendasi 1"
    )
    other = given(STAGE, recommendation, DUE).when(
        MarkOverdue(obligation="2025.dinkes.recommendation-r1"),
        on="2025-03-01",
        institution=adopting(HOLD),
        rulebooks=RULEBOOKS,
    )
    assert isinstance(other.events[0], ObligationOverdue)
    assert other.events[0].hold_rule is None


def test_an_entity_is_freed_of_an_open_duty_only() -> None:
    waive = WaiveObligation(obligation=PK, reason=REASON)
    waived = ObligationWaived(effective_on=day("2025-03-01"), reason=REASON)
    duty().when(waive, on="2025-03-01").then(waived)
    duty(waived).when(waive, on="2025-03-01").then_refused(ObligationSettled)


def test_a_duty_passes_to_a_unit_in_being_with_a_reason_or_to_the_successor() -> None:
    transfer = TransferObligation(obligation=PK, to_unit="dinsos", reason=REASON)
    moved = ObligationTransferred(effective_on=day("2025-03-01"), unit="dinsos", reason=REASON)
    duty().when(transfer, on="2025-03-01", institution=PLAIN).then(moved)
    duty(moved).when(transfer, on="2025-03-02", institution=PLAIN).then()
    gone = TransferObligation(obligation=PK, to_unit="lama", reason=REASON)
    duty().when(gone, on="2025-03-01", institution=PLAIN).then_refused(UnitNotInBeing)
    silent = TransferObligation(obligation=PK, to_unit="dinsos")
    duty().when(silent, on="2025-03-01", institution=PLAIN).then_refused(ReasonMissing)
    of_old = given(
        STAGE,
        ObligationOpened(
            effective_on=day("2024-01-02"), unit="lama", fiscal_year=2024, duty="report", subject="Laporan kinerja"
        ),
    )
    succession = TransferObligation(obligation="2024.lama.report", to_unit="dinsos")
    of_old.when(succession, on="2025-01-01", institution=PLAIN).then(
        ObligationTransferred(effective_on=day("2025-01-01"), unit="dinsos", reason=None)
    )
