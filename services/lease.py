"""Who delivers for an institution: one process at a time, and another within seconds when it dies or hangs.

Nothing is wrong when two do: rows and position move together, and outputs have ids of their own. A lease saves work,
and nothing but work.
"""

import os
import socket
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final, Protocol

import psycopg
import structlog

from services.event_log.connections import ConnectionPool, LogClosedError
from services.identity import new_command_id
from services.side_connection import connect_beside, is_postgres

LEASE_SECONDS = 2.5
BEAT_SECONDS = 0.5

logger = structlog.get_logger()


class Lease(Protocol):
    """Says for which institutions this process delivers."""

    def start(self, wanted: Callable[[], Sequence[str]], gained: Callable[[str], None]) -> None:
        """Keep what is held, take in the background what nobody else holds, and tell of each that is new."""
        ...

    def holds(self, institution: str) -> bool:
        """Say whether it is this process that delivers, without asking anybody."""
        ...

    def take(self, institution: str) -> bool:
        """Take an institution now if no living process holds it; say whether it is held."""
        ...

    def give_up(self, institution: str) -> None:
        """Leave an institution to the others."""
        ...

    def close(self) -> None:
        """Leave everything to the others."""
        ...


class SoleProcess:
    """Where one process has the database to itself, as on SQLite: it delivers for everybody."""

    def start(self, wanted: Callable[[], Sequence[str]], gained: Callable[[str], None]) -> None:
        """There is nothing to take."""

    def holds(self, institution: str) -> bool:  # noqa: ARG002 - the port
        """Everything is held."""
        return True

    def take(self, institution: str) -> bool:  # noqa: ARG002 - the port
        """Everything is held."""
        return True

    def give_up(self, institution: str) -> None:
        """Nobody else is there."""

    def close(self) -> None:
        """Nothing is open."""


def open_lease(url: str) -> Lease:
    """Return the lease of this process on institutions of a database; no connection is opened before it is needed."""
    return SharedLease(url) if is_postgres(url) else SoleProcess()


_TURN: Final = "SELECT pg_advisory_xact_lock(5318009)"
_ALIVE: Final = (
    "INSERT INTO delivery_process (id, alive_until) VALUES (%(id)s, clock_timestamp() + make_interval(secs => %(for)s))"
    " ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until"
)
# What a living process holds is not touched at all: a conflict would write to its row only to leave it as it was.
_TAKE: Final = (
    "INSERT INTO delivery_lease (institution, process)"
    " SELECT wanted, %(id)s FROM unnest(%(wanted)s::text[]) wanted WHERE NOT EXISTS ("
    " SELECT FROM delivery_lease JOIN delivery_process ON id = process"
    " WHERE institution = wanted AND alive_until > clock_timestamp())"
    " ON CONFLICT (institution) DO UPDATE SET process = excluded.process"
)
_HELD: Final = "SELECT institution FROM delivery_lease WHERE process = %(id)s"
_BURY: Final = "DELETE FROM delivery_process WHERE alive_until < clock_timestamp() - interval '1 hour'"
_GIVE_UP: Final = "DELETE FROM delivery_lease WHERE process = %(id)s AND institution = %(institution)s"
_LEAVE: Final = "DELETE FROM delivery_lease WHERE process = %(id)s"
_DIE: Final = "DELETE FROM delivery_process WHERE id = %(id)s"


class SharedLease:
    """A row for each process that lives, renewed by the clock of the server, and a row for each institution."""

    def __init__(self, url: str) -> None:
        self._id = f"{socket.gethostname()}/{os.getpid()}/{new_command_id()}"
        self._connections = ConnectionPool(lambda: connect_beside(url, "sakip lease"), 1)
        self._lock = Lock()
        self._held: frozenset[str] = frozenset()
        self._until = 0.0
        self._closing = Event()
        self._thread: Thread | None = None

    def start(self, wanted: Callable[[], Sequence[str]], gained: Callable[[str], None]) -> None:
        """See the port."""
        self._thread = Thread(target=self._keep, args=(wanted, gained), name="lease", daemon=True)
        self._thread.start()

    def holds(self, institution: str) -> bool:
        """See the port: a process that was stopped for longer than its lease knows by its own clock that it lapsed."""
        return institution in self._held and monotonic() < self._until

    def take(self, institution: str) -> bool:
        """See the port.

        Raises:
            psycopg.Error: the server can't be asked.
        """
        if not self.holds(institution):
            self._beat([institution])
        return self.holds(institution)

    def give_up(self, institution: str) -> None:
        """See the port; what can't be given back lapses."""
        with self._lock:
            self._held -= {institution}
            self._tell(_GIVE_UP, institution)

    def close(self) -> None:
        """See the port; what can't be given back lapses."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            if self._until:
                self._held, self._until = frozenset(), 0.0
                self._tell(f"{_LEAVE}; {_DIE}")
        self._connections.close()

    def _keep(self, wanted: Callable[[], Sequence[str]], gained: Callable[[str], None]) -> None:
        while not self._closing.is_set():
            try:
                for institution in self._beat(wanted()):
                    gained(institution)
            except Exception:  # the server may be away for a while; the lease lapses and is taken again
                logger.exception("lease_not_renewed")
            self._closing.wait(BEAT_SECONDS)

    def _beat(self, wanted: Sequence[str]) -> Sequence[str]:
        """Renew what is held and take what is free of what is wanted; return what is new, in alphabetical order."""
        with self._lock, self._connections.lend() as connection:
            began = monotonic()
            before = self._held if began < self._until else frozenset()
            given = {"id": self._id, "for": LEASE_SECONDS, "wanted": sorted(wanted)}
            with connection.transaction():  # one process after the other, so that two never take the same
                for statement in (_TURN, _ALIVE, _TAKE, _BURY):
                    connection.execute(statement, given)
                held = frozenset(row[0] for row in connection.execute(_HELD, given))
            self._held, self._until = held, began + LEASE_SECONDS
        return sorted(held - before)

    def _tell(self, statement: str, institution: str | None = None) -> None:
        try:
            with self._connections.lend() as connection:
                for part in statement.split("; "):
                    connection.execute(part, {"id": self._id, "institution": institution})
        except (psycopg.Error, LogClosedError) as fault:
            logger.warning("lease_not_given_back", fault=str(fault))
