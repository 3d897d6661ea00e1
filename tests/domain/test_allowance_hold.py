"""Specifications of the allowance hold: adopted rule, grace, notice, two people, objection and release."""

from decimal import Decimal

import msgspec
import pytest

from domain.actor import Actor, Role, system_actor
from domain.allowance_hold.commands import (
    DecideObjection,
    DeclineHold,
    DeemObjectionGranted,
    FileObjection,
    HoldCommand,
    ImposeHold,
    LapseHold,
    LapseNotice,
    ProposeHold,
    RecommendHold,
    ReleaseHold,
    ServeNotice,
    TransferHold,
)
from domain.allowance_hold.decider import STAGE
from domain.allowance_hold.events import (
    HeldShare,
    HoldDeclined,
    HoldImposed,
    HoldLapsed,
    HoldProposed,
    HoldRecommended,
    HoldReleased,
    HoldTransferred,
    NoticeLapsed,
    NoticeServed,
    ObjectionDecided,
    ObjectionFiled,
)
from domain.allowance_hold.refusals import (
    DutyNotOverdue,
    DutyNoTrigger,
    DutyNotSettled,
    GraceNotOver,
    HoldAlreadyDecided,
    HoldAlreadyProposed,
    HoldAlreadyRecommended,
    HoldNotImposed,
    HoldNotRecommended,
    HoldRuleNotAdopted,
    MonthUnfit,
    NoObjectionPending,
    NoticeAlreadyServed,
    NoticeNotServed,
    NoticeStillRunning,
    ObjectionAlreadyFiled,
    ObjectionDeemedGranted,
    ObjectionNotDeemed,
    ObjectionStillRunning,
    ObjectionTooLate,
    ObligationUnknown,
    PersonNotHeld,
    PersonNotHit,
    PersonRepeated,
    ReleaseUnfit,
    ShareAboveRule,
)
from domain.allowance_hold.state import HoldState, Phase
from domain.duty_rules import HoldRules
from domain.errors import (
    EffectiveInFuture,
    OwnWork,
    ReasonMissing,
    Refusal,
    RoleMissing,
    SamePersonTwice,
    StageNotOpenYet,
    UnitNotInBeing,
)
from domain.event import Event
from domain.facts import ObligationFacts
from domain.institution import Institution, RuleKind
from domain.rulebook import Rulebook, RuleRef
from tests.domain.setting import PLAIN, REASON, REFERENCES, RULEBOOKS, actor, adopting, day, local
from tests.spec import Spec, given

RULE = REFERENCES["hold-contoh-perkada"]
RULED = adopting(RULE)
H = "2025.dinkes.report"
DUTY = f"obligation/{H}"
OVERDUE = ObligationFacts(
    unit="dinkes", fiscal_year=2025, duty="report", due_on=day("2026-02-28"), overdue=True, settled=False
)
SETTLED = msgspec.structs.replace(OVERDUE, settled=True)
BUREAU = actor("bagor", Role.ORGANISATION_BUREAU)
SEKDA = actor("sekda", Role.HOLD_AUTHORITY)
HEAD = actor("bupati", Role.INSTITUTION_HEAD)
TIMEKEEPER = system_actor(Role.TIMEKEEPER, "timekeeper")
ARTICLE = "Contoh peraturan kepala daerah Pasal 12"
PROPOSED = HoldProposed(
    effective_on=day("2026-03-07"),
    unit="dinkes",
    fiscal_year=2025,
    obligation=H,
    duty="report",
    rule=RULE,
    article=ARTICLE,
    kind="tunda",
)
RECOMMENDED = HoldRecommended(effective_on=day("2026-03-09"), reason=REASON)
SERVED = NoticeServed(rule=RULE, effective_on=day("2026-03-09"), number="800/3", answer_until=day("2026-03-25"))
LAPSED = NoticeLapsed(effective_on=day("2026-03-26"))
HALF = (HeldShare(person="kadinkes", percent=Decimal(50)),)


def imposed(*persons: str) -> HoldImposed:
    """Return a hold of half the allowance of April."""
    shares = tuple(HeldShare(person=person, percent=Decimal(50)) for person in persons or ("kadinkes",))
    return HoldImposed(
        rule=RULE,
        effective_on=day("2026-03-27"),
        decision="SK 12",
        persons=shares,
        months=("2026-04",),
        article=ARTICLE,
        kind="tunda",
        file=None,
    )


