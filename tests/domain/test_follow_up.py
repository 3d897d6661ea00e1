"""Specifications of the follow-up: owners act, a verifier judges, a second person closes, nothing else does."""

from datetime import date

from domain.actor import Role
from domain.commitment import Evidence
from domain.decider import fold
from domain.errors import (
    DueDateUnknown,
    OwnWork,
    ReasonMissing,
    SamePersonTwice,
    StageAlreadyOpen,
    StageNotOpenYet,
    TermNotForward,
    UnitNotInBeing,
)
from domain.event import Event
from domain.facts import RecommendationFacts
from domain.follow_up.commands import (
    ApproveResult,
    CarryOver,
    ExtendTerm,
    FollowUpCommand,
    LinkRepeat,
    OpenRecommendation,
    PlanAction,
    ProposeResult,
    RecordIssuerVerdict,
    RejectResult,
    ReopenRecommendation,
    ReportProgress,
    TransferRecommendation,
)
from domain.follow_up.decider import STAGE
from domain.follow_up.events import (
    ActionPlanned,
    CarriedOver,
    IssuerVerdictRecorded,
    ProgressReported,
    RecommendationOpened,
    RecommendationReopened,
    RecommendationTransferred,
    RepeatFound,
    ResultApproved,
    ResultProposed,
    ResultRejected,
    TermExtended,
)
from domain.follow_up.refusals import (
    CarriedBackward,
    EvidenceMissing,
    FollowUpRuleNotAdopted,
    NoResultProposed,
    NotOwner,
    ReceivedInFuture,
    RecommendationClosed,
    RecommendationStillOpen,
    RecommendationUnknown,
    RepeatsItself,
    ResultAwaitsApproval,
    ResultUnknown,
)
from domain.follow_up.state import RecommendationState, publish
from domain.institution import Institution
from domain.rulebook import RuleRef
from tests.domain.setting import FILE, PLAIN, REASON, REFERENCES, RULEBOOKS, actor, adopting, day, local
from tests.spec import Spec, given

R1 = "2025.dinkes.r1"
DUE_ON = day("2026-07-30")
BPK = REFERENCES["follow-up-bpk"]
RULED = adopting(BPK)
OPERATOR = actor("budi", Role.UNIT_OPERATOR, "dinkes")
VERIFIER = actor("dewi", Role.TEAM_LEAD, "inspektorat")
INSPECTOR = actor("inspektur", Role.INSPECTOR, "inspektorat")
PROOF = (Evidence(file=FILE, name="Notulen", dated=day("2026-07-01")),)


def opened(*, rule: RuleRef | None = BPK, due_on: date | None = DUE_ON) -> RecommendationOpened:
    """Return a recommendation to dinkes of a LHE received on 31 May 2026."""
    return RecommendationOpened(
        effective_on=day("2026-06-01"),
        unit="dinkes",
        fiscal_year=2025,
        issuer="Inspektorat",
        lhe_number="700/12",
        component="pengukuran",
        text=REASON,
        owners=("dinkes",),
        received_on=day("2026-05-31"),
        due_on=due_on,
        rule=rule,
        repeats=None,
    )


PROGRESS = ProgressReported(effective_on=day("2026-06-20"), progress=REASON, evidence=PROOF)


def proposed(result: str = "sesuai", *, awaits_approval: bool = True) -> ResultProposed:
    """Return the verifier's judgement."""
    on = day("2026-06-25")
    return ResultProposed(effective_on=on, result=result, reason=REASON, awaits_approval=awaits_approval)


CLOSED = ResultApproved(effective_on=day("2026-06-28"), result="sesuai", closes=True)


def under_way(*events: Event) -> Spec:
    """Return a recommendation whose owner reported progress, and what followed."""
    return given(STAGE, opened()).and_by(OPERATOR, PROGRESS).and_by(VERIFIER, *events)


def closed() -> Spec:
    """Return a recommendation that was closed."""
    return under_way(proposed()).and_by(INSPECTOR, CLOSED)


def when(spec: Spec, command: FollowUpCommand, *, on: str = "2026-07-01", institution: Institution = RULED) -> Spec:
    """Let the owner's operator, or whoever verifies, act with the rules at hand."""
    by = VERIFIER if isinstance(command, ProposeResult) else OPERATOR
    by = INSPECTOR if isinstance(command, ApproveResult | RejectResult) else by
    return spec.when(command, on=on, by=by, institution=institution, rulebooks=RULEBOOKS)


