"""The chapters of the demo's year, in order, each with the days on which it plays."""

from typing import Any

from services.demo.cast import HEAD_UNIT, unit
from services.demo.storyteller import Storyteller
from services.demo.year import (
    ALL,
    LATE,
    YEAR,
    evaluate,
    finding,
    measure,
    paper_file,
    promise,
    quarter,
    settle_quarter,
)

IN_TIME = tuple(each for each in ALL if each != LATE)
HOLD = f"{YEAR}.{LATE}.agreement"
OLD_FINDING = f"{YEAR - 1}.dinkes.r2"
EXTERNAL_FINDING = f"{YEAR - 1}.{HEAD_UNIT}.r1"
CLOSED_FINDING = f"{YEAR - 1}.dinkes.r1"
DINKES: dict[str, Any] = {"unit": "dinkes", "fiscal_year": YEAR}
DISDIK: dict[str, Any] = {"unit": LATE, "fiscal_year": YEAR}


def signing(story: Storyteller) -> None:
    """January: the year opens, budgets are ratified, all sign but one."""
    story.on("2024-01-02")
    story.does("tari", "organisation.open_fiscal_year", fiscal_year=YEAR)
    story.on("2024-01-05")
    for each in ALL:
        story.does(
            "tari", "organisation.ratify_budget", unit=each, fiscal_year=YEAR, document="DPA", number=f"DPA/{each}"
        )
    story.on("2024-01-22")
    promise(story, IN_TIME)


def the_late_unit(story: Storyteller) -> None:
    """February to March: overdue, proposed, noticed, held, objected, signed at last, released."""
    story.on("2024-02-20")
    story.does("kartika", "hold.recommend", hold=HOLD, reason="Perjanjian kinerja belum ditandatangani")
    story.does("kartika", "hold.serve_notice", hold=HOLD, number="800/117/2024")
    shares = [{"person": "bambang", "percent": "50"}]
    imposed = {"hold": HOLD, "decision": "Kep. Sekda 841/2024", "persons": shares, "months": ["2024-03"]}
    story.is_refused("ratna", "hold.impose", "notice_still_running", **imposed)
    story.on("2024-03-05")
    story.is_refused("dewi", "hold.impose", "role_missing", **imposed)
    story.does("ratna", "hold.impose", **imposed, file=paper_file("keputusan penundaan"))
    story.on("2024-03-13")
    story.does("dewi", "hold.file_objection", hold=HOLD, grounds="Pejabat baru dilantik pada awal tahun")
    story.on("2024-03-18")
    promise(story, (LATE,))
    story.on("2024-03-20")
    story.does("bupati", "hold.decide_objection", hold=HOLD, upheld=False, reason="Batas waktu berlaku bagi semua unit")
    story.is_refused("dewi", "hold.release", "role_missing", hold=HOLD, scope="all", reason="Sudah ditandatangani")
    story.on("2024-03-25")
    story.does("ratna", "hold.release", hold=HOLD, scope="all", reason="Perjanjian kinerja sudah ditandatangani")


def measuring(story: Storyteller) -> None:
    """April to July: two quarters, a return, an amendment, a correction of a locked figure."""
    story.on("2024-04-16")
    measure(story, ALL, 1)
    story.is_refused("dewi", "measurement.verify", "role_missing", **DISDIK, period=quarter(1))
    story.on("2024-04-22")
    story.does("kartika", "measurement.return", **DISDIK, period=quarter(1), reason="Bukti dukung belum dilampirkan")
    story.does("dewi", "measurement.submit", **DISDIK, period=quarter(1))
    settle_quarter(story, ALL, 1)
    story.on("2024-06-10")
    changes = [
        {"commitment": "aki", "target": {"year": {"type": "number", "value": "80"}}, "effective_on": "2024-07-01"}
    ]
    _amend(story, "strategy_changed", "Pergeseran anggaran ke layanan ibu", changes)
    story.on("2024-07-10")
    measure(story, ALL, 2)
    settle_quarter(story, ALL, 2)
    story.on("2024-07-22")
    reopened = {"commitments": ["aki"], "until": "2024-07-31", "period": quarter(1)}
    story.does("kartika", "measurement.reopen", **DINKES, **reopened, reason="Dua kematian ibu terlambat dilaporkan")
    corrected = {"commitment": "aki", "period": quarter(1), "realised": {"type": "number", "value": "109"}}
    story.does(
        "agus", "measurement.correct", **DINKES, corrects=2, realisation=corrected, reason="Laporan RSUD diterima"
    )


