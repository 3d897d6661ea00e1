"""Prints for people: the file of a year, what differs between two moments of it, and a chain of cause."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from projections.hold_register import Hold
from services.causes import Chain
from services.clock import local_day
from services.difference import ERASED, Change, Difference
from services.indonesian import WORDS, day, figure, outcome, realised, target, word
from services.register_words import VALUE_WORDS
from services.told_event import ToldEvent
from services.year_file import YearFile

_NAME = re.compile(r"\[[^\]]*\]")
_ITEM = re.compile(r"\[[^\]]*\](?:[^\[]*\[[^\]]*\])?")
"""The item of a register that a place is in, or the item in that one: `[dinkes].commitments[aki]`."""


def print_year(console: Console, file: YearFile) -> None:
    """Print the registers of a year, and how to produce the same answer again."""
    whose = f"{file.name or file.institution}, tahun {file.year}" + (f", unit {file.unit}" if file.unit else "")
    console.rule(f"[bold]{escape(whose)}")
    known_at = file.known_at.isoformat(timespec="seconds")
    console.print(f"diketahui: {known_at} · berlaku pada: {day(file.valid_on)} · posisi: {file.position}")
    for parked in file.parked:
        console.print(f"PERHATIAN: {escape(f'{parked.model} {parked.key}')} tertinggal di posisi {parked.position}")
    _agreements(console, file)
    _achievements(console, file)
    _scores(console, file)
    print_late(console, file)
    print_recommendations(console, file)
    print_holds(console, file)
    console.print(f"{len(file.events)} peristiwa membentuk jawaban ini; --json memuat semuanya.")


def print_late(console: Console, file: YearFile) -> None:
    """Print the duties that are overdue or were met late."""
    late = [each for each in file.obligations if each.state in {"overdue", "met_late"}]
    rows = [(each.unit, word(each.duty), day(each.due_on), word(each.state), str(each.days_late or 0)) for each in late]
    table(console, "Kewajiban yang terlambat", ("unit", "kewajiban", "jatuh tempo", "keadaan", "hari"), rows)


def print_recommendations(console: Console, file: YearFile) -> None:
    """Print the recommendations with owner, term and state."""
    rows = [
        (
            each.id,
            ", ".join(each.owners),
            day(each.due_on),
            word(each.status) + (" (terlambat)" if each.overdue else ""),
            str(each.days_open),
            each.opened.repeats or "",
        )
        for each in file.recommendations
    ]
    heads = ("rekomendasi", "pemilik", "batas waktu", "keadaan", "umur (hari)", "mengulang")
    table(console, "Rekomendasi", heads, rows)


def print_holds(console: Console, file: YearFile) -> None:
    """Print the holds with what was done on which day."""
    rows = [(each.id, each.kind, word(each.status), _story_of(each)) for each in file.holds]
    table(console, "Penundaan tunjangan", ("penundaan", "jenis", "keadaan", "riwayat"), rows)


def print_difference(
    console: Console,
    found: Difference,
    texts: Mapping[str, str] | None = None,
    *,
    time_zone: str,
) -> None:
    """Print what differs: each place with its values and the event that made the later one, then those events.

    Events were recorded on the day that it was in the time zone, such as `Asia/Jakarta`.
    """
    by = {each.position: each for each in found.events}
    console.print(f"[bold]{escape(found.told)}[/] Berlaku pada {day(found.valid_on)}, sampai posisi {found.later}.")
    for each in found.baselines:
        period = f" {each.period}" if each.period else ""
        since = f"{each.event.told} ({day(each.event.effective_on)}, posisi {each.event.position})"
        console.print(f"  sejak {escape(since)}: {escape(each.document)}{escape(period)}", style="dim")
    rows = [_line(place, list(group), by) for (_, place, _), group in groupby(found.changes, _condensed)]
    title = f"Yang berbeda ({len(found.changes)} nilai)"
    table(console, title, ("tempat", "dahulu", "kini", "oleh posisi", "pelaku"), rows)
    causes = [_cause(each, texts or {}, time_zone) for each in found.events]
    heads = ("posisi", "dicatat", "pelaku", "peristiwa", "alasan", "dasar hukum", "nama tetap", "aliran")
    table(console, "Penyebabnya", heads, causes)


def _line(place: str, changes: Sequence[Change], by: Mapping[int, ToldEvent]) -> tuple[str, ...]:
    last, count = changes[-1], f"{len(changes)} nilai"
    where, told = last.told, (_value(last, last.earlier), _value(last, last.later))
    if len(changes) > 1:
        where = " → ".join(last.told.split(" → ")[: 1 + _NAME.sub("", place).count(".")])
        told = ("–", count) if last.earlier is None else (count, "–")
    positions = sorted({turn.position for each in changes for turn in each.turns})
    return f"{word(last.register)}: {where}", *told, ", ".join(map(str, positions)), by[positions[-1]].actor.id


def _condensed(change: Change) -> tuple[str, str, str]:
    """Name the line that a change stands in: all that is added or removed with one item stands in one."""
    made = "added" if change.earlier is None else "removed" if change.later is None else "changed"
    item = _ITEM.match(change.place)
    return change.register, change.place if made == "changed" or item is None else item[0], made


def print_chain(console: Console, found: Chain, texts: Mapping[str, str]) -> None:
    """Print a chain of cause as a tree: under each event what brought it about."""
    nodes: dict[int, Tree] = {}
    for each in found.steps:
        event = each.event
        told = f"posisi {event.position}: {event.told}, {day(event.effective_on)}, oleh {event.actor.id}"
        basis = f" · {event.legal_basis}" if event.legal_basis else ""
        rule = f" · aturan {event.rule.name} versi {event.rule.version}" if event.rule else ""
        reason = f" · alasan: {texts.get(event.reason.digest, ERASED)}" if event.reason else ""
        label = f"[dim]{each.why}[/] {escape(told + basis + rule + reason)} [dim]{escape(event.stream)}"
        parent = None if each.of is None else nodes[each.of]
        nodes[event.position] = Tree(label) if parent is None else parent.add(label)
    console.print(nodes[found.position])


def table(console: Console, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, or that there is nothing."""
    shown = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for head in heads:
        shown.add_column(head, overflow="fold")
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    if shown.row_count:
        console.print(shown)
    else:
        console.print(f"[dim]{title}: tidak ada")


