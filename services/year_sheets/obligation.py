"""The sheets of duties with a due date, and of what happened to each."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from domain.event import Event
from domain.obligation.events import (
    DueDateSet,
    ObligationExtended,
    ObligationMet,
    ObligationOverdue,
    ObligationTransferred,
    SubmissionReturned,
)
from domain.stream import obligation_stream
from projections.timeline import trace_of
from services.indonesian import word
from services.told_event import tell
from services.year_file import YearFile
from services.year_sheets.cells import RECORDED_HEADS, RULE_HEADS, Cells, Line, rule

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


OBLIGATION_STEP_HEADS: Final = (
    *("Kewajiban", "Unit", "Baris", "Tanggal", "Batas waktu", "Dialihkan kepada", "Alasan"),
    *(*RULE_HEADS, *RECORDED_HEADS),
)


def obligation_steps(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield what happened to each duty by the day: its terms, what was submitted or returned, transfers, its end."""
    for each in file.obligations:
        for event in cells.events(obligation_stream(each.id)):
            told, body = tell(event), event.body
            day = body.met_on if isinstance(body, ObligationMet) else event.effective_on
            if day <= file.valid_on:
                heir = body.unit if isinstance(body, ObligationTransferred) else None
                what = (told.told, day, _term(body), heir, cells.text(told.reason))
                yield each.id, each.unit, *what, *rule(told.rule), *cells.by(trace_of(event))


def _term(body: Event) -> date | None:
    match body:
        case DueDateSet() | ObligationExtended() | ObligationOverdue() | ObligationMet():
            return body.due_on
        case SubmissionReturned():
            return body.correct_by
        case _:
            return None