def filed(person: str | None = "kadinkes", *, on: str = "2026-04-01", decide_by: str = "2026-04-15") -> ObjectionFiled:
    """Return an objection, to be decided within ten working days."""
    return ObjectionFiled(
        rule=RULE, effective_on=day(on), person=person, grounds=REASON, decide_by=day(decide_by), suspends=False
    )


def proposed(*events: Event) -> Spec:
    """Return a proposed hold."""
    return given(STAGE, PROPOSED, *events)


def recommended(*events: Event) -> Spec:
    """Return a hold that the bureau put forward."""
    return proposed().and_by(BUREAU, RECOMMENDED, *events)


def noticed() -> Spec:
    """Return a hold that may be decided."""
    return recommended(SERVED, LAPSED)


def held(*persons: str) -> Spec:
    """Return a hold that the Sekda imposed."""
    return noticed().and_by(SEKDA, imposed(*persons))


def when(
    spec: Spec,
    command: HoldCommand,
    *,
    on: str,
    by: Actor = SEKDA,
    duty: ObligationFacts | None = OVERDUE,
    institution: Institution = RULED,
    rulebooks: dict[str, Rulebook] | None = None,
) -> Spec:
    """Let the hold decide with the duty and the adopted rule at hand."""
    return spec.when(
        command,
        on=on,
        by=by,
        institution=institution,
        published={} if duty is None else {DUTY: duty},
        rulebooks=rulebooks or RULEBOOKS,
    )


def impose(*shares: HeldShare, months: tuple[str, ...] = ("2026-04",)) -> ImposeHold:
    """Return the decision to hold half the allowance."""
    return ImposeHold(hold=H, decision="SK 12", persons=shares or HALF, months=months)


def release(scope: str = "all", *shares: HeldShare) -> ReleaseHold:
    """Return a release."""
    return ReleaseHold(hold=H, scope=scope, released=shares, reason=REASON)  # type: ignore[arg-type]


def released(scope: str, *shares: HeldShare, ended: bool, on: str = "2026-05-04") -> HoldReleased:
    """Return the event of a release."""
    return HoldReleased(
        effective_on=day(on),
        scope=scope,  # type: ignore[arg-type]
        released=shares,
        reason=REASON,
        ended=ended,
    )


def everyone() -> tuple[RuleRef, dict[str, Rulebook], Institution]:
    """Return a local rule that hits the whole unit, and the regency that adopted it."""
    reference, contents = local("hold-contoh-perkada", hits="whole_unit")
    return reference, contents, adopting(reference, rulebooks=contents)


# --- proposal --------------------------------------------------------------------------------------------------------


def test_a_hold_is_proposed_when_the_grace_after_the_due_date_is_over() -> None:
    """Five working days after Saturday 28 February end on Friday 6 March."""
    propose = ProposeHold(hold=H)
    when(given(STAGE), propose, on="2026-03-06", by=TIMEKEEPER).then_refused(GraceNotOver, until=day("2026-03-06"))
    when(given(STAGE), propose, on="2026-03-07", by=TIMEKEEPER).then(PROPOSED)
    when(proposed(), propose, on="2026-03-08", by=TIMEKEEPER).then_refused(HoldAlreadyProposed)
    assert STAGE.relies_on(propose) == (DUTY,)


def test_without_an_adopted_rule_there_is_no_hold() -> None:
    """No national SAKIP rule lets anyone hold TPP; only a local one does, and only while it is in force."""
    propose = ProposeHold(hold=H)
    when(given(STAGE), propose, on="2026-03-07", institution=PLAIN).then_refused(HoldRuleNotAdopted)
    when(given(STAGE), propose, on="2026-03-07", institution=ended("2026-03-01")).then_refused(HoldRuleNotAdopted)


def ended(on: str) -> Institution:
    """Return the regency whose hold rule ended on a day."""
    return RULED.now(rules={RuleKind.HOLD: RULED.rules[RuleKind.HOLD].add(day(on), 9, None)})


