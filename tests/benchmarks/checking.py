"""Checking a log: every entry against its hash and its place, and proofs about single entries."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import Engine

from services.databases import open_database
from services.event_log.checkpoint import Checkpoint
from services.event_log.contract import EventLog
from services.event_log.merkle import verify_consistency, verify_inclusion
from services.event_log.opening import open_log
from services.event_log.verification import verify_entries
from services.proofs import Proofs
from tests.benchmarks.grounds import Filled
from tests.benchmarks.regency import INSTITUTION
from tests.benchmarks.rounds import Reading, Trial

PROOFS = 300
"""Of one turn, each about another entry."""


@contextmanager
def verifying(large: Sequence[Filled]) -> Iterator[list[Trial]]:
    """Yield the trials that walk over whole logs, without and with a checkpoint to compare."""
    with ExitStack() as stack:
        trials = []
        for each in large:
            checked = _opened(stack, each)
            note = f"of {checked.size:,} events"
            for what, run in (("verify the log", checked.walk), ("verify, with its root", checked.walk_with_root)):
                trials.append(Trial(what, "sakip", each.database, "events/s", run, note))
        yield trials


@contextmanager
def proving(large: Sequence[Filled]) -> Iterator[list[Trial]]:
    """Yield the trials of proofs, whose tiles are complete after the warm-up."""
    with ExitStack() as stack:
        trials = []
        for each in large:
            checked = _opened(stack, each)
            note = f"of {checked.size:,} events; each checked afterwards"
            for what, run in (("inclusion proof", checked.inclusions), ("consistency proof", checked.consistencies)):
                trials.append(Trial(what, "sakip", each.database, "ms", run, note))
        yield trials


def _opened(stack: ExitStack, filled: Filled) -> "_Checked":
    log = open_log(filled.url)
    stack.callback(log.close)
    engine = open_database(filled.url)
    stack.callback(engine.dispose)
    return _Checked(log, engine)


@dataclass
class _Checked:
    """A log at the size that it has now; other entries are asked about in each turn, the same ones in each run."""

    log: EventLog
    engine: Engine
    size: int = field(init=False)
    proofs: Proofs = field(init=False)
    turns: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.size = self.log.head(INSTITUTION)
        self.proofs = Proofs(self.log, self.engine)

    def walk(self) -> Reading:
        return self._walk(())

    def walk_with_root(self) -> Reading:
        return self._walk(
            (Checkpoint(origin="benchmark", size=self.size, root=self.proofs.root(INSTITUTION, self.size)),)
        )

    def inclusions(self) -> Reading:
        return self._proofs(self._inclusion)

    def consistencies(self) -> Reading:
        return self._proofs(self._consistency)

    def _walk(self, checkpoints: Sequence[Checkpoint]) -> Reading:
        started = time.perf_counter()
        finding = verify_entries(self.log, INSTITUTION, checkpoints)
        return Reading(self.size / (time.perf_counter() - started), self.size, int(finding is not None))

    def _proofs(self, prove: Callable[[int], tuple[float, bool]]) -> Reading:
        chance = random.Random(next(self.turns))
        proved = [prove(chance.randint(1, self.size)) for _ in range(PROOFS)]
        spent = sorted(seconds * 1000 for seconds, _ in proved)
        return Reading(
            statistics.median(spent),
            checked=PROOFS,
            wrong=sum(not holds for _, holds in proved),
            tail=spent[PROOFS * 99 // 100],
        )

    def _inclusion(self, position: int) -> tuple[float, bool]:
        started = time.perf_counter()
        proof = self.proofs.inclusion(INSTITUTION, position, self.size)
        seconds = time.perf_counter() - started
        (entry,) = self.log.read(INSTITUTION, position - 1, 1)
        hashes, root = [bytes.fromhex(each) for each in proof.hashes], bytes.fromhex(proof.root)
        return seconds, verify_inclusion(entry.leaf_hash, position - 1, self.size, hashes, root)

    def _consistency(self, old_size: int) -> tuple[float, bool]:
        started = time.perf_counter()
        proof = self.proofs.consistency(INSTITUTION, old_size, self.size)
        seconds = time.perf_counter() - started
        hashes = [bytes.fromhex(each) for each in proof.hashes]
        roots = bytes.fromhex(proof.old_root), bytes.fromhex(proof.root)
        return seconds, verify_consistency(old_size, roots[0], self.size, roots[1], hashes)
