"""How fast the event log is, beside its rivals in the same run, and what went wrong meanwhile.

Run as `poe bench-log`. Contestants take turns (A B A B), so that a slow minute of the machine meets all of them; each
has a database of its own on the same server, with the same durability, which is checked before the first turn. Besides
the race of appends it measures, in a log of `--growth` events: loading a stream, verifying, proofs, and what is lost
against a log of 10,000 events.
"""

import contextlib
import json
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.checking import proving, verifying
from tests.benchmarks.contestants import (
    Contestant,
    CopyIntoPostgres,
    LibraryOnPostgres,
    LibraryOnSqlite,
    OurLog,
    RowsInPostgres,
    RowsInSqlite,
)
from tests.benchmarks.grounds import DATABASES, Filled, Grounds, durable_server, machine, pin
from tests.benchmarks.growing import growing, losses
from tests.benchmarks.loading import loading
from tests.benchmarks.measuring import Summary, Turn, summary_of, take_turn
from tests.benchmarks.rounds import Figure, Trial, interleaved, table_of

CLIENTS = (1, 16)
RIVAL = "eventsourcing 9.5.6"
PARTS = ("append", "load", "verify", "proof", "growth")
CONSOLE = Console(width=160)


def main() -> None:
    options = options_of(sys.argv[1:])
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        grounds = Grounds(folder, stack.enter_context(durable_server(options.server)))
        if options.pin:
            pin(grounds.server)
        report: dict[str, Any] = {"machine": machine(grounds.server), "options": vars(options)}
        if "append" in options.only:
            report["results"] = [asdict(each) for each in appended(grounds, options)]
        if set(options.only) - {"append"}:
            large = [grounds.filled(database, "large", options.growth) for database in DATABASES]
            report["fills"] = [asdict(each) for each in large]
            report["figures"] = [asdict(each) for each in measured(grounds, large, options)]
    report["machine"]["load at the end"] = f"{os.getloadavg()[0]:.1f}"
    CONSOLE.print(", ".join(f"{name} {value}" for name, value in report["machine"].items()))
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def options_of(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="poe bench-log", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contestant (5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a turn of appends (2)")
    parser.add_argument("--growth", type=int, default=1_000_000, help="events in the large log (1000000)")
    parser.add_argument("--only", type=parts, default=PARTS, help=f"some of {','.join(PARTS)}")
    parser.add_argument("--pin", action="store_true", help="this process on one core, the server on another")
    parser.add_argument("--json", help="also write the results to this file")
    parser.add_argument("--server", help="URL of a superuser of a PostgreSQL server, instead of one for this run")
    return parser.parse_args(arguments)


def parts(text: str) -> tuple[str, ...]:
    """Read a list of parts; raise ValueError for one that there is not."""
    named = tuple(text.split(","))
    if unknown := set(named) - set(PARTS):
        raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
    return named


def measured(grounds: Grounds, large: Sequence[Filled], options: Namespace) -> list[Figure]:
    """Measure what is asked for besides the race, print it, and return all figures."""
    sections: dict[str, Callable[[], AbstractContextManager[list[Trial]]]] = {
        "load": lambda: loading(grounds, large),
        "verify": lambda: verifying(large),
        "proof": lambda: proving(large),
        "growth": lambda: growing(grounds, large, options.seconds),
    }
    every: list[Figure] = []
    for name, section in sections.items():
        if name not in options.only:
            continue
        with section() as trials:
            figures = interleaved(trials, options.rounds)
        CONSOLE.print(table_of(name, figures))
        if name == "growth":
            CONSOLE.print(*losses(figures), sep="\n")
        every += figures
    for each in large:
        rate = each.events / each.seconds
        CONSOLE.print(f"{each.database}: {each.events:,} events appended in {each.seconds:.1f} s ({rate:,.0f}/s)")
    return every


def appended(grounds: Grounds, options: Namespace) -> list[Summary]:
    with contextlib.ExitStack() as stack:
        contestants = list(opened(grounds))
        for contestant in contestants:
            stack.callback(contestant.close)
        summaries = race(contestants, options)
    CONSOLE.print(*(table_of_appends(summaries, database) for database in DATABASES), sep="\n")
    return summaries


def opened(grounds: Grounds) -> Iterator[Contestant]:
    yield OurLog("sqlite", f"sqlite:///{grounds.path('ours')}")
    yield LibraryOnSqlite(grounds.path("library"))
    yield RowsInSqlite(grounds.path("rows"))
    yield OurLog("postgresql", grounds.create("bench_ours"))
    yield LibraryOnPostgres(grounds.create("bench_library"), database_functions=False)
    yield LibraryOnPostgres(grounds.create("bench_library_functions"), database_functions=True)
    yield RowsInPostgres(grounds.create("bench_rows"))
    yield CopyIntoPostgres(grounds.create("bench_copy"))


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


def table_of_appends(summaries: Sequence[Summary], database: str) -> Table:
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


if __name__ == "__main__":
    main()
