"""Tells the other processes of a database that a head moved, or that read models arrived; they poll only as the net.

Notices may be lost, doubled or late, and nothing depends on them but how soon somebody looks.
"""

from collections.abc import Callable
from threading import Condition, Event, Lock, Thread
from typing import Literal, Protocol

import msgspec
import psycopg
import structlog

from services.event_log.connections import ConnectionPool, LogClosedError
from services.side_connection import connect_beside, is_postgres

CHANNEL = "sakip"
GAP_SECONDS = 0.005
"""The least time between two sends of a process: what is told meanwhile goes along, and an idle process never waits."""

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
LISTEN_SECONDS = 0.25
"""How soon a listener notices that it is to stop."""

CLOSE_SECONDS = 2.0

logger = structlog.get_logger()


class Notice(msgspec.Struct, frozen=True, array_like=True):
    """The log of an institution reached a position (`appended`), or its read models and workflows did (`followed`)."""

    kind: Literal["appended", "followed"]
    institution: str
    position: int


Hear = Callable[[Notice | None], None]
"""Called with each notice of another process, and with null where any may have been missed."""


class Waking(Protocol):
    """The way from one process to the others."""

    def tell(self, notice: Notice) -> None:
        """Pass a notice on; never waits and never fails."""
        ...

    def listen(self, hear: Hear) -> None:
        """Begin to hear what others tell; a second call changes nothing."""
        ...

    def close(self) -> None:
        """Send what was told, in a bounded time, and hear nothing more."""
        ...


class NobodyElse:
    """Where one process has the database to itself: SQLite and memory. Whoever is in it is woken without notices."""

    def tell(self, notice: Notice) -> None:
        """Nobody is there to be told."""

    def listen(self, hear: Hear) -> None:
        """Nobody is there to be heard."""

    def close(self) -> None:
        """Nothing is open."""


def open_waking(url: str) -> Waking:
    """Return the way between the processes of a database; no connection is opened before it is needed."""
    return PostgresWaking(url) if is_postgres(url) else NobodyElse()


class PostgresWaking:
    """LISTEN and NOTIFY, each on a connection and a thread of its own.

    A NOTIFY locks the whole database until its transaction ends. So it never stands in the transaction of an append: it
    is sent afterwards, alone, for all that was told since the last one, and its commit waits for no disk.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._told = Condition()
        self._pending: dict[tuple[str, str], int] = {}
        self._closing = Event()
        self._starting = Lock()
        self._sender: Thread | None = None
        self._listener: Thread | None = None
        self._own = 0
        self._sending = ConnectionPool(self._connect_sender, 1)

    def tell(self, notice: Notice) -> None:
        """See the port: the notice is left for the sender, the latest position of each kind and institution."""
        with self._told:
            if self._closing.is_set():
                return
            self._pending[notice.kind, notice.institution] = notice.position
            if self._sender is None:
                self._sender = Thread(target=self._send_all, name="notifier", daemon=True)
                self._sender.start()
            self._told.notify_all()

    def listen(self, hear: Hear) -> None:
        """See the port."""
        with self._starting:
            if self._listener is None and not self._closing.is_set():
                self._listener = Thread(target=self._listen, args=(hear,), name="listener", daemon=True)
                self._listener.start()

    def close(self) -> None:
        """See the port."""
        with self._told:
            self._closing.set()
            self._told.notify_all()
        for thread in (self._sender, self._listener):
            if thread is not None:
                thread.join(CLOSE_SECONDS)
        self._sending.close()

    def _connect_sender(self) -> psycopg.Connection:
        connection = connect_beside(self._url, "sakip notifier")
        self._own = connection.info.backend_pid
        return connection

    def _send_all(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while batch := self._drawn():
            try:
                self._send(batch)
            except (psycopg.Error, LogClosedError) as fault:
                logger.warning("notices_not_sent", fault=str(fault), again_in=pause)
                self._put_back(batch)
                if self._closing.wait(pause):
                    return
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            else:
                pause = FIRST_PAUSE_SECONDS
                self._closing.wait(GAP_SECONDS)

    def _drawn(self) -> dict[tuple[str, str], int]:
        """Wait for something to send; nothing is returned only when it is time to stop."""
        with self._told:
            self._told.wait_for(lambda: self._pending or self._closing.is_set())
            batch, self._pending = self._pending, {}
            return batch

    def _put_back(self, batch: dict[tuple[str, str], int]) -> None:
        with self._told:
            self._pending = {**batch, **self._pending}

    def _send(self, batch: dict[tuple[str, str], int]) -> None:
        payloads = [
            msgspec.json.encode((kind, institution, position)).decode()
            for (kind, institution), position in batch.items()
        ]
        with self._sending.lend() as connection:
            connection.execute("SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) payload", (CHANNEL, payloads))

    def _listen(self, hear: Hear) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._closing.is_set():
            try:
                with connect_beside(self._url, "sakip listener") as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause = FIRST_PAUSE_SECONDS
                    self._hear_from(connection, hear)
            except psycopg.Error as fault:
                logger.warning("listening_interrupted", fault=str(fault), again_in=pause)
                self._closing.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _hear_from(self, connection: psycopg.Connection, hear: Hear) -> None:
        hear(None)  # whatever was told before this connection listened, it has not heard
        while not self._closing.is_set():
            for heard in connection.notifies(timeout=LISTEN_SECONDS):
                if heard.pid != self._own:
                    hear(_read(heard.payload))


def _read(payload: str) -> Notice | None:
    """A payload that this program does not know may mean anything."""
    try:
        return msgspec.json.decode(payload, type=Notice)
    except msgspec.MsgspecError:
        return None
