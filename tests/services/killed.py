"""A process whose child opens years and delivers what follows, and is killed with signal 9 at a random moment.

`python killed.py URL ROUNDS SEED` prints, for each year whose opening the child acknowledged, that year on a line. With
`apart` behind it the child has a broken follower, which stores rows and position in two transactions.
"""

import os
import random
import signal
import sys
import time

from domain.bounds import LAST_FISCAL_YEAR
from services import bootstrap, milestones
from services.follower import Follower
from tests.services.office import BEGINS, INSTITUTION, office
from tests.services.position_apart import SlowPositionAfterwards
from tests.services.silence import silence

FIRST_YEAR = 2020
LONGEST_SECONDS = 0.9


def kill_again_and_again(url: str, rounds: int, seed: int, follower: type[Follower] = Follower) -> None:
    """Let a child live for a moment, many times."""
    moments = random.Random(seed)
    for _ in range(rounds):
        child = os.fork()
        if child == 0:
            live(url, follower)
        time.sleep(moments.uniform(0.05, LONGEST_SECONDS))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def live(url: str, follower: type[Follower]) -> None:
    """Open one year after the other, and deliver, until the end."""
    vars(bootstrap)["Follower"] = follower
    milestones.EVERY = 20
    with silence(), office(url, founded=False, begins=BEGINS) as opened:
        while True:
            opened.settle()
            known = opened.system.handler.institution(INSTITUTION).fiscal_years
            following = max(known, default=FIRST_YEAR - 1) + 1
            if following <= LAST_FISCAL_YEAR:
                opened.does("plan", "organisation.open_fiscal_year", fiscal_year=following)
                os.write(sys.stdout.fileno(), f"{following}\n".encode())


if __name__ == "__main__":
    broken = (SlowPositionAfterwards,) if sys.argv[4:] == ["apart"] else ()
    kill_again_and_again(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *broken)
