"""Given / when / then for a workflow: what happened in the cycles, what happens now, and what is sent.

given(WORKFLOW, opened).when(signed).then_sends(OpenMeasurement(unit="dinkes", fiscal_year=2025))
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

import msgspec

from domain.command import Command
from domain.errors import Refusal
from domain.event import Event, Origin, RecordedEvent, type_of
from domain.sealed_text import SealedText
from domain.stream import cycle, cycle_of
from tests.spec import ANYONE
from workflows.workflow import Send, Workflow

RECORDED_AT = datetime(2026, 12, 31, 3, tzinfo=UTC)
"""When a fact is recorded unless it says otherwise: long after everything in these specifications."""


class Fact(NamedTuple):
    """An event on its stream, how it came into the log, and when."""

    stream: str
    body: Event
    origin: Origin = Origin.LIVE
    recorded_at: datetime = RECORDED_AT

    def as_history(self) -> "Fact":
        """Return the same, entered late."""
        return self._replace(origin=Origin.HISTORY)

    def recorded(self, instant: str) -> "Fact":
        """Return the same, recorded at a UTC instant such as `2025-01-02T03:00`."""
        return self._replace(recorded_at=datetime.fromisoformat(instant).replace(tzinfo=UTC))


class Spec:
    """A history of cycles, an event, and the commands that a workflow sends because of it."""

    def __init__(self, workflow: Workflow, history: tuple[Fact, ...]) -> None:
        self.workflow = workflow
        self.history = history
        self.sent: tuple[Command, ...] | None = None
        self.tolerated: set[type[Refusal]] = set()

    def and_(self, *facts: Fact) -> Self:
        """Add history."""
        return type(self)(self.workflow, (*self.history, *facts))

    def when(self, fact: Fact) -> Self:
        """Let the event happen, and the workflow see it as the runner shows it."""
        log = [recorded(each, position) for position, each in enumerate((*self.history, fact), 1)]
        event = log[-1]
        assert isinstance(event.body, self.workflow.triggers), f"{event.type} is no trigger of {self.workflow.name}"
        prefix = self.workflow.correlate(event)
        state = self.workflow.initial
        for each in log if prefix is not None else ():
            if (each.correlation or "").startswith(prefix or ""):
                state = self.workflow.evolve(state, each)
        sends = tuple(self.workflow.react(state, event))
        self.sent = tuple(admissible(send) for send in sends)
        self.tolerated = {refusal for send in sends for refusal in send.tolerates}
        addressed = [(send.name, send.subject) for send in sends]
        assert len(addressed) == len(set(addressed)), f"two commands of one name to one stream: {addressed}"
        return self

    def then_sends(self, *commands: Command) -> Self:
        """Expect exactly these commands, in this order."""
        assert self.sent == commands
        return self

    def tolerating(self, *refusals: type[Refusal]) -> Self:
        """Expect that exactly these refusals of what is sent leave nothing to mend."""
        assert self.tolerated == set(refusals)
        return self

    def then_sends_nothing(self) -> Self:
        """Expect that nothing follows."""
        return self.then_sends()


def given(workflow: Workflow, *facts: Fact) -> Spec:
    """Begin with what happened before."""
    return Spec(workflow, facts)


def recorded(fact: Fact, position: int) -> RecordedEvent[Any]:
    """Put a fact into the envelope that the command handler and the log give it."""
    unit, year = cycle_of(fact.stream) or (getattr(fact.body, "unit", None), getattr(fact.body, "fiscal_year", None))
    return RecordedEvent(
        institution="contoh",
        position=position,
        stream=fact.stream,
        version=position,
        fiscal_year=year,
        type=type_of(fact.body),
        recorded_at=fact.recorded_at,
        origin=fact.origin,
        actor=ANYONE,
        command_id=f"c-{position}",
        index=0,
        causation=None,
        correlation=cycle(unit, year) if unit and year else None,
        body=fact.body,
    )


def admissible(send: Send) -> Command:
    """Return the command as it is read back: constructors do not check bounds, reading does."""
    plain = msgspec.to_builtins(send.command, enc_hook=_digest)
    return msgspec.convert(plain, type(send.command), dec_hook=_sealed)


def _digest(value: object) -> str:
    assert isinstance(value, SealedText)
    return value.digest


def _sealed(kind: type, value: object) -> SealedText:
    assert kind is SealedText
    return SealedText(str(value))
