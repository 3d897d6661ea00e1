"""The log in memory: the same contract without a database, for simulations and for tests of what stands on a log."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from services.event_log.bounds import check_batch, check_instant, check_name, check_window, first_after
from services.event_log.contract import (
    Appended,
    Batch,
    CommandReusedError,
    EventLog,
    LogEntry,
    SealedRow,
    StreamConflictError,
)
from services.event_log.entries import entries_of, expectations, versions_after


@dataclass
class _Institution:
    entries: list[LogEntry] = field(default_factory=list)
    streams: defaultdict[str, list[LogEntry]] = field(default_factory=lambda: defaultdict(list))
    commands: dict[str, tuple[str, Appended]] = field(default_factory=dict)
    sealed: dict[str, SealedRow] = field(default_factory=dict)


class MemoryLog(EventLog):
    """Thread-safe; one lock for all institutions. What it holds ends with it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._institutions: dict[str, _Institution] = {}

    def append(self, batch: Batch) -> Appended:
        """See the contract."""
        check_batch(batch)
        with self._lock:
            held = self._institutions.get(batch.institution, _Institution())
            if first := _first_result(held, batch.command_id, batch.digest):
                return first
            _check_expectations(held, batch)
            return self._append(held, batch)

    def repeated(self, institution: str, command_id: str, digest: str) -> Appended | None:
        """See the contract."""
        check_name("command_id", command_id)
        with self._lock:
            return _first_result(self._held(institution), command_id, digest)

    def read_stream(
        self, institution: str, stream: str, after: int = 0, limit: int | None = None
    ) -> Sequence[LogEntry]:
        """See the contract."""
        check_name("stream", stream)
        check_window(after=after, limit=limit)
        with self._lock:
            entries = self._held(institution).streams.get(stream, [])
            return entries[after : None if limit is None else after + limit]

    def read_cycle(self, institution: str, prefix: str, until: int, after: int = 0) -> Sequence[LogEntry]:
        """See the contract."""
        first_after(prefix)
        check_window(after=after, until=until)
        with self._lock:
            entries = self._held(institution).entries[after:until]
        return [entry for entry in entries if entry.correlation is not None and entry.correlation.startswith(prefix)]

    def read(self, institution: str, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[LogEntry]:
        """See the contract."""
        check_window(after=after, limit=limit, until=until)
        with self._lock:
            end = after + limit if until is None else min(after + limit, until)
            return self._held(institution).entries[after:end]

    def head(self, institution: str) -> int:
        """See the contract."""
        with self._lock:
            return len(self._held(institution).entries)

    def position_at(self, institution: str, instant: datetime) -> int:
        """See the contract."""
        moment = check_instant(instant)
        with self._lock:
            return bisect_right(self._held(institution).entries, moment, key=lambda entry: entry.recorded_at)

    def institutions(self) -> Sequence[str]:
        """See the contract."""
        with self._lock:
            return sorted(self._institutions)

    def sealed_rows(self, institution: str, digests: Sequence[str]) -> Sequence[SealedRow]:
        """See the contract."""
        for digest in digests:
            check_name("digest", digest)
        with self._lock:
            sealed = self._held(institution).sealed
            return [sealed[digest] for digest in digests if digest in sealed]

    def close(self) -> None:
        """There are no connections to give back."""

    def _held(self, institution: str) -> _Institution:
        check_name("institution", institution)
        return self._institutions.get(institution, _Institution())

    def _append(self, held: _Institution, batch: Batch) -> Appended:
        head = len(held.entries)
        earliest = held.entries[-1].recorded_at if held.entries else batch.recorded_at
        entries = list(entries_of(batch, head, max(check_instant(batch.recorded_at), earliest)))
        result = Appended(first_position=head + 1, last_position=head + len(entries), versions=versions_after(batch))
        if entries:
            self._institutions[batch.institution] = held
            held.entries.extend(entries)
            for entry in entries:
                held.streams[str(entry.originator_id)].append(entry)
            held.commands[batch.command_id] = (batch.digest, result)
            held.sealed.update((row.digest, row) for row in batch.sealed if row.digest not in held.sealed)
        return result


def _first_result(held: _Institution, command_id: str, digest: str) -> Appended | None:
    if command_id not in held.commands:
        return None
    known, result = held.commands[command_id]
    if known != digest:
        raise CommandReusedError(command_id)
    return replace(result, repeated=True)


def _check_expectations(held: _Institution, batch: Batch) -> None:
    for stream, expected in expectations(batch):
        actual = len(held.streams.get(stream, ()))
        if actual != expected:
            raise StreamConflictError(stream, expected, actual)
