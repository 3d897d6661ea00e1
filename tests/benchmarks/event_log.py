"""How fast the event log takes events in, beside its rivals in the same run, and what a reader of the tail missed.

Run as `poe bench-log`. Contestants take turns (A B A B), so that a slow minute of the machine meets all of them; each
has a database of its own on the same server, with the same durability, which is checked before the first turn.
"""

import contextlib
import json
import os
import platform
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from tests import servers
from tests.benchmarks.contestants import (
    Contestant,
    CopyIntoPostgres,
    LibraryOnPostgres,
    LibraryOnSqlite,
    OurLog,
    RowsInPostgres,
    RowsInSqlite,
    settings_of,
)
from tests.benchmarks.measuring import Summary, Turn, summary_of, take_turn

CLIENTS = (1, 16)
RIVAL = "eventsourcing 9.5.6"


def main() -> None:
    options = options_of(sys.argv[1:])
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(durable_server(options.server))
        contestants = list(opened(folder, server))
        for contestant in contestants:
            stack.callback(contestant.close)
        facts = machine(folder, server)
        summaries = race(contestants, options)
        facts["load at the end"] = f"{os.getloadavg()[0]:.1f}"
    Console(width=150).print(*(table_of(summaries, database) for database in ("sqlite", "postgresql")), sep="\n")
    Console(width=150).print(", ".join(f"{name} {value}" for name, value in facts.items()))
    if options.json:
        report = {"machine": facts, "options": vars(options), "results": [asdict(each) for each in summaries]}
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def options_of(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="poe bench-log", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contestant (5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a turn (2)")
    parser.add_argument("--json", help="also write the results to this file")
    parser.add_argument("--server", help="URL of a superuser of a PostgreSQL server, instead of one for this run")
    return parser.parse_args(arguments)


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


def shown(address: str, setting: str) -> str:
    with psycopg.connect(address) as connection:
        row = connection.execute(f"SHOW {setting}".encode()).fetchone()
    return str(row[0]) if row else ""


def opened(folder: Path, server: str) -> Iterator[Contestant]:
    def database(name: str) -> str:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
            connection.execute(f"CREATE DATABASE {name}".encode())
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    yield OurLog("sqlite", f"sqlite:///{folder / 'ours.db'}")
    yield LibraryOnSqlite(folder / "library.db")
    yield RowsInSqlite(folder / "rows.db")
    yield OurLog("postgresql", database("bench_ours"))
    yield LibraryOnPostgres(database("bench_library"), database_functions=False)
    yield LibraryOnPostgres(database("bench_library_functions"), database_functions=True)
    yield RowsInPostgres(database("bench_rows"))
    yield CopyIntoPostgres(database("bench_copy"))


def race(contestants: Sequence[Contestant], options: Namespace) -> list[Summary]:
    """Warm all up, then let them take turns, once for each number of clients."""
    summaries = []
    for clients in CLIENTS:
        turns: dict[Contestant, list[Turn]] = {contestant: [] for contestant in contestants}
        for number in range(options.rounds + 1):
            for contestant in contestants:
                turn = take_turn(contestant, clients, options.seconds)
                if number > 0:
                    turns[contestant].append(turn)
            sys.stderr.write(f"{clients} clients: round {number} of {options.rounds}\n")
        summaries += [summary_of(contestant, clients, taken) for contestant, taken in turns.items()]
    return summaries


def table_of(summaries: Sequence[Summary], database: str) -> Table:
    table = Table(title=f"Events per second, one event an append, {database}")
    for column in ("contestant", "clients", "median", "quartiles", "× rival", "p50 ms", "p99 ms"):
        table.add_column(column, justify="left" if column == "contestant" else "right")
    for column in ("missed", "duplicated", "lost"):
        table.add_column(column, justify="right")
    table.add_column("of events", justify="right")
    table.add_column("note")
    rivals = {each.clients: each.median for each in summaries if (each.contestant, each.database) == (RIVAL, database)}
    for each in summaries:
        if each.database == database:
            table.add_row(
                each.contestant,
                str(each.clients),
                f"{each.median:,.0f}",
                f"{each.lower:,.0f} – {each.upper:,.0f}",
                f"{each.median / rivals[each.clients]:.1f}",
                f"{each.p50:.2f}",
                f"{each.p99:.2f}",
                *(f"{count:,}" for count in (each.missed, each.duplicated, each.lost, each.events)),
                each.note,
            )
    return table


def machine(folder: Path, server: str) -> dict[str, str]:
    """Return what the figures depend on."""
    return {
        "cores": str(os.cpu_count()),
        "processor": processor(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "postgresql": shown(server, "server_version"),
        "fsync": shown(server, "fsync"),
        "synchronous_commit": shown(server, "synchronous_commit"),
        "wal_sync_method": shown(server, "wal_sync_method"),
        **settings_of(folder / "ours.db"),
        "load at the start": f"{os.getloadavg()[0]:.1f}",
    }


def processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
