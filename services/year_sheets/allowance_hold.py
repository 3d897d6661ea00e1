"""The sheet of held allowances."""

from collections.abc import Iterator
from typing import Final

from domain.allowance_hold.events import HoldProposed, HoldTransferred
from domain.event import Event
from domain.stream import hold_stream
from projections.hold_register import Hold
from projections.timeline import Trace
from services.indonesian import outcome, word
from services.year_file import YearFile
from services.year_sheets.cells import NONE, RECORDED_HEADS, RULE_HEADS, Cells, Line, rule

HOLD_HEADS: Final = (
    *("Penundaan TPP", "Unit", "Jenis", "Baris", "Tanggal", "Batas waktu", "Nomor", "Pasal", "Bulan TPP", "Orang"),
    *("Ditunda (%)", "Dilepas (%)", "Masih ditunda (%)", "Dialihkan kepada", "Alasan"),
    *(*RULE_HEADS, *RECORDED_HEADS),
)


def holds(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield the steps of each hold, its transfers, objections and how each ended, its releases, each person's share.

    The unit is the one that carried it when the line was recorded; that of a share carries it on the day.
    """
    for each in file.holds:
        basis = _basis(each)
        numbers = {one.trace.position: one.number for one in (each.notice, each.decision) if one is not None}
        terms = {one.trace.position: one.answer_until for one in (each.notice,) if one is not None}
        for step in each.steps:
            at = step.trace.position
            told: Line = (terms.get(at), numbers.get(at), *basis, *NONE * 5, cells.text(step.reason))
            yield _line(each, cells, step.trace, word(step.status), told)
        for moved, trace in cells.of_kind(HoldTransferred, hold_stream(each.id), file.valid_on):
            told = (*NONE * 2, *basis, *NONE * 4, moved.unit, cells.text(moved.reason))
            yield _line(each, cells, trace, "pengalihan", told)
        yield from _objections(each, cells)
        for release in each.releases:
            for freed in release.released:
                who = (*NONE * 2, *basis, freed.person)
                told = (*who, None, freed.percent, *NONE * 2, cells.text(release.reason))
                yield _line(each, cells, release.trace, "pelepasan", told)
        positions = cells.positions(hold_stream(each.id))
        for share in each.shares:
            told = (*NONE * 3, *basis, share.person, share.imposed_percent, None, share.held_percent, *NONE * 2)
            yield each.id, each.unit, each.kind, "bagian", *told, *rule(each.rule), *NONE * 2, positions


def _objections(hold: Hold, cells: Cells) -> Iterator[Line]:
    for objection in hold.objections:
        who = (None, *_basis(hold), objection.person, *NONE * 4)
        told = (objection.decide_by, *who, cells.text(objection.grounds))
        yield _line(hold, cells, objection.trace, "keberatan", told)
        if (ended := objection.outcome) is not None:
            yield _line(hold, cells, ended.trace, outcome(ended), (None, *who, cells.text(ended.reason)))


def _line(hold: Hold, cells: Cells, trace: Trace, kind: str, told: Line) -> Line:
    """Return a line that one event made; `told` stands from the term to the reason."""
    carrier = cells.named(_carrier, hold_stream(hold.id), trace.position)
    return hold.id, carrier, hold.kind, kind, trace.effective_on, *told, *rule(hold.rule), *cells.by(trace)


def _carrier(body: Event) -> str | None:
    return body.unit if isinstance(body, HoldProposed | HoldTransferred) else None


def _basis(hold: Hold) -> Line:
    return hold.article, ", ".join(hold.months)
