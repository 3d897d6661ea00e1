"""A small pool of database connections, each used by one thread at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """What a pool needs of a connection."""

    def close(self) -> None:
        """Give the connection back to its server."""


C = TypeVar("C", bound=Closable)


class LogClosedError(RuntimeError):
    """The log was closed before."""


class ConnectionPool(Generic[C]):
    """Opens connections when they are needed, at most `limit` at once, and lends the one used last first."""

    def __init__(self, connect: Callable[[], C], limit: int) -> None:
        self._connect = connect
        self._places = BoundedSemaphore(limit)
        self._lock = Lock()
        self._idle: list[C] = []
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[C]:
        """Lend a connection; one that was in use when an exception passed is closed, not lent again.

        Raises:
            LogClosedError: after `close`.
        """
        with self._places:
            connection = self._take()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._give_back(connection)

    def forget_idle(self) -> None:
        """Close the connections that nobody uses, as after a restart of the server."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def close(self) -> None:
        """Close the idle connections now and each of the others when it comes back."""
        self._closed = True
        self.forget_idle()

    def _take(self) -> C:
        with self._lock:
            if self._closed:
                raise LogClosedError
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, connection: C) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()
