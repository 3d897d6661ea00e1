"""Writes what an auditor takes home: the events of a year with all that is needed to check them without this program.

A bundle is a zip file, which `deploy/verify_bundle.py` checks. Hashes are hexadecimal, lines are JSON.

| file | holds |
|---|---|
| `manifest.json` | institution, year, size and root of the tree that the proofs lead to, and what they do not show |
| `events.jsonl` | the events of the year and of the organisation: all columns, payload as stored, inclusion proof |
| `texts.jsonl` | the sealed texts that still exist, each with its salt |
| `files.jsonl` | digest, name and date of each piece of evidence or signed paper that an event cites |
| `rulebooks/{digest}.toml` | the rulebooks that an event cites, as far as they are at hand |
| `checkpoint.txt` | the signed checkpoint of that tree, where there is one |
| `since.txt`, `consistency.json` | an earlier checkpoint, and the proof that its log is the beginning of this one |
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from domain.stream import ORGANISATION
from services.bootstrap import System
from services.cited import Citations
from services.event_log.checkpoint import Checkpoint
from services.event_log.contract import LogEntry
from services.rulebooks import rulebook_files

FORMAT: Final = "sakip-bundle.v1"
PAGE: Final = 1_000
NOT_SHOWN: Final = (
    "bahwa isi suatu catatan benar",
    "bahwa semua yang terjadi dicatat, atau dicatat tepat waktu: yang dibuktikan hanya yang tercatat",
    "bahwa berkas ini memuat semua catatan tahun itu, selain versi yang berurutan di dalam setiap aliran",
    "bahwa ekor log tidak dipotong sesudah checkpoint, atau, tanpa checkpoint dari luar, bahwa log tidak ditulis ulang",
)
_MODIFIED: Final = (1980, 1, 1, 0, 0, 0)


class BundleRefusedError(RuntimeError):
    """The log is not what was signed, or has nothing of that year, so no bundle is written."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle says of itself; `left_out` counts events of the year that came after the checkpoint."""

    format: str
    institution: str
    year: int
    size: int
    root: str
    signed: bool
    events: int
    left_out: int
    texts: int
    files: int
    rulebooks: tuple[str, ...]
    rulebooks_missing: tuple[str, ...]
    not_shown: tuple[str, ...]


def write_bundle(
    system: System,
    institution: str,
    year: int,
    target: Path,
    *,
    checkpoint: str | None = None,
    since: str | None = None,
    progress: Callable[[int], None] = lambda _position: None,
) -> Manifest:
    """Write the bundle of a year, whole or not at all; the proofs lead to the checkpoint where one is given.

    `since` is an earlier checkpoint, which the log is shown to carry on.

    Raises:
        BundleRefusedError: the log is not that of a checkpoint, or there is no event of that year.
        NoteUnsoundError: a checkpoint is none.
        UnicodeDecodeError: a payload is no text, as this program never writes it.
    """
    size = system.log.head(institution) if checkpoint is None else Checkpoint.read(checkpoint).size
    demand_log_of(system, institution, checkpoint)
    demand_log_of(system, institution, since)
    if since is not None and Checkpoint.read(since).size > size:
        raise BundleRefusedError(f"checkpoint terdahulu memuat lebih dari {size} catatan")
    draft = target.with_name(f"{target.name}.draft")
    try:
        with ZipFile(draft, "w", ZIP_DEFLATED) as bundle:
            writer = _Writer(system, institution, year, size, bundle)
            manifest = writer.write(checkpoint, since, progress)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def demand_log_of(system: System, institution: str, note: str | None) -> None:
    """Raise `BundleRefusedError` where a checkpoint is not one of this log."""
    if note is None:
        return
    checkpoint = Checkpoint.read(note)
    if not checkpoint.origin.endswith(f"/{institution}"):
        raise BundleRefusedError(f"checkpoint milik {checkpoint.origin}")
    head = system.log.head(institution)
    if checkpoint.size > head:
        raise BundleRefusedError(f"{checkpoint.size} catatan sudah ditandatangani, log berisi {head}")
    if system.proofs.root(institution, checkpoint.size) != checkpoint.root:
        raise BundleRefusedError(f"{checkpoint.size} catatan pertama bukan yang sudah ditandatangani")