def test_only_an_overdue_duty_that_is_a_trigger_leads_to_a_hold() -> None:
    propose = ProposeHold(hold=H)
    on_time = msgspec.structs.replace(OVERDUE, overdue=False)
    other = msgspec.structs.replace(OVERDUE, duty="recommendation")
    when(given(STAGE), propose, on="2026-03-07", duty=None).then_refused(ObligationUnknown)
    when(given(STAGE), propose, on="2026-03-07", duty=on_time).then_refused(DutyNotOverdue)
    when(given(STAGE), propose, on="2026-03-07", duty=SETTLED).then_refused(DutyNotOverdue)
    when(given(STAGE), propose, on="2026-03-07", duty=other).then_refused(DutyNoTrigger)


# --- recommendation and notice ---------------------------------------------------------------------------------------


def test_the_office_that_the_rule_names_recommends_once() -> None:
    command = RecommendHold(hold=H, reason=REASON)
    when(proposed(), command, on="2026-03-09", by=BUREAU).then(RECOMMENDED)
    when(proposed(), command, on="2026-03-09", by=SEKDA).then_refused(RoleMissing)
    when(recommended(), command, on="2026-03-09", by=BUREAU).then_refused(HoldAlreadyRecommended)
    when(given(STAGE), command, on="2026-03-09", by=BUREAU).then_refused(StageNotOpenYet)
    when(proposed(), command, on="2026-03-09", by=BUREAU, duty=SETTLED).then_refused(DutyNotOverdue)


def test_a_system_part_never_recommends_or_decides() -> None:
    system = system_actor(Role.WORKFLOW, "overdue_to_hold")
    when(proposed(), RecommendHold(hold=H, reason=REASON), on="2026-03-09", by=system).then_refused(RoleMissing)
    when(noticed(), impose(), on="2026-03-27", by=system).then_refused(RoleMissing)


def test_the_unit_may_answer_for_the_working_days_of_the_rule() -> None:
    """Seven working days from 9 March 2026 end on 25 March, with Nyepi, Idul Fitri and cuti bersama between."""
    serve = ServeNotice(hold=H, number="800/3")
    when(recommended(), serve, on="2026-03-09", by=BUREAU).then(SERVED)
    when(recommended(SERVED), serve, on="2026-03-10", by=BUREAU).then_refused(NoticeAlreadyServed)
    when(recommended(), serve, on="2026-03-09", by=BUREAU, duty=SETTLED).then_refused(DutyNotOverdue)
    far = ServeNotice(hold=H, number="800/3", effective_on=day("9999-12-31"))
    when(recommended(), far, on="2026-03-09", by=BUREAU).then_refused(EffectiveInFuture)


def test_a_notice_lapses_after_its_last_day_and_once() -> None:
    lapse = LapseNotice(hold=H)
    when(recommended(SERVED), lapse, on="2026-03-25", by=TIMEKEEPER).then_refused(NoticeStillRunning)
    when(recommended(SERVED), lapse, on="2026-03-26", by=TIMEKEEPER).then(LAPSED)
    when(noticed(), lapse, on="2026-03-27", by=TIMEKEEPER).then()
    when(recommended(), lapse, on="2026-03-26", by=TIMEKEEPER).then_refused(NoticeNotServed)
    when(recommended(SERVED), lapse, on="2026-03-26", by=TIMEKEEPER, duty=SETTLED).then_refused(DutyNotOverdue)


# --- decision --------------------------------------------------------------------------------------------------------


def test_the_deciding_official_holds_with_the_rules_article_and_kind() -> None:
    when(noticed(), impose(), on="2026-03-27").then(imposed())


@pytest.mark.parametrize(
    ("spec", "refusal"),
    [
        (proposed(SERVED, LAPSED), HoldNotRecommended),
        (recommended(), NoticeNotServed),
        (recommended(SERVED), NoticeStillRunning),
        (held(), HoldAlreadyDecided),
        (given(STAGE), StageNotOpenYet),
    ],
)
def test_nothing_is_held_before_recommendation_and_lapsed_notice_nor_twice(spec: Spec, refusal: type[Refusal]) -> None:
    when(spec, impose(), on="2026-03-27").then_refused(refusal)


def test_the_one_who_recommended_does_not_decide_and_only_the_deciding_role_does() -> None:
    """Two different people act: the recommending office and the deciding official."""
    promoted = actor("bagor", Role.HOLD_AUTHORITY)
    when(noticed(), impose(), on="2026-03-27", by=promoted).then_refused(SamePersonTwice)
    when(noticed(), impose(), on="2026-03-27", by=HEAD).then_refused(RoleMissing, role="hold_authority")


