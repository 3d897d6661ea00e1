"""A PostgreSQL server that is stopped and started again on the same port while others use it."""

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests import servers


class RestartableServer:
    """A server of its own: `url` is that of an empty database on it."""

    def __init__(self, url: str, keeping: ExitStack) -> None:
        address = make_url(url)
        self._address = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._keeping = keeping
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE restarted")
            self._folder = Path(connection.execute("SHOW data_directory").fetchall()[0][0])
        self.url = address.set(database="restarted").render_as_string(hide_password=False)

    def stop(self, mode: str) -> None:
        """Stop it: `fast` ends connections in order, `immediate` is a crash."""
        servers.run_unprivileged(self._programs / "pg_ctl", "stop", "-D", self._folder, "-m", mode)

    def start(self) -> None:
        """Start it on the same port, and wait until it answers."""
        with tempfile.TemporaryFile() as output:
            process = servers.start_unprivileged(self._programs / "postgres", "-D", self._folder, output=output)
        self._keeping.callback(_end, process)
        state = self._folder / "postmaster.pid"
        ready = lambda: state.exists() and state.read_text().split()[-1:] == ["ready"]  # noqa: E731 - a condition
        servers.await_start(process, self._folder / "server.log", ready)

    @property
    def _programs(self) -> Path:
        return servers.postgres_programs(self._folder.parent)


@contextmanager
def restartable() -> Iterator[RestartableServer]:
    """Run such a server until the context ends."""
    with ExitStack() as keeping, servers.running("postgres") as url:
        yield RestartableServer(url, keeping)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a server that was started here; one that was stopped before is only waited for."""
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)
    process.wait(30)