def the_year_before(story: Storyteller) -> None:
    """August to October: 2023 is evaluated with whatever exists, and a finding is followed up."""
    story.on("2024-08-12")
    findings = [
        finding(1, "Tetapkan indikator kinerja utama yang berorientasi hasil", "dinkes", "perencanaan"),
        finding(2, "Manfaatkan hasil pengukuran untuk menyesuaikan strategi", "dinkes", "pengukuran"),
    ]
    evaluate(story, "dinkes", YEAR - 1, "BB B CC BB B CC BB B CC B CC C", "01/2024", findings)
    story.on("2024-09-02")
    plan = {"plan": "Menyusun ulang IKU bersama Bappeda", "plan_due_on": "2024-10-31", "person_in_charge": "maya"}
    story.does("agus", "follow_up.plan_action", recommendation=CLOSED_FINDING, unit="dinkes", **plan)
    story.on("2024-10-01")
    evidence = [{"file": paper_file("SK IKU"), "name": "Keputusan IKU 2024", "dated": "2024-09-27"}]
    done = {"progress": "Keputusan IKU baru telah ditetapkan", "evidence": evidence}
    story.does("agus", "follow_up.report_progress", recommendation=CLOSED_FINDING, unit="dinkes", **done)
    story.is_refused(
        "agus",
        "follow_up.propose_result",
        "role_missing",
        recommendation=CLOSED_FINDING,
        result="sesuai",
        reason="Selesai",
    )


def the_third_quarter(story: Storyteller) -> None:
    """October."""
    story.on("2024-10-08")
    measure(story, ALL, 3)
    settle_quarter(story, ALL, 3)


def the_verifier_closes(story: Storyteller) -> None:
    """October to December: one finding is closed by two people, and KemenPANRB's LHE arrives."""
    story.on("2024-10-21")
    story.does(
        "sinta",
        "follow_up.propose_result",
        recommendation=CLOSED_FINDING,
        result="sesuai",
        reason="IKU sudah berorientasi hasil",
    )
    story.is_refused("sinta", "follow_up.approve_result", "role_missing", recommendation=CLOSED_FINDING)
    story.on("2024-10-28")
    story.does("hendra", "follow_up.approve_result", recommendation=CLOSED_FINDING)
    story.on("2024-12-10")
    external = {
        "issuer": "KemenPANRB",
        "number": "B/512/AA.05/2024",
        "issued_on": "2024-12-02",
        "evaluation_year": YEAR,
        "score": {"total": "71.25", "predicate": "BB"},
        "findings": [finding(1, "Perbaiki penjabaran kinerja sampai perangkat daerah", "bappeda", "perencanaan")],
    }
    story.does("hendra", "evaluation.record_external", unit=HEAD_UNIT, fiscal_year=YEAR - 1, **external)


def the_next_year_begins(story: Storyteller) -> None:
    """January: 2025 is signed while 2024 is unmeasured and unreported, and findings on 2023 are open."""
    story.on("2025-01-02")
    story.does("tari", "organisation.open_fiscal_year", fiscal_year=YEAR + 1)
    for each in ALL:
        budget = {"unit": each, "fiscal_year": YEAR + 1, "document": "DPA", "number": f"DPA/{each}/{YEAR + 1}"}
        story.does("tari", "organisation.ratify_budget", **budget)
    story.on("2025-01-20")
    promise(story, ALL, YEAR + 1)
    story.on("2025-01-22")
    measure(story, ALL, 4)
    settle_quarter(story, ALL, 4)


