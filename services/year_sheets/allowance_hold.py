"""The sheet of held allowances."""

from collections.abc import Iterator
from typing import Final

from domain.allowance_hold.events import HoldTransferred
from domain.stream import hold_stream
from projections.hold_register import Hold
from services.indonesian import outcome, word
from services.year_file import YearFile
from services.year_sheets.cells import NONE, RECORDED_HEADS, RULE_HEADS, Cells, Line, rule

HOLD_HEADS: Final = (
    *("Penundaan TPP", "Unit", "Jenis", "Baris", "Tanggal", "Batas waktu", "Nomor", "Pasal", "Bulan TPP", "Orang"),
    *("Ditunda (%)", "Dilepas (%)", "Masih ditunda (%)", "Dialihkan kepada", "Alasan"),
    *(*RULE_HEADS, *RECORDED_HEADS),
)


def holds(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield the steps of each hold, its transfers, objections and how each ended, its releases, each person's share."""
    for each in file.holds:
        own, law = (each.id, each.unit, each.kind), rule(each.rule)
        basis = _basis(each)
        numbers = {one.trace.position: one.number for one in (each.notice, each.decision) if one is not None}
        terms = {one.trace.position: one.answer_until for one in (each.notice,) if one is not None}
        for step in each.steps:
            at = step.trace.position
            told: Line = (step.trace.effective_on, terms.get(at), numbers.get(at), *basis, *NONE * 5)
            yield *own, word(step.status), *told, cells.text(step.reason), *law, *cells.by(step.trace)
        for moved, trace in cells.transfers(HoldTransferred, hold_stream(each.id), file.valid_on):
            told = (trace.effective_on, *NONE * 2, *basis, *NONE * 4, moved.unit, cells.text(moved.reason))
            yield *own, "pengalihan", *told, *law, *cells.by(trace)
        yield from _objections(each, cells)
        for release in each.releases:
            for freed in release.released:
                who = (None, *basis, freed.person)
                told = (release.trace.effective_on, None, *who, None, freed.percent, *NONE * 2)
                yield *own, "pelepasan", *told, cells.text(release.reason), *law, *cells.by(release.trace)
        positions = cells.positions(hold_stream(each.id))
        for share in each.shares:
            told = (*NONE * 3, *basis, share.person, share.imposed_percent, None, share.held_percent, *NONE * 2)
            yield *own, "bagian", *told, *law, None, None, positions


def _objections(hold: Hold, cells: Cells) -> Iterator[Line]:
    own, law = (hold.id, hold.unit, hold.kind), rule(hold.rule)
    for objection in hold.objections:
        who = (None, *_basis(hold), objection.person, *NONE * 4)
        told: Line = (objection.trace.effective_on, objection.decide_by, *who, cells.text(objection.grounds))
        yield *own, "keberatan", *told, *law, *cells.by(objection.trace)
        if (ended := objection.outcome) is not None:
            told = (ended.trace.effective_on, None, *who, cells.text(ended.reason))
            yield *own, outcome(ended), *told, *law, *cells.by(ended.trace)


def _basis(hold: Hold) -> Line:
    return hold.article, ", ".join(hold.months)
