"""One read model out of a large log, in a process of its own, whose memory is the answer's second half.

Run by `poe bench-replay` as `python -m tests.benchmarks.million URL`; prints one line of JSON.
"""

import json
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TypedDict

from tests.benchmarks.following import ONE, catch_up, differing, system_on
from tests.benchmarks.grounds import Filled


class Large(TypedDict):
    """Events folded into stored rows, in how many seconds, peak memory in MiB before and after, and what differs."""

    database: str
    events: int
    seconds: float
    idle_mib: float
    peak_mib: float
    wrong: int


def folded(filled: Filled) -> Large:
    """Fold a log into one read model in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.million", filled.url]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: Large = json.loads(done.stdout)
    found["database"] = filled.database
    return found


def main() -> None:
    with closing(system_on(sys.argv[1])) as system:
        idle = _peak_mib()
        started = time.perf_counter()
        events = catch_up(system, ONE)
        seconds = time.perf_counter() - started
        peak = _peak_mib()
        wrong = differing(system, ONE)
    answer = {"events": events, "seconds": seconds, "idle_mib": idle, "peak_mib": peak, "wrong": wrong}
    sys.stdout.write(json.dumps(answer) + "\n")


def _peak_mib() -> float:
    """Return the most memory this process had: `getrusage` begins with what the one had that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak) / 1024


if __name__ == "__main__":
    main()
