"""The cycle run in memory: stages decide, arrows send, and nothing stands between them."""

from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from domain.actor import Actor, Role, system_actor
from domain.command import Command, name_of
from domain.cycle import stage_of
from domain.decider import decide, fold
from domain.errors import Refusal
from domain.event import Event, Origin, RecordedEvent
from domain.facts import Facts
from domain.institution import Institution
from domain.state import State
from tests.domain.setting import RULEBOOKS
from tests.workflows.spec import Fact, recorded
from workflows.cycle import WORKFLOWS
from workflows.workflow import Workflow


class Run:
    """A log of events, the local day, and the outputs that were refused."""

    def __init__(self, institution: Institution) -> None:
        self.institution = institution
        self.today = date(2025, 1, 1)
        self.log: list[RecordedEvent[Any]] = []
        self.letters: list[tuple[str, str, str]] = []
        self._followed = 0

    def on(self, day: str) -> "Run":
        """Let it be another day."""
        self.today = date.fromisoformat(day)
        return self

    def happened(self, *facts: Fact) -> None:
        """Take facts as they are, and let the arrows follow."""
        for fact in facts:
            self._append(fact, system_actor(Role.CONSOLE, "test"))
        self._follow()

    def ask(self, command: Command, by: Actor, origin: Origin = Origin.LIVE) -> None:
        """Carry a person's command out, and let the arrows follow."""
        self._carry_out(command, by, origin)
        self._follow()

    def bodies(self, stream: str) -> list[Event]:
        """Return what is on a stream."""
        return [event.body for event in self.log if event.stream == stream]

    def types(self, stream: str) -> list[str]:
        """Return the types of what is on a stream."""
        return [event.type.removesuffix(".v1") for event in self.log if event.stream == stream]

    def _follow(self) -> None:
        while self._followed < len(self.log):
            event = self.log[self._followed]
            self._followed += 1
            for workflow in WORKFLOWS:
                if isinstance(event.body, workflow.triggers):
                    self._react(workflow, event)

    def _react(self, workflow: Workflow, event: RecordedEvent[Any]) -> None:
        prefix, state = workflow.correlate(event), workflow.initial
        for each in self.log[: event.position] if prefix is not None else ():
            if (each.correlation or "").startswith(prefix or ""):
                state = workflow.evolve(state, each)
        origin = Origin.HISTORY if event.origin is Origin.HISTORY else Origin.LIVE
        for send in workflow.react(state, event):
            try:
                self._carry_out(send.command, system_actor(Role.WORKFLOW, workflow.name), origin)
            except send.tolerates:
                continue
            except Refusal as refusal:
                self.letters.append((workflow.name, name_of(send.command), refusal.code))

    def _carry_out(self, command: Command, by: Actor, origin: Origin) -> None:
        stage = stage_of(command.stream)
        states = {name: self._state(name) for name in stage.relies_on(command)}
        facts = Facts(
            actor=by,
            now=self._now,
            today=self.today,
            origin=origin,
            institution=self.institution,
            rulebooks=RULEBOOKS,
            published={name: stage_of(name).publish(state) for name, state in states.items() if state.version},
        )
        for body in decide(stage, command, self._state(command.stream), facts):
            self._append(Fact(command.stream, body, origin), by)

    def _state(self, stream: str) -> State:
        return fold(stage_of(stream), [event for event in self.log if event.stream == stream])

    def _append(self, fact: Fact, by: Actor) -> None:
        version = 1 + sum(event.stream == fact.stream for event in self.log)
        event = recorded(fact._replace(recorded_at=self._now), len(self.log) + 1)
        self.log.append(msgspec.structs.replace(event, version=version, actor=by))

    @property
    def _now(self) -> datetime:
        return datetime.combine(self.today, time(5), tzinfo=UTC)
