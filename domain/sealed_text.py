"""Text typed by people, known to events only by the digest of its sealed form.

The payload of an event holds SHA-256(salt ‖ text); salt and text lie beside the log and can be erased without
touching an event, a version or a proof. Folds carry the digest, the edges of the system resolve the text.
"""

import hashlib

SALT_BYTES = 32
MAX_LENGTH = 4000


class SealedText:
    """The digest (64 lower-case hexadecimal digits) under which a text is sealed."""

    __slots__ = ("digest",)

    def __init__(self, digest: str) -> None:
        self.digest = digest

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SealedText) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"SealedText({self.digest[:8]}…)"


def seal(salt: bytes, text: str) -> SealedText:
    """Return the reference of `text` under a salt of 32 random bytes.

    >>> seal(bytes(32), "Terlambat karena banjir").digest[:8]
    '4ed08ab9'
    """
    if len(salt) != SALT_BYTES:
        message = f"a salt has {SALT_BYTES} bytes, not {len(salt)}"
        raise ValueError(message)
    return SealedText(hashlib.sha256(salt + text.encode()).hexdigest())
