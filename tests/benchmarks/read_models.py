"""How fast read models follow and how fast any moment is folded again, beside the library in the same run.

Run as `poe bench-replay`. Catching up, what a writer waits for, replays of an institution's and of a unit's year, and
what differs between two moments of a year (`sakip diff`), and what reads lose when a log grows to `--growth` events: a
unit's year, the status of all units as known after its first and its last events, following at the head and what a
writer waits for. The large log is followed to its head for that, which takes minutes and is told. Beside each speed
stands what was wrong: rows that differ from the fold of the log, a position that is not exact, or a place where what is
told to differ is not what does.
"""

import contextlib
import json
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from services.milestones import EVERY
from tests.benchmarks.differences import differing
from tests.benchmarks.following import follow_to_head, following
from tests.benchmarks.grounds import DATABASES, Filled, Grounds, durable_server, machine
from tests.benchmarks.growing import losses
from tests.benchmarks.grown_log import grown_reads
from tests.benchmarks.million import folded
from tests.benchmarks.replaying import replaying
from tests.benchmarks.rounds import Figure, Trial, interleaved, table_of
from tests.benchmarks.seeing import seeing

PARTS = ("catch-up", "visible", "replay", "difference", "growth", "million")
OF_LARGE = {"replay", "difference", "growth", "million"}
OF_FOLLOWED = OF_LARGE - {"million"}
OF_MINUTES = {"difference"}
"""A round of them takes so long that none is spent on warming up."""

CONSOLE = Console(width=160)


def main() -> None:
    options = options_of(sys.argv[1:])
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        grounds = Grounds(folder, stack.enter_context(durable_server(options.server)))
        report: dict[str, Any] = {"machine": machine(grounds.server), "options": vars(options)}
        wanted = OF_LARGE & set(options.only)
        large = [grounds.filled(database, "large", options.growth) for database in DATABASES] if wanted else []
        for each in large if OF_FOLLOWED & wanted else ():
            follow_to_head(grounds, each)
        report["fills"] = [asdict(each) for each in large]
        report["figures"] = [asdict(each) for each in measured(grounds, large, options)]
        report["million"] = millions(large) if "million" in options.only else []
    report["machine"]["load at the end"] = f"{os.getloadavg()[0]:.1f}"
    CONSOLE.print(", ".join(f"{name} {value}" for name, value in report["machine"].items()))
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def options_of(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="poe bench-replay", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each trial (5)")
    parser.add_argument(
        "--growth", type=milestones, default=1_000_000, help=f"events in the large log, a multiple of {EVERY} (1000000)"
    )
    parser.add_argument("--only", type=parts, default=PARTS, help=f"some of {','.join(PARTS)}")
    parser.add_argument("--json", help="also write the results to this file")
    parser.add_argument("--server", help="URL of a superuser of a PostgreSQL server, instead of one for this run")
    return parser.parse_args(arguments)


def parts(text: str) -> tuple[str, ...]:
    """Read a list of parts; raise ValueError for one that there is not."""
    named = tuple(text.split(","))
    if unknown := set(named) - set(PARTS):
        raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
    return named


def milestones(text: str) -> int:
    """Read a number of events at which a milestone lies; raise ValueError for any other."""
    events = int(text)
    if events < EVERY or events % EVERY:
        raise ValueError(f"no milestone lies at {events:,} events")
    return events


def measured(grounds: Grounds, large: Sequence[Filled], options: Namespace) -> list[Figure]:
    """Measure what is asked for, print it, and return all figures."""
    sections: dict[str, Callable[[], AbstractContextManager[list[Trial]]]] = {
        "catch-up": lambda: following(grounds),
        "visible": lambda: seeing(grounds),
        "replay": lambda: replaying(grounds, large),
        "difference": lambda: differing(grounds, large),
        "growth": lambda: grown_reads(grounds, large),
    }
    every: list[Figure] = []
    for name, section in sections.items():
        if name not in options.only:
            continue
        with section() as trials:
            figures = interleaved(trials, options.rounds, warm_up=name not in OF_MINUTES)
        CONSOLE.print(table_of(name, figures))
        if name == "growth":
            CONSOLE.print(*losses(figures), sep="\n")
        every += figures
    return every


def millions(large: Sequence[Filled]) -> list[dict[str, Any]]:
    """Fold the large logs into one read model, and print how long it took and what it needed."""
    found = []
    for each in large:
        one = folded(each)
        rate = one["events"] / one["seconds"]
        CONSOLE.print(
            f"{one['database']}: one read model of {one['events']:,} events in {one['seconds']:.1f} s ({rate:,.0f}/s),"
            f" peak {one['peak_mib']:.0f} MiB (idle {one['idle_mib']:.0f}), wrong {one['wrong']}"
        )
        found.append(dict(one))
    return found


if __name__ == "__main__":
    main()
