"""The sheets of duties with a due date, and of what happened to each."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from domain.event import Event
from domain.obligation.events import (
    DueDateSet,
    ObligationExtended,
    ObligationMet,
    ObligationOpened,
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
        last = next((one.due for one in reversed(each.due_history) if one.valid_from <= file.valid_on), None)
        dates = (each.due_on, each.submitted_on, each.met_on, each.correct_by, each.days_late)
        basis = rule(None if last is None else last.rule)
        waived = None if each.waiver is None else cells.text(each.waiver.reason)
        positions = cells.positions(obligation_stream(each.id))
        yield each.id, each.unit, word(each.duty), word(each.state), *dates, waived, *basis, positions


OBLIGATION_STEP_HEADS: Final = (
    *("Kewajiban", "Unit", "Peristiwa", "Tanggal", "Batas waktu", "Dipenuhi pada", "Dialihkan kepada", "Alasan"),
    *(*RULE_HEADS, *RECORDED_HEADS),
)


def obligation_steps(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield the events that tell what each duty was on the day: terms, submissions, returns, transfers, its end.

    The unit is the one that had it when the event was recorded. That it was met is known from the day of the submission
    on that was accepted later.
    """
    for each in file.obligations:
        stream = obligation_stream(each.id)
        for event in cells.events(stream):
            body, told = event.body, tell(event)
            met_on = body.met_on if isinstance(body, ObligationMet) else None
            if (met_on or event.effective_on) <= file.valid_on:
                own = (each.id, cells.named(_holder, stream, event.position), told.told)
                heir = body.unit if isinstance(body, ObligationTransferred) else None
                what = (event.effective_on, _term(body), met_on, heir, cells.text(told.reason))
                yield *own, *what, *rule(told.rule), *cells.by(trace_of(event))


def _holder(body: Event) -> str | None:
    return body.unit if isinstance(body, ObligationOpened | ObligationTransferred) else None


def _term(body: Event) -> date | str | None:
    match body:
        case DueDateSet() | ObligationExtended() | ObligationOverdue() | ObligationMet():
            return body.due_on or word("due_date_unknown")
        case SubmissionReturned():
            return body.correct_by
        case _:
            return None
