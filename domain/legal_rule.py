"""What every rulebook says of itself: its name, version and legal basis."""

from typing import Annotated

from msgspec import Meta, Struct

from domain.bounds import Identifier, Line, Paragraph


class LegalRule(Struct, frozen=True, kw_only=True):
    """The head of a rulebook. A released version is never edited: a correction is a new file with the next version.

    `local` marks a rule that holds only where it is adopted, never by default. `example` marks one that shows how local
    rules look and that no institution has in force by itself.
    """

    name: Identifier
    version: Annotated[int, Meta(ge=1, le=9_999)]
    title: Line
    legal_basis: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=20)]
    note: Paragraph | None = None
    local: bool = False
    example: bool = False
