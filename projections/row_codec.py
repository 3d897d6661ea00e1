"""Rows to bytes and back: MessagePack where they are stored, canonical JSON where they are compared.

Sealed text stays the digest that it is in the events.
"""

import zlib
from functools import cache
from typing import Final

import msgspec

from domain.sealed_text import SealedText
from projections.read_model import Row, RowT

DEFLATED_FROM: Final = 4_000
"""From how many bytes on a row is stored deflated."""

_DEFLATED: Final = b"x"
"""The first byte of what `zlib` wrote, which no map of MessagePack begins with."""


def encode_row(row: Row) -> bytes:
    """Return a row as JSON; equal rows that a fold made give equal bytes, in every process."""
    return _ENCODER.encode(row)


def pack_row(row: Row) -> bytes:
    """Return a row as it is stored: as MessagePack, deflated where it is long: what is alike takes a twentieth."""
    written = _PACKER.encode(row)
    return written if len(written) < DEFLATED_FROM else zlib.compress(written, level=1)


def unpack_row(content: bytes | str) -> bytes:
    """Return the MessagePack of a stored row; raise msgspec.DecodeError for what was not stored by `pack_row`.

    Text is refused: SQLite keeps whatever type somebody put there.
    """
    if isinstance(content, str):
        raise msgspec.DecodeError("a row is bytes")
    if not content.startswith(_DEFLATED):
        return content
    try:
        return zlib.decompress(content)
    except zlib.error as fault:
        raise msgspec.DecodeError(str(fault)) from fault


def decode_row(row_type: type[RowT], content: bytes | str) -> RowT:
    """Return the row that was stored; raise msgspec.MsgspecError for what is no such row."""
    try:
        row: RowT = _decoder(row_type).decode(unpack_row(content))
    except UnicodeDecodeError as fault:  # of MessagePack msgspec lets it pass
        raise msgspec.DecodeError(str(fault)) from fault
    return row


def plain(value: object) -> str:
    """Return a struct as JSON: objects, arrays, text, figures as text, sealed texts as their digests.

    Fields are in alphabetical order, so that equal structs give equal text.
    """
    return _SORTED.encode(value).decode()


def sealed_to_text(value: object) -> str:
    """Return the digest of a sealed text, for every encoder of rows and answers; raise TypeError for anything else."""
    if isinstance(value, SealedText):
        return value.digest
    raise TypeError(f"no written form for {type(value).__name__}")


def _from_text(expected: type, value: object) -> object:
    if expected is SealedText and isinstance(value, str):
        return SealedText(value)
    raise TypeError(f"no value of {expected.__name__} in a row")


@cache
def _decoder(row_type: type[RowT]) -> msgspec.msgpack.Decoder[RowT]:
    return msgspec.msgpack.Decoder(row_type, dec_hook=_from_text)


_PACKER = msgspec.msgpack.Encoder(enc_hook=sealed_to_text, decimal_format="string", order="deterministic")
_ENCODER = msgspec.json.Encoder(enc_hook=sealed_to_text, decimal_format="string", order="deterministic")
_SORTED = msgspec.json.Encoder(enc_hook=sealed_to_text, decimal_format="string", order="sorted")
