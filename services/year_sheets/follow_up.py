"""The sheets of recommendations, and of how each was answered."""

from collections.abc import Iterator
from typing import Final

from domain.event import Event
from domain.follow_up.events import RecommendationOpened, RecommendationTransferred
from domain.stream import recommendation_stream
from projections.recommendation_register import Recommendation
from projections.timeline import Trace
from services.indonesian import word
from services.year_file import YearFile
from services.year_sheets.cells import NONE, RECORDED_HEADS, RULE_HEADS, Cells, Line, rule

RECOMMENDATION_HEADS: Final = (
    *("Rekomendasi", "Unit yang dievaluasi", "Pemilik", "Penerbit", "Nomor LHE", "Komponen", "Uraian"),
    *("Diterima pada", "Batas waktu", "Keadaan", "Hasil", "Ditutup pada", "Umur (hari)", "Terlambat (hari)"),
    *("Mengulang", *RULE_HEADS, *RECORDED_HEADS),
)


def recommendations(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield one line for each recommendation."""
    for each in file.recommendations:
        given = (each.opened.issuer, each.opened.lhe_number, each.opened.component, cells.text(each.opened.text))
        terms = (each.opened.received_on, each.due_on, word(each.status), each.result, each.closed_on)
        age = (each.days_open, each.days_overdue, each.opened.repeats)
        made_by = (each.opened.trace.by, cells.local(each.opened.trace.recorded_at))
        positions = cells.positions(recommendation_stream(each.id))
        owners = ", ".join(each.owners)
        yield each.id, each.unit, owners, *given, *terms, *age, *rule(each.opened.rule), *made_by, positions


FOLLOW_UP_HEADS: Final = (
    *("Rekomendasi", "Pemilik", "Baris", "Uraian", "Tanggal", "Penanggung jawab atau penerbit", "Bukti atau dokumen"),
    *("Dialihkan kepada", *RECORDED_HEADS),
)


def follow_up(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield the plan for each recommendation, its progress, the verdicts on it, its terms, transfers and steps.

    The owners are those that it had when the line was recorded.
    """
    for each in file.recommendations:
        if each.plan is not None:
            told: Line = (cells.text(each.plan.plan), each.plan.plan_due_on, each.plan.person_in_charge, *NONE * 2)
            yield _line(each, cells, each.plan.trace, "rencana aksi", told)
        for done in each.progress:
            evidence = ", ".join(f"{one.name} ({one.file[:12]}…)" for one in done.evidence)
            yield _line(each, cells, done.trace, "kemajuan", (cells.text(done.progress), *NONE * 2, evidence, None))
        for kind, verdicts in (("hasil", each.results), ("putusan penerbit", each.issuer_verdicts)):
            for verdict in verdicts:
                told = (verdict.result, None, verdict.issuer, verdict.document, None)
                yield _line(each, cells, verdict.trace, kind, told)
        yield from _terms_and_heirs(each, file, cells)
        for step in each.steps:
            told = (cells.text(step.reason), step.trace.effective_on, *NONE * 3)
            yield _line(each, cells, step.trace, word(step.status), told)


def _terms_and_heirs(recommendation: Recommendation, file: YearFile, cells: Cells) -> Iterator[Line]:
    for term in recommendation.due_history:
        if term.valid_from <= file.valid_on:
            told: Line = (cells.text(term.due.reason), term.due.due_on, *NONE * 3)
            yield _line(recommendation, cells, term.due.trace, "batas waktu", told)
    stream = recommendation_stream(recommendation.id)
    for moved, trace in cells.of_kind(RecommendationTransferred, stream, file.valid_on):
        told = (cells.text(moved.reason), trace.effective_on, *NONE * 2, ", ".join(moved.owners))
        yield _line(recommendation, cells, trace, "pengalihan", told)


def _line(recommendation: Recommendation, cells: Cells, trace: Trace, kind: str, told: Line) -> Line:
    """Return a line that one event made; `told` stands from the description to the heirs."""
    owners = cells.named(_owners, recommendation_stream(recommendation.id), trace.position)
    return recommendation.id, owners, kind, *told, *cells.by(trace)


def _owners(body: Event) -> str | None:
    return ", ".join(body.owners) if isinstance(body, RecommendationOpened | RecommendationTransferred) else None
