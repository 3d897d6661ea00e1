"""The bounds that every text, count and figure crossing an edge has to keep."""

import re
from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta

FIRST_FISCAL_YEAR: Final = 2000
LAST_FISCAL_YEAR: Final = 2100
_WHOLE_DIGITS: Final = 15
MAX_DECIMAL_PLACES: Final = 10
MAX_VERSION: Final = 2**53

# A pattern's `$` also matches before a final newline in Python, so `(?!\n)` closes that door in every dialect.
_PRINTABLE: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
LINE_PATTERN: Final = rf"^(?=.*\S)[^{_PRINTABLE}]+(?!\n)$"
PARAGRAPH_PATTERN: Final = r"^(?=[\s\S]*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]+$"
IDENTIFIER_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,39}(?!\n)$"
DIGEST_PATTERN: Final = r"^[0-9a-f]{64}(?!\n)$"
PLAIN_FIGURE: Final = re.compile(rf"-?[0-9]{{1,{_WHOLE_DIGITS}}}(\.[0-9]{{1,{MAX_DECIMAL_PLACES}}})?")
"""How a figure is written, as a whole: without an exponent. None that is written so is out of bounds."""

Identifier = Annotated[str, Meta(min_length=1, max_length=40, pattern=IDENTIFIER_PATTERN)]
"""An opaque, permanent name: lower-case letters, digits and hyphens, 1 to 40 characters."""

Line = Annotated[str, Meta(min_length=1, max_length=300, pattern=LINE_PATTERN)]
"""One line of text, 1 to 300 characters, not blank, without control characters or lone surrogates."""

Paragraph = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=PARAGRAPH_PATTERN)]
"""Text of several lines, 1 to 10,000 characters, not blank, without NUL or lone surrogates."""

FiscalYear = Annotated[int, Meta(ge=FIRST_FISCAL_YEAR, le=LAST_FISCAL_YEAR)]
"""A calendar year that is a budget year (UU 17/2003 Pasal 4), 2000 to 2100."""

Version = Annotated[int, Meta(ge=0, le=MAX_VERSION)]
"""A stream version or log position, 0 to 2**53, so that JSON readers in other languages keep it exact."""

Digest = Annotated[str, Meta(min_length=64, max_length=64, pattern=DIGEST_PATTERN)]
"""A SHA-256 digest, 64 lower-case hexadecimal digits."""

Figure = Annotated[
    Decimal,
    Meta(
        description="Finite, below 1e15 in size, at most 10 decimal places.",
        extra_json_schema={"pattern": f"^{PLAIN_FIGURE.pattern}$"},
    ),
]
"""A figure; msgspec cannot bound a Decimal, so a struct with such a field calls `check_figure` in `__post_init__`."""


def check_figure(value: Decimal) -> Decimal:
    """Return `value` when it is finite, |value| < 1e15, and has at most 10 decimal places; else raise ValueError."""
    if PLAIN_FIGURE.fullmatch(str(value)):  # to take a figure apart, as below, takes several times as long
        return value
    if not value.is_finite():
        raise ValueError("Angka harus terhingga")
    exponent = int(value.as_tuple().exponent)
    if exponent < -MAX_DECIMAL_PLACES:
        raise ValueError(f"Angka memakai lebih dari {MAX_DECIMAL_PLACES} angka di belakang koma")
    if exponent > _WHOLE_DIGITS or (value and value.adjusted() >= _WHOLE_DIGITS):
        raise ValueError(f"Angka terlalu besar: paling banyak {_WHOLE_DIGITS} angka di depan koma")
    return value


def check_figures(*values: Decimal | None) -> None:
    """Check every figure that is present; raise ValueError for the first one out of bounds."""
    for value in values:
        if value is not None:
            check_figure(value)
