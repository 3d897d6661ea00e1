"""What a year is held against, and up to where approvals or a report settle what happened to a document."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Final, Literal, NamedTuple

import msgspec

from domain.agreement.events import AgreementAmended, AgreementRectified, AgreementSigned
from domain.allowance_hold.events import HoldDeclined, HoldImposed
from domain.evaluation.events import LheIssued, ResultRecorded
from domain.event import Event, RecordedEvent
from domain.follow_up.events import ResultApproved
from domain.measurement.due import covering
from domain.measurement.events import PeriodLocked, PeriodVerified
from domain.period import Period
from domain.report.events import ReportAccepted, ReportReviewed, ReportSubmitted
from projections.keyed_fold import KeyedFold
from services.year_file import REGISTERS

Against = Literal["moment", "report", "approval"]
"""What the present is held against: an earlier moment, the report as it was submitted, or each document's approval."""

SETTLING: Final[Mapping[str, tuple[type[Event], ...]]] = {
    "agreements": (AgreementSigned, AgreementAmended, AgreementRectified),
    "achievements": (PeriodVerified, PeriodLocked),
    "reports": (ReportReviewed, ReportSubmitted, ReportAccepted),
    "evaluations": (LheIssued, ResultRecorded),
    "recommendations": (ResultApproved,),
    "holds": (HoldImposed, HoldDeclined),
}
"""By which events a document of a register is approved, signed or verified; a duty is none of these."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared: a year of all units or one, on a day, up to position `later`.

    `earlier` is the position that it is held against, or null where the report or the approvals are.
    """

    year: int
    unit: str | None
    day: date
    against: Against
    earlier: int | None
    later: int


class Document(NamedTuple):
    """A row of a register, by its key."""

    register: str
    key: str


Settled = Callable[[Document, str], int]
"""Returns up to which position it is settled what happens to a document, or to one period of it (by its code)."""


def settled_until(events: Iterable[RecordedEvent[Event]], span: Span) -> Settled:
    """Find what is settled by the last baselines among all events; of documents that have none, everything is.

    What happens in a period changes nothing but that period, which the baseline of a period that covers it settles, and
    what is told of the year as a whole, which any baseline does.
    """
    if span.against == "moment":
        return lambda _document, _part: span.earlier or 0
    if span.against == "report":
        return _settled_by_report(events, span)
    last = _last_settled(events)

    def settled(document: Document, part: str) -> int:
        own = last.get(document, {"": span.later})
        if not part:
            return min(own.values())
        return max((own[each] for each in settling_periods(part) if each in own), default=max(own.values()))

    return settled


def _last_settled(events: Iterable[RecordedEvent[Event]]) -> dict[Document, dict[str, int]]:
    """Return at which position each document (by period) was settled last, of those that ever were."""
    last: dict[Document, dict[str, int]] = {}
    folds = [(each.name, KeyedFold(each.model)) for each in REGISTERS]
    for event in events:
        for register, fold in folds:
            if isinstance(event.body, SETTLING.get(register, ())):
                for key in fold.keys(event):
                    last.setdefault(Document(register, key), {})[part_of(register, event)] = event.position
    return last


def _settled_by_report(events: Iterable[RecordedEvent[Event]], span: Span) -> Settled:
    """Settle what is of the cycle of a unit by its last report; what may pass on to a unit only before any report."""
    submitted = [
        event for event in events if isinstance(event.body, ReportSubmitted) and event.fiscal_year == span.year
    ]
    last = {event.stream.partition("/")[2]: event.position for event in submitted}
    first = min((event.position for event in submitted), default=span.later)
    of_cycle = {each.name for each in REGISTERS if each.model.of_cycle}
    return lambda document, _part: last.get(document.key, span.later) if document.register in of_cycle else first


def part_of(register: str, event: RecordedEvent[Event]) -> str:
    """Return of which period of a document an event of a register is, or nothing: of all of it."""
    if register != "achievements":
        return ""
    period = getattr(getattr(event.body, "realisation", event.body), "period", None)
    return "" if period is None else str(period.code)


@cache
def settling_periods(period: str) -> tuple[str, ...]:
    """Return the codes of the periods whose approval settles one: its own, and of a month that of its quarter.

    >>> settling_periods("2024-M02"), settling_periods("2024-Q1"), settling_periods("")
    (('2024-M02', '2024-Q1'), ('2024-Q1',), ('',))
    """
    return tuple(each.code for each in covering(Period.parse(period))) if period else ("",)
