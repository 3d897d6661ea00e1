"""The shape of a workflow: what must happen next in a cycle, said as commands and never done here.

A workflow is the same three functions as a stage. Its state is folded on demand from the events of its cycle, so there
is no state to keep. `services/workflow_runner.py` sends what it says, with ids derived from the cause, so that a crash
in between repeats an id and changes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.command import Command, name_of
from domain.errors import Refusal
from domain.event import Event, RecordedEvent, StatusChange

WHOLE_LOG: Final = ""
"""What everything in the log correlates with, also what belongs to no cycle; to fold it is for rare triggers only."""


class Send(NamedTuple):
    """An output: a command to send. One reaction sends at most one command of a name to a stream.

    `tolerates` names the refusals that leave nothing to mend, because somebody was faster or time will tell; any other
    makes the output a dead letter.
    """

    command: Command
    tolerates: tuple[type[Refusal], ...] = ()

    @property
    def name(self) -> str:
        """The command's permanent name."""
        return name_of(self.command)

    @property
    def subject(self) -> str:
        """The stream that the command is about."""
        return self.command.stream


class Workflow(NamedTuple):
    """One arrow of the cycle.

    `triggers` are the events it reacts to. `correlate` gives, for such an event, the cycle whose events are folded into
    the state: `unit/year` for one year, `unit/` for all years of a unit, `WHOLE_LOG` for all there is, null when no
    state is needed. The state given to `react` is folded from the events of that cycle up to and including the event
    itself, and from no later one: the same cause has the same outputs whenever it is looked at. Where two facts
    together call for a command, each is a trigger, and the later one sends it. `streams` are the categories of streams
    whose events can change the state, null where any may: the others are not decoded.
    """

    name: str
    triggers: tuple[type[Event], ...]
    correlate: Callable[[RecordedEvent[Any]], str | None]
    initial: Any
    evolve: Callable[[Any, RecordedEvent[Any]], Any]
    react: Callable[[Any, RecordedEvent[Any]], Sequence[Send]]
    streams: frozenset[str] | None = None


def own_cycle(event: RecordedEvent[Any]) -> str | None:
    """Correlate with the cycle that the event belongs to."""
    return event.correlation


def every_year(event: RecordedEvent[Any]) -> str:
    """Correlate with all years of the unit whose cycle the event belongs to."""
    return f"{unit_and_year(event)[0]}/"


def unit_and_year(event: RecordedEvent[Any]) -> tuple[str, int]:
    """Return (unit, fiscal year) of the cycle that an event belongs to; ValueError where it belongs to none."""
    unit, _, year = (event.correlation or "").partition("/")
    return unit, int(year)


def day_of(event: RecordedEvent[Any]) -> date | None:
    """Return the day on which what follows from an event takes effect: its own, null (today) where that is to come.

    A local day is never behind the UTC day east of Greenwich, so a day up to the UTC day of recording is no future one.
    """
    return event.effective_on if isinstance(event.body, StatusChange) else unless_to_come(event.effective_on, event)


def unless_to_come(day: date, event: RecordedEvent[Any]) -> date | None:
    """Return a day, or null (today) where it was still to come when an event was recorded."""
    return day if day <= event.recorded_at.date() else None
