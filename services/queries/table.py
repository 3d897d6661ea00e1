"""The queries, each with its address, its parameters, the read models it needs, and whose authority it asks for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args, get_type_hints
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from domain.stream import ORGANISATION
from projections import (
    achievement,
    agreement_register,
    audit_trail,
    cycle_status,
    evaluation_result,
    follow_up_rate,
    hold_register,
    inbox,
    obligation_calendar,
    organisation_chart,
    recommendation_register,
    report_register,
)
from projections.read_model import ReadModel, Rows
from services.causes import Chain, Effect, chain, effect
from services.difference import Difference
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.proofs import ConsistencyProof, InclusionProof, Proofs
from services.queries import asked as of
from services.queries.asked import Asked, AskedList, narrowing
from services.queries.dead_letters import DeadLetter, dead_letters
from services.queries.history import HistoryEntry, history, year_difference
from services.queries.log import SignedCheckpoint, consistency, inclusion, signed_checkpoint
from services.queries.parked import parked
from services.queries.trail import AuditEntry, told_entries
from services.read_tables import ParkedSince
from services.reading import Reader, View
from services.year_file import MODELS, YearFile, year_file

_STREAMS: Final = {
    "/organisation": ORGANISATION,
    "/organisation/units/{key}": ORGANISATION,
    "/agreement/{unit}/{fiscal_year}": "agreement/{unit}/{fiscal_year}",
    "/measurement/{unit}/{fiscal_year}": "measurement/{unit}/{fiscal_year}",
    "/report/{unit}/{fiscal_year}": "report/{unit}/{fiscal_year}",
    "/evaluation/{unit}/{fiscal_year}": "evaluation/{unit}/{fiscal_year}",
    "/follow-up/{key}": "recommendation/{key}",
    "/obligation/{key}": "obligation/{key}",
    "/allowance-hold/{key}": "hold/{key}",
}


class Sources(NamedTuple):
    """What a query may read besides a view of the read models."""

    log: EventLog
    codec: Codec
    engine: Engine
    proofs: Proofs
    checkpoints: Path | None
    reader: Reader
    time_zone: Callable[[str], str]


class Query(NamedTuple):
    """One question.

    `stage` and `path` make its address, with fields of `asked` in braces; `authority` is its name in
    `domain/authority.py`; `ask` gives the items of a list, or one thing of type `answer`, null where there is none.
    `finish` turns the items of one page into `answer`s, where telling them all would cost too much. `whose` says by
    `unit` and `owners` of what it gives whom the one thing concerns, where the question alone does not, so that this is
    known before the thing is told.
    """

    name: str
    stage: str
    path: str
    title: str
    authority: str
    models: tuple[ReadModel[Any], ...]
    asked: type[Asked]
    answer: Any
    ask: Callable[[Sources, View, Any], Any]
    finish: Callable[[Sources, View, Sequence[Any]], Sequence[Any]] = lambda _sources, _view, items: items
    whose: Callable[[Sources, View, Any], Any] | None = None

    @property
    def many(self) -> bool:
        """Whether it is answered with a list, in pages."""
        return issubclass(self.asked, AskedList)

    @property
    def stream(self) -> str | None:
        """The stream, with fields of `asked` in braces, whose version a client needs in If-Match; null for lists."""
        return None if self.many else _STREAMS.get(self.address)

    @property
    def address(self) -> str:
        """The path below the institution, such as `/agreement/{unit}/{fiscal_year}`."""
        return f"/{self.stage}/{self.path}".rstrip("/")


def _query(
    ask: Callable[..., Any],
    address: str,
    asked: type[Asked],
    model: ReadModel[Any],
    title: str,
    authority: str | None = None,
) -> Query:
    """Return a query that is a function of rows, a day and the parameters; its return type tells the answer."""
    stage, _, path = address.partition("/")

    def tell(_sources: Sources, view: View, wanted: Asked) -> Any:  # noqa: ANN401 - as the question's answer
        return ask(view.rows, view.valid_on, **narrowing(wanted))

    return Query(
        name=ask.__name__,
        stage=stage,
        path=path,
        title=title,
        authority=authority or model.name,
        models=(model,),
        asked=asked,
        answer=get_args(get_type_hints(ask)["return"])[0],
        ask=tell,
        whose=tell if issubclass(asked, of.OfDerived) else None,  # it may have passed on to another unit
    )


def _history(sources: Sources, view: View, asked: of.OfCycles) -> Iterator[HistoryEntry]:
    return history(sources.log, sources.codec, view.institution, view.position, **narrowing(asked))


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
    return year_difference(sources.reader, sources.log, view, asked)


def _year_file(sources: Sources, view: View, asked: of.OfYear) -> YearFile:
    events = sources.reader.events(view.institution, until=view.position, fiscal_year=asked.fiscal_year)
    return year_file(view, events, asked.fiscal_year, asked.unit)


def ageing(rows: Rows, day: date, **narrowed: Any) -> follow_up_rate.Ageing | None:  # noqa: ANN401 - as asked
    """Return how old the open ones among some recommendations are."""
    return follow_up_rate.ageing(recommendation_register.recommendations(rows, day, **narrowed))


def completion(rows: Rows, day: date, **narrowed: Any) -> follow_up_rate.Completion | None:  # noqa: ANN401 - as asked
    """Return which part of some recommendations is done."""
    return follow_up_rate.completion(recommendation_register.recommendations(rows, day, **narrowed))


_CHART, _AGREEMENT, _ACHIEVEMENT = organisation_chart.READ_MODEL, agreement_register.READ_MODEL, achievement.READ_MODEL
_REPORT, _EVALUATION, _CYCLE = report_register.READ_MODEL, evaluation_result.READ_MODEL, cycle_status.READ_MODEL
_FOLLOW_UP, _DUTY, _HOLD = recommendation_register.READ_MODEL, obligation_calendar.READ_MODEL, hold_register.READ_MODEL
_ONE = "{unit}/{fiscal_year}"

_TABLE: Final = (
    _query(organisation_chart.institution, "organisation", Asked, _CHART, "Instansi, aturan, dan kalendernya"),
    _query(organisation_chart.units, "organisation/units", of.OfUnits, _CHART, "Unit kerja"),
    _query(organisation_chart.unit, "organisation/units/{key}", of.OfUnit, _CHART, "Satu unit kerja"),
    _query(organisation_chart.people, "organisation/people", AskedList, _CHART, "Orang dan perannya"),
    _query(agreement_register.agreements, "agreement", of.OfAgreements, _AGREEMENT, "Perjanjian kinerja"),
    _query(agreement_register.agreement, f"agreement/{_ONE}", of.OfCycle, _AGREEMENT, "Satu perjanjian kinerja"),
    _query(
        agreement_register.target_in_effect,
        f"agreement/{_ONE}/commitments/{{commitment}}/target",
        of.OfCommitment,
        _AGREEMENT,
        "Target yang berlaku pada suatu hari",
    ),
    _query(achievement.achievements, "measurement", of.OfCycles, _ACHIEVEMENT, "Capaian kinerja"),
    _query(achievement.achievement, f"measurement/{_ONE}", of.OfCycle, _ACHIEVEMENT, "Capaian satu unit dan tahun"),
    _query(report_register.reports, "report", of.OfReports, _REPORT, "Laporan kinerja"),
    _query(report_register.report, f"report/{_ONE}", of.OfCycle, _REPORT, "Satu laporan kinerja"),
    _query(evaluation_result.evaluations, "evaluation", of.OfCycles, _EVALUATION, "Evaluasi"),
    _query(evaluation_result.evaluation, f"evaluation/{_ONE}", of.OfCycle, _EVALUATION, "Satu evaluasi"),
    _query(evaluation_result.scores, "evaluation/scores", of.OfScores, _EVALUATION, "Nilai dan predikat"),
    _query(recommendation_register.recommendations, "follow-up", of.OfRecommendations, _FOLLOW_UP, "Rekomendasi"),
    _query(recommendation_register.recommendation, "follow-up/{key}", of.OfDerived, _FOLLOW_UP, "Satu rekomendasi"),
    _query(ageing, "follow-up/ageing", of.OfFollowUp, _FOLLOW_UP, "Umur rekomendasi yang terbuka"),
    _query(completion, "follow-up/completion", of.OfFollowUp, _FOLLOW_UP, "Tingkat penyelesaian rekomendasi"),
    _query(obligation_calendar.duties, "obligation", of.OfDuties, _DUTY, "Kewajiban dan jatuh temponya"),
    _query(obligation_calendar.duty, "obligation/{key}", of.OfDerived, _DUTY, "Satu kewajiban"),
    _query(obligation_calendar.late, "obligation/late", of.OfLateDuties, _DUTY, "Kewajiban yang terlambat"),
    _query(hold_register.holds, "allowance-hold", of.OfHolds, _HOLD, "Penundaan TPP"),
    _query(hold_register.hold, "allowance-hold/{key}", of.OfDerived, _HOLD, "Satu penundaan TPP"),
    _query(cycle_status.cycle_statuses, "cycle", of.OfCycles, _CYCLE, "Kemajuan siklus setiap unit"),
    _query(cycle_status.not_filled_in, "cycle/not-filled-in", of.OfCycles, _CYCLE, "Siapa yang belum mengisi, dan apa"),
    # what waits is a sight on duties, and is read by whoever may read those
    _query(inbox.tasks, "cycle/inbox", of.OfTasks, inbox.READ_MODEL, "Apa yang menunggu siapa", _DUTY.name),
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

QUERIES: Final[Mapping[str, Query]] = {each.name: each for each in _TABLE}
"""Every query by its name."""


def queries_of(stage: str) -> tuple[Query, ...]:
    """Return the queries whose address begins with a stage, such as `follow-up`."""
    return tuple(each for each in _TABLE if each.stage == stage)
