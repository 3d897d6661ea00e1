"""Which sheets there are, in the order of the cycle, the events last."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from services.year_file import YearFile
from services.year_sheets import allowance_hold, events, follow_up, obligation, performance
from services.year_sheets.cells import Cells, Line


class Sheet(NamedTuple):
    """A sheet: its title, the heads of its columns, and its lines, each as long as the heads."""

    title: str
    heads: tuple[str, ...]
    lines: Iterator[Line]


_ORDER: Final[tuple[tuple[str, tuple[str, ...], Callable[[YearFile, Cells], Iterator[Line]]], ...]] = (
    ("Perjanjian Kinerja", performance.AGREEMENT_HEADS, performance.agreements),
    ("Realisasi", performance.REALISATION_HEADS, performance.realisations),
    ("Laporan", performance.REPORT_HEADS, performance.reports),
    ("Nilai", performance.SCORE_HEADS, performance.scores),
    ("Rekomendasi", follow_up.RECOMMENDATION_HEADS, follow_up.recommendations),
    ("Tindak Lanjut", follow_up.FOLLOW_UP_HEADS, follow_up.follow_up),
    ("Kewajiban", obligation.OBLIGATION_HEADS, obligation.obligations),
    ("Riwayat Kewajiban", obligation.OBLIGATION_STEP_HEADS, obligation.obligation_steps),
    ("Penundaan TPP", allowance_hold.HOLD_HEADS, allowance_hold.holds),
    ("Peristiwa", events.EVENT_HEADS, events.events),
)


def sheets_of(file: YearFile, texts: Mapping[str, str], time_zone: str) -> Iterator[Sheet]:
    """Yield the sheets of the file of a year; `texts` are the typed texts that still exist, by digest."""
    cells = Cells(texts, time_zone, file.events)
    for title, heads, lines in _ORDER:
        yield Sheet(title, heads, lines(file, cells))
