"""Reading a command from outside: bounds are checked, and every text a person typed is sealed before anyone sees it."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from domain.command import Command
from domain.sealed_text import MAX_LENGTH, SealedText, seal
from services.event_log.contract import SealedRow
from services.identity import new_salt
from services.strict_json import demand_plain_figures, demand_shallow, parse

CommandT = TypeVar("CommandT", bound=Command)

_CONTROL = frozenset(chr(code) for code in range(32)) - {"\n", "\t", "\r"}


class SealedCommand(msgspec.Struct, frozen=True, kw_only=True):
    """A command ready to be decided, the texts sealed in it, and the digest of the command as it was sent."""

    command: Command
    sealed: tuple[SealedRow, ...]
    digest: str


class Sealer:
    """Seals the texts of one command while it is decoded."""

    def __init__(self) -> None:
        self.rows: list[SealedRow] = []

    def text(self, expected: type, value: Any) -> Any:  # noqa: ANN401 - the signature of a decoding hook
        """Turn a typed text into its sealed reference; raise ValueError where it is no admissible text."""
        if expected is not SealedText:
            raise NotImplementedError(expected)
        if not isinstance(value, str):
            raise ValueError("Harus berupa teks")  # noqa: TRY004 - msgspec names the field of a ValueError
        _check(value)
        salt = new_salt()
        reference = seal(salt, value)
        self.rows.append(SealedRow(digest=reference.digest, salt=salt, text=value))
        return reference


def _check(text: str) -> None:
    if not text.strip():
        raise ValueError("Teks tidak boleh kosong")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"Teks lebih dari {MAX_LENGTH} karakter")
    if not _CONTROL.isdisjoint(text) or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("Teks berisi karakter yang tidak dapat disimpan")


def read_command(kind: type[CommandT], content: bytes | dict[str, Any], sender: str) -> SealedCommand:
    """Decode and seal a command from JSON bytes or plain values.

    The digest is that of the sender and the values as sent, so that sending the same again is recognised although salts
    differ, and nobody learns the result of another's command.

    Raises:
        msgspec.ValidationError: a field is missing, unknown, repeated, of the wrong type or out of bounds; the message
            names it.
        msgspec.DecodeError: the bytes are not JSON.
    """
    sealer = Sealer()
    sent: Any = content
    if isinstance(content, bytes):
        demand_shallow(content)
        command = msgspec.json.decode(content, type=kind, dec_hook=sealer.text)
        sent = parse(content)
        demand_plain_figures(sent, msgspec.to_builtins(command, enc_hook=_hide, builtin_types=(Decimal, date)))
    else:
        command = msgspec.convert(content, kind, dec_hook=sealer.text)
    canonical = msgspec.json.encode([kind.__struct_config__.tag, sender, sent], order="deterministic")
    return SealedCommand(command=command, sealed=tuple(sealer.rows), digest=hashlib.sha256(canonical).hexdigest())


def _hide(_text: SealedText) -> None:
    """A sealed text is no figure."""


def from_system(command: Command, command_id: str) -> SealedCommand:
    """Wrap a command that a part of the system made: it has no text typed by people, and its id is its whole identity.

    A later release may write the same output differently; sent again under the id of its cause it is still the same.
    """
    return SealedCommand(command=command, sealed=(), digest=command_id)
