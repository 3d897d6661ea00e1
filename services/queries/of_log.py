"""The queries of the log: what was recorded and why, what differs, the file of a year, proofs, and what stopped."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from domain.errors import YearFileTooLarge
from projections import audit_trail, organisation_chart
from services.causes import Chain, Effect, chain, effect
from services.difference import Difference
from services.proofs import ConsistencyProof, InclusionProof
from services.queries import asked as of
from services.queries.asked import Asked, AskedList, narrowing
from services.queries.dead_letters import DeadLetter, dead_letters
from services.queries.history import HistoryEntry, history, year_difference
from services.queries.log import SignedCheckpoint, consistency, inclusion, signed_checkpoint
from services.queries.parked import parked
from services.queries.query import Query, Sources
from services.queries.trail import AuditEntry, told_entries
from services.read_tables import ParkedSince
from services.reading import View
from services.year_file import MODELS, YearFile, events_of_year, year_file

MOST_COMPARED: Final = 3_000
"""Of how many events one answer compares what they changed: more than a unit has in a year, and some seconds of work.

`sakip diff`, which keeps nobody waiting, has no such bound.
"""

MOST_FILED: Final = 20_000
"""Of how many events one answer is the file of a year of all units: some seconds of work, ten as a workbook.

The file of one unit is never refused, and `sakip replay` has no such bound.
"""


def _history(sources: Sources, view: View, asked: of.OfCycles) -> Iterator[HistoryEntry]:
    return history(sources.reader, sources.log, sources.codec, view.institution, view.position, **narrowing(asked))


def _dead_letters(sources: Sources, view: View, _asked: AskedList) -> Iterator[DeadLetter]:
    return dead_letters(sources.engine, view.institution, view.position)


def _parked(sources: Sources, view: View, _asked: AskedList) -> list[ParkedSince]:
    return parked(sources.reader, view.institution, view.position)


def _checkpoint(sources: Sources, view: View, _asked: Asked) -> SignedCheckpoint | None:
    return signed_checkpoint(sources.checkpoints, view.institution)


def _inclusion(sources: Sources, view: View, asked: of.OfPosition) -> InclusionProof | None:
    return inclusion(sources.proofs, view.institution, view.position, asked.position)


def _consistency(sources: Sources, view: View, asked: of.OfEarlierSize) -> ConsistencyProof | None:
    return consistency(sources.proofs, view.institution, view.position, asked.old_size)


def _trail(sources: Sources, view: View, asked: of.OfTrail) -> Iterator[audit_trail.AuditRow]:
    zone = ZoneInfo(sources.time_zone(view.institution))
    narrowed = narrowing(asked)
    narrowed["recorded_from"] = None if asked.recorded_from is None else _begin(asked.recorded_from, zone)
    narrowed["recorded_until"] = None if asked.recorded_until is None else _end(asked.recorded_until, zone)
    after: int | None = 0
    while after is not None:
        page = audit_trail.trail(view.rows, after=after, limit=of.MAX_LIMIT, **narrowed)
        yield from page.entries
        after = page.next


def _told(sources: Sources, view: View, rows: Sequence[audit_trail.AuditRow]) -> Sequence[AuditEntry]:
    return told_entries(sources.log, sources.codec, view.institution, rows)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _end(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.max, zone)


def _cause(sources: Sources, view: View, asked: of.OfPosition) -> Chain | None:
    known = asked.position <= view.position
    return chain(sources.log, sources.codec, view.institution, asked.position) if known else None


def _effect(sources: Sources, view: View, asked: of.OfPosition) -> Effect | None:
    known = asked.position <= view.position
    return effect(sources.log, view.institution, asked.position) if known else None


def _difference(sources: Sources, view: View, asked: of.OfDifference) -> Difference:
    return year_difference(sources.reader, sources.log, view, asked, most=MOST_COMPARED)


def _year_file(sources: Sources, view: View, asked: of.OfYear) -> YearFile:
    events = events_of_year(sources.reader, view.institution, asked.fiscal_year, asked.unit, until=view.position)
    if asked.unit is not None:
        return year_file(view, events, asked.fiscal_year, asked.unit)
    all_of_them = list(islice(events, MOST_FILED + 1))
    if len(all_of_them) > MOST_FILED:
        raise YearFileTooLarge(most=MOST_FILED)
    return year_file(view, all_of_them, asked.fiscal_year)


OF_THE_LOG: Final = (
    Query(
        name="audit_trail",
        stage="history",
        path="trail",
        title="Jejak audit: siapa melakukan apa",
        authority="audit_trail",
        models=(audit_trail.READ_MODEL,),
        asked=of.OfTrail,
        answer=AuditEntry,
        ask=_trail,
        finish=_told,
    ),
    Query(
        name="cause",
        stage="history",
        path="trail/{position}/cause",
        title="Rantai sebab suatu peristiwa, sampai ke pangkalnya",
        authority="audit_trail",
        models=(),
        asked=of.OfPosition,
        answer=Chain,
        ask=_cause,
        whose=_effect,
    ),
    Query(
        name="difference",
        stage="history",
        path="difference/{fiscal_year}",
        title="Apa yang berbeda antara dua saat, oleh peristiwa mana dan siapa",
        note=f"Ditolak dengan `difference_too_large` bila yang harus dibandingkan lebih dari {MOST_COMPARED} peristiwa;"
        " `sakip diff` di baris perintah tidak berbatas.",
        authority="diff",
        models=(organisation_chart.READ_MODEL,),
        asked=of.OfDifference,
        answer=Difference,
        ask=_difference,
    ),
    Query(
        name="year_file",
        stage="history",
        path="year/{fiscal_year}",
        title="Berkas satu tahun: setiap register dengan peristiwa yang membentuknya",
        note=f"Untuk semua unit ditolak dengan `year_file_too_large` bila lebih dari {MOST_FILED} peristiwa;"
        " `sakip replay` di baris perintah tidak berbatas.",
        authority="replay",
        models=MODELS,
        asked=of.OfYear,
        answer=YearFile,
        ask=_year_file,
    ),
    Query(
        name="history",
        stage="history",
        path="",
        title="Peristiwa sebagaimana tercatat, dengan sampulnya",
        authority="replay",
        models=(),
        asked=of.OfCycles,
        answer=HistoryEntry,
        ask=_history,
    ),
    Query(
        name="log_checkpoint",
        stage="log",
        path="checkpoint",
        title="Checkpoint terakhir yang ditandatangani",
        authority="verify",
        models=(),
        asked=Asked,
        answer=SignedCheckpoint,
        ask=_checkpoint,
    ),
    Query(
        name="inclusion_proof",
        stage="log",
        path="proof/inclusion/{position}",
        title="Bukti bahwa suatu catatan ada dalam log",
        authority="verify",
        models=(),
        asked=of.OfPosition,
        answer=InclusionProof,
        ask=_inclusion,
    ),
    Query(
        name="consistency_proof",
        stage="log",
        path="proof/consistency/{old_size}",
        title="Bukti bahwa log yang lebih awal tidak berubah",
        authority="verify",
        models=(),
        asked=of.OfEarlierSize,
        answer=ConsistencyProof,
        ask=_consistency,
    ),
    Query(
        name="dead_letters",
        stage="dead-letters",
        path="",
        title="Keluaran alur kerja yang ditolak",
        authority="parked",
        models=(),
        asked=AskedList,
        answer=DeadLetter,
        ask=_dead_letters,
    ),
    Query(
        name="parked",
        stage="parked",
        path="",
        title="Bagian data baca yang berhenti, sebabnya, dan yang menunggu",
        authority="parked",
        models=(),
        asked=AskedList,
        answer=ParkedSince,
        ask=_parked,
    ),
)
