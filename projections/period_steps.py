"""What became of the figures of each period: submitted, returned, verified, locked, reopened until a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct

from domain.event import RecordedEvent
from domain.measurement.events import PeriodLocked, PeriodReopened, PeriodReturned, PeriodSubmitted, PeriodVerified
from domain.period import Period
from projections.timeline import Step, status_on, step, until


class PeriodSteps(Struct, frozen=True, kw_only=True, gc=False):
    """A period and its steps in the order of the log."""

    period: Period
    steps: tuple[Step, ...] = ()


class PeriodOn(Struct, frozen=True, kw_only=True):
    """The status of a period's figures on a day, and how it came to it. A reopening that has ended is locked again."""

    period: str
    label: str
    status: str
    steps: tuple[Step, ...]


def evolve_periods(periods: tuple[PeriodSteps, ...], event: RecordedEvent[Any]) -> tuple[PeriodSteps, ...]:
    """Fold one event of a measurement into the steps of its periods; events that move no period change nothing."""
    match event.body:
        case PeriodSubmitted(period=period):
            return _stepped(periods, period, step(event, "submitted"))
        case PeriodVerified(period=period):
            return _stepped(periods, period, step(event, "verified"))
        case PeriodReturned(period=period, reason=reason):
            return _stepped(periods, period, step(event, "returned", reason=reason))
        case PeriodLocked(period=period):
            return _stepped(periods, period, step(event, "locked"))
        case PeriodReopened(period=period, reason=reason, until=last):
            return _stepped(periods, period, step(event, "reopened", reason=reason, until=last))
        case _:
            return periods


def periods_on(periods: Iterable[PeriodSteps], day: date) -> tuple[PeriodOn, ...]:
    """Return the periods that had a step by a day, in the order in which they end."""
    in_order = sorted(periods, key=lambda each: (each.period.last_day, each.period.code))
    return tuple(
        PeriodOn(period=each.period.code, label=each.period.label, status=status, steps=until(each.steps, day))
        for each in in_order
        if (status := status_on(each.steps, day)) is not None
    )


def _stepped(periods: tuple[PeriodSteps, ...], period: Period, reached: Step) -> tuple[PeriodSteps, ...]:
    steps = {each.period: each.steps for each in periods}
    steps[period] = (*steps.get(period, ()), reached)
    return tuple(PeriodSteps(period=each, steps=taken) for each, taken in steps.items())
