"""What every event log does, whatever stores it.

One log per institution. Its positions are gapless, start at 1, and are at once commit order and time order. The types
of the `eventsourcing` library are used where they fit: a `LogEntry` is one of its notifications (stream, version, type,
payload, position) with the envelope that auditors ask for.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eventsourcing.persistence import Notification, RecordConflictError

from domain.sealed_text import SALT_BYTES, seal


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """An event to append: its columns before the log adds position, version, time and leaf hash.

    `type` is the permanent name, `payload` the exact bytes that are stored and hashed; `fiscal_year` is the performance
    year or null; `correlation` names the cycle (`unit/year`), `causation` is the position that caused it.
    """

    type: str
    payload: bytes
    effective_on: date
    fiscal_year: int | None
    correlation: str | None


@dataclass(frozen=True, kw_only=True)
class Write:
    """Events for one stream, appended only while the stream stands at version `expected` (0: not yet begun)."""

    stream: str
    expected: int
    events: tuple[NewEvent, ...]


@dataclass(frozen=True, kw_only=True)
class Guard:
    """A stream that the decision relied on: it must still stand at `expected`, and is not written."""

    stream: str
    expected: int


@dataclass(frozen=True, kw_only=True)
class SealedRow:
    """A text under the digest that events know it by: SHA-256(salt ‖ text)."""

    digest: str
    salt: bytes
    text: str

    @property
    def fits(self) -> bool:
        """Whether salt and text are those that the digest was made of."""
        return len(self.salt) == SALT_BYTES and seal(self.salt, self.text).digest == self.digest


@dataclass(frozen=True, kw_only=True)
class Batch:
    """All that one command appends, as one transaction of one institution.

    `digest` is that of the command as it was sent: the same `command_id` with the same digest returns the first result.
    """

    institution: str
    command_id: str
    digest: str
    writes: tuple[Write, ...]
    guards: tuple[Guard, ...] = ()
    sealed: tuple[SealedRow, ...] = ()
    actor_id: str
    actor_role: str
    actor_unit: str | None
    origin: str
    causation: int | None = None
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class Appended:
    """The result of a command: the positions it took (last < first when it changed nothing) and the stream versions.

    `repeated` says that the command had been carried out before and this is its first result.
    """

    first_position: int
    last_position: int
    versions: tuple[tuple[str, int], ...]
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class LogEntry(Notification):
    """A stored row: the library's notification (`originator_id` is the stream, `id` the position) and its envelope."""

    institution: str
    fiscal_year: int | None
    recorded_at: datetime
    effective_on: date
    origin: str
    actor_id: str
    actor_role: str
    actor_unit: str | None
    command_id: str
    index: int
    causation: int | None
    correlation: str | None
    leaf_hash: bytes


class StreamConflictError(RecordConflictError):
    """A written or guarded stream does not stand at the expected version any more."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream} stands at version {actual}, not {expected}")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class CommandReusedError(RecordConflictError):
    """The command id was used before for a command with another digest."""


class EventLog(ABC):
    """Append, and read by stream, by cycle and by position. All instants are aware UTC, all reads see only commits."""

    @abstractmethod
    def append(self, batch: Batch) -> Appended:
        """Append atomically, or raise `StreamConflictError` or `CommandReusedError` and leave no trace.

        Order of checks: command id first, then guards, then writes. `recorded_at` is raised to that of the last entry
        where the given one is earlier. A batch without events is checked, appends nothing and remembers nothing.

        Raises:
            ValueError: something that not every recorder can store (`services/event_log/bounds.py`), before any check.
        """

    @abstractmethod
    def repeated(self, institution: str, command_id: str, digest: str) -> Appended | None:
        """Return the first result of a command that was carried out before, or None."""

    @abstractmethod
    def read_stream(
        self, institution: str, stream: str, after: int = 0, limit: int | None = None
    ) -> Sequence[LogEntry]:
        """Return the entries of a stream with a version greater than `after`, in order."""

    @abstractmethod
    def read_cycle(self, institution: str, prefix: str, until: int, after: int = 0) -> Sequence[LogEntry]:
        """Return the entries whose correlation starts with `prefix` (such as `dinkes/2024`), between two positions."""

    @abstractmethod
    def read(self, institution: str, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[LogEntry]:
        """Return at most `limit` entries with a position greater than `after` (and at most `until`), in order."""

    def leaf_hashes(self, institution: str, after: int, until: int) -> Sequence[bytes]:
        """Return the leaf hashes (32 bytes each) of the entries between two positions, as stored, in order."""
        return [entry.leaf_hash for entry in self.read(institution, after, until - after, until)]

    @abstractmethod
    def head(self, institution: str) -> int:
        """Return the last position of an institution, 0 where there is none."""

    @abstractmethod
    def position_at(self, institution: str, instant: datetime) -> int:
        """Return the last position recorded at or before an instant, 0 where there is none."""

    @abstractmethod
    def institutions(self) -> Sequence[str]:
        """Return the institutions that have a log, in alphabetical order."""

    @abstractmethod
    def sealed_rows(self, institution: str, digests: Sequence[str]) -> Sequence[SealedRow]:
        """Return the sealed texts that still exist, each with its salt, in no order."""

    def texts(self, institution: str, digests: Sequence[str]) -> dict[str, str]:
        """Return the sealed texts that still exist, by digest; one that does not fit its digest is no such text."""
        return {row.digest: row.text for row in self.sealed_rows(institution, digests) if row.fits}

    @abstractmethod
    def close(self) -> None:
        """Give connections back."""