def open_command(**changes: object) -> OpenRecommendation:
    """Return the command that opens the recommendation."""
    fields: dict[str, object] = {
        "recommendation": R1,
        "issuer": "Inspektorat",
        "lhe_number": "700/12",
        "component": "pengukuran",
        "text": REASON,
        "owners": ("dinkes",),
        "received_on": day("2026-05-31"),
    }
    return OpenRecommendation(**{**fields, **changes})  # type: ignore[arg-type]


def test_days_run_from_the_receipt_of_the_report_by_the_adopted_rule() -> None:
    """UU 15/2004 Pasal 20 ayat (3): 60 calendar days; PermenPANRB 88/2021 itself sets none."""
    when(given(STAGE), open_command(), on="2026-06-01").then(opened())
    unruled = opened(rule=None, due_on=None)
    when(given(STAGE), open_command(), on="2026-06-01", institution=PLAIN).then(unruled)
    when(given(STAGE, opened()), open_command()).then_refused(StageAlreadyOpen)


def test_a_local_rule_may_count_working_days() -> None:
    """Working days leave out weekends, holidays and cuti bersama: 7 from 9 March 2026 end on 25 March."""
    reference, contents = local("follow-up-bpk", days=7, days_are="working")
    command = open_command(received_on=day("2026-03-09"))
    spec = given(STAGE).when(
        command, on="2026-03-10", institution=adopting(reference, rulebooks=contents), rulebooks=contents
    )
    event = spec.events[0]
    assert isinstance(event, RecommendationOpened)
    assert (event.due_on, event.rule) == (day("2026-03-25"), reference)


def test_a_recommendation_has_owners_in_being_a_past_receipt_and_is_no_repeat_of_itself() -> None:
    when(given(STAGE), open_command(owners=("dinkes", "lama"))).then_refused(UnitNotInBeing, unit="lama")
    when(given(STAGE), open_command(received_on=day("2026-07-02"))).then_refused(ReceivedInFuture)
    when(given(STAGE), open_command(repeats=R1)).then_refused(RepeatsItself)


def test_only_owners_plan_and_report() -> None:
    plan = PlanAction(recommendation=R1, unit="dinkes", plan=REASON, plan_due_on=day("2026-07-15"))
    planned = ActionPlanned(
        effective_on=day("2026-07-01"), plan=REASON, plan_due_on=day("2026-07-15"), person_in_charge=None
    )
    when(given(STAGE, opened()), plan).then(planned)
    foreign = PlanAction(recommendation=R1, unit="dinsos", plan=REASON, plan_due_on=day("2026-07-15"))
    when(given(STAGE, opened()), foreign).then_refused(NotOwner, unit="dinsos")
    report = ReportProgress(recommendation=R1, unit="dinkes", progress=REASON, evidence=PROOF)
    when(given(STAGE, opened()), report, on="2026-06-20").then(PROGRESS)
    when(given(STAGE, opened()), ReportProgress(recommendation=R1, unit="dinsos", progress=REASON)).then_refused(
        NotOwner
    )
    when(given(STAGE), report).then_refused(StageNotOpenYet)


def test_what_closes_waits_for_a_second_person() -> None:
    """practice.md: the verifier proposes; sesuai and tidak dapat ditindaklanjuti need a second, higher approval."""
    propose = ProposeResult(recommendation=R1, result="sesuai", reason=REASON)
    when(under_way(), propose, on="2026-06-25").then(proposed())
    when(under_way(proposed()), ApproveResult(recommendation=R1), on="2026-06-28").then(CLOSED)
    spec = under_way(proposed()).when(
        ApproveResult(recommendation=R1), on="2026-06-28", by=VERIFIER, institution=RULED, rulebooks=RULEBOOKS
    )
    spec.then_refused(SamePersonTwice)
    when(under_way(), ApproveResult(recommendation=R1)).then_refused(NoResultProposed)


def test_what_does_not_close_holds_at_once_and_the_work_goes_on() -> None:
    propose = ProposeResult(recommendation=R1, result="belum_sesuai", reason=REASON)
    unfinished = proposed("belum_sesuai", awaits_approval=False)
    when(under_way(), propose, on="2026-06-25").then(unfinished)
    when(under_way(unfinished), ApproveResult(recommendation=R1)).then_refused(NoResultProposed)
    more = ReportProgress(recommendation=R1, unit="dinkes", progress=REASON)
    assert when(under_way(unfinished), more).events


