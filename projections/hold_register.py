"""Whose allowance is held, since when, on which basis, and which part of it still is?"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, assert_never, cast

import msgspec
from msgspec import Struct

from domain.allowance_hold.events import (
    HeldShare,
    HoldDeclined,
    HoldEvent,
    HoldImposed,
    HoldKind,
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
from domain.arithmetic import difference
from domain.dated import Dated
from domain.event import RecordedEvent
from domain.rulebook import RuleRef
from domain.stream import category_of
from projections.hold_row import Decision, HoldRow, Notice, Objection, Outcome, Release
from projections.read_model import ReadModel, Rows, rows_table
from projections.timeline import Step, last_until, status_on, step, trace_of, until

HoldStatus = Literal[
    "proposed",
    "recommended",
    "notice_served",
    "notice_lapsed",
    "imposed",
    "partly_released",
    "released",
    "declined",
    "lapsed",
]
"""`lapsed`: a proposal that ended because the duty was met before a decision."""

LISTED_FROM_MONTH: Final = 11
"""November: postponed pay that is not released by then may be lost with the budget year, so it is listed."""


class ShareHeld(Struct, frozen=True, kw_only=True):
    """The part of a person's allowance that was held and that still is, in percent."""

    person: str
    imposed_percent: Decimal
    held_percent: Decimal


