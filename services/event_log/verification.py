"""Checks a stored log against itself, every leaf and the three orders of its entries, and against checkpoints.

Without a checkpoint kept outside the database this can't show that the whole log was rewritten with new hashes, nor
that its tail was cut together with its head row, nor that an old backup took its place.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.event_log.checkpoint import Checkpoint
from services.event_log.contract import EventLog, LogEntry
from services.event_log.leaf import leaf_hash
from services.event_log.merkle import EMPTY_ROOT, Frontier

PAGE = 1000


class Fault(StrEnum):
    """What can be wrong at a position."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    LEAF_HASH_DIFFERS = "leaf_hash_differs"
    VERSION_NOT_NEXT = "version_not_next"
    TIME_WENT_BACK = "time_went_back"
    BEYOND_HEAD = "beyond_head"
    ENDS_BEFORE_CHECKPOINT = "ends_before_checkpoint"
    DIFFERS_FROM_CHECKPOINT = "differs_from_checkpoint"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The first bad position of an institution's log.

    Where the log differs from a checkpoint, the bad entry lies from `position` to `checkpoint`, the size that was
    signed: what comes before agrees with an earlier checkpoint. Where it ends before one, `position` is the first gone.
    """

    institution: str
    position: int
    fault: Fault
    checkpoint: int | None = None


def verify_entries(
    log: EventLog,
    institution: str,
    checkpoints: Sequence[Checkpoint] = (),
    progress: Callable[[int], None] | None = None,
) -> Finding | None:
    """Return the first bad position of an institution's log, or None where its entries agree with all checkpoints.

    Whose the checkpoints are, and who signed them, the caller has looked at. `progress` is told each position reached.
    """
    walk = _Walk({each.size for each in checkpoints})
    head = log.head(institution)
    fault: Fault | None = None
    while fault is None and walk.position < head:
        fault = _next_fault(log, institution, walk, head)
        if progress is not None:
            progress(walk.position)
    if fault is None and _goes_beyond(log, institution, walk.position):
        fault = Fault.BEYOND_HEAD
    if fault is not None:
        return Finding(institution=institution, position=walk.position + 1, fault=fault)
    return _against(checkpoints, walk, institution)


def _against(checkpoints: Sequence[Checkpoint], walk: "_Walk", institution: str) -> Finding | None:
    agreed = 0
    for each in sorted(checkpoints, key=lambda checkpoint: checkpoint.size):
        if each.size > walk.position:
            fault, position = Fault.ENDS_BEFORE_CHECKPOINT, walk.position + 1
        elif walk.roots[each.size] != each.root:
            fault, position = Fault.DIFFERS_FROM_CHECKPOINT, agreed + 1
        else:
            agreed = each.size
            continue
        return Finding(institution=institution, position=position, fault=fault, checkpoint=each.size)
    return None


class _Walk:
    """The orders that hold up to a position, and the roots at the sizes that are asked for."""

    def __init__(self, sizes: Collection[int]) -> None:
        self.position = 0
        self.roots: dict[int, bytes] = {0: EMPTY_ROOT}
        self._sizes = sizes
        self._tree = Frontier()
        self._recorded_at: datetime | None = None
        self._versions: dict[str, int] = {}

    def fault_of(self, entry: LogEntry) -> Fault | None:
        """Return what is wrong with the entry that should come next, or step over it."""
        stream = str(entry.originator_id)
        if entry.id != self.position + 1:
            return Fault.MISSING
        if leaf_hash(entry) != entry.leaf_hash:
            return Fault.LEAF_HASH_DIFFERS
        if entry.originator_version != self._versions.get(stream, 0) + 1:
            return Fault.VERSION_NOT_NEXT
        if self._recorded_at is not None and entry.recorded_at < self._recorded_at:
            return Fault.TIME_WENT_BACK
        self.position, self._recorded_at, self._versions[stream] = entry.id, entry.recorded_at, entry.originator_version
        if self._sizes:
            self._tree.append(entry.leaf_hash)
            if entry.id in self._sizes:
                self.roots[entry.id] = self._tree.root()
        return None


def _next_fault(log: EventLog, institution: str, walk: _Walk, head: int) -> Fault | None:
    """Walk over the next page; one entry at a time where the page has an unreadable one."""
    try:
        page = log.read(institution, walk.position, PAGE, head)
    except ValueError:
        try:
            page = log.read(institution, walk.position, 1, head)
        except ValueError:
            return Fault.UNREADABLE
    if not page:
        return Fault.MISSING
    return next(filter(None, map(walk.fault_of, page)), None)


def _goes_beyond(log: EventLog, institution: str, position: int) -> bool:
    """Tell whether there is an entry after a position that the head row, asked afterwards, does not know of."""
    beyond = log.read(institution, position, 1)
    return bool(beyond) and log.head(institution) < beyond[0].id
