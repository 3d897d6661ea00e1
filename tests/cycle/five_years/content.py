"""What is written in the papers of the five years: drawn by chance, and always well formed."""

from datetime import date
from random import Random
from typing import Any, Final

GRADES: Final = ("D", "C", "CC", "B", "BB", "A", "AA")
SUB_COMPONENTS: Final = tuple(f"{number}{part}" for number in "1234" for part in "abc")
REASONS: Final = (
    "Data dari lapangan datang terlambat",
    "Salah ketik pada waktu memasukkan",
    "Pergeseran anggaran setelah perubahan APBD",
    "Arahan pimpinan daerah",
    "Bukti dukung belum lengkap",
    "Hasil pencocokan dengan BPS",
)
KINDS: Final = ("maximise", "maximise", "minimise", "range", "ordinal")


def number(value: str) -> dict[str, Any]:
    """Return a figure as target or realisation."""
    return {"type": "number", "value": value}


def reason(rng: Random) -> str:
    """Return why something is done."""
    return rng.choice(REASONS)


def figure(rng: Random, low: int = 5, high: int = 120) -> str:
    """Return a figure with up to three decimal places."""
    places = rng.randrange(4)
    return f"{rng.uniform(low, high):.{places}f}"


def file(rng: Random) -> str:
    """Return the content hash of a paper."""
    return rng.randbytes(32).hex()


def quarter(year: int, number_: int) -> dict[str, Any]:
    """Return a quarter as the API takes it."""
    return {"fiscal_year": year, "frequency": "quarter", "number": number_}


def measured_in(of: dict[str, Any], quarter_: dict[str, Any]) -> list[dict[str, Any]]:
    """Return in which periods of a quarter a commitment is measured: in itself, or in each of its months."""
    if of["indicator"]["frequency"] == "quarter":
        return [quarter_]
    last = quarter_["number"] * 3
    return [{**quarter_, "frequency": "month", "number": each} for each in (last - 2, last - 1, last)]


def target(rng: Random, indicator: dict[str, Any], year: int) -> dict[str, Any]:
    """Return an agreed target of an indicator; at times with one for a quarter or month beside that of the year."""
    kind = indicator["direction"]
    agreed: dict[str, Any] = {"year": _aim(rng, kind)}
    if rng.random() < 0.3:
        period = measured_in({"indicator": indicator}, quarter(year, rng.randint(1, 4)))[-1]
        agreed["periods"] = [{"period": period, "target": _aim(rng, kind)}]
    return agreed


def _aim(rng: Random, kind: str) -> dict[str, Any]:
    if kind == "range":
        low = rng.randint(10, 60)
        return {"type": "range", "low": str(low), "high": str(low + rng.randint(0, 20))}
    if kind == "ordinal":
        return {"type": "ordinal", "value": rng.choice(GRADES), "scale": list(GRADES)}
    return number(figure(rng))


def commitment(rng: Random, name: str, year: int, partner: str | None) -> dict[str, Any]:
    """Return a row of the annex; some are shared with another unit."""
    kind = rng.choice(KINDS)
    indicator = {
        "name": f"Indikator {name}",
        "definition": "Menurut keputusan IKU",
        "formula": "Menurut definisi operasional",
        "unit_of_measure": "persen",
        "source": "Laporan bidang",
        "frequency": rng.choice(("quarter", "quarter", "month")),
        "direction": kind,
        "accumulation": rng.choice(("sum", "last", "average")) if kind in {"maximise", "minimise"} else "last",
        "minimise_school": rng.choice(("mirror", "inverse")),
    }
    shared = [partner] if partner is not None and rng.random() < 0.2 else []
    row = {"id": name, "objective": f"Sasaran {name}", "indicator": indicator, "crosscutting": shared}
    return {**row, "target": target(rng, indicator, year)}


def realised(rng: Random, kind: str) -> dict[str, Any]:
    """Return what was realised, which at times is the reason why nothing is known."""
    drawn = rng.random()
    if drawn < 0.06:
        return {"type": "none", "reason": rng.choice(("not_applicable", "not_obtained"))}
    if kind == "ordinal":
        return {"type": "label", "value": rng.choice(GRADES)}
    if drawn < 0.2:
        return {"type": "ratio", "numerator": figure(rng), "denominator": figure(rng, 50, 200)}
    return number(figure(rng))


def realisation(rng: Random, of: dict[str, Any], period: dict[str, Any]) -> dict[str, Any]:
    """Return the realisation of a commitment in a period."""
    return {
        "commitment": of["id"],
        "period": period,
        "realised": realised(rng, of["indicator"]["direction"]),
        "certainty": rng.choice(("provisional", "final")),
        "obstacle": reason(rng),
    }


def paper(rng: Random, *signatories: str) -> dict[str, Any]:
    """Return a signed paper."""
    signed = [{"person": each, "position": "Kepala"} for each in signatories]
    return {"place": "Kota Contoh", "signatories": signed, "file": file(rng)}


def evidence(rng: Random, day: date) -> list[dict[str, str]]:
    """Return a file that shows what was done, dated by a day."""
    return [{"file": file(rng), "name": "Bukti tindak lanjut", "dated": day.isoformat()}]


def finding(rng: Random, number_: int, owners: list[str], repeats: str | None) -> dict[str, Any]:
    """Return a finding of a LHE."""
    component = rng.choice(("perencanaan", "pengukuran", "pelaporan", None))
    return {"number": number_, "text": reason(rng), "owners": owners, "component": component, "repeats": repeats}
