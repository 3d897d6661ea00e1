"""Carries out a command: fold, gather, ask the decider, append. The only writer of the log."""

import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import date
from threading import Lock, RLock
from typing import Any, cast

import msgspec
import structlog

from domain.actor import SYSTEM_ROLES, Actor
from domain.authority import permit, permit_system
from domain.command import Command, name_of
from domain.cycle import stage_of
from domain.decider import decide, fold
from domain.errors import InstitutionUnknown, Refusal
from domain.event import Event, Origin, type_of
from domain.facts import Facts
from domain.institution import Institution
from domain.rulebook import Rulebook
from domain.state import State
from domain.stream import ORGANISATION, cycle, cycle_of
from services.clock import Clock, local_day
from services.event_log.codec import Codec
from services.event_log.contract import Appended, Batch, EventLog, Guard, StreamConflictError, Write
from services.sealing import SealedCommand

ATTEMPTS = 8
"""How often a decision is taken anew because another command was faster."""

KEPT_FOLDS = 10_000
"""How many states are kept to go on from; a state is never trusted without reading what came after it."""

logger = structlog.get_logger()


class StaleVersion(Exception):
    """The stream does not stand at the version that the client saw."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream} stands at version {actual}, not {expected}")
        self.expected = expected
        self.actual = actual


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A command from somebody. `person` is who sent it; a system part gives its actor instead.

    `expected` is the stream version that the client saw, null where it does not mind.
    """

    institution: str
    command_id: str
    sealed: SealedCommand
    person: str | None = None
    system: Actor | None = None
    expected: int | None = None
    causation: int | None = None
    origin: Origin | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command: the stream and its version, the last position, and the types of the new events."""

    stream: str
    version: int
    position: int
    events: tuple[str, ...]
    repeated: bool = False


class _Turn:
    """The right to decide alone, wanted once commands of an institution were in each other's way."""

    def __init__(self) -> None:
        self._right = RLock()
        self._counting = Lock()
        self.wanted = 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait for the right, and hold it."""
        with self._counting:
            self.wanted += 1
        try:
            with self._right:
                yield
        finally:
            with self._counting:
                self.wanted -= 1


class CommandHandler:
    """Decides commands on the log of any institution; safe to call from several threads."""

    def __init__(
        self,
        *,
        log: EventLog,
        codec: Codec,
        clock: Clock,
        rulebooks: Mapping[str, Rulebook],
        digest_key: bytes,
        origin: Origin = Origin.LIVE,
    ) -> None:
        self._log = log
        self._codec = codec
        self._clock = clock
        self._rulebooks = rulebooks
        self._digest_key = digest_key
        self._origin = origin
        self._listeners: list[Callable[[str, int], None]] = []
        self._folds: OrderedDict[tuple[str, str], State] = OrderedDict()
        self._lock = Lock()
        self._turns: dict[str, _Turn] = {}

    def on_append(self, listener: Callable[[str, int], None]) -> None:
        """Tell a listener the institution and position of whatever is appended from now on."""
        self._listeners.append(listener)

    def handle(self, request: Request) -> Receipt:
        """Carry a command out, or raise a refusal, `StaleVersion` or `CommandReusedError`, and leave no trace."""
        first = self._first_result(request)
        if first is not None:
            return first
        turn = self._turn(request.institution)
        for attempt in range(ATTEMPTS):
            try:
                # free while nobody was in another's way; else one at a time, newcomers too, so that each gets its turn
                with turn.alone() if attempt or turn.wanted else nullcontext():
                    return self._attempt(request)
            except StreamConflictError as conflict:
                logger.debug("decided_again", stream=conflict.stream, attempt=attempt)
                conflicted = conflict
            except (Refusal, StaleVersion):
                if (twin := self._first_result(request)) is not None:
                    return twin  # the same command was under way elsewhere, and was faster
                raise
        raise conflicted

    def _turn(self, institution: str) -> "_Turn":
        with self._lock:
            return self._turns.setdefault(institution, _Turn())

    def _first_result(self, request: Request) -> Receipt | None:
        first = self._log.repeated(request.institution, request.command_id, self._keyed(request))
        if first is None:
            return None
        entries = self._log.read(request.institution, after=first.first_position - 1, until=first.last_position)
        return _receipt(request.sealed.command.stream, first, tuple(entry.topic for entry in entries))

    def _keyed(self, request: Request) -> str:
        """Return the command's digest as the log may keep it: without the key nobody can try out erased texts on it."""
        return hmac.new(self._digest_key, request.sealed.digest.encode(), "sha256").hexdigest()

    def institution(self, institution: str) -> Institution:
        """Return the institution as it stands now; raise InstitutionUnknown where it has no log."""
        organisation = self._organisation(institution)
        if not organisation.founded:
            raise InstitutionUnknown(institution=institution)
        return organisation

    def _attempt(self, request: Request) -> Receipt:
        command, institution = request.sealed.command, request.institution
        organisation = self._organisation(institution)
        now = self._clock.now()
        today = local_day(now, organisation.time_zone)
        stage = stage_of(command.stream)
        state = self._state(institution, command.stream)
        actor = _actor(request, organisation, today, state.holder)
        if request.expected is not None and request.expected != state.version:
            raise StaleVersion(command.stream, request.expected, state.version)
        relied = {stream: self._state(institution, stream) for stream in stage.relies_on(command)}
        origin = request.origin or self._origin
        facts = Facts(
            actor=actor,
            now=now,
            today=today,
            origin=origin,
            institution=organisation,
            rulebooks=self._rulebooks,
            published={name: stage_of(name).publish(known) for name, known in relied.items() if known.version},
        )
        events = decide(stage, command, state, facts)
        if not events:
            return Receipt(
                stream=command.stream, version=state.version, position=self._log.head(institution), events=()
            )
        guards = {ORGANISATION: organisation.version, **{name: known.version for name, known in relied.items()}}
        guards.pop(command.stream, None)
        appended = self._log.append(
            Batch(
                institution=institution,
                command_id=request.command_id,
                digest=self._keyed(request),
                writes=(Write(stream=command.stream, expected=state.version, events=self._encode(command, events)),),
                guards=tuple(Guard(stream=name, expected=version) for name, version in guards.items()),
                sealed=request.sealed.sealed,
                actor_id=actor.id,
                actor_role=actor.role.value,
                actor_unit=actor.unit,
                origin=origin.value,
                causation=request.causation,
                recorded_at=now,
            )
        )
        logger.info("appended", institution=institution, command=name_of(command), position=appended.last_position)
        self._tell(institution, appended.last_position)
        return _receipt(command.stream, appended, tuple(type_of(event) for event in events))

    def _tell(self, institution: str, position: int) -> None:
        """What was appended stays appended, whatever a listener meets; it finds out by itself later."""
        for listener in self._listeners:
            try:
                listener(institution, position)
            except Exception:  # such as a queue that is down
                logger.exception("listener_failed", institution=institution, position=position)

    def _encode(self, command: Command, events: tuple[Event, ...]) -> tuple[Any, ...]:
        own = cycle_of(command.stream)
        encoded = []
        for event in events:
            unit, year = own or (getattr(event, "unit", None), getattr(event, "fiscal_year", None))
            correlation = cycle(unit, year) if unit and year else None
            encoded.append(self._codec.new_event(event, fiscal_year=year, correlation=correlation))
        return tuple(encoded)

    def _organisation(self, institution: str) -> Institution:
        return cast("Institution", self._state(institution, ORGANISATION))

    def _state(self, institution: str, stream: str) -> State:
        with self._lock:
            kept = self._folds.get((institution, stream))
        stage = stage_of(stream)
        since = stage.initial if kept is None else kept
        news = self._log.read_stream(institution, stream, after=since.version)
        state = fold(stage, (self._codec.decode(entry) for entry in news), since)
        with self._lock:
            self._folds[(institution, stream)] = state
            self._folds.move_to_end((institution, stream))
            while len(self._folds) > KEPT_FOLDS:
                self._folds.popitem(last=False)
        return state


def _actor(request: Request, organisation: Institution, today: date, holder: str | None) -> Actor:
    command = request.sealed.command
    if request.system is not None:
        if request.system.role not in SYSTEM_ROLES:
            raise ValueError(f"{request.system.role} is not a role of the system")
        return permit_system(command, request.system)
    if request.person is None or not organisation.founded:
        raise InstitutionUnknown(institution=request.institution)
    return permit(command, request.person, organisation, today, holder)


def _receipt(stream: str, appended: Appended, events: tuple[str, ...]) -> Receipt:
    return Receipt(
        stream=stream,
        version=dict(appended.versions)[stream],
        position=appended.last_position,
        events=events,
        repeated=appended.repeated,
    )
