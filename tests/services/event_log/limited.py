"""A process whose files may not grow beyond a limit for a while, and what became of its appends.

Run as `limited.py URL`; prints as JSON the codes of the refusals, the head then, and the head after one more append
without the limit.
"""

import json
import resource
import sys

from services.event_log.opening import open_log
from services.event_log.storage_faults import StorageError
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write

LIMIT = 1_000_000 + 1
EVENTS = 20
TRIES = 5


def append_under_a_limit(url: str) -> None:
    log = open_log(url)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, most))
    refused: list[str] = []
    number = 0
    while len(refused) < TRIES:
        number += 1
        try:
            log.append(a_batch(a_write(f"stream/{number}", count=EVENTS)))
        except StorageError as refusal:
            refused.append(refusal.code)
    head = log.head(INSTITUTION)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    log.append(a_batch(a_write("later", count=EVENTS)))
    sys.stdout.write(json.dumps([refused, head, log.head(INSTITUTION)]))
    log.close()


if __name__ == "__main__":
    append_under_a_limit(sys.argv[1])
