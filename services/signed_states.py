"""The checkpoints that a verification compares with: those that are given, and the last that the signer kept."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from services.event_log.checkpoint import Checkpoint, last_signed
from services.event_log.note import NoteUnsoundError, SigningKey, VerifyingKey
from services.settings import Settings


class SignedStates:
    """Checkpoints by institution, their signatures looked at where the key is known."""

    def __init__(self, settings: Settings, given: Sequence[Path] = (), key: str | None = None) -> None:
        """Read the files that are given, and the key: a public one, else that of SAKIP_SIGNING_KEY.

        Raises:
            NoteUnsoundError: a file is no checkpoint, its signature does not hold, or the key is none.
        """
        self._folder = settings.checkpoints
        self._key = _key(settings, key)
        self._given = [_read(path, self._key) for path in given]

    @property
    def checked(self) -> bool:
        """Whether a key was there to look at signatures with."""
        return self._key is not None

    def institutions(self) -> set[str]:
        """Return the institutions whose checkpoint the signer kept: a log that is gone as a whole is missed there."""
        return {unquote(path.stem) for path in self._folder.glob("*.checkpoint")} if self._folder else set()

    def of(self, institution: str) -> list[Checkpoint]:
        """Return the checkpoints of an institution.

        Raises:
            NoteUnsoundError: the kept one is no checkpoint of this institution by this key.
        """
        found = [each for each in self._given if _is_of(each, institution)]
        kept = last_signed(self._folder, institution)
        if kept is not None:
            last = Checkpoint.read(kept, self._key)
            if not _is_of(last, institution):
                raise NoteUnsoundError(f"checkpoint yang disimpan milik {last.origin}")
            found.append(last)
        return found

    def strangers(self, institutions: Sequence[str]) -> list[str]:
        """Return the origins among those given that are no institution's."""
        return [each.origin for each in self._given if not any(_is_of(each, name) for name in institutions)]


def _is_of(checkpoint: Checkpoint, institution: str) -> bool:
    return checkpoint.origin.endswith(f"/{institution}")


def _key(settings: Settings, written: str | None) -> VerifyingKey | None:
    if written is not None:
        return VerifyingKey.read(written)
    if settings.signing_key is not None and settings.signing_key.exists():
        return SigningKey.load(settings.signing_key).verifying
    return None


def _read(path: Path, key: VerifyingKey | None) -> Checkpoint:
    try:
        return Checkpoint.read(path.read_text(encoding="utf-8"), key)
    except (NoteUnsoundError, UnicodeDecodeError) as error:
        raise NoteUnsoundError(f"{path}: {error}") from error