def test_while_a_result_waits_nothing_is_reported_and_nothing_else_proposed() -> None:
    more = ReportProgress(recommendation=R1, unit="dinkes", progress=REASON)
    other = ProposeResult(recommendation=R1, result="belum_sesuai", reason=REASON)
    when(under_way(proposed()), more).then_refused(ResultAwaitsApproval)
    when(under_way(proposed()), other).then_refused(ResultAwaitsApproval)


def test_a_rejected_result_returns_to_the_owners() -> None:
    reject = RejectResult(recommendation=R1, reason=REASON)
    rejected = ResultRejected(effective_on=day("2026-07-01"), result="sesuai", reason=REASON)
    when(under_way(proposed()), reject).then(rejected)
    more = ReportProgress(recommendation=R1, unit="dinkes", progress=REASON)
    assert when(under_way(proposed(), rejected), more).events
    when(under_way(), reject).then_refused(NoResultProposed)


def test_nobody_judges_what_they_reported_or_what_their_own_unit_owns() -> None:
    """PermenPANRB 88/2021: nobody verifies or closes their own."""
    reporter = actor("budi", Role.INSPECTOR, "inspektorat")
    owner = actor("kadinkes", Role.INSPECTOR)
    seconded = actor("citra", Role.TEAM_LEAD, "dinkes")
    propose = ProposeResult(recommendation=R1, result="sesuai", reason=REASON)
    for person in (reporter, owner, seconded):
        under_way().when(propose, on="2026-07-01", by=person, institution=RULED, rulebooks=RULEBOOKS).then_refused(
            OwnWork
        )
        for decision in (ApproveResult(recommendation=R1), RejectResult(recommendation=R1, reason=REASON)):
            spec = under_way(proposed()).when(
                decision, on="2026-07-01", by=person, institution=RULED, rulebooks=RULEBOOKS
            )
            spec.then_refused(OwnWork)


def test_a_result_is_a_word_of_the_rule_that_was_in_force_when_the_recommendation_was_opened() -> None:
    foreign = ProposeResult(recommendation=R1, result="selesai", reason=REASON)
    when(under_way(), foreign).then_refused(ResultUnknown)
    known = ProposeResult(recommendation=R1, result="sesuai", reason=REASON)
    assert when(under_way(), known, institution=PLAIN).events


def test_without_any_rule_there_are_no_words_for_a_result_until_one_is_adopted() -> None:
    unruled = given(STAGE, opened(rule=None, due_on=None)).and_by(OPERATOR, PROGRESS)
    propose = ProposeResult(recommendation=R1, result="sesuai", reason=REASON)
    when(unruled, propose, institution=PLAIN).then_refused(FollowUpRuleNotAdopted)
    assert when(unruled, propose).events


def test_after_closing_nothing_moves_but_a_verdict_a_repeat_and_a_reopening() -> None:
    for command in (
        PlanAction(recommendation=R1, unit="dinkes", plan=REASON, plan_due_on=day("2026-07-15")),
        ReportProgress(recommendation=R1, unit="dinkes", progress=REASON),
        ProposeResult(recommendation=R1, result="sesuai", reason=REASON),
        ApproveResult(recommendation=R1),
        RejectResult(recommendation=R1, reason=REASON),
        TransferRecommendation(recommendation=R1, owners=("dinsos",), reason=REASON),
        ExtendTerm(recommendation=R1, due_on=day("2026-12-31"), reason=REASON),
        CarryOver(recommendation=R1, into_fiscal_year=2027),
    ):
        when(closed(), command).then_refused(RecommendationClosed)


def test_only_false_evidence_reopens_and_only_what_is_closed() -> None:
    reopen = ReopenRecommendation(recommendation=R1, reason=REASON, evidence=PROOF)
    spec = when(closed(), reopen)
    spec.then(RecommendationReopened(effective_on=day("2026-07-01"), reason=REASON, evidence=PROOF))
    assert isinstance(spec.state, RecommendationState)
    assert not publish(spec.state).closed
    when(under_way(), reopen).then_refused(RecommendationStillOpen)
    bare = ReopenRecommendation(recommendation=R1, reason=REASON, evidence=())
    when(closed(), bare).then_refused(EvidenceMissing)


