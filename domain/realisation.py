"""What was realised for a commitment in a period, with what a reader needs beside the figure."""

from typing import Literal

import msgspec

from domain.bounds import Figure, Identifier, Line, check_figures
from domain.commitment import Evidence
from domain.indicator import Realised
from domain.period import Period
from domain.sealed_text import SealedText

Certainty = Literal["provisional", "final"]


class Realisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What was realised for a commitment in a period, with what a reader needs beside the figure.

    `budget` is rupiah realised; `published_achievement` is the printed percentage of a publication, kept as printed.
    """

    commitment: Identifier
    period: Period
    realised: Realised
    certainty: Certainty = "final"
    budget: Figure | None = None
    evidence: tuple[Evidence, ...] = ()
    obstacle: SealedText | None = None
    next_step: SealedText | None = None
    published_achievement: Line | None = None
    source: Line | None = None

    def __post_init__(self) -> None:
        """Refuse figures out of bounds."""
        check_figures(self.budget)
