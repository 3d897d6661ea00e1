"""A process whose threads append until it is killed, and say after each commit which command was acknowledged.

Run as `appender.py URL RUN`; with `early` as third argument it acknowledges before it appends, which tests must notice.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from services.event_log.opening import open_log
from tests.services.event_log.batches import a_batch, a_write

THREADS = 8


def append_for_ever(url: str, run: str, *, early: bool) -> None:
    log = open_log(url)

    def append(thread: int) -> None:
        number = 0
        while True:
            number += 1
            command_id = f"{run}.{thread}.{number}"
            if early:
                acknowledge(command_id)
                time.sleep(60)
            log.append(a_batch(a_write(f"{command_id}/a", count=3), a_write(f"{command_id}/b"), command_id=command_id))
            acknowledge(command_id)

    with ThreadPoolExecutor(THREADS) as pool:
        for each in [pool.submit(append, thread) for thread in range(THREADS)]:
            each.result()


def acknowledge(command_id: str) -> None:
    """Write one line in one call, so that lines of threads don't mix."""
    os.write(sys.stdout.fileno(), f"{command_id}\n".encode())


if __name__ == "__main__":
    append_for_ever(sys.argv[1], sys.argv[2], early=sys.argv[3:] == ["early"])
