"""Puts the system together: the one place that knows which adapter serves which port."""

import gc
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from domain.cycle import event_types
from domain.event import Origin
from services.clock import Clock, SystemClock
from services.command_handler import CommandHandler
from services.databases import create_tables, open_database
from services.delivery import Delivery
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from services.follower import Follower
from services.lease import open_lease
from services.parking import Parking
from services.proofs import Proofs
from services.read_tables import ReadTables
from services.reading import Reader
from services.rulebooks import RulebookShelf, load_rulebooks
from services.secret_key import digest_key
from services.settings import Settings
from services.timekeeper import Timekeeper
from services.tokens import Tokens
from services.waking import open_waking
from services.workflow_runner import WorkflowRunner

COLLECT_AFTER: Final = 50_000
"""After how many new objects Python looks for unused cycles among them, in the whole process.

By its own bound it looks some hundred times while a page of events is folded, whose objects are all in use.
"""


@dataclass(frozen=True, kw_only=True)
class System:
    """Every part of one running process."""

    settings: Settings
    clock: Clock
    log: EventLog
    codec: Codec
    engine: Engine
    shelf: RulebookShelf
    handler: CommandHandler
    follower: Follower
    parking: Parking
    runner: WorkflowRunner
    timekeeper: Timekeeper
    reader: Reader
    tokens: Tokens
    proofs: Proofs
    delivery: Delivery

    def close(self) -> None:
        """Stop the background work and give connections back."""
        self.delivery.stop()
        self.engine.dispose()
        self.log.close()


def bootstrap(settings: Settings, *, clock: Clock | None = None, origin: Origin = Origin.LIVE) -> System:
    """Prepare the database and put the parts together; nothing runs in the background before `delivery.start()`.

    The process is told to look for unused cycles seldom.
    """
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    migrate(settings.database_url)
    engine = open_database(settings.database_url)
    create_tables(engine)
    clock = clock or SystemClock()
    log = open_log(settings.database_url)
    codec = Codec(event_types(), {})
    shelf = load_rulebooks(settings.rulebooks)
    handler = CommandHandler(
        log=log,
        codec=codec,
        clock=clock,
        rulebooks=shelf.by_digest,
        digest_key=digest_key(settings),
        origin=origin,
    )
    tables = ReadTables(engine)
    follower = Follower(log, codec, tables, clock)
    runner = WorkflowRunner(log=log, codec=codec, handler=handler, engine=engine, clock=clock)
    reader = Reader(log=log, codec=codec, tables=tables, clock=clock, handler=handler)
    timekeeper = Timekeeper(reader=reader, handler=handler, clock=clock)
    proofs = Proofs(log, engine)
    delivery = Delivery(
        log=log,
        follower=follower,
        runner=runner,
        tick=timekeeper.tick,
        clock=clock,
        waking=open_waking(settings.database_url),
        lease=open_lease(settings.database_url),
    )
    handler.on_append(delivery.wake)
    delivery.on_followed(proofs.keep_up)
    return System(
        settings=settings,
        clock=clock,
        log=log,
        codec=codec,
        engine=engine,
        shelf=shelf,
        handler=handler,
        follower=follower,
        parking=Parking(log, codec, tables, clock),
        runner=runner,
        timekeeper=timekeeper,
        reader=reader,
        tokens=Tokens(engine, clock),
        proofs=proofs,
        delivery=delivery,
    )
