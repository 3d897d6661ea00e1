"""The sheets of the auditor's year: what each line holds, and the positions of the events that made it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.event import Event, RecordedEvent
from domain.indicator import ExactFigure, NumberRealised, NumberTarget, Realised, Target
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from domain.stream import hold_stream, obligation_stream, recommendation_stream, report_stream
from projections.timeline import Trace
from services.difference import ERASED
from services.indonesian import realised, target, word
from services.told_event import tell
from services.unsealing import encode_unsealed
from services.year_file import YearFile

Line = tuple[Any, ...]
"""The cells of a line: text, whole numbers, `Decimal`, `Quotient`, dates, aware instants, or nothing."""

RECORDED: Final = ("Dicatat oleh", "Dicatat pada", "Posisi")
RULE: Final = ("Aturan", "Versi aturan", "Sidik aturan")


class Quotient(NamedTuple):
    """A figure that was computed, which a cell may hold rounded."""

    value: Decimal


class Sheet(NamedTuple):
    """A sheet: its title, the heads of its columns, and its lines."""

    title: str
    heads: tuple[str, ...]
    lines: Iterator[Line]


class YearSheets:
    """Makes the sheets of one file; `texts` are the typed texts that still exist, by digest."""

    def __init__(self, file: YearFile, texts: Mapping[str, str], time_zone: str) -> None:
        self._file = file
        self._texts = texts
        self._zone = ZoneInfo(time_zone)
        self._positions: dict[str, list[int]] = {}
        for event in file.events:
            self._positions.setdefault(event.stream, []).append(event.position)

    def sheets(self) -> Iterator[Sheet]:
        """Yield the sheets in the order of the cycle, the events last."""
        made: tuple[tuple[str, tuple[str, ...], Callable[[], Iterator[Line]]], ...] = (
            ("Perjanjian Kinerja", _AGREEMENT, self._agreements),
            ("Realisasi", _REALISATION, self._realisations),
            ("Laporan", _REPORT, self._reports),
            ("Nilai", _SCORE, self._scores),
            ("Rekomendasi", _RECOMMENDATION, self._recommendations),
            ("Tindak Lanjut", _FOLLOW_UP, self._follow_up),
            ("Kewajiban", _OBLIGATION, self._obligations),
            ("Penundaan TPP", _HOLD, self._holds),
            ("Peristiwa", _EVENT, self._events),
        )
        for title, heads, lines in made:
            yield Sheet(title, heads, lines())

    def _agreements(self) -> Iterator[Line]:
        for each in self._file.agreements:
            for step in each.steps:
                yield (each.unit, word(step.status), *_NONE * 7, self._text(step.reason), *self._by(step.trace))
            for promised in each.commitments:
                own = (promised.commitment.id, promised.commitment.indicator.name)
                unit = promised.commitment.indicator.unit_of_measure
                for at in promised.versions:
                    agreed = None if at.target is None else at.target.year
                    kind = "target awal" if at.amended_by is None else f"target diubah (versi {at.amended_by})"
                    held = (at.valid_from, at.valid_to)
                    yield each.unit, kind, *own, *_aim(agreed), unit, *held, None, *self._by(at.trace)
            for change in each.changes:
                told = f"{word(change.kind)}{' terlambat' if change.late else ''}"
                until = (change.trace.effective_on, None)
                yield each.unit, told, *_NONE * 5, *until, self._text(change.reason), *self._by(change.trace)
            for revised in each.revisions:
                kind = f"{'koreksi' if revised.kind == 'correction' else 'pencabutan'} versi {revised.version}"
                before, after = (None if side is None else side.year for side in (revised.before, revised.after))
                reason = f"semula {target(before)}; {self._text(revised.reason)}"
                yield (
                    each.unit,
                    kind,
                    revised.commitment,
                    None,
                    *_aim(after),
                    *_NONE * 3,
                    reason,
                    *self._by(revised.trace),
                )

    def _realisations(self) -> Iterator[Line]:
        for each in self._file.achievements:
            for own in each.commitments:
                head = (own.commitment, own.indicator)
                made_by = []
                for at in own.periods:
                    got = (at.achievement.value, at.achievement.capped)
                    recorded = at.recorded
                    made_by += [] if recorded is None else [recorded.trace.position]
                    certain = None if recorded is None else _CERTAINTY[recorded.realisation.certainty]
                    reason = None if recorded is None else self._text(recorded.reason)
                    reached = (*map(_quotient, got), word(at.achievement.status), certain, None, reason)
                    trace = None if recorded is None else recorded.trace
                    values = (*_aim(at.target), *_got(at.realised))
                    yield each.unit, "periode", *head, at.label, *values, *reached, *self._by(trace)
                year = own.year
                got = (year.achievement.value, year.achievement.capped)
                reached = (*map(_quotient, got), word(year.achievement.status), _CERTAINTY[year.certainty], None, None)
                values = (*_aim(year.target), *_got(year.realised))
                yield each.unit, "tahun", *head, "setahun", *values, *reached, None, None, _listed(made_by)
            for revised in each.revisions:
                told = (realised(revised.before), self._text(revised.reason), *self._by(revised.trace))
                values = (*_NONE * 2, *_got(revised.after), *_NONE * 4)
                yield each.unit, "koreksi", revised.commitment, None, revised.period, *values, *told

    def _reports(self) -> Iterator[Line]:
        for each in self._file.reports:
            terms = {returned.trace.position: returned.correct_by for returned in each.returns}
            sent = {one.trace.position: f"{one.recipient}: {one.receipt}" for one in each.receipts}
            for step in each.steps:
                at = step.trace.position
                about = (word(step.status), step.trace.effective_on, terms.get(at), self._text(step.reason))
                yield each.unit, "langkah", *about, sent.get(at), *self._by(step.trace)
            whole = (word(each.status), each.submitted_on, each.correct_by, None, each.source)
            made_by = _listed(self._positions.get(report_stream(each.unit, each.fiscal_year), ()))
            yield each.unit, "keadaan", *whole, None, None, made_by

    def _scores(self) -> Iterator[Line]:
        for each in self._file.evaluations:
            for found in (*((each.result,) if each.result else ()), *each.external):
                who = (found.issuer or "Inspektorat", found.number, found.issued_on, found.evaluation_year)
                rule, by = _rule(found.rule), self._by(found.trace)
                score = (found.score.total, found.score.predicate, found.by_rule)
                yield each.unit, "hasil", None, *who, *score, *rule, *by
                for name, points in found.score.components:
                    yield each.unit, "komponen", name, *who, points, None, None, *rule, *by
            for marks in each.marks:
                for kind, marked in (("penilaian mandiri", marks.by_unit), ("penetapan", marks.by_evaluator)):
                    if marked is not None:
                        value = (marked.mark.score, marked.mark.grade, None)
                        blank = (*_NONE * 4, *value, *_NONE * 3)
                        yield each.unit, kind, marks.sub_component, *blank, *self._by(marked.trace)

    def _recommendations(self) -> Iterator[Line]:
        for each in self._file.recommendations:
            given = (each.opened.issuer, each.opened.lhe_number, each.opened.component, self._text(each.opened.text))
            terms = (each.opened.received_on, each.due_on, word(each.status), each.result, each.closed_on)
            age = (each.days_open, each.days_overdue, each.opened.repeats)
            made_by = (each.opened.trace.by, self._local(each.opened.trace.recorded_at))
            positions = _listed(self._positions.get(recommendation_stream(each.id), ()))
            owners = ", ".join(each.owners)
            yield each.id, each.unit, owners, *given, *terms, *age, *_rule(each.opened.rule), *made_by, positions

    def _follow_up(self) -> Iterator[Line]:
        for each in self._file.recommendations:
            own = (each.id, ", ".join(each.owners))
            if each.plan is not None:
                told: Line = (self._text(each.plan.plan), each.plan.plan_due_on, each.plan.person_in_charge, None)
                yield *own, "rencana aksi", *told, *self._by(each.plan.trace)
            for done in each.progress:
                evidence = ", ".join(f"{one.name} ({one.file[:12]}…)" for one in done.evidence)
                yield *own, "kemajuan", self._text(done.progress), None, None, evidence, *self._by(done.trace)
            for kind, verdicts in (("hasil", each.results), ("putusan penerbit", each.issuer_verdicts)):
                for verdict in verdicts:
                    told = (verdict.result, None, verdict.issuer, verdict.document)
                    yield *own, kind, *told, *self._by(verdict.trace)
            for term in each.due_history:
                told = (self._text(term.due.reason), term.due.due_on, None, None)
                yield *own, "batas waktu", *told, *self._by(term.due.trace)
            for step in each.steps:
                told = (self._text(step.reason), step.trace.effective_on, None, None)
                yield *own, word(step.status), *told, *self._by(step.trace)

    def _obligations(self) -> Iterator[Line]:
        for each in self._file.obligations:
            last = each.due_history[-1].due if each.due_history else None
            dates = (each.due_on, each.submitted_on, each.met_on, each.correct_by, each.days_late)
            rule = _rule(None if last is None else last.rule)
            waived = None if each.waiver is None else self._text(each.waiver.reason)
            positions = _listed(self._positions.get(obligation_stream(each.id), ()))
            yield each.id, each.unit, word(each.duty), word(each.state), *dates, waived, *rule, positions

    def _holds(self) -> Iterator[Line]:
        for each in self._file.holds:
            own, rule = (each.id, each.unit, each.kind), _rule(each.rule)
            basis = (each.article, ", ".join(each.months))
            for step in each.steps:
                told: Line = (
                    word(step.status),
                    step.trace.effective_on,
                    *basis,
                    None,
                    None,
                    None,
                    self._text(step.reason),
                )
                yield *own, *told, *rule, *self._by(step.trace)
            for objection in each.objections:
                told = (objection.trace.effective_on, *basis, objection.person, None, None)
                yield *own, "keberatan", *told, self._text(objection.grounds), *rule, *self._by(objection.trace)
            positions = _listed(self._positions.get(hold_stream(each.id), ()))
            for share in each.shares:
                shares = (share.person, share.imposed_percent, share.held_percent)
                yield *own, "bagian", None, *basis, *shares, None, *rule, None, None, positions

    def _events(self) -> Iterator[Line]:
        for event in self._file.events:
            told = tell(event)
            when = (event.position, self._local(event.recorded_at), event.effective_on)
            what = (told.told, event.type, event.stream, event.version)
            who = (event.actor.id, event.actor.role.value, event.actor.unit)
            why = (event.causation, self._text(told.reason), told.legal_basis, *_rule(told.rule))
            yield *when, *what, *who, *why, event.origin.value, event.command_id, self._body(event)

    def _body(self, event: RecordedEvent[Event]) -> str:
        return encode_unsealed(event.body, lambda _digests: self._texts).decode()

    def _by(self, trace: Trace | None) -> Line:
        return (None,) * 3 if trace is None else (trace.by, self._local(trace.recorded_at), trace.position)

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone)

    def _text(self, sealed: SealedText | None) -> str | None:
        return None if sealed is None else self._texts.get(sealed.digest, ERASED)


_NONE: Final = (None,)
_CERTAINTY: Final = {"provisional": "sementara", "final": "tetap"}

_AGREEMENT: Final = (
    *("Unit", "Baris", "Komitmen", "Indikator", "Target", "Target (angka)", "Satuan"),
    *("Berlaku dari", "Berlaku sampai (tidak termasuk)", "Alasan", *RECORDED),
)
_REALISATION: Final = (
    *("Unit", "Baris", "Komitmen", "Indikator", "Periode", "Target", "Target (angka)", "Realisasi"),
    *("Realisasi (angka)", "Capaian (%)", "Capaian dibatasi (%)", "Keadaan", "Kepastian", "Semula", "Alasan"),
    *RECORDED,
)
_REPORT: Final = (
    *("Unit", "Baris", "Keadaan", "Tanggal", "Diperbaiki paling lambat", "Alasan", "Penerima atau sumber"),
    *RECORDED,
)
_SCORE: Final = (
    *("Unit", "Baris", "Komponen", "Penerbit", "Nomor", "Terbit pada", "Tahun evaluasi", "Nilai", "Predikat"),
    *("Predikat menurut aturan", *RULE, *RECORDED),
)
_RECOMMENDATION: Final = (
    *("Rekomendasi", "Unit yang dievaluasi", "Pemilik", "Penerbit", "Nomor LHE", "Komponen", "Uraian"),
    *("Diterima pada", "Batas waktu", "Keadaan", "Hasil", "Ditutup pada", "Umur (hari)", "Terlambat (hari)"),
    *("Mengulang", *RULE, *RECORDED),
)
_FOLLOW_UP: Final = (
    *("Rekomendasi", "Pemilik", "Baris", "Uraian", "Tanggal", "Penanggung jawab atau penerbit", "Bukti atau dokumen"),
    *RECORDED,
)
_OBLIGATION: Final = (
    *("Kewajiban", "Unit", "Jenis", "Keadaan", "Jatuh tempo", "Diajukan pada", "Dipenuhi pada"),
    *("Diperbaiki paling lambat", "Terlambat (hari)", "Alasan pembebasan", *RULE, "Posisi"),
)
_HOLD: Final = (
    *("Penundaan TPP", "Unit", "Jenis", "Baris", "Tanggal", "Pasal", "Bulan TPP", "Orang", "Ditunda (%)"),
    *("Masih ditunda (%)", "Alasan", *RULE, *RECORDED),
)
_EVENT: Final = (
    *("Posisi", "Dicatat pada", "Berlaku pada", "Peristiwa", "Nama tetap", "Aliran", "Versi aliran", "Pelaku"),
    *("Peran", "Unit pelaku", "Disebabkan posisi", "Alasan", "Dasar hukum", *RULE, "Asal", "Perintah", "Isi (JSON)"),
)


def _aim(value: Target | None) -> Line:
    """Return a target as text, and as a number where it is one."""
    return (None, None) if value is None else (target(value), _number(value))


def _got(value: Realised | ExactFigure | None) -> Line:
    """Return a realisation as text, and as a number where it is one."""
    if isinstance(value, ExactFigure):
        return realised(value), Quotient(value.value)
    return realised(value), _number(value)


def _number(value: Target | Realised | None) -> Decimal | None:
    return value.value if isinstance(value, NumberTarget | NumberRealised) else None


def _quotient(value: Decimal | None) -> Quotient | None:
    return None if value is None else Quotient(value)


def _rule(rule: RuleRef | None) -> Line:
    return (None, None, None) if rule is None else (rule.name, rule.version, rule.digest)


def _listed(positions: Any) -> int | str | None:  # noqa: ANN401 - any sequence of positions
    """Return one position as a number, several as text."""
    found = sorted(set(positions))
    return found[0] if len(found) == 1 else ", ".join(map(str, found)) or None
