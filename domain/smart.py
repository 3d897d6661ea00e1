"""Whether a commitment is specific, measurable, achievable, relevant and time-bound: findings that never block."""

import re
from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct

from domain.commitment import Commitment
from domain.indicator import PredicateTarget

Criterion = Literal["specific", "measurable", "achievable", "relevant", "time_bound"]
"""The five SMART criteria: an indicator's quality under PermenPANRB 88/2021, sub-component 1b."""

_ANNEX: Final = "PermenPANRB 53/2014, Lampiran I"
_WORKSHEET: Final = "PermenPANRB 88/2021, subkomponen 1b"

_PLACEHOLDERS: Final = frozenset({"n/a", "na", "tidak ada", "belum ada", "tba", "nihil", "kosong"})
_NOTHING_WRITTEN: Final = re.compile(r"[\s.,:;/?*_–—-]*")
_ACTIVITY_WORDS: Final = re.compile(
    r"\b(?:terlaksananya|terselenggaranya|tersusunnya|jumlah\s+(?:kegiatan|rapat|sosialisasi|pelatihan|dokumen|laporan))\b"
)
"""Words that count what was done, not what came of it."""


class SmartFinding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One weakness of a commitment: a permanent code, the criterion, what to tell the reader, and the source."""

    code: str
    criterion: Criterion
    text: str
    source: str


def findings(commitment: Commitment) -> tuple[SmartFinding, ...]:
    """Return what a reviewer would note on a commitment; empty where nothing is amiss.

    A placeholder such as "-" or "n/a" counts as missing. Findings are reported beside the agreement and block nothing:
    targets that are weak are still promised, measured and evaluated.
    """
    return (*_undefined(commitment), *_out_of_reach(commitment), *_unbound(commitment), *_process_oriented(commitment))


def _undefined(commitment: Commitment) -> Iterator[SmartFinding]:
    indicator = commitment.indicator
    if _blank(indicator.definition):
        yield _finding("definition_missing", "specific", "Definisi operasional indikator belum ada", _ANNEX)
    if _blank(indicator.unit_of_measure):
        yield _finding("unit_of_measure_missing", "measurable", "Satuan indikator belum ada", _ANNEX)
    if _blank(indicator.formula):
        yield _finding("formula_missing", "measurable", "Formula penghitungan indikator belum ada", _ANNEX)
    if isinstance(commitment.target.year, PredicateTarget):
        text = "Target bukan angka dan bukan jenjang pada suatu skala"
        yield _finding("target_not_measurable", "measurable", text, _WORKSHEET)


def _out_of_reach(commitment: Commitment) -> Iterator[SmartFinding]:
    indicator = commitment.indicator
    if indicator.baseline is None and not indicator.earlier_years:
        text = "Kondisi awal atau realisasi tahun sebelumnya belum ada, sehingga target tidak dapat ditimbang"
        yield _finding("baseline_missing", "achievable", text, _WORKSHEET)
    if commitment.person_in_charge is None:
        yield _finding("owner_missing", "achievable", "Penanggung jawab indikator belum ada", _ANNEX)


def _unbound(commitment: Commitment) -> Iterator[SmartFinding]:
    if commitment.indicator.frequency != "year" and not commitment.target.periods:
        text = "Target per periode pada rencana aksi belum ada"
        yield _finding("period_targets_missing", "time_bound", text, _WORKSHEET)


def _process_oriented(commitment: Commitment) -> Iterator[SmartFinding]:
    for text in (commitment.objective, commitment.indicator.name):
        found = _ACTIVITY_WORDS.search(text.casefold())
        if found:
            words = " ".join(found.group().split())
            note = f"Rumusan berorientasi proses ('{words}'), bukan hasil"
            yield _finding("process_wording", "relevant", note, _WORKSHEET)
            return


def _blank(text: str) -> bool:
    plain = text.strip().casefold()
    return plain in _PLACEHOLDERS or _NOTHING_WRITTEN.fullmatch(plain) is not None


def _finding(code: str, criterion: Criterion, text: str, source: str) -> SmartFinding:
    return SmartFinding(code=code, criterion=criterion, text=text, source=source)
