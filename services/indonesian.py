"""How values are written for people: Indonesian dates, decimal commas, and words instead of codes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from domain.arithmetic import write_figure
from domain.indicator import (
    ExactFigure,
    LabelRealised,
    NotRealised,
    NumberRealised,
    NumberTarget,
    OrdinalTarget,
    PredicateTarget,
    RangeTarget,
    RatioRealised,
    Realised,
    Target,
)
from domain.period import MONTHS
from projections.hold_row import Outcome

WORDS = {
    "opened": "dibuka",
    "proposed": "diusulkan",
    "signed": "ditandatangani",
    "amended": "diubah",
    "published": "dari publikasi",
    "submitted": "diajukan",
    "verified": "diverifikasi",
    "returned": "dikembalikan",
    "locked": "terkunci",
    "reopened": "dibuka kembali",
    "compiled": "disusun",
    "reviewed": "direviu",
    "accepted": "diterima",
    "sent_outside": "dikirim ke luar",
    "assigned": "ditugaskan",
    "issued": "LHE terbit",
    "recorded": "tercatat",
    "not_started": "belum ditindaklanjuti",
    "result_proposed": "menunggu persetujuan",
    "awaiting_approval": "menunggu persetujuan",
    "agreement": "perjanjian kinerja",
    "amendment": "perubahan perjanjian kinerja",
    "measurement": "pengukuran",
    "report": "laporan kinerja",
    "recommendation": "tindak lanjut rekomendasi",
    "in_progress": "dalam proses",
    "closed": "selesai",
    "not_due": "belum jatuh tempo",
    "due_soon": "segera jatuh tempo",
    "in_hand": "sedang diperiksa",
    "overdue": "terlambat",
    "met_on_time": "tepat waktu",
    "met_late": "dipenuhi terlambat",
    "waived": "dibebaskan",
    "due_date_unknown": "jatuh tempo tidak diketahui",
    "recommended": "direkomendasikan",
    "notice_served": "diberi tahu",
    "notice_lapsed": "masa jawab lewat",
    "imposed": "ditunda",
    "partly_released": "dilepas sebagian",
    "released": "dilepas",
    "declined": "tidak dikenakan",
    "lapsed": "gugur",
    "not_filled": "belum diisi",
    "partly_filled": "terisi sebagian",
    "filled": "terisi, belum diajukan",
    "nothing_due": "tidak ada yang diukur",
    "not_in_source": "tidak ada dalam sumber",
    "not_yet_due": "belum waktunya diukur",
    "not_applicable": "tidak berlaku",
    "not_obtained": "tidak diperoleh informasi (TDI)",
    "cannot_compute": "tidak dapat dihitung",
    "computed": "dihitung",
    "missing": "catatan hilang",
    "unreadable": "catatan tidak terbaca",
    "leaf_hash_differs": "catatan berbeda dari sidiknya",
    "version_not_next": "urutan dalam aliran terputus",
    "time_went_back": "waktu pencatatan mundur",
    "beyond_head": "catatan melampaui kepala log",
    "ends_before_checkpoint": "log berakhir sebelum checkpoint",
    "differs_from_checkpoint": "log berbeda dari checkpoint",
    "sealed_text_differs": "teks berbeda dari sidiknya",
    "agreements": "perjanjian kinerja",
    "achievements": "capaian",
    "reports": "laporan",
    "evaluations": "evaluasi",
    "recommendations": "rekomendasi",
    "obligations": "kewajiban",
    "holds": "penundaan",
    "commitments": "komitmen",
    "periods": "periode",
    "year": "tahun",
    "realised": "realisasi",
    "achievement": "capaian",
    "capped": "dibatasi",
    "value": "nilai",
    "status": "keadaan",
    "average": "rata-rata",
    "average_capped": "rata-rata dibatasi",
}

ZONES: Final = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
"""The name that people use for each time zone (Keppres 41/1987)."""


def word(code: str | None) -> str:
    """Return the word for a status, or the code with spaces where there is none."""
    return "–" if code is None else WORDS.get(code, code.replace("_", " "))


def day(value: date | None) -> str:
    """Write a date: '2 Februari 2024'; a dash for none."""
    return "–" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def instant(value: datetime, time_zone: str) -> str:
    """Write an instant as the clock showed it there: '2 Februari 2024 pukul 09.05 WIB'."""
    local = value.astimezone(ZoneInfo(time_zone))
    return f"{day(local.date())} pukul {local:%H.%M} {ZONES.get(time_zone, time_zone)}"


def month(value: str) -> str:
    """Write a month such as '2024-03': 'Maret 2024'."""
    year, _, number = value.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def figure(value: Decimal | None, places: int | None = None) -> str:
    """Write a figure: '1.234,5'; a dash for none."""
    return "–" if value is None else write_figure(value, places)


def target(value: Target | None) -> str:
    """Write a target: '95', '80–90', 'BB'; a dash for none."""
    match value:
        case NumberTarget(value=number):
            return figure(number)
        case RangeTarget(low=low, high=high):
            return f"{figure(low)}–{figure(high)}"
        case OrdinalTarget(value=label) | PredicateTarget(value=label):
            return label
        case None:
            return "–"


def realised(value: Realised | ExactFigure | None) -> str:
    """Write a realisation: '88', '9.212/9.800', 'BB', or why there is none."""
    match value:
        case NumberRealised(value=number):
            return figure(number)
        case ExactFigure(value=number):
            return figure(number, 2)
        case RatioRealised(numerator=numerator, denominator=denominator):
            return f"{figure(numerator)}/{figure(denominator)}"
        case LabelRealised(value=label):
            return label
        case NotRealised(reason=reason):
            return word(reason)
        case None:
            return "–"


def outcome(value: Outcome) -> str:
    """Write how an objection ended (UU 30/2014 Pasal 77)."""
    if value.deemed:
        return "keberatan dianggap dikabulkan"
    return "keberatan dikabulkan" if value.upheld else "keberatan ditolak"
