"""Given / when / then for a stage of the cycle, in the domain's words and without fixtures.

given(AGREEMENT, AgreementOpened(...)).when(SignAgreement(...), on="2025-01-20").then_refused(NothingProposed)
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Self

from domain.actor import Actor, Role
from domain.command import Command
from domain.decider import Stage, decide, fold
from domain.errors import Refusal
from domain.event import Event, Origin, RecordedEvent, type_of
from domain.facts import Facts
from domain.institution import Institution
from domain.rulebook import Rulebook
from domain.state import State

ANYONE = Actor(id="budi", role=Role.UNIT_OPERATOR, unit="dinkes")
INSTITUTION = Institution(id="contoh", name="Kabupaten Contoh", level="kabupaten", head_unit="pemda")


def recorded(body: Event, version: int, actor: Actor = ANYONE, stream: str = "test") -> RecordedEvent[Event]:
    """Put a body into an envelope as the log would."""
    return RecordedEvent(
        institution="contoh",
        position=version,
        stream=stream,
        version=version,
        fiscal_year=None,
        type=type_of(body),
        recorded_at=datetime(2025, 1, 1, 0, 0, version % 60, tzinfo=UTC),
        origin=Origin.LIVE,
        actor=actor,
        command_id=f"c-{version}",
        index=0,
        causation=None,
        correlation=None,
        body=body,
    )


class Spec:
    """A history of one stream, a command, and what came of it."""

    def __init__(self, stage: Stage, history: tuple[RecordedEvent[Event], ...]) -> None:
        self.stage = stage
        self.history = history
        self.events: tuple[Event, ...] = ()
        self.refusal: Refusal | None = None

    @property
    def state(self) -> State:
        """The state after the history and the events of `when`."""
        at = len(self.history)
        new = [recorded(body, at + n) for n, body in enumerate(self.events, 1)]
        return fold(self.stage, [*self.history, *new])

    def and_by(self, actor: Actor, *bodies: Event) -> Self:
        """Add history by a certain actor."""
        at = len(self.history)
        added = tuple(recorded(body, at + n, actor) for n, body in enumerate(bodies, 1))
        return type(self)(self.stage, (*self.history, *added))

    def when(
        self,
        command: Command,
        *,
        on: str = "2025-06-30",
        by: Actor = ANYONE,
        institution: Institution = INSTITUTION,
        published: Mapping[str, object] | None = None,
        rulebooks: Mapping[str, Rulebook] | None = None,
        origin: Origin = Origin.LIVE,
    ) -> Self:
        """Let the stage decide on the local day `on`."""
        today = date.fromisoformat(on)
        facts = Facts(
            actor=by,
            now=datetime(today.year, today.month, today.day, 3, tzinfo=UTC),
            today=today,
            origin=origin,
            institution=institution,
            rulebooks=rulebooks or {},
            published=published or {},
        )
        self.events, self.refusal = (), None
        try:
            self.events = decide(self.stage, command, fold(self.stage, self.history), facts)
        except Refusal as refusal:
            self.refusal = refusal
        return self

    def then(self, *events: Event) -> Self:
        """Expect exactly these events."""
        assert self.refusal is None, f"refused: {self.refusal!r} {getattr(self.refusal, 'fields', '')}"
        assert self.events == events
        return self

    def then_refused(self, refusal: type[Refusal], **fields: object) -> Self:
        """Expect a refusal of this very class, with at least these fields."""
        assert type(self.refusal) is refusal, f"got {self.refusal!r} and events {self.events}"
        assert self.refusal is not None
        assert fields.items() <= self.refusal.fields.items()
        return self


def given(stage: Stage, *bodies: Event) -> Spec:
    """Begin with a history."""
    return Spec(stage, tuple(recorded(body, n) for n, body in enumerate(bodies, 1)))
