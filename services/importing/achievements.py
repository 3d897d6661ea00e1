"""Published achievements: whether the printed percentage follows from target and realisation, and by which formula."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from domain.arithmetic import round_half_up
from domain.bounds import MAX_DECIMAL_PLACES
from domain.published import PublishedAchievement, PublishedStatus, check_published
from services.importing.cells import read_year
from services.importing.csv_reading import Row
from services.importing.entities import Entities, Entity
from services.importing.faults import Fault

DIRECTIONS: Final = frozenset({"", "maximise", "minimise", "predicate"})
"""The directions that the form knows; without one no formula is declared."""


class AchievementItem(Struct, frozen=True, kw_only=True):
    """One row as published, and what follows from it.

    `target`, `realisation` and `published` are the cells as written, null where empty. `achievement` is the uncapped
    percentage by the declared direction, decimal text with at most 10 places, or null. `formula` is the one that
    reproduces the print (`R/T`, `(2T-R)/T`, `T/R`), or null; `agrees` is null where either side cannot be computed.
    """

    entity: str
    year: int
    indicator: str
    direction: str | None
    formula: str | None
    target: str | None
    realisation: str | None
    achievement: str | None
    status: PublishedStatus
    published: str | None
    agrees: bool | None


class ReadAchievement(Struct, frozen=True, kw_only=True):
    """A row of achievements with what it says and whose it is."""

    row: Row
    entity: Entity
    item: AchievementItem
    checked: PublishedAchievement


class AchievementReader:
    """Reads rows of targets, realisations and printed percentages."""

    def __init__(self, entities: Entities) -> None:
        self._entities = entities
        self.errors: list[Fault] = []

    def read(self, row: Row) -> ReadAchievement | None:
        """Read one row; a row without an entity, an indicator or a year is only an error."""
        year = read_year(row["year"])
        missing = [column for column in ("entity", "indicator") if not row[column]]
        self.errors.extend(row.fault("cell_missing", column) for column in missing)
        if year is None:
            self.errors.append(row.fault("year_unreadable", "year", detail=row["year"]))
        direction = row["direction_if_known"]
        if direction not in DIRECTIONS:
            self.errors.append(row.fault("direction_unknown", "direction_if_known", detail=direction))
        if missing or year is None:
            return None
        target, realised, published = row["target"], row["realisasi"], row["capaian_pct_published"]
        checked = check_published(target, realised, published, direction=direction)
        return ReadAchievement(
            row=row,
            entity=self._entities.resolve(row["entity"], year),
            item=AchievementItem(
                entity=row["entity"],
                year=year,
                indicator=row["indicator"],
                direction=direction or None,
                formula=checked.formula,
                target=target or None,
                realisation=realised or None,
                achievement=_decimal_text(checked),
                status=checked.status,
                published=published or None,
                agrees=checked.agrees,
            ),
            checked=checked,
        )


def contradictions(achievements: Sequence[ReadAchievement]) -> list[Fault]:
    """Return an error for each later row that gives an indicator of an entity and year other figures."""
    first: dict[tuple[str, int, str], ReadAchievement] = {}
    faults = []
    for each in achievements:
        key = (each.item.entity.casefold(), each.item.year, each.item.indicator.casefold())
        known = first.setdefault(key, each)
        if known is not each and _figures(known.item) != _figures(each.item):
            faults.append(each.row.fault("row_contradicted", "indicator", detail=f"baris {known.row.line}"))
    return faults


def _figures(item: AchievementItem) -> tuple[str | None, ...]:
    return item.direction, item.target, item.realisation, item.published


def _decimal_text(checked: PublishedAchievement) -> str | None:
    if checked.achievement is None:
        return None
    rounded = f"{round_half_up(checked.achievement, MAX_DECIMAL_PLACES):f}"
    return rounded.rstrip("0").rstrip(".")
