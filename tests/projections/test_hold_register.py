"""Specifications of the hold register: state, notice, shares still held and objections on a day."""

from decimal import Decimal

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
    ReleaseScope,
)
from domain.event import Event
from projections.hold_register import Hold, hold, holds
from tests.projections.sample import FILE, REASON, RULE, day
from tests.projections.spec import Fact, Spec, given, happened, there

ID = "2025.dinkes.agreement"
STREAM = f"hold/{ID}"

PROPOSED = Fact(
    STREAM,
    HoldProposed(
        effective_on=day("2025-03-10"),
        unit="dinkes",
        fiscal_year=2025,
        obligation=ID,
        duty="agreement",
        rule=RULE,
        article="Pasal 12",
        kind="tunda",
    ),
)
NOTICED = happened(
    STREAM,
    HoldRecommended(effective_on=day("2025-03-11"), reason=REASON),
    NoticeServed(rule=RULE, effective_on=day("2025-03-12"), number="SP/1", answer_until=day("2025-03-20")),
    NoticeLapsed(effective_on=day("2025-03-21")),
)
IMPOSED = Fact(
    STREAM,
    HoldImposed(
        rule=RULE,
        effective_on=day("2025-03-25"),
        decision="SK/1",
        persons=(HeldShare(person="kadis", percent=Decimal(50)), HeldShare(person="sekdis", percent=Decimal(20))),
        months=("2025-04", "2025-05"),
        article="Pasal 12 ayat (2)",
        kind="tunda",
        file=FILE,
    ),
)


def begun(*bodies: Event) -> Spec:
    """Return a hold that was imposed, and what happened to it since."""
    return given(PROPOSED, *NOTICED, IMPOSED, *happened(STREAM, *bodies))


def released(on: str, scope: ReleaseScope, shares: dict[str, str], *, ended: bool = False) -> HoldReleased:
    """Return a release of shares in percent by person."""
    return HoldReleased(
        effective_on=day(on),
        scope=scope,
        released=tuple(HeldShare(person=person, percent=Decimal(part)) for person, part in shares.items()),
        reason=REASON,
        ended=ended,
    )


def filed(person: str | None = "kadis", *, suspends: bool = True) -> ObjectionFiled:
    """Return an objection of 1 April, to be decided by the 15th."""
    return ObjectionFiled(
        rule=RULE,
        effective_on=day("2025-04-01"),
        person=person,
        grounds=REASON,
        decide_by=day("2025-04-15"),
        suspends=suspends,
    )


def decided(on: str, *, upheld: bool, person: str | None = "kadis", deemed: bool = False) -> ObjectionDecided:
    """Return the decision on an objection."""
    return ObjectionDecided(effective_on=day(on), upheld=upheld, deemed=deemed, reason=None, person=person)


def the(spec: Spec) -> Hold:
    """Ask for the hold."""
    return there(spec.asked(hold, key=ID))


def held(spec: Spec) -> dict[str, Decimal]:
    """Ask for what is still held, by person."""
    return {each.person: each.held_percent for each in the(spec).shares}


def test_the_status_on_each_day_is_that_of_the_last_step() -> None:
    days = {
        "2025-03-10": "proposed",
        "2025-03-11": "recommended",
        "2025-03-12": "notice_served",
        "2025-03-21": "notice_lapsed",
        "2025-03-25": "imposed",
        "2025-05-01": "partly_released",
        "2025-06-01": "released",
    }
    spec = begun(
        released("2025-05-01", "part", {"kadis": "25"}),
        released("2025-06-01", "all", {"kadis": "25", "sekdis": "20"}, ended=True),
    )
    assert {on: the(spec.on(on)).status for on in days} == days
    assert spec.on("2025-03-09").asked(hold, key=ID) is None


def test_nothing_is_held_before_the_decision() -> None:
    found = the(begun().on("2025-03-24"))
    assert (found.in_force, found.shares, found.months, found.decision) == (False, (), (), None)
    assert (found.article, there(found.notice).answer_until) == ("Pasal 12", day("2025-03-20"))


def test_a_hold_names_persons_months_rule_and_article() -> None:
    found = the(begun())
    assert (found.rule, found.article, found.months) == (RULE, "Pasal 12 ayat (2)", ("2025-04", "2025-05"))
    assert held(begun()) == {"kadis": Decimal(50), "sekdis": Decimal(20)}
    assert there(found.decision).number == "SK/1"


def test_a_release_takes_its_share_off_and_the_rest_stays_held() -> None:
    spec = begun(
        released("2025-05-01", "part", {"kadis": "20", "sekdis": "20"}),
        released("2025-05-10", "person", {"kadis": "30"}, ended=True),
    )
    assert held(spec.on("2025-04-30")) == {"kadis": Decimal(50), "sekdis": Decimal(20)}
    assert held(spec.on("2025-05-01")) == {"kadis": Decimal(30), "sekdis": Decimal(0)}
    assert (held(spec), the(spec).in_force) == ({"kadis": Decimal(0), "sekdis": Decimal(0)}, False)
    assert [each.scope for each in the(spec).releases] == ["part", "person"]


def test_an_objection_suspends_only_while_it_is_pending_and_the_rule_says_so() -> None:
    spec = begun(filed(), decided("2025-04-10", upheld=False))
    assert [the(spec.on(on)).suspended for on in ("2025-03-31", "2025-04-01", "2025-04-10")] == [False, True, False]
    assert the(spec.on("2025-04-05")).objections[0].outcome is None
    assert not there(the(spec).objections[0].outcome).upheld
    assert not the(begun(filed(suspends=False))).suspended


def test_objections_of_several_are_decided_each_on_its_own() -> None:
    spec = begun(filed(), filed("sekdis"), filed(None), decided("2025-04-16", upheld=True, person=None, deemed=True))
    outcomes = {each.person: each.outcome for each in the(spec).objections}
    assert (outcomes["kadis"], outcomes["sekdis"]) == (None, None)
    assert there(outcomes[None]).deemed


def test_postponed_pay_is_listed_from_november() -> None:
    assert [the(begun().on(on)).may_expire for on in ("2025-10-31", "2025-11-01", "2026-01-15")] == [False, True, True]
    paid = begun(released("2025-06-01", "all", {"kadis": "50", "sekdis": "20"}, ended=True))
    assert not the(paid.on("2025-11-01")).may_expire


def test_a_proposal_lapses_or_is_declined() -> None:
    lapsed = given(PROPOSED, *happened(STREAM, HoldLapsed(effective_on=day("2025-03-15"))))
    assert (the(lapsed).status, the(lapsed).in_force) == ("lapsed", False)
    declined = given(PROPOSED, *NOTICED, *happened(STREAM, HoldDeclined(effective_on=day("2025-03-25"), reason=REASON)))
    assert (the(declined).status, the(declined).steps[-1].reason) == ("declined", REASON)


def test_holds_are_asked_for_by_the_unit_that_carries_them_on_the_day() -> None:
    spec = begun(HoldTransferred(effective_on=day("2025-07-01"), unit="bappeda", reason=REASON))
    assert [each.id for each in spec.asked(holds, unit="bappeda")] == [ID]
    assert spec.asked(holds, unit="dinkes") == ()
    assert [each.unit for each in spec.on("2025-06-30").asked(holds, unit="dinkes")] == ["dinkes"]
    assert [each.id for each in spec.asked(holds, in_force=True, status="imposed", fiscal_year=2025)] == [ID]
    assert spec.asked(holds, in_force=False) == ()
