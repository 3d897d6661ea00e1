"""Checks a stored log against itself: every leaf, and the three orders of its entries.

Without a checkpoint kept outside the database this can't show that the whole log was rewritten with new hashes, nor
that its tail was cut together with its head row.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.event_log.contract import EventLog, LogEntry
from services.event_log.leaf import leaf_hash

PAGE = 1000


class Fault(StrEnum):
    """What can be wrong at a position."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    LEAF_HASH_DIFFERS = "leaf_hash_differs"
    VERSION_NOT_NEXT = "version_not_next"
    TIME_WENT_BACK = "time_went_back"
    BEYOND_HEAD = "beyond_head"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The first bad position of an institution's log."""

    institution: str
    position: int
    fault: Fault


def verify_entries(log: EventLog, institution: str) -> Finding | None:
    """Return the first bad position of an institution's log, or None where all its entries agree."""
    walk = _Walk()
    head = log.head(institution)
    fault: Fault | None = None
    while fault is None and walk.position < head:
        fault = _next_fault(log, institution, walk, head)
    if fault is None and _goes_beyond(log, institution, walk.position):
        fault = Fault.BEYOND_HEAD
    return None if fault is None else Finding(institution=institution, position=walk.position + 1, fault=fault)


class _Walk:
    """The orders that hold up to a position."""

    def __init__(self) -> None:
        self.position = 0
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
