"""Sends what the workflows say, exactly as often as it is meant, however often it crashes in between.

Every output is sent under an id derived from its cause, and only then the position advances. A refused output becomes a
dead letter with its reason, and the workflow goes on.
"""

from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Engine,
    Insert,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    select,
)

from domain.actor import Role, system_actor
from domain.command import name_of
from domain.errors import Refusal
from domain.event import Event, Origin, RecordedEvent
from domain.stream import category_of
from services.clock import Clock
from services.command_handler import CommandHandler, Request
from services.dialect import insert_into, let_commit_be_lost
from services.event_log.codec import Codec
from services.event_log.contract import EventLog, LogEntry
from services.identity import derived_command_id
from services.sealing import from_system
from workflows.cycle import WORKFLOWS
from workflows.workflow import WHOLE_LOG, Send, Workflow

PAGE = 200
KEPT_FOLDS = 2_000
METADATA = MetaData()

workflow_position = Table(
    "workflow_position",
    METADATA,
    Column("institution", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

dead_letter = Table(
    "dead_letter",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("institution", String(40), nullable=False, index=True),
    Column("source", String(80), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("subject", String(200), nullable=False),
    Column("command", String(80), nullable=False),
    Column("code", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("institution", "source", "position", "command", "subject"),
)

_POSITION = select(workflow_position.c.position).where(workflow_position.c.institution == bindparam("institution"))

logger = structlog.get_logger()


class WorkflowRunner:
    """Runs every workflow over the log of an institution, in the order of the log."""

    def __init__(self, *, log: EventLog, codec: Codec, handler: CommandHandler, engine: Engine, clock: Clock) -> None:
        self._log = log
        self._codec = codec
        self._handler = handler
        self._engine = engine
        self._clock = clock
        self._moving = _moving(engine)
        self._lock = Lock()
        self._folds: OrderedDict[tuple[str, str, str], tuple[int, Any]] = OrderedDict()
        self._noted: dict[str, int] = {}

    def catch_up(self, institution: str) -> int:
        """React to all that is committed, also to what the reactions bring about; return the position reached."""
        position = self.react(institution)
        self.note(institution, position)
        return position

    def react(self, institution: str) -> int:
        """React to all that is committed, and return the position reached; `note` is to be told of it.

        Where something was sent, and after each full page, the position is noted already.
        """
        with self._lock:
            position, more = self.position(institution), True
            self._noted[institution] = position
            while more:
                page = self._log.read(institution, after=position, limit=PAGE)
                sent = sum(self._reacted(entry) for entry in page)
                position = page[-1].id if page else position
                if len(page) == PAGE:
                    self.note(institution, position)
                more = sent > 0 or len(page) == PAGE
            return position

    def note(self, institution: str, position: int) -> None:
        """Remember that everything up to a position was reacted to, and that nothing was sent since the last output.

        A failing server may forget it again: then there is nothing to send again.
        """
        if position > self._noted.get(institution, 0):
            self._move(institution, position, may_be_lost=True)
            self._noted[institution] = position

    def position(self, institution: str) -> int:
        """Return the position up to which all outputs were sent."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return connection.scalar(_POSITION, {"institution": institution}) or 0

    def _reacted(self, entry: LogEntry) -> int:
        """React to one entry, and return how many outputs were sent: then its position is noted at once."""
        event = self._codec.decode(entry)
        sent = self._react(event)
        if sent:
            self._advance(event.institution, event.position)
        return sent

    def _react(self, event: RecordedEvent[Event]) -> int:
        sent = 0
        for workflow in WORKFLOWS:
            if isinstance(event.body, workflow.triggers):
                for output in workflow.react(self._state(workflow, event), event):
                    self._send(workflow, event, output)
                    sent += 1
        return sent

    def _state(self, workflow: Workflow, event: RecordedEvent[Event]) -> Any:  # noqa: ANN401 - each its own
        """Fold the cycle up to the event, going on from where the last fold of it stopped."""
        prefix = workflow.correlate(event)
        if prefix is None:
            return workflow.initial
        place = (event.institution, workflow.name, prefix)
        position, state = self._folds.pop(place, (0, workflow.initial))
        if position > event.position:  # the position was set back: fold again
            position, state = 0, workflow.initial
        for entry in self._correlated(event, prefix, after=position):
            if workflow.streams is None or category_of(str(entry.originator_id)) in workflow.streams:
                state = workflow.evolve(state, self._codec.decode(entry))
        self._folds[place] = (event.position, state)
        while len(self._folds) > KEPT_FOLDS:
            self._folds.popitem(last=False)
        return state

    def _correlated(self, event: RecordedEvent[Event], prefix: str, after: int) -> Iterator[LogEntry]:
        """Yield the entries of a cycle after a position and up to the event; the whole log page by page."""
        if prefix != WHOLE_LOG:
            yield from self._log.read_cycle(event.institution, prefix, until=event.position, after=after)
            return
        while page := self._log.read(event.institution, after=after, limit=PAGE, until=event.position):
            yield from page
            after = page[-1].id

    def _send(self, workflow: Workflow, event: RecordedEvent[Event], output: Send) -> None:
        cause = (event.institution, workflow.name, event.position, output.name, output.subject)
        command_id = derived_command_id(*cause)
        request = Request(
            institution=event.institution,
            command_id=command_id,
            sealed=from_system(output.command, command_id),
            system=system_actor(Role.WORKFLOW, workflow.name),
            causation=event.position,
            origin=Origin.HISTORY if event.origin is Origin.HISTORY else None,
        )
        try:
            self._handler.handle(request)
        except output.tolerates as refusal:
            logger.info("output_needless", workflow=workflow.name, command=output.name, code=refusal.code)
        except Refusal as refusal:
            logger.warning("output_refused", workflow=workflow.name, command=output.name, code=refusal.code)
            self._bury(workflow.name, event, output, refusal.code, f"{refusal} {refusal.fields}")
        except (LookupError, TypeError, ValueError) as fault:  # a fault of ours in one output stops no other
            logger.exception("output_failed", workflow=workflow.name, command=output.name)
            self._bury(workflow.name, event, output, "internal", repr(fault))

    def _bury(self, source: str, event: RecordedEvent[Event], output: Send, code: str, reason: str) -> None:
        letter = {
            "institution": event.institution,
            "source": source,
            "position": event.position,
            "subject": output.subject,
            "command": name_of(output.command),
            "code": code,
            "reason": reason,
            "at": self._clock.now(),
        }
        with self._engine.begin() as connection:
            connection.execute(insert_into(dead_letter, connection).values(**letter).on_conflict_do_nothing())

    def _advance(self, institution: str, position: int) -> None:
        """Note a position from which something was sent, for good: a refused output is not to be tried again."""
        self._move(institution, position, may_be_lost=False)

    def _move(self, institution: str, position: int, *, may_be_lost: bool) -> None:
        with self._engine.begin() as connection:
            if may_be_lost:
                let_commit_be_lost(connection)
            connection.execute(self._moving, {"institution": institution, "position": position})


def _moving(engine: Engine) -> Insert:
    """Return the statement that moves a position on, never back: another process may be further on."""
    statement = insert_into(workflow_position, engine)
    further = statement.excluded.position
    return statement.on_conflict_do_update(
        index_elements=["institution"], set_={"position": further}, where=workflow_position.c.position < further
    )
