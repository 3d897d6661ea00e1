"""What the demo shows at its end: the real figures, the live year, and the same year as known at two dates."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rich.console import Console

from projections import achievement, evaluation_result, obligation_calendar, organisation_chart, recommendation_register
from projections.evaluation_result import ScoreLine
from services.bootstrap import System
from services.demo.cast import INSTITUTION
from services.demo.year import YEAR
from services.difference import difference, typed_in, with_texts
from services.indonesian import figure
from services.reading import View
from services.settling import Span
from services.unsealing import texts_in
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
STORY_ENDS = "2025-10-31"
MOST_UNITS = 12
COUNTS = ("instansi", "unit", "peristiwa", "capaian dihitung", "dokumen terlambat", "rekomendasi")
SCORES = ("tahun kinerja", "nilai", "predikat terbit", "menurut aturan")


class Imported(NamedTuple):
    """What the import of one institution came to."""

    name: str
    counts: tuple[str, ...]
    own_scores: tuple[tuple[str, ...], ...]
    unit_scores: tuple[tuple[str, ...], ...]


def print_summary(console: Console, system: System, institutions: Sequence[str]) -> None:
    """Print the imported institutions, then the live year and what was learnt about it between two dates."""
    console.rule("[bold]Data terbitan yang diimpor sebagai riwayat")
    imported = [_imported(system, each) for each in institutions]
    table(console, "Instansi", COUNTS, [(each.name, *each.counts) for each in imported])
    own = [(each.name, *line) for each in imported for line in each.own_scores]
    table(console, "Nilai AKIP instansi", ("instansi", *SCORES), own)
    for each in imported:
        if each.unit_scores:
            heads = ("unit", *SCORES, "rata-rata capaian %")
            table(console, f"Nilai AKIP unit, {each.name}", heads, each.unit_scores[:MOST_UNITS])
            console.print(f"  … dari {len(each.unit_scores)} nilai")
    print_year(console, open_year_file(system.reader, INSTITUTION, YEAR, valid_on=STORY_ENDS))
    console.rule(f"[bold]Tahun {YEAR} sebagaimana diketahui pada {TWO_DATES[0]} dan pada {TWO_DATES[1]}")
    _print_two_dates(console, system)


def _print_two_dates(console: Console, system: System) -> None:
    earlier, later = (system.reader.moment(INSTITUTION, each)[0] for each in TWO_DATES)
    asked_for = date.fromisoformat(ASKED_FOR)
    span = Span(year=YEAR, unit=None, day=asked_for, against="moment", earlier=earlier, later=later)
    found = difference(system.reader.events(INSTITUTION, until=later, fiscal_year=YEAR), span)
    digests = typed_in(found)
    texts = texts_in(found.events, lambda asked: system.log.texts(INSTITUTION, asked))
    time_zone = system.handler.institution(INSTITUTION).time_zone
    print_difference(console, with_texts(found, system.log.texts(INSTITUTION, digests)), texts, time_zone=time_zone)


def _imported(system: System, institution: str) -> Imported:
    with system.reader.view(institution, MODELS) as view:
        known = organisation_chart.institution(view.rows, view.valid_on)
        head = known.head_unit if known else ""
        scores = evaluation_result.scores(view.rows, view.valid_on)
        issued = [line for line in scores if line.result.score.total is not None]
        return Imported(
            name=known.name if known else institution,
            counts=_counts(view),
            own_scores=tuple(_score(line) for line in issued if line.unit == head),
            unit_scores=_of_units(view, [line for line in issued if line.unit != head]),
        )


def _counts(view: View) -> tuple[str, ...]:
    rows, day = view.rows, view.valid_on
    computed = sum(
        commitment.year.achievement.value is not None
        for unit in achievement.achievements(rows, day)
        for commitment in unit.commitments
    )
    counts = (
        len(organisation_chart.units(rows, day)),
        view.position,
        computed,
        len(obligation_calendar.duties(rows, day, states=("met_late",))),
        len(recommendation_register.recommendations(rows, day)),
    )
    return tuple(str(each) for each in counts)


def _of_units(view: View, lines: Sequence[ScoreLine]) -> tuple[tuple[str, ...], ...]:
    names = organisation_chart.names(view.rows, view.valid_on)
    averages = {
        (each.unit, each.fiscal_year): figure(each.average, 2)
        for each in achievement.achievements(view.rows, view.valid_on)
    }
    best_first = sorted(lines, key=lambda line: (-line.fiscal_year, -(line.result.score.total or 0), line.unit))
    return tuple(
        (names.get(line.unit, line.unit), *_score(line), averages.get((line.unit, line.fiscal_year), "–"))
        for line in best_first
    )


def _score(line: ScoreLine) -> tuple[str, ...]:
    score = line.result.score
    published, by_rule = score.predicate or "–", line.result.by_rule or "–"
    return str(line.fiscal_year), figure(score.total, 2), published, by_rule