def test_other_units_in_being_take_over_with_a_reason_or_by_succession() -> None:
    transfer = TransferRecommendation(recommendation=R1, owners=("dinsos",), reason=REASON)
    moved = RecommendationTransferred(effective_on=day("2026-07-01"), owners=("dinsos",), reason=REASON)
    when(under_way(), transfer).then(moved)
    report = ReportProgress(recommendation=R1, unit="dinkes", progress=REASON)
    when(under_way(moved), report).then_refused(NotOwner)
    when(under_way(moved), transfer).then()
    gone = TransferRecommendation(recommendation=R1, owners=("lama",), reason=REASON)
    when(under_way(), gone).then_refused(UnitNotInBeing)
    silent = TransferRecommendation(recommendation=R1, owners=("dinsos",))
    when(under_way(), silent).then_refused(ReasonMissing)
    of_old = RecommendationTransferred(effective_on=day("2026-06-21"), owners=("dinkes", "lama"), reason=REASON)
    succession = TransferRecommendation(recommendation=R1, owners=("dinkes", "dinsos"))
    assert when(under_way(of_old), succession).events


def test_a_term_is_only_extended_and_the_earlier_one_stays_known() -> None:
    extend = ExtendTerm(recommendation=R1, due_on=day("2026-08-31"), reason=REASON)
    spec = when(under_way(), extend)
    spec.then(TermExtended(effective_on=day("2026-07-01"), due_on=day("2026-08-31"), reason=REASON))
    assert isinstance(spec.state, RecommendationState)
    assert [each.value for each in spec.state.due.versions] == [day("2026-07-30"), day("2026-08-31")]
    when(under_way(), ExtendTerm(recommendation=R1, due_on=day("2026-07-30"), reason=REASON)).then_refused(
        TermNotForward
    )
    when(given(STAGE, opened(rule=None, due_on=None)), extend).then_refused(DueDateUnknown)


def test_a_weakness_found_again_is_linked_to_the_new_recommendation_also_after_closing() -> None:
    """practice.md: temuan berulang opens a new recommendation, it does not reopen the old one."""
    link = LinkRepeat(recommendation=R1, repeated_by="2026.dinkes.r3")
    later = {"recommendation/2026.dinkes.r3": RecommendationFacts(owners=("dinkes",), closed=False)}
    found = RepeatFound(effective_on=day("2027-06-01"), repeated_by="2026.dinkes.r3")
    linked = closed().when(link, on="2027-06-01", published=later).then(found)
    assert isinstance(linked.state, RecommendationState)
    assert linked.state.closed
    assert STAGE.relies_on(link) == ("recommendation/2026.dinkes.r3",)
    Spec(STAGE, linked.history).and_by(INSPECTOR, found).when(link, on="2027-06-02", published=later).then()
    closed().when(link, on="2027-06-01").then_refused(RecommendationUnknown)
    itself = LinkRepeat(recommendation=R1, repeated_by=R1)
    closed().when(itself, on="2027-06-01").then_refused(RepeatsItself)


def test_an_open_recommendation_is_carried_into_a_later_year_once() -> None:
    carried = CarriedOver(effective_on=day("2026-07-01"), into_fiscal_year=2027)
    when(under_way(), CarryOver(recommendation=R1, into_fiscal_year=2027)).then(carried)
    when(under_way(carried), CarryOver(recommendation=R1, into_fiscal_year=2027)).then()
    when(under_way(), CarryOver(recommendation=R1, into_fiscal_year=2025)).then_refused(CarriedBackward)


def test_the_issuers_own_verdict_is_kept_apart_and_closes_nothing() -> None:
    verdict = RecordIssuerVerdict(recommendation=R1, issuer="KemenPANRB", verdict="Sesuai")
    recorded = IssuerVerdictRecorded(
        effective_on=day("2026-07-01"), issuer="KemenPANRB", verdict="Sesuai", document=None
    )
    spec = when(under_way(), verdict).then(recorded)
    assert isinstance(spec.state, RecommendationState)
    assert not spec.state.closed
    when(closed(), verdict).then(recorded)


def test_what_is_published_are_owners_and_closure() -> None:
    state = fold(STAGE, closed().history)
    assert isinstance(state, RecommendationState)
    assert publish(state) == RecommendationFacts(owners=("dinkes",), closed=True)
