"""Where benchmarks run: a durable PostgreSQL server, databases and files of their own, and what figures depend on."""

import contextlib
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import psycopg
from sqlalchemy import make_url

from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from tests import servers
from tests.benchmarks.regency import fill

DATABASES = ("sqlite", "postgresql")
SMALL = 10_000
"""Events in the small log that a large one is compared with."""


@contextlib.contextmanager
def durable_server(named: str | None) -> Iterator[str]:
    """Yield the libpq URL of a server that syncs at each commit, or raise SystemExit where it doesn't."""
    with contextlib.ExitStack() as stack:
        url = make_url(named or stack.enter_context(servers.running("postgres"))).set(drivername="postgresql")
        address = url.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            if named is None:  # the server of the tests doesn't wait for the disk
                connection.execute("ALTER SYSTEM SET fsync = on")
                connection.execute("ALTER SYSTEM SET full_page_writes = on")
                connection.execute("SELECT pg_reload_conf(), pg_sleep(1)")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            if shown(address, setting) != "on":
                raise SystemExit(f"{setting} is not on: nothing measured here would be durable")
        yield address


def pin(server: str) -> None:
    """Give this process the first core and the server the second; the threads of a process then stay on one core."""
    with psycopg.connect(server) as connection:
        stat = Path(f"/proc/{connection.info.backend_pid}/stat").read_text(encoding="utf-8")
    postmaster = int(stat.rpartition(")")[2].split()[1])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="utf-8").split()
    for process in (postmaster, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(process, {1})
    os.sched_setaffinity(0, {0})


def shown(address: str, setting: str) -> str:
    with psycopg.connect(address) as connection:
        row = connection.execute(f"SHOW {setting}".encode()).fetchone()
    return str(row[0]) if row else ""


@dataclass(frozen=True)
class Grounds:
    """A folder for SQLite files and a server for PostgreSQL databases, both thrown away after the run."""

    folder: Path
    server: str

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database on the server, or create it anew; return its libpq URL."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.address(name)

    def address(self, name: str) -> str:
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def url(self, database: str, name: str) -> str:
        """Return the URL of a log that exists already."""
        return f"sqlite:///{self.path(name)}" if database == "sqlite" else self.address(name)

    def empty(self, database: str, name: str) -> str:
        """Create a database for a log; return its URL."""
        url = f"sqlite:///{self.path(name)}" if database == "sqlite" else self.create(name)
        migrate(url)
        return url

    def filled(self, database: str, name: str, size: int) -> "Filled":
        """Create a log with so many events of the years of a regency in it, through the log itself."""
        url = self.empty(database, name)
        log = open_log(url)
        started = time.perf_counter()
        try:
            fill(log, size)
        finally:
            log.close()
        seconds = time.perf_counter() - started
        self.tidy(database, name)
        sys.stderr.write(f"{database}: {size:,} events appended in {seconds:.1f} s\n")
        return Filled(database=database, name=name, url=url, events=size, seconds=seconds)

    def copied(self, database: str, source: str, name: str) -> str:
        """Copy a log that nobody has open; return the URL of the copy."""
        if database == "postgresql":
            return self.create(name, template=source)
        for ending in ("-wal", "-shm", ".lock"):
            Path(f"{self.path(name)}{ending}").unlink(missing_ok=True)
        copyfile(self.path(source), self.path(name))
        return self.url(database, name)

    def tidy(self, database: str, name: str) -> None:
        """Do now what the database would do by itself some time during the measurement."""
        if database == "postgresql":
            with psycopg.connect(self.address(name), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")
            return
        with contextlib.closing(sqlite3.connect(self.path(name))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A log with a regency's years in it, closed; `seconds` is how long it took to append them."""

    database: str
    name: str
    url: str
    events: int
    seconds: float


def machine(server: str) -> dict[str, str]:
    """Return what the figures depend on."""
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "postgresql": shown(server, "server_version"),
        "fsync": shown(server, "fsync"),
        "synchronous_commit": shown(server, "synchronous_commit"),
        "wal_sync_method": shown(server, "wal_sync_method"),
        "cores of this process": str(len(os.sched_getaffinity(0))),
        "sqlite": sqlite3.sqlite_version,
        "load at the start": f"{os.getloadavg()[0]:.1f}",
    }


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
