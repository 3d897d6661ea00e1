"""Signed notes as C2SP defines them: lines of text, an empty line, and Ed25519 signatures by named keys.

A key is written `name+id+base64(01 ‖ public key)`, its secret half `PRIVATE+KEY+name+id+base64(01 ‖ seed)`; the id is
the first four bytes of SHA-256(name ‖ newline ‖ 01 ‖ public key), hexadecimal. A signature line is `— name base64(id ‖
signature)`, and the signature covers the text with its last newline.
"""

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519: Final = b"\x01"
_ID_BYTES: Final = 4
_SIGNATURE_BYTES: Final = 64
_SECRET: Final = "PRIVATE+KEY"  # noqa: S105 - how every secret key begins
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
_SIGNATURE_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


class NoteUnsoundError(ValueError):
    """A key or a note is not written as it should be, or no signature by the key holds."""


@dataclass(frozen=True)
class VerifyingKey:
    """The public half of a key; `public` are its 32 bytes."""

    name: str
    public: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the written form; raise `NoteUnsoundError` where it is none."""
        name, _, rest = text.strip().partition("+")
        key = cls(name, _key_bytes(rest))
        if key.written != text.strip():
            raise NoteUnsoundError("kunci publik tidak sesuai dengan sidiknya")
        return key

    @property
    def id(self) -> bytes:
        """The four bytes that signature lines name the key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    @property
    def written(self) -> str:
        """The key as one line of text."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"


class SigningKey:
    """A whole key; only its public half is ever shown."""

    def __init__(self, name: str, secret: Ed25519PrivateKey) -> None:
        """Raise ValueError where the name has white space or a plus sign."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"nama kunci tidak boleh kosong, berspasi, atau memuat '+': {name!r}")
        self._secret = secret
        self.verifying = VerifyingKey(name, secret.public_key().public_bytes_raw())

    @classmethod
    def create(cls, name: str) -> Self:
        """Return a new key."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a key file; raise `NoteUnsoundError` where it holds no key."""
        text = path.read_text(encoding="utf-8").strip()
        name, _, rest = text.removeprefix(_SECRET + "+").partition("+")
        key = cls(name, Ed25519PrivateKey.from_private_bytes(_key_bytes(rest)))
        if key._written != text:
            raise NoteUnsoundError(f"{path} tidak memuat kunci penanda tangan")
        return key

    def save(self, path: Path) -> None:
        """Write the key to a new file that only its owner may read; raise FileExistsError where there is one."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(self._written + "\n")

    def sign(self, text: str) -> str:
        """Return the note of a text, which ends with a newline, under this key."""
        signature = self.verifying.id + self._secret.sign(text.encode())
        return f"{text}\n— {self.verifying.name} {base64.b64encode(signature).decode()}\n"

    @property
    def _written(self) -> str:
        seed = base64.b64encode(_ED25519 + self._secret.private_bytes_raw()).decode()
        return f"{_SECRET}+{self.verifying.name}+{self.verifying.id.hex()}+{seed}"


def note_text(note: str) -> str:
    """Return the text of a note, whoever signed it; raise `NoteUnsoundError` where it has no such form."""
    text, mark, signatures = note.rpartition("\n\n")
    lines = signatures.removesuffix("\n").split("\n")
    if not mark or not signatures.endswith("\n") or not all(map(_SIGNATURE_LINE.fullmatch, lines)):
        raise NoteUnsoundError("bukan catatan bertanda tangan: baris tanda tangan tidak ada atau tidak sah")
    return text + "\n"


def open_note(note: str, key: VerifyingKey) -> str:
    """Return the text of a note that a key signed; signatures by other keys are passed over.

    Raises:
        NoteUnsoundError: the note is not in the form, the key did not sign it, or its signature doesn't hold.
    """
    text = note_text(note)
    for line in note[len(text) + 1 :].splitlines():
        name, _, signature = line[2:].rpartition(" ")
        signed = _decoded(signature)
        if name == key.name and signed[:_ID_BYTES] == key.id and len(signed) == _ID_BYTES + _SIGNATURE_BYTES:
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signed[_ID_BYTES:], text.encode())
            except InvalidSignature as error:
                raise NoteUnsoundError(f"tanda tangan {name} tidak cocok dengan isinya") from error
            return text
    raise NoteUnsoundError(f"tidak ditandatangani oleh {key.name}")


def _key_bytes(rest: str) -> bytes:
    """Return the 32 bytes of `id+base64(01 ‖ key)`; whether the id fits is the caller's question."""
    _, _, encoded = rest.partition("+")
    decoded = _decoded(encoded)
    if decoded[:1] != _ED25519 or len(decoded) != 33:  # noqa: PLR2004 - the kind and 32 bytes
        raise NoteUnsoundError("bukan kunci Ed25519")
    return decoded[1:]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise NoteUnsoundError(f"bukan base64: {text!r}") from error
