"""Prints the file of a year for people: one table for each register."""

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from projections.hold_register import Hold
from services.difference import Difference
from services.indonesian import day, figure, realised, target, word
from services.year_file import YearFile


def print_year(console: Console, file: YearFile) -> None:
    """Print the registers of a year, and how to produce the same answer again."""
    whose = f"{file.name or file.institution}, tahun {file.year}" + (f", unit {file.unit}" if file.unit else "")
    console.rule(f"[bold]{whose}")
    known_at = file.known_at.isoformat(timespec="seconds")
    console.print(f"diketahui: {known_at} · berlaku pada: {day(file.valid_on)} · posisi: {file.position}")
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


def print_difference(console: Console, found: Difference, *, most: int = 12) -> None:
    """Print what differs between two moments, and who recorded what in between."""
    rows = [
        (word(each.register), _place_in_words(each.place), each.earlier or "–", each.later or "–")
        for each in found.changes
    ]
    title = f"Yang berbeda: posisi {found.earlier_position} → {found.later_position} ({len(rows)} nilai)"
    table(console, title, ("register", "nilai", "dahulu", "kini"), rows[:most])
    if len(rows) > most:
        console.print(f"  … dan {len(rows) - most} nilai lain")
    causes = [
        (str(each.position), day(each.recorded_at.date()), each.actor.id, each.type, each.stream)
        for each in found.events
    ]
    table(console, "Penyebabnya", ("posisi", "dicatat", "oleh", "peristiwa", "aliran"), causes[:most])


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
            told.append(
                (objection.outcome.trace, "keberatan dikabulkan" if objection.outcome.upheld else "keberatan ditolak")
            )
    in_order = sorted(told, key=lambda each: each[0].position)
    return " → ".join(f"{what} {day(trace.effective_on)}" for trace, what in in_order)


def _place_in_words(place: str) -> str:
    """Write a place such as `[dinkes].commitments[aki].realised.value` with the words of the field."""
    return re.sub(r"[a-z_]+(?![^\[]*\])", lambda found: word(found[0]), place).replace(".", " ").strip()


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
