"""A process that appends until it is killed, and says after each commit which command was acknowledged.

Run as `appender.py URL RUN`; with `early` as third argument it acknowledges before it appends, which tests must notice.
"""

import sys
import time

from services.event_log.opening import open_log
from tests.services.event_log.batches import a_batch, a_write


def append_for_ever(url: str, run: str, *, early: bool) -> None:
    log = open_log(url)
    number = 0
    while True:
        number += 1
        command_id = f"{run}.{number}"
        if early:
            sys.stdout.write(f"{command_id}\n")
            sys.stdout.flush()
            time.sleep(60)
        log.append(a_batch(a_write(f"{command_id}/a", count=3), a_write(f"{command_id}/b"), command_id=command_id))
        sys.stdout.write(f"{command_id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    append_for_ever(sys.argv[1], sys.argv[2], early=sys.argv[3:] == ["early"])
