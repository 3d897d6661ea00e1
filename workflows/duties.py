"""The duties of a cycle as its events tell them, and the commands that keep them up to date."""

from datetime import date
from typing import Any, Self

import msgspec

from domain.event import RecordedEvent
from domain.obligation.commands import MeetObligation, NoteSubmission, ReturnSubmission
from domain.obligation.events import ObligationMet, ObligationOpened, ObligationWaived
from domain.obligation.refusals import ObligationSettled
from domain.period import Period
from domain.stream import derived_id
from workflows.workflow import Send, unit_and_year

AGREEMENT = "agreement"
AMENDMENT = "amendment"
MEASUREMENT = "measurement"
REPORT = "report"
RECOMMENDATION = "recommendation"


class Duties(msgspec.Struct, frozen=True):
    """The duties of one cycle by their cause, such as `measurement-q1`; settled are those met or waived."""

    opened: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()

    def after(self, event: RecordedEvent[Any]) -> Self:
        """Return the duties after an event of the cycle."""
        match event.body:
            case ObligationOpened():
                return msgspec.structs.replace(self, opened=self.opened | {cause_of(event.stream)})
            case ObligationMet() | ObligationWaived():
                return msgspec.structs.replace(self, settled=self.settled | {cause_of(event.stream)})
            case _:
                return self

    def pending(self, cause: str | None) -> bool:
        """Say whether a duty was opened and is neither met nor waived."""
        return cause in self.opened and cause not in self.settled


def cause_of(stream: str) -> str:
    """Return the cause in the stream name of a duty, recommendation or hold.

    >>> cause_of("obligation/2024.dinkes.measurement-q1")
    'measurement-q1'
    """
    return stream.split(".", 2)[2]


def cause_of_quarter(period: Period) -> str | None:
    """Return the cause of the duty to measure a quarter; null for other periods, which are no duties."""
    return f"{MEASUREMENT}-q{period.number}" if period.frequency == "quarter" else None


def meet(event: RecordedEvent[Any], cause: str, *, met_on: date, since: date) -> Send:
    """Send that the duty of the event's cycle was met on a day, as is known `since` the cause that showed it."""
    return Send(
        MeetObligation(
            obligation=derived_id(*unit_and_year(event), cause),
            met_on=met_on,
            effective_on=max(since, event.effective_on),
        ),
        tolerates=(ObligationSettled,),
    )


def note(event: RecordedEvent[Any], cause: str, *, submitted_on: date) -> Send:
    """Send that something was submitted for the duty of the event's cycle on a day."""
    return Send(NoteSubmission(obligation=derived_id(*unit_and_year(event), cause), effective_on=submitted_on))


def give_back(event: RecordedEvent[Any], cause: str, *, correct_by: date | None = None) -> Send:
    """Send that what was submitted for the duty of the event's cycle went back, to be corrected by a day."""
    return Send(
        ReturnSubmission(
            obligation=derived_id(*unit_and_year(event), cause),
            correct_by=correct_by,
            effective_on=event.effective_on,
        ),
        tolerates=(ObligationSettled,),
    )