def reporting(story: Storyteller) -> None:
    """February to March: reports, one returned and mended in term, one late, one never made, the institution's own."""
    reporting_units = tuple(each for each in ALL if each not in {LATE, HEAD_UNIT, "bkad"})
    story.on("2025-02-20")
    for each in reporting_units:
        _report(story, each)
    story.on("2025-02-24")
    story.does("kartika", "report.return", **DINKES, reason="Analisis efisiensi belum ada", correct_by="2025-03-03")
    story.on("2025-02-27")
    story.does("agus", "report.submit", **DINKES, file=paper_file("LKjIP dinkes perbaikan"))
    story.on("2025-03-03")
    for each in reporting_units:
        story.does("fajar" if each == "setda" else "kartika", "report.accept", unit=each, fiscal_year=YEAR)
    story.on("2025-03-14")
    _report(story, LATE)
    story.does("kartika", "report.accept", **DISDIK)
    story.on("2025-03-24")
    own = {"unit": HEAD_UNIT, "fiscal_year": YEAR}
    accepted = [*reporting_units, LATE]
    story.does("yusuf", "report.compile", **own, analysis="Sasaran kabupaten tercapai sebagian", compiled_from=accepted)
    story.does("hendra", "report.review", **own, statement_number="REV/1/2025", file=paper_file("reviu"))
    story.does("bupati", "report.submit", **own, file=paper_file("LKjIP kabupaten"))
    story.on("2025-03-26")
    story.does("fajar", "report.accept", **own)
    story.does("fajar", "report.send_outside", **own, recipient="KemenPANRB (ESR)", receipt="ESR-2025-00417")


def evaluation_and_follow_up(story: Storyteller) -> None:
    """June to October: KemenPANRB's finding is closed, three LHE are issued, a weakness is found again."""
    story.on("2025-06-02")
    _follow_up(story, EXTERNAL_FINDING, "tari", "bappeda", "Penjabaran kinerja sampai perangkat daerah disempurnakan")
    story.on("2025-07-15")
    again = finding(1, "Hasil pengukuran masih belum menyesuaikan strategi", "dinkes", "pengukuran", OLD_FINDING)
    evaluate(story, "dinkes", YEAR, "A BB B BB BB B A BB B BB B CC", "01/2025", [again])
    first = finding(1, "Selesaikan dokumen tepat waktu", LATE, "pelaporan")
    evaluate(story, LATE, YEAR, "B CC C B CC C CC C C CC C D", "02/2025", [first])
    missing = finding(1, "Susun dan sampaikan laporan kinerja", "bkad", "pelaporan")
    evaluate(story, "bkad", YEAR, "B B CC B B CC E E E B CC C", "03/2025", [missing])
    story.on("2025-08-04")
    item = {"recommendation": f"{YEAR}.dinkes.r1", "unit": "dinkes"}
    story.does("agus", "follow_up.plan_action", **item, plan="Rapat evaluasi bulanan", plan_due_on="2025-09-30")
    story.on("2025-09-22")
    _follow_up(story, f"{YEAR}.dinkes.r1", "agus", "dinkes", "Strategi disesuaikan dengan hasil pengukuran")
    story.on("2025-10-31")


def _follow_up(story: Storyteller, recommendation: str, operator: str, unit_: str, progress: str) -> None:
    """Report what was done; the verifier judges it, and a second person closes it."""
    item = {"recommendation": recommendation, "unit": unit_}
    day = story.today
    evidence = [{"file": paper_file(progress), "name": "Bukti tindak lanjut", "dated": day}]
    story.does(operator, "follow_up.report_progress", **item, progress=progress, evidence=evidence)
    story.does("sinta", "follow_up.propose_result", **item, result="sesuai", reason="Bukti sudah diperiksa")
    story.does("hendra", "follow_up.approve_result", **item)


def _amend(story: Storyteller, trigger: str, reason: str, changes: list[dict[str, Any]]) -> None:
    signatories = [{"person": "maya", "position": "Kepala Dinas"}, {"person": "bupati", "position": "Bupati"}]
    paper = {"place": "Kota Contoh", "signatories": signatories, "file": paper_file(f"perubahan {reason}")}
    story.does("maya", "agreement.amend", **DINKES, trigger=trigger, reason=reason, paper=paper, changes=changes)


def _report(story: Storyteller, each: str) -> None:
    operator = unit(each).operator
    story.does(operator, "report.compile", unit=each, fiscal_year=YEAR, analysis="Target tercapai dengan catatan")
    story.does(operator, "report.submit", unit=each, fiscal_year=YEAR, file=paper_file(f"LKjIP {each}"))


CHAPTERS = (
    ("penandatanganan", signing),
    ("unit yang terlambat", the_late_unit),
    ("pengukuran", measuring),
    ("evaluasi tahun sebelumnya", the_year_before),
    ("triwulan III", the_third_quarter),
    ("verifikasi tindak lanjut", the_verifier_closes),
    ("tahun berikutnya dimulai", the_next_year_begins),
    ("pelaporan", reporting),
    ("evaluasi dan tindak lanjut", evaluation_and_follow_up),
)
