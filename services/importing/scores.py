"""Published evaluation totals: the predicate that the rulebook of the year gives, beside the published one."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from domain.arithmetic import total as sum_of
from domain.evaluation_rules import FULL, EvaluationRules
from domain.figure import parse_figure
from domain.rulebook import Rulebook, RulebookNotFound, select_evaluation_rulebook
from domain.score import predicate_of
from services.importing.cells import read_year
from services.importing.csv_reading import Row
from services.importing.entities import Entities, Entity
from services.importing.faults import Fault
from services.importing.tables import Tables

COMPONENTS: Final[Mapping[str, str]] = {
    "perencanaan": "perencanaan",
    "pengukuran": "pengukuran",
    "pelaporan": "pelaporan",
    "evaluasi": "evaluasi-internal",
    "capaian": "pencapaian",
}
"""The columns of components, and their codes in the rulebooks."""


class ScoreItem(Struct, frozen=True, kw_only=True):
    """One total: `year` is the evaluation year, `total` decimal text as published (null: not published).

    `agrees` is null where nothing was published or no predicate follows.
    """

    entity: str
    year: int
    rulebook: str | None
    total: str | None
    predicate: str | None
    published_predicate: str | None
    agrees: bool | None


class ReadScore(Struct, frozen=True, kw_only=True):
    """A row of totals with what it says and whose it is."""

    row: Row
    entity: Entity
    item: ScoreItem
    total: Decimal | None
    components: tuple[tuple[str, Decimal], ...]


class ScoreReader:
    """Reads rows of totals against the evaluation rulebooks at hand."""

    def __init__(self, rulebooks: Iterable[Rulebook], entities: Entities, tables: Tables) -> None:
        self._rulebooks = [book for book in rulebooks if isinstance(book, EvaluationRules)]
        self._entities = entities
        self._tables = tables
        self.errors: list[Fault] = []
        self.warnings: list[Fault] = []

    def read(self, row: Row) -> ReadScore | None:
        """Read one row; a row without an entity or a year is only an error."""
        year = read_year(row["year"])
        if year is None:
            self.errors.append(row.fault("year_unreadable", "year", detail=row["year"]))
        if not row["entity"]:
            self.errors.append(row.fault("cell_missing", "entity"))
        if year is None or not row["entity"]:
            return None
        rules = self._rules(row, year)
        total = self._total(row)
        published = row["predicate"] or None
        predicate = predicate_of(rules, total) if rules is not None and total is not None else None
        agrees = None if published is None or predicate is None else _same(published, predicate)
        return ReadScore(
            row=row,
            entity=self._entities.resolve(row["entity"], year, level=row["level"]),
            item=ScoreItem(
                entity=row["entity"],
                year=year,
                rulebook=None if rules is None else rules.name,
                total=None if total is None else f"{total:f}",
                predicate=predicate,
                published_predicate=published,
                agrees=agrees,
            ),
            total=total,
            components=self._components(row, total),
        )

    def _rules(self, row: Row, year: int) -> EvaluationRules | None:
        """Return the rulebook of the year, or the one that the row names where it contradicts the year."""
        by_year = self._of_year(year)
        if by_year is None:
            self.errors.append(row.fault("no_rulebook", "year", detail=year))
        regulation = row["regulation"]
        mentioned = self._tables.rulebooks_mentioned(regulation)
        if not regulation or (by_year is not None and by_year.name in mentioned):
            return by_year
        if not mentioned:
            self.warnings.append(row.fault("regulation_unknown", "regulation", detail=regulation))
            return by_year
        self.errors.append(row.fault("regulation_contradicts_year", "regulation", detail=f"{regulation}, {year}"))
        return self._named(mentioned)

    def _of_year(self, year: int) -> EvaluationRules | None:
        try:
            return select_evaluation_rulebook(self._rulebooks, year)
        except RulebookNotFound:
            return None

    def _named(self, names: frozenset[str]) -> EvaluationRules | None:
        """Return the latest version of the one rulebook named; null where several are."""
        found = [book for book in self._rulebooks if book.name in names]
        return max(found, key=lambda book: book.version) if len(names) == 1 and found else None

    def _total(self, row: Row) -> Decimal | None:
        """Return the total; of a figure with two readings the one that a total can be, if only one can."""
        figure = parse_figure(row["total"])
        if figure.kind in {"blank", "not_applicable", "not_obtained"}:
            return None
        possible = [reading.value for reading in figure.readings if 0 <= reading.value <= FULL]
        if len(possible) == 1:
            return possible[0]
        code = "total_out_of_range" if figure.readings else "total_unreadable"
        self.errors.append(row.fault(code, "total", detail=row["total"]))
        return None

    def _components(self, row: Row, total: Decimal | None) -> tuple[tuple[str, Decimal], ...]:
        """Return the published components; warn where all of them are given and do not add up."""
        given = [(column, parse_figure(row[column]).value) for column in COMPONENTS]
        found = tuple((COMPONENTS[column], value) for column, value in given if value is not None)
        added = sum_of(value for _, value in found)
        if total is not None and len(found) == len(COMPONENTS) and added != total:
            self.warnings.append(row.fault("components_differ", "total", detail=f"{added} dan {total}"))
        return found


def contradictions(scores: Sequence[ReadScore]) -> list[Fault]:
    """Return an error for each later row that gives an entity and year another total or predicate."""
    first: dict[tuple[str, int], ReadScore] = {}
    faults = []
    for score in scores:
        known = first.setdefault((score.item.entity.casefold(), score.item.year), score)
        if known is not score and (known.total, known.item.published_predicate) != (
            score.total,
            score.item.published_predicate,
        ):
            faults.append(score.row.fault("row_contradicted", "total", detail=f"baris {known.row.line}"))
    return faults


def _same(published: str, predicate: str) -> bool:
    return "".join(published.split()).casefold() == predicate.casefold()
