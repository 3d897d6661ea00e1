"""The sheet of the events themselves, each in words and as it is recorded."""

from collections.abc import Iterator
from typing import Final

from services.told_event import tell
from services.unsealing import encode_unsealed
from services.year_file import YearFile
from services.year_sheets.cells import RULE_HEADS, Cells, Line, rule

EVENT_HEADS: Final = (
    *("Posisi", "Dicatat pada", "Berlaku pada", "Peristiwa", "Nama tetap", "Aliran", "Versi aliran", "Pelaku"),
    *("Peran", "Unit pelaku", "Disebabkan posisi", "Alasan", "Dasar hukum", *RULE_HEADS),
    *("Asal", "Perintah", "Isi (JSON)"),
)


def events(file: YearFile, cells: Cells) -> Iterator[Line]:
    """Yield one line for each event, in the order of the log."""
    for event in file.events:
        told = tell(event)
        when = (event.position, cells.local(event.recorded_at), event.effective_on)
        what = (told.told, event.type, event.stream, event.version)
        who = (event.actor.id, event.actor.role.value, event.actor.unit)
        why = (event.causation, cells.text(told.reason), told.legal_basis, *rule(told.rule))
        body = encode_unsealed(event.body, lambda _digests: cells.texts).decode()
        yield *when, *what, *who, *why, event.origin.value, event.command_id, body
