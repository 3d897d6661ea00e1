"""What is told of a batch: one JSON object for machines, a few lines for people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from services.importing.applying import Applied
from services.importing.faults import Fault
from services.importing.published_agreements import unrecorded
from services.importing.staging import Batch

WORDS: Final = {
    "on_time": "tepat waktu",
    "late": "terlambat",
    "missing": "tidak ada",
    "not_due": "belum jatuh tempo",
    "no_rule": "tanpa aturan",
    "due_date_unknown": "tanggal tidak diketahui",
    "clear": "jelas",
    "ambiguous": "bermakna ganda",
    "not_filled": "kosong",
    "not_applicable": "tidak berlaku",
    "not_obtained": "tidak diperoleh informasi",
}
"""The statuses as people read them."""


def as_json(batch: Batch, applied: Applied | None, extra: Iterable[Fault] = ()) -> dict[str, Any]:
    """Return everything that was read, every fault, the digest, and what was recorded (null: nothing was asked for)."""
    told = {
        "scores": [each.item for each in batch.scores],
        "achievements": [each.item for each in batch.achievements],
        "submissions": [each.item for each in batch.submissions],
        "recommendations": [each.item for each in batch.recommendations],
        "follow_up_documents": [each.item for each in batch.follow_up_documents],
        "commitments": [each.item for each in batch.commitments],
        "errors": [*batch.errors, *extra],
        "warnings": batch.warnings,
        "digest": batch.digest,
        "applied": applied,
    }
    plain: dict[str, Any] = msgspec.to_builtins(told)
    return plain


def in_words(batch: Batch, applied: Applied | None, extra: Iterable[Fault] = ()) -> Iterator[str]:
    """Yield the lines of a summary: what was read, how it agrees, what is wrong, and what was recorded."""
    yield _counted("Nilai evaluasi", Counter(_agreement(each.item.agrees) for each in batch.scores))
    yield _counted("Capaian", Counter(_agreement(each.item.agrees) for each in batch.achievements))
    yield _counted("Dokumen", Counter(WORDS[each.item.status] for each in batch.submissions))
    yield f"Rekomendasi: {len(batch.recommendations)}; dokumen tindak lanjut: {len(batch.follow_up_documents)}"
    yield _counted("Sel perjanjian kinerja", Counter(WORDS[each.item.status] for each in batch.commitments))
    targets, realisations = unrecorded(batch)
    yield f"Hanya dicantumkan: {len(targets)} target dan {len(realisations)} realisasi yang tidak pasti"
    for each in batch.warnings:
        yield f"Peringatan {_place(each)} [{each.code}] {each.message}"
    for each in (*batch.errors, *extra):
        yield f"Kesalahan {_place(each)} [{each.code}] {each.message}"
    yield f"Sidik kumpulan data: {batch.digest}"
    if applied is not None:
        yield from _recorded(applied)


def _recorded(applied: Applied) -> Iterator[str]:
    yield (
        f"Dicatat: {applied.recorded} fakta baru, {applied.unchanged} sudah ada, {len(applied.refused)} ditolak, "
        f"pada {len(applied.institutions)} instansi"
    )
    for each in applied.refused:
        place = "" if each.file is None else f"{each.file} baris {each.line} "
        yield f"Ditolak {each.institution} {place}{each.command} [{each.code}] {each.message}"


def _agreement(agrees: bool | None) -> str:  # noqa: FBT001 - the three answers of an item
    if agrees is None:
        return "tidak dapat diperiksa"
    return "cocok" if agrees else "tidak cocok"


def _counted(name: str, counts: Counter[str]) -> str:
    parts = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    return f"{name}: {counts.total()}" + (f" ({parts})" if parts else "")


def _place(fault: Fault) -> str:
    line = "" if fault.line is None else f" baris {fault.line}"
    return f"{fault.file}{line}" + ("" if fault.column is None else f" kolom {fault.column}")
