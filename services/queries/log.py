"""What shows that the log is what it was: the last signed checkpoint, and proofs out of its tree."""

from pathlib import Path

import msgspec

from services.event_log.checkpoint import Checkpoint, last_signed
from services.proofs import ConsistencyProof, InclusionProof, Proofs


class SignedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What was signed last; `note` is the whole checkpoint with its signature, `root` 64 hexadecimal digits."""

    origin: str
    size: int
    root: str
    note: str


def signed_checkpoint(folder: Path | None, institution: str) -> SignedCheckpoint | None:
    """Return the last signed checkpoint of an institution, or None where none is kept."""
    note = last_signed(folder, institution)
    if note is None:
        return None
    checkpoint = Checkpoint.read(note)
    return SignedCheckpoint(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root.hex(), note=note)


def inclusion(proofs: Proofs, institution: str, size: int, position: int) -> InclusionProof | None:
    """Return the proof that an entry is among the first `size`, or None where it is not."""
    return proofs.inclusion(institution, position, size) if position <= size else None


def consistency(proofs: Proofs, institution: str, size: int, old_size: int) -> ConsistencyProof | None:
    """Return the proof that the first `old_size` entries begin the first `size`, or None where there are fewer."""
    return proofs.consistency(institution, old_size, size) if old_size <= size else None