def test_a_duty_met_or_a_rule_ended_before_the_decision_leaves_nothing_to_hold_for() -> None:
    when(noticed(), impose(), on="2026-03-27", duty=SETTLED).then_refused(DutyNotOverdue)
    when(noticed(), impose(), on="2026-03-27", institution=ended("2026-03-20")).then_refused(HoldRuleNotAdopted)
    other, contents, institution = everyone()
    assert other != RULE
    when(noticed(), impose(), on="2026-03-27", institution=institution, rulebooks=contents).then_refused(
        HoldRuleNotAdopted
    )


def test_whom_the_rule_hits_and_how_much_is_not_for_the_decision_to_widen() -> None:
    """The example rule hits the head of the unit with half of the allowance; no person is named twice."""
    more = HeldShare(person="kadinkes", percent=Decimal("50.01"))
    clerk = HeldShare(person="budi", percent=Decimal(50))
    when(noticed(), impose(more), on="2026-03-27").then_refused(ShareAboveRule)
    when(noticed(), impose(clerk), on="2026-03-27").then_refused(PersonNotHit, person="budi")
    when(noticed(), impose(*HALF, *HALF), on="2026-03-27").then_refused(PersonRepeated)
    with pytest.raises(ValueError, match="100 persen"):
        HeldShare(person="kadinkes", percent=Decimal(101))


@pytest.mark.parametrize("months", [("2026-01",), ("2027-04",), ("2026-04", "2026-04")])
def test_months_run_from_that_of_the_due_date_to_a_year_ahead(months: tuple[str, ...]) -> None:
    when(noticed(), impose(months=months), on="2026-03-27").then_refused(MonthUnfit)
    assert when(noticed(), impose(months=("2026-02", "2027-03")), on="2026-03-27").events


def test_the_deciding_official_may_decline() -> None:
    decline = DeclineHold(hold=H, reason=REASON)
    when(proposed(), decline, on="2026-03-27").then(HoldDeclined(effective_on=day("2026-03-27"), reason=REASON))
    when(proposed(), decline, on="2026-03-27", by=BUREAU).then_refused(RoleMissing)
    declined = proposed(HoldDeclined(effective_on=day("2026-03-20"), reason=REASON))
    when(declined, impose(), on="2026-03-27").then_refused(HoldAlreadyDecided)


def test_a_proposal_lapses_only_because_the_duty_was_met_before_a_decision() -> None:
    lapse = LapseHold(hold=H)
    when(noticed(), lapse, on="2026-03-27", duty=SETTLED).then(HoldLapsed(effective_on=day("2026-03-27")))
    when(noticed(), lapse, on="2026-03-27").then_refused(DutyNotSettled)
    when(held(), lapse, on="2026-03-28", duty=SETTLED).then_refused(HoldAlreadyDecided)


# --- objection -------------------------------------------------------------------------------------------------------


def test_a_held_person_or_the_unit_objects_within_the_term() -> None:
    """UU 30/2014 Pasal 77: 21 working days to file, 10 to decide."""
    objection = FileObjection(hold=H, person="kadinkes", grounds=REASON)
    when(held(), objection, on="2026-04-01").then(filed())
    when(held(), objection, on="2026-04-27").then(filed(on="2026-04-27", decide_by="2026-05-11"))
    when(held(), objection, on="2026-04-28").then_refused(ObjectionTooLate, until=day("2026-04-27"))
    when(held().and_by(SEKDA, filed()), objection, on="2026-04-02").then_refused(ObjectionAlreadyFiled)
    assert when(held().and_by(SEKDA, filed()), FileObjection(hold=H, grounds=REASON), on="2026-04-02").events
    stranger = FileObjection(hold=H, person="budi", grounds=REASON)
    when(held(), stranger, on="2026-04-01").then_refused(PersonNotHeld)
    when(noticed(), objection, on="2026-04-01").then_refused(HoldNotImposed)


