"""Rows to text and back: canonical JSON, in which sealed text stays the digest that it is in the events."""

from functools import cache

import msgspec

from domain.sealed_text import SealedText
from projections.read_model import Row, RowT


def encode_row(row: Row) -> str:
    """Return a row as JSON; equal rows that a fold made give equal text, in every process."""
    return _ENCODER.encode(row).decode()


def decode_row(row_type: type[RowT], content: str | bytes) -> RowT:
    """Return the row that `encode_row` wrote; raise msgspec.ValidationError for what is no such row."""
    row: RowT = _decoder(row_type).decode(content)
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


_ENCODER = msgspec.json.Encoder(enc_hook=sealed_to_text, decimal_format="string", order="deterministic")
_SORTED = msgspec.json.Encoder(enc_hook=sealed_to_text, decimal_format="string", order="sorted")
