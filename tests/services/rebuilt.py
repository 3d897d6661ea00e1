"""A process that rebuilds the read models again and again while it appends and follows, until it is killed.

`python rebuilt.py URL ROUNDS SEED` lets a child live for a moment, many times, and ends each with signal 9.
"""

import os
import random
import signal
import sys
import time
from threading import Thread

from services import milestones
from tests.services.office import INSTITUTION, UNIT, office
from tests.services.silence import silence

LONGEST_SECONDS = 0.9


def kill_again_and_again(url: str, rounds: int, seed: int) -> None:
    """Let a child rebuild for a moment, many times."""
    moments = random.Random(seed)
    for _ in range(rounds):
        child = os.fork()
        if child == 0:
            live(url)
        time.sleep(moments.uniform(0.1, LONGEST_SECONDS))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def live(url: str) -> None:
    """Rebuild without end; print a line for each rebuild that ended."""
    milestones.EVERY = 20
    with silence(), office(url, founded=False) as opened:

        def append() -> None:
            while True:
                opened.does("admin", "organisation.rename_unit", unit=UNIT, name="Dinas")
                opened.system.follower.catch_up(INSTITUTION)

        Thread(target=append, daemon=True).start()
        while True:
            opened.system.follower.rebuild(INSTITUTION)
            os.write(sys.stdout.fileno(), b"rebuilt\n")


if __name__ == "__main__":
    kill_again_and_again(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
