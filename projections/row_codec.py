"""Rows to bytes and back: canonical JSON, in which sealed text stays the digest that it is in the events."""

import sys
from functools import cache
from typing import Final

import msgspec

from domain.sealed_text import SealedText
from projections.read_model import Row, RowT

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

COMPRESSED_FROM: Final = 4_000
"""From how many bytes on a row is stored compressed; shorter ones can be read where they lie."""

STORED_AS: Final = "json, zstd"
"""How rows are stored; a program that does so otherwise folds them again."""


def encode_row(row: Row) -> bytes:
    """Return a row as JSON; equal rows that a fold made give equal bytes, in every process."""
    return _ENCODER.encode(row)


def pack_row(row: Row) -> bytes:
    """Return a row as it is stored: its JSON, compressed where it is long: what is alike in it takes a thirtieth."""
    written = encode_row(row)
    return written if len(written) < COMPRESSED_FROM else zstd.compress(written, options=_CHECKED)


def unpack_row(content: bytes | str) -> bytes:
    """Return the JSON of a stored row; raise msgspec.DecodeError for what was not stored by `pack_row`.

    Text is refused: SQLite keeps whatever type somebody put there.
    """
    if isinstance(content, str):
        raise msgspec.DecodeError("a row is bytes")
    if content.startswith(b"{"):
        return content
    try:
        return zstd.decompress(content)
    except zstd.ZstdError as fault:
        raise msgspec.DecodeError(str(fault)) from fault


def decode_row(row_type: type[RowT], content: bytes | str) -> RowT:
    """Return the row that was stored; raise msgspec.MsgspecError for what is no such row."""
    row: RowT = _decoder(row_type).decode(unpack_row(content))
    return row


def plain(value: object) -> msgspec.Raw:
    """Return a struct as JSON: objects, arrays, text, figures as text, sealed texts as their digests.

    Fields are in alphabetical order, so that equal structs give equal text.
    """
    return msgspec.Raw(_SORTED.encode(value))


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
def _decoder(row_type: type[RowT]) -> msgspec.json.Decoder[RowT]:
    return msgspec.json.Decoder(row_type, dec_hook=_from_text)


_CHECKED: Final[dict[int, int]] = {
    zstd.CompressionParameter.compression_level: 1,
    zstd.CompressionParameter.checksum_flag: 1,
}
_ENCODER = msgspec.json.Encoder(enc_hook=sealed_to_text, decimal_format="string", order="deterministic")
_SORTED = msgspec.json.Encoder(enc_hook=sealed_to_text, decimal_format="string", order="sorted")
