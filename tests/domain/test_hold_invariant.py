"""No state where a hold starts without an adopted rule, a lapsed notice and two different people, whatever is tried."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from domain.actor import SYSTEM_ROLES, Actor, Role, system_actor
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
    HoldImposed,
    HoldProposed,
    HoldRecommended,
    HoldReleased,
    NoticeLapsed,
    NoticeServed,
    ObjectionDecided,
)
from domain.decider import decide, fold
from domain.duty_rules import HoldRules
from domain.errors import Refusal
from domain.event import Event, Origin, RecordedEvent
from domain.facts import Facts, ObligationFacts
from domain.institution import Institution
from tests.domain.setting import PLAIN, REASON, REFERENCES, RULEBOOKS, actor, adopting, day
from tests.spec import recorded

H = "2025.dinkes.report"
RULE = REFERENCES["hold-contoh-perkada"]
RULED = adopting(RULE)
FIRST_DAY = day("2026-03-01")
PERSONS = ("bagor", "sekda", "bupati", "kadinkes")
ROLES = (Role.ORGANISATION_BUREAU, Role.HOLD_AUTHORITY, Role.INSTITUTION_HEAD, Role.UNIT_HEAD, Role.WORKFLOW)
SHARES = st.builds(
    HeldShare, person=st.sampled_from(PERSONS), percent=st.sampled_from([Decimal(20), Decimal(50), Decimal(100)])
)
BUREAU = actor("bagor", Role.ORGANISATION_BUREAU)
SEKDA = actor("sekda", Role.HOLD_AUTHORITY)
HEAD = actor("bupati", Role.INSTITUTION_HEAD)
SYSTEM = system_actor(Role.WORKFLOW, "overdue_to_hold")
HALF = (HeldShare(person="kadinkes", percent=Decimal(50)),)
PATH: tuple[tuple[HoldCommand, Actor, int], ...] = (
    (ProposeHold(hold=H), SYSTEM, 7),
    (RecommendHold(hold=H, reason=REASON), BUREAU, 1),
    (ServeNotice(hold=H, number="800/3"), BUREAU, 0),
    (LapseNotice(hold=H), SYSTEM, 17),
    (ImposeHold(hold=H, decision="SK 12", persons=HALF, months=("2026-04",)), SEKDA, 1),
    (FileObjection(hold=H, person="kadinkes", grounds=REASON), BUREAU, 1),
    (DecideObjection(hold=H, upheld=True, reason=REASON), HEAD, 1),
)
"""The lawful way to a hold and out of it again: what, by whom, how many days after the step before."""

COMMANDS: st.SearchStrategy[HoldCommand] = st.one_of(
    st.sampled_from([command for command, _, _ in PATH]),
    st.builds(
        ImposeHold,
        hold=st.just(H),
        decision=st.just("SK 13"),
        persons=st.lists(SHARES, min_size=1, max_size=3).map(tuple),
        months=st.just(("2026-04",)),
    ),
    st.builds(
        ReleaseHold,
        hold=st.just(H),
        scope=st.sampled_from(["all", "part", "person"]),
        released=st.lists(SHARES, max_size=2).map(tuple),
        reason=st.just(REASON),
    ),
    st.builds(
        ReleaseHold,
        hold=st.just(H),
        scope=st.just("part"),
        released=st.sampled_from([Decimal(20), Decimal(50)]).map(
            lambda percent: (HeldShare(person="kadinkes", percent=percent),)
        ),
        reason=st.just(REASON),
    ),
    st.sampled_from(
        [
            DeclineHold(hold=H, reason=REASON),
            LapseHold(hold=H),
            DeemObjectionGranted(hold=H),
            DecideObjection(hold=H, upheld=False, reason=REASON),
            FileObjection(hold=H, grounds=REASON),
            TransferHold(hold=H, to_unit="dinsos", reason=REASON),
        ]
    ),
)


class Attempt(NamedTuple):
    """A command by someone, so many days after the one before; whether a rule is adopted and the duty unmet then."""

    command: HoldCommand
    actor: Actor
    days: int
    adopted: bool
    unmet: bool


LAWFUL = tuple(Attempt(command, by, days, adopted=True, unmet=True) for command, by, days in PATH)
ANYONE = st.builds(Actor, id=st.sampled_from(PERSONS), role=st.sampled_from(ROLES))
ANYTHING: st.SearchStrategy[Attempt] = st.builds(
    Attempt,
    command=COMMANDS,
    actor=st.one_of(st.sampled_from((BUREAU, SEKDA, HEAD)), ANYONE),
    days=st.sampled_from((0, 1, 20)),
    adopted=st.just(True),  # noqa: FBT003 - a value, not a flag
    unmet=st.just(True),  # noqa: FBT003 - the same
)


def mistaken(lawful: Attempt) -> st.SearchStrategy[Attempt]:
    """Return attempts that differ from the lawful one in a single way."""
    persons = st.builds(Actor, id=st.sampled_from(PERSONS), role=st.just(lawful.actor.role))
    return st.one_of(
        st.one_of(persons, ANYONE).map(lambda by: lawful._replace(actor=by)),
        st.sampled_from((max(lawful.days - 1, 0), 0, lawful.days + 1, 60)).map(lambda days: lawful._replace(days=days)),
        st.sampled_from((lawful._replace(adopted=False), lawful._replace(unmet=False))),
    )


@st.composite
def lawful_with_mistakes(draw: st.DrawFn) -> list[Attempt]:
    """Return the lawful way with up to two mistakes or omissions, and anything else tried somewhere between."""
    way = list(LAWFUL)
    for step in draw(st.sets(st.integers(0, len(way) - 1), max_size=2)):
        way[step] = draw(mistaken(LAWFUL[step]))
    for step in sorted(draw(st.sets(st.integers(0, len(way) - 1), max_size=1)), reverse=True):
        del way[step]
    place = draw(st.integers(0, len(way)))
    return [*way[:place], *draw(st.lists(ANYTHING, max_size=5)), *way[place:]]


ATTEMPTS = lawful_with_mistakes()


class Trail(NamedTuple):
    """What was recorded, and for each event the rules and the duty as they were then."""

    events: Sequence[RecordedEvent[Event]]
    circumstances: Mapping[int, tuple[Institution, ObligationFacts]]


def run(attempts: Sequence[Attempt]) -> Trail:
    """Let the stage decide on every attempt and keep what it records."""
    events: list[RecordedEvent[Event]] = []
    circumstances: dict[int, tuple[Institution, ObligationFacts]] = {}
    today = FIRST_DAY
    for each in attempts:
        today += timedelta(days=each.days)
        institution = RULED if each.adopted else PLAIN
        duty = ObligationFacts(
            unit="dinkes",
            fiscal_year=2025,
            duty="report",
            due_on=day("2026-02-28"),
            overdue=True,
            settled=not each.unmet,
        )
        facts = Facts(
            actor=each.actor,
            now=datetime(today.year, today.month, today.day, tzinfo=UTC),
            today=today,
            origin=Origin.LIVE,
            institution=institution,
            rulebooks=RULEBOOKS,
            published={f"obligation/{H}": duty},
        )
        try:
            new = decide(STAGE, each.command, fold(STAGE, events), facts)
        except Refusal:
            continue
        for body in new:
            events.append(recorded(body, len(events) + 1, each.actor))
            circumstances[len(events)] = (institution, duty)
    return Trail(events, circumstances)


def only(events: Sequence[RecordedEvent[Event]], kind: type[Event]) -> Sequence[RecordedEvent[Event]]:
    """Return the events of a kind."""
    return [each for each in events if isinstance(each.body, kind)]


@settings(max_examples=600, deadline=None)
@given(ATTEMPTS)
def test_no_hold_starts_without_an_adopted_rule_a_lapsed_notice_and_two_people(attempts: Sequence[Attempt]) -> None:
    """Issue and practice: only a local rule, a notice that ran out, and a decision by another than the recommender."""
    events, circumstances = run(attempts)
    assert len(only(events, HoldImposed)) <= 1
    for imposed in only(events, HoldImposed):
        before = [each for each in events if each.version < imposed.version]
        (proposed,) = only(before, HoldProposed)
        (recommended,) = only(before, HoldRecommended)
        (served,) = only(before, NoticeServed)
        (lapsed,) = only(before, NoticeLapsed)
        for each in (proposed, imposed):
            institution, duty = circumstances[each.version]
            assert institution is RULED
            assert not duty.settled
        assert isinstance(served.body, NoticeServed)
        assert served.effective_on < served.body.answer_until < lapsed.effective_on <= imposed.effective_on
        assert imposed.actor.id != recommended.actor.id
        assert {imposed.actor.role, recommended.actor.role}.isdisjoint(SYSTEM_ROLES)
        rules = RULEBOOKS[RULE.digest]
        assert isinstance(rules, HoldRules)
        assert isinstance(imposed.body, HoldImposed)
        assert (imposed.actor.role.value, recommended.actor.role.value) == (rules.decided_by, rules.recommended_by)
        assert (imposed.body.kind, imposed.body.article) == (rules.hold_kind, rules.article)
        assert all(share.percent <= rules.share_percent for share in imposed.body.persons)


@settings(max_examples=600, deadline=None)
@given(ATTEMPTS)
def test_releases_never_exceed_what_is_held_and_end_it_exactly_when_nothing_is_left(
    attempts: Sequence[Attempt],
) -> None:
    events, _ = run(attempts)
    left: dict[str, Decimal] = {}
    imposers = {each.actor.id for each in only(events, HoldImposed)}
    for each in events:
        if isinstance(each.body, HoldImposed):
            left = {share.person: share.percent for share in each.body.persons}
        if isinstance(each.body, HoldReleased):
            for share in each.body.released:
                left[share.person] -= share.percent
            assert all(percent >= 0 for percent in left.values())
            assert each.body.ended is not any(left.values())
        if isinstance(each.body, ObjectionDecided) and not each.body.deemed:
            assert each.actor.id not in imposers


@pytest.mark.parametrize("kind", [HoldImposed, HoldReleased, ObjectionDecided])
def test_the_attempts_do_reach_a_hold_a_release_and_a_decided_objection(kind: type[Event]) -> None:
    """Without this the two properties above might hold because nothing ever happens."""

    def reached(attempts: list[Attempt]) -> bool:
        return bool(only(run(attempts).events, kind))

    unshrunk = settings(phases=[Phase.generate], max_examples=1000, database=None)
    assert find(ATTEMPTS, reached, settings=unshrunk)
