"""Checkpoints in the C2SP form: how far a log had come and what its root was, signed and kept outside the database.

the origin, which names the log
the number of its entries
the root of its tree, in base64
"""

import base64
import binascii
import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from services.event_log.merkle import HASH_BYTES, verify_consistency
from services.event_log.note import NoteUnsoundError, SigningKey, VerifyingKey, note_text, open_note

Prove = Callable[[int, int], Sequence[bytes]]
"""Returns the consistency proof between two sizes of the log that is to be signed."""

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """`size` entries from the beginning of the log `origin` have the root `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, note: str, key: VerifyingKey | None = None) -> "Checkpoint":
        """Read a signed checkpoint; without a key nobody has looked at the signature.

        Raises:
            NoteUnsoundError: it is no checkpoint, or the key did not sign it.
        """
        text = note_text(note) if key is None else open_note(note, key)
        origin, size, root, *_ = [*text.split("\n"), "", ""]
        try:
            decoded = base64.b64decode(root, validate=True)
        except binascii.Error as error:
            raise NoteUnsoundError("akar checkpoint bukan base64") from error
        if not origin or not _SIZE.fullmatch(size) or len(decoded) != HASH_BYTES:
            raise NoteUnsoundError("bukan checkpoint: asal, jumlah, atau akarnya tidak sah")
        return cls(origin=origin, size=int(size), root=decoded)


class NotASuccessorError(RuntimeError):
    """The log does not carry on what was signed last: it was cut, rolled back or rewritten, so nothing is signed."""


class Signer:
    """Signs checkpoints of logs, each consistent with the last, which it keeps as `<institution>.checkpoint`.

    The folder lies outside the database. The kept checkpoint is on disk before the new one is given away.
    """

    def __init__(self, key: SigningKey, folder: Path) -> None:
        self._key = key
        self._folder = folder

    def sign(self, institution: str, size: int, root: bytes, prove: Prove, *, begin: bool = False) -> str:
        """Return the signed checkpoint of a log at a size; asked again at the same size and root, the same one.

        `begin` allows the first checkpoint of an institution, and nothing else.

        Raises:
            NotASuccessorError: no proof leads from the last signed checkpoint to this one, or there is no last one and
                `begin` was not said, or there is one and it was.
            NoteUnsoundError: the kept checkpoint was not signed by this key.
        """
        checkpoint = Checkpoint(origin=origin_of(self._key.verifying, institution), size=size, root=root)
        path = kept_at(self._folder, institution)
        with _alone(path):
            kept = path.read_text(encoding="utf-8") if path.exists() else None
            if (kept is None) is not begin:
                raise NotASuccessorError(_BEGUN if begin else _NOT_BEGUN)
            if kept is not None:
                last = Checkpoint.read(kept, self._key.verifying)
                if last == checkpoint:
                    return kept
                _demand_successor(last, checkpoint, prove)
            note = self._key.sign(checkpoint.text)
            _replace(path, note)
        return note


_NOT_BEGUN: Final = "belum ada checkpoint yang disimpan; bila memang yang pertama, mulailah dengan --begin"
_BEGUN: Final = "sudah ada checkpoint yang disimpan; --begin hanya untuk yang pertama"


def origin_of(key: VerifyingKey, institution: str) -> str:
    """Return the line that names the log of an institution in what a key signs; raise ValueError if it is none."""
    if not institution.isprintable():
        raise ValueError(f"{institution!r} tidak dapat menjadi satu baris")
    return f"{key.name}/{institution}"


def kept_at(folder: Path, institution: str) -> Path:
    """Return where the last checkpoint of an institution is kept, whatever its name has in it."""
    return folder / f"{quote(institution, safe='')}.checkpoint"


def last_signed(folder: Path | None, institution: str) -> str | None:
    """Return the last signed checkpoint that is kept of an institution, or None."""
    if folder is None:
        return None
    path = kept_at(folder, institution)
    return path.read_text(encoding="utf-8") if path.exists() else None


def _demand_successor(last: Checkpoint, checkpoint: Checkpoint, prove: Prove) -> None:
    if last.origin != checkpoint.origin:
        raise NotASuccessorError(f"checkpoint yang disimpan milik {last.origin}, bukan {checkpoint.origin}")
    if checkpoint.size < last.size:
        raise NotASuccessorError(
            f"log berisi {checkpoint.size} catatan, padahal {last.size} sudah ditandatangani: ekornya dipotong atau"
            " cadangan lama dipulihkan"
        )
    proof = prove(last.size, checkpoint.size)
    if not verify_consistency(last.size, last.root, checkpoint.size, checkpoint.root, proof):
        raise NotASuccessorError(f"{last.size} catatan pertama bukan lagi yang sudah ditandatangani: log ditulis ulang")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other signers of the same log waiting."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _replace(path: Path, content: str) -> None:
    """Put new content in the place of a file, on disk before this returns."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
