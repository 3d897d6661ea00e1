"""The publisher's arithmetic, checked on rows as they were printed, errors included.

The rows were published by the applications of Kabupaten Gunungkidul (repository
C200MOHCSAMRAMADANI/projek-eSakip, tables of measurement 2021 to 2025) and of Dinas Kesehatan Banyuwangi (repository
Syamsuddin/SAKIPRO, tables of the Renstra).
"""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.arithmetic import round_half_up
from domain.published import PublishedAchievement, check_published, reproduce

Row = tuple[str, str, str, str, str | None, bool | None, str, str | None]
"""Direction, target, realisation and achievement as printed; then formula, whether it agrees, status, and the
achievement by the declared direction, rounded to two places for the eye."""

ROWS: list[Row] = [
    # Kabupaten Gunungkidul 2023, Nilai AKIP
    ("maximise", "A (80,50)", "BB (79,39)", "98.62", "R/T", True, "computed", "98.62"),
    # Kabupaten Gunungkidul 2023, Opini BPK
    ("predicate", "WTP", "WTP", "100", None, None, "cannot_compute", None),
    # Kabupaten Gunungkidul 2023, Indeks gini
    ("minimise", "0.321", "0.343", "93.15", "(2T-R)/T", True, "computed", "93.15"),
    # Kabupaten Gunungkidul 2023, Angka Pembentukan Modal Tetap Bruto (juta rupiah)
    ("maximise", "3837967", "4079710", "106.31", None, False, "computed", "106.30"),
    # Kabupaten Gunungkidul 2021, Nilai AKIP
    ("maximise", "BB(78,84)", "**)", "", None, None, "cannot_compute", None),
    # Kabupaten Gunungkidul 2021, Angka Pengangguran
    ("minimise", "2,165", "2,20", "98.38", "(2T-R)/T", True, "computed", "98.38"),
    # Kabupaten Gunungkidul 2025, Persentase Angka Kemiskinan
    ("minimise", "15.05", "15.18", "99.14", "(2T-R)/T", True, "computed", "99.14"),
    # Kabupaten Gunungkidul 2025, Indeks gini
    ("minimise", "0.33", "0.355", "96.06", None, False, "computed", "92.42"),
    # Kabupaten Gunungkidul 2025, Angka Pembentukan Modal Tetap Bruto (juta rupiah)
    ("maximise", "4.079,71", "4.387.740", "107.55", None, False, "computed", "107550.29"),
    # Dinas Perpustakaan Dan Kearsipan 2023, Indeks Pembangunan Literasi Masyarakat
    ("maximise", "22,6038", "73,39", "324", "R/T", True, "computed", "324.68"),
    # Dinas Perpustakaan Dan Kearsipan 2024, Indeks Pembangunan Literasi Masyarakat
    ("maximise", "23.105", "56,03", "242,5", "R/T", True, "computed", "242.50"),
    # Dinas Pertanian Dan Pangan 2023, Produksi Tanaman Pangan
    ("maximise", "1.550.220,39", "1516969,88", "97,86", "R/T", True, "computed", "97.86"),
    # Dinas Kelautan Dan Perikanan 2023, Pendapatan per kapita masyarakat perikanan
    ("maximise", "36.919.809,00", "37.713.625", "102,15", "R/T", True, "computed", "102.15"),
    # Kapanewon Karangmojo 2023, Nilai AKIP PD
    ("maximise", "82.00", "97.84", "97.84", None, False, "computed", "119.32"),
    # Kapanewon Nglipar 2023, Nilai AKIP PD
    ("maximise", "81.15", "", "", None, None, "not_filled", None),
    # Kapanewon Tanjungsari 2023, Nilai AKIP PD
    ("maximise", "81", "80,6", "100,12", None, False, "computed", "99.51"),
    # Dinas Kesehatan 2023, Prevalensi Stunting
    ("minimise", "15,5", "15,25", "101,6", "(2T-R)/T", True, "computed", "101.61"),
    # Dinas Kesehatan 2023, Hasil Penilaian Akreditasi
    ("maximise", "Paripurna", "", "", None, None, "not_filled", None),
    # Dinas Kesehatan 2024, Prevalensi Stunting
    ("minimise", "14,9", "14,35", "96,31", "R/T", True, "computed", "103.69"),
    # Badan Keuangan Dan Aset Daerah 2023, Presentase kenaikan PAD yang dikelola
    ("maximise", "5,09", "-2.24", "-44.01", "R/T", True, "computed", "-44.01"),
    # Dinas Pariwisata 2023, Jumlah Kunjungan
    ("maximise", "110.000", "243.000", "220", "R/T", True, "computed", "220.91"),
    # Dinas Pariwisata 2023, Nilai Belanja Wisatawan
    ("maximise", "2.800.000", "3.658.536", "130", "R/T", True, "computed", "130.66"),
    # Dinas Pariwisata 2023, Nilai AKIP Perangkat Daerah
    ("maximise", "80.02", "82,1", "102", "R/T", True, "computed", "102.60"),
    # Dinas Pariwisata 2024, Nilai Belanja Wisatawan
    ("maximise", "135000", "44.113", "306", None, False, "ambiguous", None),
    # Dinas Peternakan Dan Kesehatan Hewan 2023, Jumlah ternak yang dilayanan di fasilitas Kesehatan Hewan
    ("maximise", "3.286", "8.706", "264,94", "R/T", True, "computed", "264.94"),
    # Dinas Peternakan Dan Kesehatan Hewan 2023, Produksi Daging
    ("maximise", "3.596,17", "9.145,67", "254,32", "R/T", True, "computed", "254.32"),
    # Inspektorat Daerah 2024, Nilai Maturitas SPIP
    ("maximise", "3,88", "3.666", "94,48", "R/T", True, "computed", "94.48"),
    # Dinas Pendidikan 2023, Nilai AKIP PD
    ("maximise", "80.04", "-", "-", None, None, "not_filled", None),
    # Banyuwangi, Dinas Kesehatan 2021, Prevalensi Balita Stunting
    ("minimise", "23%", "20,10%", "112,61%", "(2T-R)/T", True, "computed", "112.61"),
    # Banyuwangi, Dinas Kesehatan 2024, Proporsi Fasyankes terintegrasi SIKN
    ("maximise", "N/A", "87,4%", "N/A", None, None, "not_applicable", None),
    # Banyuwangi, Dinas Kesehatan 2024, Pelayanan Kesehatan Ibu Hamil
    ("maximise", "100%", "100%", "65,93%", None, False, "computed", "100.00"),
    # Banyuwangi, Dinas Kesehatan 2022, Angka Kematian Ibu (AKI) melahirkan per 100.000 KH
    ("minimise", "95", "162,1", "31,15%", None, False, "computed", "29.37"),
    # Sekretariat Daerah 2023, Jumlah deviden yang diterima oleh pemerintah Daerah per-tahun
    ("maximise", "20.959.401.847", "16.354.125.672", "78,03", "R/T", True, "computed", "78.03"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[1:4]))