class _Writer:
    """Fills one open zip file."""

    def __init__(self, system: System, institution: str, year: int, size: int, bundle: ZipFile) -> None:
        self._system = system
        self._institution = institution
        self._year = year
        self._size = size
        self._bundle = bundle
        self._cited = Citations()
        self._of_year = 0
        self._left_out = 0

    def write(self, checkpoint: str | None, since: str | None, progress: Callable[[int], None]) -> Manifest:
        events = self._lines("events.jsonl", self._events(progress))
        if not self._of_year:
            raise BundleRefusedError(f"tidak ada catatan tahun {self._year}")
        texts = self._lines("texts.jsonl", self._texts())
        files = self._lines("files.jsonl", iter(self._cited.files))
        present, missing = self._rulebooks()
        if checkpoint is not None:
            self._whole("checkpoint.txt", checkpoint.encode())
        if since is not None:
            self._since(since)
        manifest = Manifest(
            format=FORMAT,
            institution=self._institution,
            year=self._year,
            size=self._size,
            root=self._system.proofs.root(self._institution, self._size).hex(),
            signed=checkpoint is not None,
            events=events,
            left_out=self._left_out,
            texts=texts,
            files=files,
            rulebooks=present,
            rulebooks_missing=missing,
            not_shown=NOT_SHOWN,
        )
        self._whole("manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        return manifest

    def _events(self, progress: Callable[[int], None]) -> Iterator[dict[str, Any]]:
        after = 0
        while page := self._system.log.read(self._institution, after=after, limit=PAGE):
            for entry in page:
                if entry.fiscal_year != self._year and entry.originator_id != ORGANISATION:
                    continue
                if entry.id > self._size:
                    self._left_out += 1
                    continue
                self._of_year += entry.fiscal_year == self._year
                self._cited.note(entry.id, entry.state)
                yield self._told(entry)
            after = page[-1].id
            progress(after)

    def _told(self, entry: LogEntry) -> dict[str, Any]:
        proof = self._system.proofs.inclusion(self._institution, entry.id, self._size)
        return {
            "institution": entry.institution,
            "position": entry.id,
            "stream": str(entry.originator_id),
            "version": entry.originator_version,
            "fiscal_year": entry.fiscal_year,
            "type": entry.topic,
            "recorded_at": entry.recorded_at,
            "effective_on": entry.effective_on,
            "origin": entry.origin,
            "actor_id": entry.actor_id,
            "actor_role": entry.actor_role,
            "actor_unit": entry.actor_unit,
            "command_id": entry.command_id,
            "index": entry.index,
            "causation": entry.causation,
            "correlation": entry.correlation,
            "payload": entry.state.decode(),
            "leaf_hash": entry.leaf_hash.hex(),
            "proof": proof.hashes,
        }

    def _texts(self) -> Iterator[dict[str, str]]:
        digests = sorted(self._cited.digests)
        for at in range(0, len(digests), PAGE):
            rows = self._system.log.sealed_rows(self._institution, digests[at : at + PAGE])
            for row in sorted(rows, key=lambda each: each.digest):
                yield {"digest": row.digest, "salt": row.salt.hex(), "text": row.text}

    def _rulebooks(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Write the rulebooks that are cited; return the digests of those and of the ones that are not at hand."""
        at_hand = rulebook_files(self._system.settings.rulebooks)
        cited = sorted({digest for _, _, digest in self._cited.rules})
        present = tuple(digest for digest in cited if digest in at_hand)
        for digest in present:
            self._whole(f"rulebooks/{digest}.toml", at_hand[digest])
        return present, tuple(digest for digest in cited if digest not in at_hand)

    def _since(self, since: str) -> None:
        proof = self._system.proofs.consistency(self._institution, Checkpoint.read(since).size, self._size)
        self._whole("since.txt", since.encode())
        self._whole("consistency.json", msgspec.json.encode(proof))

    def _lines(self, name: str, rows: Iterator[object]) -> int:
        count = 0
        with self._bundle.open(_entry(name), "w", force_zip64=True) as file:
            for row in rows:
                file.write(msgspec.json.encode(row) + b"\n")
                count += 1
        return count

    def _whole(self, name: str, content: bytes) -> None:
        self._bundle.writestr(_entry(name), content)


def _entry(name: str) -> ZipInfo:
    """The same log gives the same bytes: no time of writing in it."""
    entry = ZipInfo(name, _MODIFIED)
    entry.compress_type = ZIP_DEFLATED
    return entry