class Hold(Struct, frozen=True, kw_only=True):
    """A hold on a day. Pay is never computed: months and percent say what is held.

    `suspended`: a pending objection suspends it. `may_expire`: postponed pay still held in November of its year or
    later.
    """

    id: str
    unit: str
    fiscal_year: int
    obligation: str
    duty: str
    status: HoldStatus
    kind: HoldKind
    rule: RuleRef
    article: str
    notice: Notice | None
    decision: Decision | None
    months: tuple[str, ...]
    shares: tuple[ShareHeld, ...]
    in_force: bool
    suspended: bool
    may_expire: bool
    objections: tuple[Objection, ...]
    releases: tuple[Release, ...]
    steps: tuple[Step, ...]


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the row of the hold."""
    return (event.stream.partition("/")[2],) if category_of(event.stream) == "hold" else ()


def evolve(key: str, row: HoldRow | None, event: RecordedEvent[HoldEvent]) -> HoldRow:
    """Fold one event of a hold."""
    body, trace = event.body, trace_of(event)
    if isinstance(body, HoldProposed):
        return _proposed(key, event, body)
    if row is None:
        raise ValueError(f"{key} has a history before it was proposed")
    match body:
        case HoldRecommended(reason=reason):
            return _reached(row, step(event, "recommended", reason=reason))
        case NoticeServed(number=number, answer_until=answer_until):
            notice = Notice(number=number, answer_until=answer_until, trace=trace)
            return _reached(row, step(event, "notice_served")).now(notices=(*row.notices, notice))
        case NoticeLapsed():
            return _reached(row, step(event, "notice_lapsed"))
        case HoldImposed():
            return _imposed(row, event, body)
        case HoldDeclined(reason=reason):
            return _reached(row, step(event, "declined", reason=reason))
        case HoldLapsed():
            return _reached(row, step(event, "lapsed"))
        case ObjectionFiled():
            return row.now(objections=(*row.objections, _filed(event, body)))
        case ObjectionDecided():
            return row.now(objections=_decided(row.objections, event, body))
        case HoldReleased():
            return _released(row, event, body)
        case HoldTransferred(unit=unit):
            return row.now(unit=unit, carriers=row.carriers.add(event.effective_on, event.version, unit))
        case _:
            assert_never(body)


def _proposed(key: str, event: RecordedEvent[HoldEvent], body: HoldProposed) -> HoldRow:
    return HoldRow(
        key=key,
        unit=body.unit,
        fiscal_year=body.fiscal_year,
        obligation=body.obligation,
        duty=body.duty,
        rule=body.rule,
        article=body.article,
        kind=body.kind,
        carriers=Dated[str]().add(event.effective_on, event.version, body.unit),
        steps=(step(event, "proposed"),),
    )


def _reached(row: HoldRow, reached: Step) -> HoldRow:
    return row.now(steps=(*row.steps, reached))


def _imposed(row: HoldRow, event: RecordedEvent[HoldEvent], body: HoldImposed) -> HoldRow:
    decision = Decision(
        number=body.decision,
        persons=body.persons,
        months=body.months,
        article=body.article,
        kind=body.kind,
        file=body.file,
        trace=trace_of(event),
    )
    return _reached(row, step(event, "imposed")).now(decision=decision)


def _filed(event: RecordedEvent[HoldEvent], body: ObjectionFiled) -> Objection:
    return Objection(
        person=body.person,
        grounds=body.grounds,
        decide_by=body.decide_by,
        suspends=body.suspends,
        outcome=None,
        trace=trace_of(event),
    )


def _decided(
    objections: Sequence[Objection], event: RecordedEvent[HoldEvent], body: ObjectionDecided
) -> tuple[Objection, ...]:
    pending = next((each for each in objections if each.outcome is None and each.person == body.person), None)
    if pending is None:
        raise ValueError(f"no objection of {body.person or 'the unit'} is pending")
    outcome = Outcome(upheld=body.upheld, deemed=body.deemed, reason=body.reason, trace=trace_of(event))
    return tuple(msgspec.structs.replace(each, outcome=outcome) if each is pending else each for each in objections)


def _released(row: HoldRow, event: RecordedEvent[HoldEvent], body: HoldReleased) -> HoldRow:
    release = Release(
        scope=body.scope, released=body.released, reason=body.reason, ended=body.ended, trace=trace_of(event)
    )
    status = "released" if body.ended else "partly_released"
    return _reached(row, step(event, status, reason=body.reason)).now(releases=(*row.releases, release))


def at(row: HoldRow, day: date) -> Hold | None:
    """Return the hold on a day, or None where it was not proposed yet."""
    status, carrier = status_on(row.steps, day), row.carriers.at(day)
    if status is None or carrier is None or row.fiscal_year is None:
        return None
    decision = row.decision if row.decision is not None and row.decision.trace.effective_on <= day else None
    releases = until(row.releases, day)
    objections = tuple(_known(row.objections, day))
    shares = () if decision is None else tuple(_still_held(decision.persons, releases))
    in_force = any(share.held_percent > 0 for share in shares)
    kind = row.kind if decision is None else decision.kind
    return Hold(
        id=row.key,
        unit=carrier,
        fiscal_year=row.fiscal_year,
        obligation=row.obligation,
        duty=row.duty,
        status=cast("HoldStatus", status),
        kind=kind,
        rule=row.rule,
        article=row.article if decision is None else decision.article,
        notice=last_until(row.notices, day),
        decision=decision,
        months=() if decision is None else decision.months,
        shares=shares,
        in_force=in_force,
        suspended=in_force and any(each.suspends and each.outcome is None for each in objections),
        may_expire=in_force and kind == "tunda" and decision is not None and _listed(decision.months, day),
        objections=objections,
        releases=releases,
        steps=until(row.steps, day),
    )


def holds(
    rows: Rows,
    day: date,
    *,
    unit: str | None = None,
    fiscal_year: int | None = None,
    status: str | None = None,
    in_force: bool | None = None,
) -> tuple[Hold, ...]:
    """Return the holds proposed by a day, by id; `unit` is the one that carried each on that day."""
    found = (at(row, day) for row in rows.rows(READ_MODEL, fiscal_year=fiscal_year))
    return tuple(
        each
        for each in found
        if each is not None
        and unit in {None, each.unit}
        and status in {None, each.status}
        and in_force in {None, each.in_force}
    )


def hold(rows: Rows, day: date, *, key: str) -> Hold | None:
    """Return one hold by its id on a day, or None."""
    row = rows.row(READ_MODEL, key)
    return None if row is None else at(row, day)


def _known(objections: Iterable[Objection], day: date) -> Iterator[Objection]:
    for each in until(objections, day):
        later = each.outcome is not None and each.outcome.trace.effective_on > day
        yield msgspec.structs.replace(each, outcome=None) if later else each


def _still_held(persons: Iterable[HeldShare], releases: Sequence[Release]) -> Iterator[ShareHeld]:
    ended = any(each.ended for each in releases)
    for person in persons:
        held = person.percent
        for share in (share for each in releases for share in each.released if share.person == person.person):
            held = max(difference(held, share.percent), Decimal(0))
        yield ShareHeld(
            person=person.person, imposed_percent=person.percent, held_percent=Decimal(0) if ended else held
        )


def _listed(months: Iterable[str], day: date) -> bool:
    first_year = min((int(month[:4]) for month in months), default=day.year)
    return (day.year, day.month) >= (first_year, LISTED_FROM_MONTH)


READ_MODEL = ReadModel(
    name="hold_register",
    row=HoldRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("hold_register"),
    streams=frozenset({"hold"}),
)