def test_an_upheld_objection_releases_in_the_same_decision() -> None:
    decide = DecideObjection(hold=H, upheld=True, reason=REASON)
    on = day("2026-04-10")
    spec = when(held().and_by(BUREAU, filed()), decide, on="2026-04-10", by=HEAD).then(
        ObjectionDecided(effective_on=on, upheld=True, deemed=False, reason=REASON, person="kadinkes"),
        HoldReleased(effective_on=on, scope="person", released=HALF, reason=REASON, ended=True),
    )
    assert isinstance(spec.state, HoldState)
    assert (spec.state.phase, spec.state.held) == (Phase.ENDED, {})


def test_a_rejected_objection_leaves_the_hold_as_it_is() -> None:
    decide = DecideObjection(hold=H, upheld=False, reason=REASON)
    rejected = ObjectionDecided(
        effective_on=day("2026-04-10"), upheld=False, deemed=False, reason=REASON, person="kadinkes"
    )
    spec = when(held().and_by(BUREAU, filed()), decide, on="2026-04-10", by=HEAD).then(rejected)
    assert isinstance(spec.state, HoldState)
    assert (spec.state.phase, spec.state.pending) == (Phase.IMPOSED, {})
    when(held().and_by(BUREAU, filed(), rejected), decide, on="2026-04-11", by=HEAD).then_refused(NoObjectionPending)


def test_neither_the_imposing_official_nor_a_held_person_decides_the_objection() -> None:
    """UU 30/2014 and PP 79/2021: the objection goes to another than who decided."""
    decide = DecideObjection(hold=H, upheld=True, reason=REASON)
    objected = held().and_by(BUREAU, filed())
    when(objected, decide, on="2026-04-10", by=SEKDA).then_refused(SamePersonTwice)
    when(objected, decide, on="2026-04-10", by=actor("kadinkes", Role.INSTITUTION_HEAD)).then_refused(OwnWork)


def test_of_several_objections_each_is_decided_for_whom_it_was_filed() -> None:
    both = held("kadinkes", "budi").and_by(BUREAU, filed("kadinkes"), filed("budi"))
    unnamed = DecideObjection(hold=H, upheld=True, reason=REASON)
    when(both, unnamed, on="2026-04-10", by=HEAD).then_refused(NoObjectionPending)
    spec = when(both, msgspec.structs.replace(unnamed, person="budi"), on="2026-04-10", by=HEAD)
    assert isinstance(spec.state, HoldState)
    assert (spec.state.held, list(spec.state.pending)) == ({"kadinkes": Decimal(50)}, ["kadinkes"])
    of_unit = held("kadinkes", "budi").and_by(BUREAU, filed(None))
    freed = when(of_unit, unnamed, on="2026-04-10", by=HEAD)
    assert isinstance(freed.state, HoldState)
    assert freed.state.phase is Phase.ENDED


def test_time_grants_an_objection_that_was_not_decided_where_the_rule_says_so() -> None:
    """UU 30/2014 Pasal 77: not decided within ten working days, it counts as granted."""
    deem = DeemObjectionGranted(hold=H)
    objected = held().and_by(BUREAU, filed())
    when(objected, deem, on="2026-04-15", by=TIMEKEEPER).then_refused(ObjectionStillRunning)
    on = day("2026-04-16")
    when(objected, deem, on="2026-04-16", by=TIMEKEEPER).then(
        ObjectionDecided(effective_on=on, upheld=True, deemed=True, reason=None, person="kadinkes"),
        HoldReleased(effective_on=on, scope="person", released=HALF, reason=None, ended=True),
    )
    when(held(), deem, on="2026-04-16", by=TIMEKEEPER).then_refused(NoObjectionPending)
    late = DecideObjection(hold=H, upheld=False, reason=REASON)
    when(objected, late, on="2026-04-16", by=HEAD).then_refused(ObjectionDeemedGranted)
    assert when(objected, msgspec.structs.replace(late, upheld=True), on="2026-04-16", by=HEAD).events


def test_time_grants_nothing_under_a_rule_that_does_not_say_so() -> None:
    content = RULEBOOKS[RULE.digest]
    assert isinstance(content, HoldRules)
    strict = msgspec.structs.replace(content.objection, deemed_granted=False)
    reference, contents = local("hold-contoh-perkada", objection=strict)
    objected = given(STAGE, msgspec.structs.replace(PROPOSED, rule=reference), imposed(), filed())
    deem = DeemObjectionGranted(hold=H)
    when(objected, deem, on="2026-05-30", rulebooks=contents).then_refused(ObjectionNotDeemed)
    late = DecideObjection(hold=H, upheld=False, reason=REASON)
    assert when(objected, late, on="2026-05-30", by=HEAD, rulebooks=contents).events


