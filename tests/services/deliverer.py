"""A process that delivers on a database, tells each time its read models are asked to follow, and ends with its parent.

`python deliverer.py URL [--poll SECONDS] [--deaf] [--unleased]`: looks by itself every so many seconds, hears and tells
nobody, or heeds no lease. It prints `ready`, and `followed BEFORE AFTER` for each time.
"""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from services import bootstrap, delivery
from services.follower import Follower
from services.lease import SoleProcess
from services.waking import NobodyElse
from tests.services.office import office
from tests.services.silence import silence

HOME = Path(__file__).parents[2]
PATIENCE = 20.0


class Deliverer:
    """Such a process, and what it said so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: list[str] = []
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def rounds(self) -> list[tuple[int, int]]:
        """The positions before and after each time that its read models were asked to follow."""
        words = [line.split() for line in self._lines if line.startswith("followed")]
        return [(int(before), int(after)) for _, before, after in words]

    @property
    def folded(self) -> int:
        """How many entries it folded."""
        return sum(after - before for before, after in self.rounds)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def await_ready(self) -> None:
        """Wait until it delivers."""
        deadline = time.monotonic() + PATIENCE
        while "ready" not in self._lines:
            assert self._process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line.strip())


@contextmanager
def delivering(url: str, *flags: str) -> Iterator[Deliverer]:
    """Run such a process until the context ends."""
    command = [sys.executable, "-m", "tests.services.deliverer", url, *flags]
    with subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        deliverer = Deliverer(process)
        try:
            deliverer.await_ready()
            yield deliverer
        finally:
            process.send_signal(signal.SIGCONT)
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE)


def deliver(url: str, *, poll: float, deaf: bool, unleased: bool) -> None:
    """Deliver until standard input ends."""
    delivery.POLL_SECONDS = poll
    if deaf:
        bootstrap.open_waking = lambda _url: NobodyElse()  # type: ignore[assignment, attr-defined]
    if unleased:
        bootstrap.open_lease = lambda _url: SoleProcess()  # type: ignore[assignment, attr-defined]
    catch_up = Follower.catch_up

    def told(self: Follower, institution: str) -> int:
        before = self.position(institution)
        after = catch_up(self, institution)
        sys.stdout.write(f"followed {before} {after}\n")
        sys.stdout.flush()
        return after

    Follower.catch_up = told  # type: ignore[method-assign]
    with silence(), office(url, founded=False) as opened:
        opened.system.delivery.start(keep_time=False)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    given = argparse.ArgumentParser()
    given.add_argument("url")
    given.add_argument("--poll", type=float, default=1.0)
    given.add_argument("--deaf", action="store_true")
    given.add_argument("--unleased", action="store_true")
    deliver(**vars(given.parse_args()))
