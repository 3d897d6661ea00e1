"""What the units of Kabupaten Contoh promise for a year, and what they achieve in each quarter."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Json = dict[str, Any]


class Promise(NamedTuple):
    """A commitment as the API takes it, and the realisation of quarters I to IV; null: not yet due."""

    commitment: Json
    quarters: tuple[Json | None, Json | None, Json | None, Json | None]


def number(value: str) -> Json:
    """Return a figure as target or realisation."""
    return {"type": "number", "value": value}


def ratio(numerator: str, denominator: str) -> Json:
    """Return a realisation as numerator and denominator of a percentage."""
    return {"type": "ratio", "numerator": numerator, "denominator": denominator}


def label(value: str) -> Json:
    """Return a realisation on a ladder."""
    return {"type": "label", "value": value}


GRADES = ("D", "C", "CC", "B", "BB", "A", "AA")


def _indicator(name: str, unit: str, source: str, **more: Any) -> Json:  # noqa: ANN401 - fields of an indicator
    return {
        "name": name,
        "definition": f"{name} menurut pedoman {source}",
        "formula": "Sesuai definisi operasional pada keputusan IKU",
        "unit_of_measure": unit,
        "source": source,
        "frequency": "quarter",
        "direction": "maximise",
        "accumulation": "last",
        "baseline": "60",
        **more,
    }


def _promise(
    code: str, objective: str, indicator: Json, target: Json, person: str, quarters: Sequence[Json | None]
) -> Promise:
    commitment = {
        "id": code,
        "objective": objective,
        "indicator": indicator,
        "target": {"year": target},
        "person_in_charge": person,
    }
    first, second, third, fourth = quarters
    return Promise(commitment, (first, second, third, fourth))


def _service_index(person: str, quarters: Sequence[str]) -> Promise:
    indicator = _indicator("Indeks kepuasan masyarakat", "indeks", "survei kepuasan masyarakat")
    objective = "Meningkatnya mutu pelayanan"
    return _promise("ikm", objective, indicator, number("82"), person, [number(each) for each in quarters])


PROMISES: Mapping[str, tuple[Promise, ...]] = {
    "pemda": (
        _promise(
            "kemiskinan",
            "Menurunnya kemiskinan",
            _indicator("Persentase penduduk miskin", "persen", "BPS", direction="minimise", baseline="14.5"),
            number("13.20"),
            "bupati",
            [number("14.10"), number("13.95"), number("13.60"), number("13.35")],
        ),
        _promise(
            "akip",
            "Terwujudnya akuntabilitas kinerja",
            _indicator(
                "Nilai AKIP kabupaten",
                "predikat",
                "KemenPANRB",
                direction="ordinal",
                baseline=None,
                measured_from={"fiscal_year": 2024, "frequency": "quarter", "number": 4},
            ),
            {"type": "ordinal", "value": "BB", "scale": list(GRADES)},
            "ratna",
            [None, None, None, label("BB")],
        ),
    ),
    "setda": (_service_index("ratna", ("78", "79", "80.5", "81.2")),),
    "inspektorat": (
        _promise(
            "tlhp",
            "Meningkatnya tindak lanjut hasil pengawasan",
            _indicator("Persentase rekomendasi yang selesai", "persen", "Inspektorat", baseline="70"),
            number("85"),
            "hendra",
            [ratio("12", "60"), ratio("25", "60"), ratio("38", "60"), ratio("52", "60")],
        ),
    ),
    "bappeda": (_service_index("wahyu", ("76", "78.4", "80", "82.6")),),
    "bkad": (_service_index("surya", ("80", "80.2", "81", "81.5")),),
    "dinkes": (
        _promise(
            "aki",
            "Menurunnya kematian ibu",
            _indicator(
                "Angka kematian ibu",
                "per 100.000 kelahiran hidup",
                "Dinas Kesehatan",
                direction="minimise",
                baseline="120",
            ),
            number("100"),
            "maya",
            [number("104"), number("97"), number("91"), number("88")],
        ),
        _promise(
            "imunisasi",
            "Meningkatnya perlindungan anak",
            _indicator("Cakupan imunisasi dasar lengkap", "persen", "Dinas Kesehatan", baseline="89"),
            number("95"),
            "maya",
            [ratio("2210", "9800"), ratio("4630", "9800"), ratio("7015", "9800"), ratio("9212", "9800")],
        ),
    ),
    "disdik": (
        _promise(
            "aps",
            "Meningkatnya partisipasi sekolah",
            _indicator("Angka partisipasi sekolah 13–15 tahun", "persen", "BPS", baseline="95"),
            number("98"),
            "bambang",
            [number("95.4"), number("95.9"), number("96.3"), number("96.8")],
        ),
    ),
}