def test_time_grants_each_objection_whose_own_term_has_passed() -> None:
    both = held("kadinkes", "budi").and_by(
        BUREAU, filed("kadinkes"), filed("budi", on="2026-04-06", decide_by="2026-04-20")
    )
    first = when(both, DeemObjectionGranted(hold=H), on="2026-04-16", by=TIMEKEEPER)
    assert [each.ended for each in first.events if isinstance(each, HoldReleased)] == [False]
    all_of_them = when(both, DeemObjectionGranted(hold=H), on="2026-04-21", by=TIMEKEEPER)
    assert [each.ended for each in all_of_them.events if isinstance(each, HoldReleased)] == [False, True]


# --- release and transfer --------------------------------------------------------------------------------------------


def test_all_that_is_held_is_released_and_the_hold_ends() -> None:
    when(held(), release(), on="2026-05-04").then(released("all", *HALF, ended=True))
    when(held().and_by(SEKDA, released("all", *HALF, ended=True)), release(), on="2026-05-05").then_refused(
        HoldNotImposed
    )
    when(noticed(), release(), on="2026-05-04").then_refused(HoldNotImposed)


def test_a_part_and_then_one_person_are_released_and_the_rest_stays_held() -> None:
    """Regions release unit by unit as each gets ready, or person by person."""
    fifth = tuple(HeldShare(person=person, percent=Decimal(20)) for person in ("kadinkes", "budi"))
    spec = when(held("kadinkes", "budi"), release("part", *fifth), on="2026-05-04")
    part = released("part", *fifth, ended=False)
    spec.then(part)
    rest = HeldShare(person="budi", percent=Decimal(30))
    person = released("person", rest, ended=False)
    spec = when(held("kadinkes", "budi").and_by(SEKDA, part), release("person", rest), on="2026-05-04").then(person)
    assert isinstance(spec.state, HoldState)
    assert spec.state.held == {"kadinkes": Decimal(30)}
    last = HeldShare(person="kadinkes", percent=Decimal(30))
    when(held("kadinkes", "budi").and_by(SEKDA, part, person), release("part", last), on="2026-05-04").then(
        released("part", last, ended=True)
    )


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (release("part"), ReleaseUnfit),
        (release("person"), ReleaseUnfit),
        (release("part", HeldShare(person="kadinkes", percent=Decimal(51))), ReleaseUnfit),
        (release("part", HALF[0], HALF[0]), ReleaseUnfit),
        (release("all", HALF[0]), ReleaseUnfit),
        (release("person", HALF[0], HeldShare(person="budi", percent=Decimal(50))), ReleaseUnfit),
        (release("person", HeldShare(person="citra", percent=Decimal(50))), PersonNotHeld),
    ],
)
def test_no_more_than_is_held_is_released_and_as_the_scope_says(command: ReleaseHold, refusal: type[Refusal]) -> None:
    when(held("kadinkes", "budi"), command, on="2026-05-04").then_refused(refusal)


def test_nobody_releases_their_own_allowance() -> None:
    own = actor("kadinkes", Role.HOLD_AUTHORITY)
    when(held(), release(), on="2026-05-04", by=own).then_refused(OwnWork)


def test_a_hold_passes_to_a_unit_in_being_until_it_ended() -> None:
    transfer = TransferHold(hold=H, to_unit="dinsos", reason=REASON)
    moved = HoldTransferred(effective_on=day("2026-05-04"), unit="dinsos", reason=REASON)
    when(held(), transfer, on="2026-05-04").then(moved)
    when(proposed(), transfer, on="2026-05-04").then(moved)
    when(held().and_by(SEKDA, moved), transfer, on="2026-05-05").then()
    when(held(), TransferHold(hold=H, to_unit="lama", reason=REASON), on="2026-05-04").then_refused(UnitNotInBeing)
    when(held(), TransferHold(hold=H, to_unit="dinsos"), on="2026-05-04").then_refused(ReasonMissing)
    over = held().and_by(SEKDA, released("all", *HALF, ended=True))
    when(over, transfer, on="2026-05-05").then_refused(HoldAlreadyDecided)
