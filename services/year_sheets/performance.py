"""The sheets of what a unit promised, realised and reported, and how it was graded."""

from collections.abc import Iterator
from typing import Final

from domain.stream import report_stream
from services.indonesian import realised, target, word
from services.year_file import YearFile
from services.year_sheets.cells import NONE, RECORDED_HEADS, RULE_HEADS, Cells, Line, aim, got, listed, quotient, rule

_CERTAINTY: Final = {"provisional": "sementara", "final": "tetap"}

AGREEMENT_HEADS: Final = (
    *("Unit", "Baris", "Komitmen", "Indikator", "Target", "Target (angka)", "Satuan"),
    *("Berlaku dari", "Berlaku sampai (tidak termasuk)", "Alasan", *RECORDED_HEADS),
)


def agreements(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield steps, every version of each target, changes of the agreement, and corrections of its targets."""
    for each in file.agreements:
        for step in each.steps:
            yield (each.unit, word(step.status), *NONE * 7, cells.text(step.reason), *cells.by(step.trace))
        for promised in each.commitments:
            own = (promised.commitment.id, promised.commitment.indicator.name)
            unit = promised.commitment.indicator.unit_of_measure
            for at in promised.versions:
                agreed = None if at.target is None else at.target.year
                kind = "target awal" if at.amended_by is None else f"target diubah (versi {at.amended_by})"
                held = (at.valid_from, at.valid_to)
                yield each.unit, kind, *own, *aim(agreed), unit, *held, None, *cells.by(at.trace)
        for change in each.changes:
            told = f"{word(change.kind)}{' terlambat' if change.late else ''}"
            until = (change.trace.effective_on, None)
            yield each.unit, told, *NONE * 5, *until, cells.text(change.reason), *cells.by(change.trace)
        for revised in each.revisions:
            kind = f"{'koreksi' if revised.kind == 'correction' else 'pencabutan'} versi {revised.version}"
            before, after = (None if side is None else side.year for side in (revised.before, revised.after))
            values = (revised.commitment, None, *aim(after), *NONE * 3)
            reason = f"semula {target(before)}; {cells.text(revised.reason)}"
            yield each.unit, kind, *values, reason, *cells.by(revised.trace)


REALISATION_HEADS: Final = (
    *("Unit", "Baris", "Komitmen", "Indikator", "Periode", "Target", "Target (angka)", "Realisasi"),
    *("Realisasi (angka)", "Capaian (%)", "Capaian dibatasi (%)", "Keadaan", "Kepastian", "Semula", "Alasan"),
    *RECORDED_HEADS,
)


def realisations(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield each period of each commitment, its year, and corrections of what was realised."""
    for each in file.achievements:
        for own in each.commitments:
            head = (own.commitment, own.indicator)
            made_by = []
            for at in own.periods:
                figures = (at.achievement.value, at.achievement.capped)
                recorded = at.recorded
                made_by += [] if recorded is None else [recorded.trace.position]
                certain = None if recorded is None else _CERTAINTY[recorded.realisation.certainty]
                reason = None if recorded is None else cells.text(recorded.reason)
                reached = (*map(quotient, figures), word(at.achievement.status), certain, None, reason)
                trace = None if recorded is None else recorded.trace
                values = (*aim(at.target), *got(at.realised))
                yield each.unit, "periode", *head, at.label, *values, *reached, *cells.by(trace)
            year = own.year
            figures = (year.achievement.value, year.achievement.capped)
            certain = _CERTAINTY[year.certainty]
            reached = (*map(quotient, figures), word(year.achievement.status), certain, None, None)
            values = (*aim(year.target), *got(year.realised))
            yield each.unit, "tahun", *head, "setahun", *values, *reached, None, None, listed(made_by)
        for revised in each.revisions:
            told = (realised(revised.before), cells.text(revised.reason), *cells.by(revised.trace))
            values = (*NONE * 2, *got(revised.after), *NONE * 4)
            yield each.unit, "koreksi", revised.commitment, None, revised.period, *values, *told


REPORT_HEADS: Final = (
    *("Unit", "Baris", "Keadaan", "Tanggal", "Diperbaiki paling lambat", "Alasan", "Penerima atau sumber"),
    *RECORDED_HEADS,
)


def reports(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield the steps of each report, and how it stands."""
    for each in file.reports:
        terms = {returned.trace.position: returned.correct_by for returned in each.returns}
        sent = {one.trace.position: f"{one.recipient}: {one.receipt}" for one in each.receipts}
        for step in each.steps:
            at = step.trace.position
            about = (word(step.status), step.trace.effective_on, terms.get(at), cells.text(step.reason))
            yield each.unit, "langkah", *about, sent.get(at), *cells.by(step.trace)
        whole = (word(each.status), each.submitted_on, each.correct_by, None, each.source)
        made_by = cells.positions(report_stream(each.unit, each.fiscal_year))
        yield each.unit, "keadaan", *whole, None, None, made_by


SCORE_HEADS: Final = (
    *("Unit", "Baris", "Komponen", "Penerbit", "Nomor", "Terbit pada", "Tahun evaluasi", "Nilai", "Predikat"),
    *("Predikat menurut aturan", *RULE_HEADS, *RECORDED_HEADS),
)


def scores(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield each result, internal and external, with its components, and the marks of both sides."""
    for each in file.evaluations:
        for found in (*((each.result,) if each.result else ()), *each.external):
            who = (found.issuer or "Inspektorat", found.number, found.issued_on, found.evaluation_year)
            by = (*rule(found.rule), *cells.by(found.trace))
            score = (found.score.total, found.score.predicate, found.by_rule)
            yield each.unit, "hasil", None, *who, *score, *by
            for name, points in found.score.components:
                yield each.unit, "komponen", name, *who, points, None, None, *by
        for marks in each.marks:
            for kind, marked in (("penilaian mandiri", marks.by_unit), ("penetapan", marks.by_evaluator)):
                if marked is not None:
                    value = (marked.mark.score, marked.mark.grade, None)
                    blank = (*NONE * 4, *value, *NONE * 3)
                    yield each.unit, kind, marks.sub_component, *blank, *cells.by(marked.trace)
