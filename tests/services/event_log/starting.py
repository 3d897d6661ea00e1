"""Processes that bring a whole system up at the same moment, and what each of them met."""

import logging
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from sqlalchemy import Connection

from services.bootstrap import bootstrap
from services.event_log import migrate
from services.event_log.writer_lock import WriterLock
from services.settings import Settings
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.silence import silence

PROCESSES = 6


@dataclass(frozen=True)
class Start:
    """The migrations that a process ran, in words; how many entries it then read; what stopped it, if anything did."""

    migrations: tuple[str, ...]
    read: int | None
    fault: str | None


def start_together(url: str, *, appending: bool, locked: bool = True) -> list[Start]:
    """Start six processes; each reads, and appends where it may. Without the lock nothing keeps migrations apart."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier = context.Barrier(PROCESSES)
    with ProcessPoolExecutor(PROCESSES, context, initializer=_meet, initargs=(barrier,)) as pool:
        started = [pool.submit(_start, url, appending=appending, locked=locked) for _ in range(PROCESSES)]
        return [each.result() for each in started]


_barriers: list[Barrier] = []


def _meet(barrier: Barrier) -> None:
    _barriers.append(barrier)


def _start(url: str, *, appending: bool, locked: bool) -> Start:
    told = _Told()
    if not locked:
        _switch_the_lock_off()
    _barriers[0].wait(60)
    read = fault = None
    with silence():
        try:
            read = _serve(url, appending=appending)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is told
            fault = f"{type(error).__name__}: {error}"
    return Start(migrations=tuple(told.messages), read=read, fault=fault)


def _serve(url: str, *, appending: bool) -> int:
    system = bootstrap(Settings(database_url=url, secret="one for all"))
    try:
        if appending:
            system.log.append(a_batch(a_write(f"stream/{multiprocessing.current_process().pid}")))
        with system.reader.live(INSTITUTION) as live:
            live.position()
        return len(system.log.read(INSTITUTION))
    finally:
        system.close()


class _Told(logging.Handler):
    """Keeps what the migrations say of themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        logger = logging.getLogger("alembic.runtime.migration")
        logger.setLevel(logging.INFO)
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("Running upgrade"):
            self.messages.append(record.getMessage())


def _switch_the_lock_off() -> None:
    def hold_nobody_back(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")

    def take_nothing(_lock: WriterLock, _patience: float = 0.0) -> None:
        """Let everybody have it."""

    vars(migrate)["_hold_back_others"] = hold_nobody_back
    WriterLock.take = take_nothing  # type: ignore[method-assign, assignment] # in a process of its own