def test_a_printed_row_is_checked(row: Row) -> None:
    direction, target, realised, published, *expected = row
    found = check_published(target, realised, published, direction=direction)
    shown = None if found.achievement is None else str(round_half_up(found.achievement, 2))
    assert [found.formula, found.agrees, found.status, shown] == expected
    assert msgspec.json.decode(msgspec.json.encode(found), type=PublishedAchievement) == found


def test_a_number_with_two_readings_is_settled_by_the_print_and_says_so() -> None:
    settled = check_published("3,88", "3.666", "94,48", direction="maximise")
    assert (settled.decided_by_print, settled.realised.kind, settled.realised.value) == (True, "ambiguous", None)
    assert not check_published("3,88", "3,666", "94,48", direction="maximise").decided_by_print


def test_without_a_print_an_ambiguous_number_stays_ambiguous() -> None:
    found = check_published("110.000", "243.000", "", direction="maximise")
    assert (found.status, found.achievement, found.formula, found.agrees) == ("ambiguous", None, None, None)


def test_another_formula_does_not_settle_a_reading() -> None:
    # 135000 / 44113 is 306 percent, but that would be T/R for a maximised indicator and a guess at the reading.
    assert check_published("135000", "44.113", "306", direction="maximise").status == "ambiguous"
    assert check_published("135000", "44113", "306", direction="maximise").formula == "T/R"


@pytest.mark.parametrize(
    ("target", "realised", "direction", "status"),
    [
        ("0", "5", "maximise", "cannot_compute"),
        ("0", "0", "minimise", "cannot_compute"),
        ("-2", "-4", "maximise", "cannot_compute"),
        ("80", "TDI", "maximise", "not_obtained"),
        ("", "80", "maximise", "cannot_compute"),
        ("80", "WTP", "maximise", "cannot_compute"),
        ("44.113", "WTP", "maximise", "ambiguous"),
        ("100 dari 110 Organisasi", "105", "maximise", "cannot_compute"),
    ],
)
def test_what_cannot_be_compared_neither_agrees_nor_disagrees(
    target: str, realised: str, direction: str, status: str
) -> None:
    found = check_published(target, realised, "100", direction=direction)
    assert (found.status, found.achievement, found.agrees) == (status, None, None)


def test_without_a_direction_the_print_is_checked_but_nothing_is_scored() -> None:
    found = check_published("80", "82", "102,5", direction="")
    assert (found.status, found.formula, found.agrees) == ("cannot_compute", "R/T", True)


def test_fractions_are_compared_with_fractions() -> None:
    found = check_published("100 dari 110 Organisasi", "88 dari 110 Organisasi", "88", direction="maximise")
    assert (found.status, found.formula) == ("computed", "R/T")


def test_the_declared_school_of_a_minimised_indicator_is_tried_first() -> None:
    mirrored = check_published("15,5", "15,25", "101,6", direction="minimise", minimise_school="mirror")
    inverted = check_published("15,5", "15,25", "101,6", direction="minimise", minimise_school="inverse")
    assert (mirrored.formula, inverted.formula) == ("(2T-R)/T", "T/R")


@pytest.mark.parametrize(
    ("published", "formula"),
    [
        ("98,62", "R/T"),
        ("98,63", "R/T"),
        ("98,61", None),
        ("98", "R/T"),
        ("99", "R/T"),
        ("97", None),
        ("101,38", "(2T-R)/T"),
        ("101,39", "T/R"),
        ("", None),
        ("WTP", None),
    ],
)
def test_a_print_is_reproduced_within_less_than_one_unit_of_its_last_place(published: str, formula: str | None) -> None:
    # 79.39 / 80.50 is 98.6211…; mirrored 101.3789…; inverted 101.3982…
    assert reproduce(Decimal("80.50"), Decimal("79.39"), published) == formula


def test_a_target_of_zero_reproduces_nothing_but_zero_realised_inverted() -> None:
    assert reproduce(Decimal(0), Decimal(0), "100") is None
    assert reproduce(Decimal(0), Decimal(5), "100") is None


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.sampled_from(["maximise", "minimise", ""]))
def test_no_row_makes_the_check_stumble(target: str, realised: str, published: str, direction: str) -> None:
    found = check_published(target, realised, published, direction=direction)
    assert (found.achievement is not None) == (found.status == "computed")