def _story_of(hold: Hold) -> str:
    """Tell a hold in the order of the log, objections and their decisions among the steps."""
    told = [(step.trace, word(step.status)) for step in hold.steps]
    for objection in hold.objections:
        told.append((objection.trace, "keberatan"))
        if objection.outcome is not None:
            told.append((objection.outcome.trace, outcome(objection.outcome)))
    in_order = sorted(told, key=lambda each: each[0].position)
    return " → ".join(f"{what} {day(trace.effective_on)}" for trace, what in in_order)


def _value(change: Change, text: str | None) -> str:
    """Write a value as people do: figures with a comma, days in words, codes by their word."""
    if text is None:
        return "–"
    match change.kind:
        case "figure":
            return figure(Decimal(text))
        case "date":
            return day(date.fromisoformat(text[:10]))
        case "typed":
            return text
        case "other":
            return code_in_words(text)


def code_in_words(code: str) -> str:
    """Return the word for a code of a closed list; what is no such code stays as it is."""
    return VALUE_WORDS.get(code) or WORDS.get(code) or code


def _cause(event: ToldEvent, texts: Mapping[str, str], time_zone: str) -> tuple[str, ...]:
    rule = None if event.rule is None else f"aturan {event.rule.name} versi {event.rule.version}"
    return (
        str(event.position),
        day(local_day(event.recorded_at, time_zone)),
        f"{event.actor.id} ({code_in_words(event.actor.role)})",
        event.told,
        "–" if event.reason is None else texts.get(event.reason.digest, ERASED),
        "; ".join(filter(None, (event.legal_basis, rule))) or "–",
        event.type,
        event.stream,
    )


def _agreements(console: Console, file: YearFile) -> None:
    rows = [
        (each.unit, word(each.status), day(each.signed_on), str(len(each.commitments)), str(len(each.changes)))
        for each in file.agreements
    ]
    table(console, "Perjanjian kinerja", ("unit", "keadaan", "ditandatangani", "komitmen", "perubahan"), rows)


def _achievements(console: Console, file: YearFile) -> None:
    rows = [
        (
            unit.unit,
            each.indicator,
            target(each.year.target),
            realised(each.year.realised),
            figure(each.year.achievement.value, 2)
            if each.year.achievement.value is not None
            else word(each.year.achievement.status),
        )
        for unit in file.achievements
        for each in unit.commitments
    ]
    table(console, "Capaian kinerja", ("unit", "indikator", "target", "realisasi", "capaian %"), rows)


def _scores(console: Console, file: YearFile) -> None:
    results = [
        (each.unit, found)
        for each in file.evaluations
        for found in (*((each.result,) if each.result else ()), *each.external)
    ]
    rows = [
        (
            unit,
            str(found.evaluation_year),
            figure(found.score.total, 2),
            found.score.predicate or "–",
            found.by_rule or "–",
        )
        for unit, found in results
    ]
    table(console, "Nilai AKIP", ("unit", "tahun evaluasi", "nilai", "predikat", "menurut aturan"), rows)
