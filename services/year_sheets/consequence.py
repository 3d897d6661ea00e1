"""The sheets of what followed: recommendations and how they were answered, duties with a due date, held allowances."""

from collections.abc import Iterator
from datetime import date
from typing import Final, TypeVar

from domain.allowance_hold.events import HoldTransferred
from domain.follow_up.events import RecommendationTransferred
from domain.stream import hold_stream, obligation_stream, recommendation_stream
from projections.hold_register import Hold
from projections.recommendation_register import Recommendation
from projections.timeline import Trace, trace_of
from services.indonesian import outcome, word
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
    *RECORDED_HEADS,
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
        yield from _new_owners(each, cells, file.valid_on)
        for step in each.steps:
            told = (cells.text(step.reason), step.trace.effective_on, None, None)
            yield *own, word(step.status), *told, *cells.by(step.trace)


OBLIGATION_HEADS: Final = (
    *("Kewajiban", "Unit", "Jenis", "Keadaan", "Jatuh tempo", "Diajukan pada", "Dipenuhi pada"),
    *("Diperbaiki paling lambat", "Terlambat (hari)", "Alasan pembebasan", *RULE_HEADS, "Posisi"),
)


def obligations(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield one line for each duty."""
    for each in file.obligations:
        last = each.due_history[-1].due if each.due_history else None
        dates = (each.due_on, each.submitted_on, each.met_on, each.correct_by, each.days_late)
        basis = rule(None if last is None else last.rule)
        waived = None if each.waiver is None else cells.text(each.waiver.reason)
        positions = cells.positions(obligation_stream(each.id))
        yield each.id, each.unit, word(each.duty), word(each.state), *dates, waived, *basis, positions


HOLD_HEADS: Final = (
    *("Penundaan TPP", "Unit", "Jenis", "Baris", "Tanggal", "Batas waktu", "Nomor", "Pasal", "Bulan TPP", "Orang"),
    *("Ditunda (%)", "Dilepas (%)", "Masih ditunda (%)", "Alasan", *RULE_HEADS, *RECORDED_HEADS),
)


def holds(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield the steps of each hold, its transfers, objections and how each ended, its releases, each person's share."""
    for each in file.holds:
        own, law = (each.id, each.unit, each.kind), rule(each.rule)
        basis = (each.article, ", ".join(each.months))
        answer_until = {each.notice.trace.position: each.notice.answer_until} if each.notice else {}
        numbers = {one.trace.position: one.number for one in (each.notice, each.decision) if one is not None}
        for step in each.steps:
            at = step.trace.position
            told: Line = (step.trace.effective_on, answer_until.get(at), numbers.get(at), *basis, *NONE * 4)
            yield *own, word(step.status), *told, cells.text(step.reason), *law, *cells.by(step.trace)
        yield from _new_carriers(each, cells, file.valid_on)
        for objection in each.objections:
            who = (None, *basis, objection.person)
            told = (objection.trace.effective_on, objection.decide_by, *who, *NONE * 3, cells.text(objection.grounds))
            yield *own, "keberatan", *told, *law, *cells.by(objection.trace)
            if (ended := objection.outcome) is not None:
                told = (ended.trace.effective_on, None, *who, *NONE * 3, cells.text(ended.reason))
                yield *own, outcome(ended), *told, *law, *cells.by(ended.trace)
        for release in each.releases:
            for freed in release.released:
                who = (None, *basis, freed.person)
                told = (release.trace.effective_on, None, *who, None, freed.percent, None, cells.text(release.reason))
                yield *own, "pelepasan", *told, *law, *cells.by(release.trace)
        positions = cells.positions(hold_stream(each.id))
        for share in each.shares:
            told = (*NONE * 3, *basis, share.person, share.imposed_percent, None, share.held_percent, None)
            yield *own, "bagian", *told, *law, None, None, positions


def _new_owners(recommendation: Recommendation, cells: Cells, day: date) -> Iterator[Line]:
    stream = recommendation_stream(recommendation.id)
    for moved, trace in _transfers(RecommendationTransferred, cells, stream, day):
        told = (cells.text(moved.reason), trace.effective_on, *NONE * 2)
        yield recommendation.id, ", ".join(moved.owners), "pengalihan", *told, *cells.by(trace)


def _new_carriers(hold: Hold, cells: Cells, day: date) -> Iterator[Line]:
    basis = (hold.article, ", ".join(hold.months))
    for moved, trace in _transfers(HoldTransferred, cells, hold_stream(hold.id), day):
        told = (trace.effective_on, *NONE * 2, *basis, *NONE * 4, cells.text(moved.reason))
        yield hold.id, moved.unit, hold.kind, "pengalihan", *told, *rule(hold.rule), *cells.by(trace)


TransferT = TypeVar("TransferT", HoldTransferred, RecommendationTransferred)


def _transfers(kind: type[TransferT], cells: Cells, stream: str, day: date) -> Iterator[tuple[TransferT, Trace]]:
    """Yield what passed from one to another until a day, with its event; the registers tell only who has it then."""
    for event in cells.events(stream):
        if isinstance(event.body, kind) and event.effective_on <= day:
            yield event.body, trace_of(event)
