"""The sheets of recommendations, and of how each was answered."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from domain.follow_up.events import RecommendationTransferred
from domain.stream import recommendation_stream
from projections.recommendation_register import Recommendation
from services.indonesian import word
from services.year_file import YearFile
from services.year_sheets.cells import RECORDED_HEADS, RULE_HEADS, Cells, Line, rule

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
    *("Rekomendasi", "Pemilik", "Baris", "Uraian", "Tanggal", "Penanggung jawab, penerbit, atau pemilik baru"),
    *("Bukti atau dokumen", *RECORDED_HEADS),
)


def follow_up(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield the plan for each recommendation, its progress, the verdicts on it, its terms, transfers and steps."""
    for each in file.recommendations:
        own = (each.id, ", ".join(each.owners))
        if each.plan is not None:
            told: Line = (cells.text(each.plan.plan), each.plan.plan_due_on, each.plan.person_in_charge, None)
            yield *own, "rencana aksi", *told, *cells.by(each.plan.trace)
        for done in each.progress:
            evidence = ", ".join(f"{one.name} ({one.file[:12]}…)" for one in done.evidence)
            yield *own, "kemajuan", cells.text(done.progress), None, None, evidence, *cells.by(done.trace)
        for kind, verdicts in (("hasil", each.results), ("putusan penerbit", each.issuer_verdicts)):
            for verdict in verdicts:
                told = (verdict.result, None, verdict.issuer, verdict.document)
                yield *own, kind, *told, *cells.by(verdict.trace)
        for term in each.due_history:
            told = (cells.text(term.due.reason), term.due.due_on, None, None)
            yield *own, "batas waktu", *told, *cells.by(term.due.trace)
        yield from _new_owners(each, own, cells, file.valid_on)
        for step in each.steps:
            told = (cells.text(step.reason), step.trace.effective_on, None, None)
            yield *own, word(step.status), *told, *cells.by(step.trace)


def _new_owners(recommendation: Recommendation, own: Line, cells: Cells, day: date) -> Iterator[Line]:
    for moved, trace in cells.transfers(RecommendationTransferred, recommendation_stream(recommendation.id), day):
        told = (cells.text(moved.reason), trace.effective_on, ", ".join(moved.owners), None)
        yield *own, "pengalihan", *told, *cells.by(trace)
