"""What the demo shows at its end: the real figures, the live year, and the same year as known at two dates."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from rich.console import Console

from projections import achievement, evaluation_result, obligation_calendar, organisation_chart, recommendation_register
from services.bootstrap import System
from services.demo.cast import INSTITUTION
from services.demo.year import YEAR
from services.difference import difference
from services.indonesian import figure
from services.reading import View
from services.year_file import open_year_file
from services.year_print import print_difference, print_year, table

MODELS = (
    organisation_chart.READ_MODEL,
    evaluation_result.READ_MODEL,
    achievement.READ_MODEL,
    obligation_calendar.READ_MODEL,
    recommendation_register.READ_MODEL,
)
TWO_DATES = ("2024-07-15", "2024-07-31")
ASKED_FOR = "2024-12-31"


def print_summary(console: Console, system: System, imported: Sequence[str]) -> None:
    """Print the imported institutions, then the live year and what was learnt about it between two dates."""
    console.rule("[bold]Data terbitan yang diimpor")
    with_scores = [line for each in imported for line in _institution(console, system, each)]
    heads = ("instansi", "unit", "tahun kinerja", "nilai", "predikat terbit", "menurut aturan")
    table(console, "Nilai AKIP pemerintah daerah", heads, with_scores)
    print_year(console, open_year_file(system.reader, INSTITUTION, YEAR, valid_on="2025-10-31"))
    files = [open_year_file(system.reader, INSTITUTION, YEAR, known_at=each, valid_on=ASKED_FOR) for each in TWO_DATES]
    console.rule(f"[bold]Tahun {YEAR} sebagaimana diketahui pada {TWO_DATES[0]} dan pada {TWO_DATES[1]}")
    print_difference(console, difference(files[0], files[1]))


def _institution(console: Console, system: System, institution: str) -> list[tuple[str, ...]]:
    with system.reader.view(institution, MODELS) as view:
        known = organisation_chart.institution(view.rows, view.valid_on)
        head = known.head_unit if known else ""
        _counts(console, view, institution)
        return [
            (
                institution,
                line.unit,
                str(line.fiscal_year),
                figure(line.result.score.total, 2),
                line.result.score.predicate or "–",
                line.result.by_rule or "–",
            )
            for line in evaluation_result.scores(view.rows, view.valid_on)
            if line.unit == head
        ]


def _counts(console: Console, view: View, institution: str) -> None:
    rows, day = view.rows, view.valid_on
    units = organisation_chart.units(rows, day)
    predicates = Counter(
        (line.fiscal_year, line.result.by_rule) for line in evaluation_result.scores(rows, day) if line.result.by_rule
    )
    spread = ", ".join(f"{year} {grade}: {count}" for (year, grade), count in sorted(predicates.items()))
    late = obligation_calendar.duties(rows, day, states=("met_late",))
    console.print(
        f"[bold]{institution}[/bold]: {len(units)} unit, {view.position} peristiwa, {_computed(view, day)} capaian "
        f"dihitung, {len(late)} dokumen terlambat, "
        f"{len(recommendation_register.recommendations(rows, day))} rekomendasi · predikat {spread or '–'}"
    )


def _computed(view: View, day: date) -> int:
    return sum(
        commitment.year.achievement.value is not None
        for unit in achievement.achievements(view.rows, day)
        for commitment in unit.commitments
    )
