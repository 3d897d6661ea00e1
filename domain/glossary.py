"""One word per legal term: the English identifier, the Indonesian word that people read, and where the law has it.

Words without a source in a regulation are those of practice. `tests/domain/test_glossary.py` holds the code to them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

PERPRES = "Perpres 29/2014"
AGREEMENT_RULE = "PermenPANRB 53/2014, Lampiran I"
REPORT_RULE = "PermenPANRB 53/2014, Lampiran II"
REVIEW_RULE = "PermenPANRB 53/2014, Lampiran III"
EVALUATION_RULE = "PermenPANRB 88/2021"
FOLLOW_UP_RULE = "Peraturan BPK 2/2017"
PLANNING_RULE = "Permendagri 86/2017"
BUDGET_RULE = "PP 12/2019"
UNIT_RULE = "PP 18/2016"
OBJECTION_RULE = "UU 30/2014"
LOCAL_RULE = "Peraturan kepala daerah"
PRACTICE = "Istilah kerja"


class Term(NamedTuple):
    """One term: `english` as it stands in identifiers, `indonesian` as people read it, and its legal source."""

    english: str
    indonesian: str
    source: str


STAGES: Final = (
    Term("agreement", "perjanjian kinerja", AGREEMENT_RULE),
    Term("measurement", "pengukuran kinerja", PERPRES),
    Term("report", "laporan kinerja", REPORT_RULE),
    Term("evaluation", "evaluasi AKIP internal", EVALUATION_RULE),
    Term("follow_up", "tindak lanjut", EVALUATION_RULE),
    Term("obligation", "kewajiban", PERPRES),
    Term("hold", "penundaan TPP", LOCAL_RULE),
    Term("organisation", "organisasi", UNIT_RULE),
)
"""The stages of the cycle; `hold` is short for `allowance_hold`."""

ROLES: Final = (
    Term("unit_operator", "operator unit", PRACTICE),
    Term("unit_head", "kepala unit", UNIT_RULE),
    Term("planning_office", "Bappeda", UNIT_RULE),
    Term("organisation_bureau", "Bagian Organisasi", UNIT_RULE),
    Term("institution_head", "kepala instansi", PERPRES),
    Term("hold_authority", "pejabat pemutus penundaan TPP", LOCAL_RULE),
    Term("inspector", "Inspektur", EVALUATION_RULE),
    Term("quality_controller", "pengendali mutu", EVALUATION_RULE),
    Term("technical_controller", "pengendali teknis", EVALUATION_RULE),
    Term("team_lead", "ketua tim", EVALUATION_RULE),
    Term("team_member", "anggota tim", EVALUATION_RULE),
    Term("treasury", "BKAD", BUDGET_RULE),
    Term("auditor", "pemeriksa", "UU 15/2004"),
    Term("administrator", "administrator", PRACTICE),
    Term("workflow", "alur kerja", PRACTICE),
    Term("timekeeper", "penjaga waktu", PRACTICE),
    Term("importer", "pengimpor", PRACTICE),
    Term("console", "konsol", PRACTICE),
)
"""Who acts; the last four are parts of the system."""

STATUSES: Final = (
    Term("draft", "rancangan", REPORT_RULE),
    Term("opened", "dibuka", PRACTICE),
    Term("open", "terbuka", PRACTICE),
    Term("proposed", "diusulkan", AGREEMENT_RULE),
    Term("signed", "ditandatangani", AGREEMENT_RULE),
    Term("amended", "diubah", AGREEMENT_RULE),
    Term("rectified", "diralat", AGREEMENT_RULE),
    Term("submitted", "disampaikan", REPORT_RULE),
    Term("verified", "diverifikasi", PERPRES),
    Term("returned", "dikembalikan", PRACTICE),
    Term("locked", "dikunci", PRACTICE),
    Term("reopened", "dibuka kembali", PRACTICE),
    Term("compiled", "disusun", REPORT_RULE),
    Term("reviewed", "direviu", REVIEW_RULE),
    Term("accepted", "diterima", REPORT_RULE),
    Term("published", "dipublikasikan", REPORT_RULE),
    Term("assigned", "ditugaskan", EVALUATION_RULE),
    Term("issued", "diterbitkan", EVALUATION_RULE),
    Term("transferred", "dialihkan", UNIT_RULE),
    Term("extended", "diperpanjang", FOLLOW_UP_RULE),
    Term("waived", "dibebaskan", LOCAL_RULE),
    Term("overdue", "terlambat", PERPRES),
    Term("met", "dipenuhi", PERPRES),
    Term("recommended", "direkomendasikan", LOCAL_RULE),
    Term("imposed", "ditetapkan", LOCAL_RULE),
    Term("declined", "tidak dikabulkan", LOCAL_RULE),
    Term("lapsed", "gugur", LOCAL_RULE),
    Term("released", "dilepas", LOCAL_RULE),
    Term("corrected", "dikoreksi", PRACTICE),
    Term("withdrawn", "ditarik", PRACTICE),
    Term("provisional", "sementara", REPORT_RULE),
    Term("final", "tetap", REPORT_RULE),
    Term("computed", "terhitung", PRACTICE),
    Term("not_filled", "belum diisi", PRACTICE),
    Term("not_yet_due", "belum waktunya diukur", PRACTICE),
    Term("not_applicable", "tidak berlaku", "Permendagri 18/2020"),
    Term("not_obtained", "tidak diperoleh informasi", "Permendagri 18/2020"),
    Term("cannot_compute", "tidak dapat dihitung", PRACTICE),
    Term("ambiguous", "bermakna ganda", PRACTICE),
    Term("due_date_unknown", "jatuh tempo belum diketahui", PRACTICE),
    Term("live", "langsung", PRACTICE),
    Term("history", "riwayat", PRACTICE),
    Term("simulated", "simulasi", PRACTICE),
    Term("definitive", "definitif", "UU 30/2014"),
    Term("acting_vacant", "plt", "UU 30/2014"),
    Term("acting_absent", "plh", "UU 30/2014"),
    Term("postponed", "tunda", LOCAL_RULE),
    Term("cut", "potong", LOCAL_RULE),
    Term("unpaid", "tidak dibayarkan", LOCAL_RULE),
)
"""How things stand; where a fact comes from; in which capacity an official acts; what a hold does to the allowance."""

DOCUMENTS: Final = (
    Term("dpa", "DPA", BUDGET_RULE),
    Term("dppa", "DPPA", BUDGET_RULE),
    Term("lhe", "LHE", EVALUATION_RULE),
    Term("worksheet", "lembar kerja evaluasi", EVALUATION_RULE),
    Term("strategic_plan", "Renstra", PLANNING_RULE),
    Term("work_plan", "Renja", PLANNING_RULE),
    Term("action_plan", "rencana aksi", AGREEMENT_RULE),
    Term("performance_tree", "pohon kinerja", "PermenPANRB 89/2021"),
    Term("letter", "surat tugas", EVALUATION_RULE),
    Term("decree", "keputusan bersama", "SKB Tiga Menteri"),
    Term("evidence", "bukti dukung", EVALUATION_RULE),
    Term("paper", "naskah bertanda tangan", AGREEMENT_RULE),
    Term("receipt", "tanda terima", REPORT_RULE),
)
"""Papers that the cycle makes or cites."""

NOUNS: Final = (
    Term("institution", "instansi pemerintah", PERPRES),
    Term("entity", "entitas akuntabilitas kinerja", PERPRES),
    Term("unit", "perangkat daerah", UNIT_RULE),
    Term("successor", "unit penerus", UNIT_RULE),
    Term("person", "orang", PRACTICE),
    Term("official", "pejabat", UNIT_RULE),
    Term("position", "jabatan", UNIT_RULE),
    Term("capacity", "status jabatan", "UU 30/2014"),
    Term("role", "peran", PRACTICE),
    Term("fiscal_year", "tahun anggaran", "UU 17/2003"),
    Term("evaluation_year", "tahun evaluasi", EVALUATION_RULE),
    Term("period", "periode", PERPRES),
    Term("budget", "anggaran", BUDGET_RULE),
    Term("programme", "program", BUDGET_RULE),
    Term("calendar", "kalender kerja", "SKB Tiga Menteri"),
    Term("holiday", "hari libur nasional", "SKB Tiga Menteri"),
    Term("joint_leave", "cuti bersama", "SKB Tiga Menteri"),
    Term("rulebook", "aturan", PRACTICE),
    Term("document", "dokumen", PRACTICE),
    Term("objective", "sasaran", AGREEMENT_RULE),
    Term("commitment", "komitmen kinerja", AGREEMENT_RULE),
    Term("indicator", "indikator kinerja", AGREEMENT_RULE),
    Term("target", "target", AGREEMENT_RULE),
    Term("realisation", "realisasi", PERPRES),
    Term("achievement", "capaian", PLANNING_RULE),
    Term("formula", "rumus", REPORT_RULE),
    Term("unit_of_measure", "satuan", AGREEMENT_RULE),
    Term("direction", "arah", PLANNING_RULE),
    Term("maximise", "makin tinggi makin baik", PLANNING_RULE),
    Term("minimise", "makin rendah makin baik", PLANNING_RULE),
    Term("baseline", "kondisi awal", PLANNING_RULE),
    Term("benchmark", "pembanding", REPORT_RULE),
    Term("signatory", "penanda tangan", AGREEMENT_RULE),
    Term("amendment", "perubahan perjanjian kinerja", AGREEMENT_RULE),
    Term("official_replaced", "pergantian pejabat", AGREEMENT_RULE),
    Term("strategy_changed", "perubahan strategi", AGREEMENT_RULE),
    Term("priority_changed", "perubahan prioritas atau asumsi", AGREEMENT_RULE),
    Term("obstacle", "kendala", REPORT_RULE),
    Term("analysis", "analisis", REPORT_RULE),
    Term("review", "reviu", REVIEW_RULE),
    Term("team", "tim evaluasi", EVALUATION_RULE),
    Term("component", "komponen", EVALUATION_RULE),
    Term("sub_component", "subkomponen", EVALUATION_RULE),
    Term("criterion", "kriteria", EVALUATION_RULE),
    Term("mark", "penilaian", EVALUATION_RULE),
    Term("grade", "nilai huruf", EVALUATION_RULE),
    Term("score", "nilai", EVALUATION_RULE),
    Term("weight", "bobot", EVALUATION_RULE),
    Term("predicate", "predikat", EVALUATION_RULE),
    Term("finding", "temuan", EVALUATION_RULE),
    Term("recommendation", "rekomendasi", EVALUATION_RULE),
    Term("repeat", "temuan berulang", EVALUATION_RULE),
    Term("owner", "penanggung jawab rekomendasi", FOLLOW_UP_RULE),
    Term("issuer", "penerbit LHE", EVALUATION_RULE),
    Term("action", "aksi tindak lanjut", FOLLOW_UP_RULE),
    Term("progress", "kemajuan", FOLLOW_UP_RULE),
    Term("result", "hasil", FOLLOW_UP_RULE),
    Term("verdict", "penetapan penerbit", FOLLOW_UP_RULE),
    Term("term", "jangka waktu", FOLLOW_UP_RULE),
    Term("due_date", "jatuh tempo", PERPRES),
    Term("submission", "penyampaian", REPORT_RULE),
    Term("allowance", "tambahan penghasilan pegawai", BUDGET_RULE),
    Term("notice", "pemberitahuan", OBJECTION_RULE),
    Term("objection", "keberatan", OBJECTION_RULE),
    Term("decision", "keputusan", OBJECTION_RULE),
    Term("share", "bagian tunjangan", LOCAL_RULE),
    Term("grace", "masa tenggang", LOCAL_RULE),
    Term("reason", "alasan", PRACTICE),
    Term("source", "sumber", PRACTICE),
)
"""What the cycle is about."""

TERMS: Final[Mapping[str, Term]] = {term.english: term for term in (*STAGES, *ROLES, *STATUSES, *DOCUMENTS, *NOUNS)}
"""Every term by its English identifier."""


def indonesian(english: str) -> str:
    """Return the word that people read for an identifier; raise KeyError for one that is no term.

    >>> indonesian("agreement")
    'perjanjian kinerja'
    """
    return TERMS[english].indonesian
