"""What an event is: four kinds of fact, and the envelope that the log puts around each of them.

A *status change* moves a stage on. A *dated value* adds a version of something that holds from a day on. A
*correction* replaces the value of a version, a *withdrawal* removes one; both name it by its version in the stream.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from domain.actor import Actor


class Origin(StrEnum):
    """How a fact came into the log: recorded as it happened, entered later, or played by the demo."""

    LIVE = "live"
    HISTORY = "history"
    SIMULATED = "simulated"


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that happened, and the local day on which it takes effect."""

    effective_on: date


class StatusChange(Event, frozen=True, kw_only=True):
    """Effective not before the previous status change of its stream, and not after today."""


class DatedValue(Event, frozen=True, kw_only=True):
    """Adds a version; past and future days are allowed."""


class Correction(Event, frozen=True, kw_only=True):
    """Replaces the value of the version that stream version `corrects` added; keeps its day."""

    corrects: int


class Withdrawal(Event, frozen=True, kw_only=True):
    """Removes the version that stream version `withdraws` added."""

    withdraws: int


EventT_co = TypeVar("EventT_co", bound=Event, covariant=True)


class RecordedEvent(msgspec.Struct, Generic[EventT_co], frozen=True, kw_only=True, gc=False):
    """An event as the log holds it: the envelope of `services/event_log` with the decoded body.

    `position` counts from 1 in the institution, `version` from 1 in the stream; `recorded_at` is an aware UTC instant;
    `correlation` is the cycle (`unit/fiscal year`) or null; `causation` is the position that caused it or null.
    """

    institution: str
    position: int
    stream: str
    version: int
    fiscal_year: int | None
    type: str
    recorded_at: datetime
    origin: Origin
    actor: Actor
    command_id: str
    index: int
    causation: int | None
    correlation: str | None
    body: EventT_co

    @property
    def effective_on(self) -> date:
        """The local day on which the fact takes effect."""
        return self.body.effective_on


def type_of(event: Event) -> str:
    """Return the permanent type name of an event, such as `agreement.signed.v1`."""
    return str(type(event).__struct_config__.tag)
