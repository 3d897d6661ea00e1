"""The classes in which an achievement in percent is read, as a regulation or local rule draws them."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct

from domain.bounds import Figure, Identifier, Line, check_figures
from domain.legal_rule import LegalRule


class AchievementClass(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class for achievements above `above` percent (null: the lowest class, without a lower limit)."""

    code: Identifier
    label: Line
    above: Figure | None = None

    def __post_init__(self) -> None:
        """Refuse a limit out of bounds."""
        check_figures(self.above)


class AchievementScale(LegalRule, frozen=True, kw_only=True, tag="achievement_scale", forbid_unknown_fields=True):
    """Classes from the best to the worst, upper-inclusive, without gaps; the achievement is read unrounded."""

    classes: Annotated[tuple[AchievementClass, ...], Meta(min_length=2, max_length=20)]

    def __post_init__(self) -> None:
        """Refuse limits that do not fall, and a lowest class that is not open below."""
        *upper, lowest = self.classes
        limits = [entry.above for entry in upper if entry.above is not None]
        falling = all(a > b for a, b in pairwise(limits))
        if len(limits) != len(upper) or lowest.above is not None or not falling:
            raise ValueError("Kelas capaian harus turun dan kelas terbawah tidak berbatas bawah")
        if len({entry.code for entry in self.classes}) != len(self.classes):
            raise ValueError("Kode kelas berulang")

    def classify(self, achievement: Decimal) -> AchievementClass:
        """The class of an achievement in percent: 90.5 lies above 90 and is in the highest class of 86/2017."""
        for entry in self.classes[:-1]:
            if entry.above is not None and achievement > entry.above:
                return entry
        return self.classes[-1]
