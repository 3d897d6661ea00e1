"""Cells of agreements: a clear target is one figure of one year; the rest is ambiguous and never guessed."""

import pytest

from services.importing.commitments import CommitmentItem
from tests.services.importing.staged import codes, stage


def only(year: str, indicator: str, target: str, december: str = "") -> CommitmentItem:
    row = f"BPBD Kab. Boyolali,{year},Eselon II,IKU,{indicator},Indeks,{target},{december},sumber"
    return stage(commitments=(row,)).commitments[0].item


@pytest.mark.parametrize(
    ("year", "indicator", "target", "december", "status"),
    [
        ("2026", "Indeks Ketahanan Daerah", '"0,9"', "", "clear"),
        ("2026", "Indeks Ketahanan Daerah", '"0,9"', '"0,90"', "clear"),
        ("2026", "Indeks Ketahanan Daerah", '"4,47"', '"4,7"', "ambiguous"),
        ("2026", "(one indicator)", '"4,47"', "", "ambiguous"),
        ("2017", "organisations reached", "100 dari 110 Organisasi", "", "ambiguous"),
        ("2026-2030", "Indeks Pembangunan Manusia", "77.74;78.09;78.81", "", "ambiguous"),
        ("2021-2024", "Rasio daya tampung RS", '"1,02 %"', "", "ambiguous"),
        ("2021-2024", "Partisipasi 13-15 tahun", "", "", "not_filled"),
        ("2026", "Kematangan", "Level 3 Plus", "", "ambiguous"),
        ("2026", "Rasio murid per guru", "1:79", "", "ambiguous"),
        ("2026", "Luas", "44.113", "", "ambiguous"),
        ("2026", "IKM", "80-90", "", "clear"),
        ("2026", "IKM", "n/a", "", "not_applicable"),
    ],
)
def test_a_target_is_clear_or_not(year: str, indicator: str, target: str, december: str, status: str) -> None:
    assert only(year, indicator, target, december).status == status


def test_the_direction_comes_from_the_table_or_stays_unsaid() -> None:
    assert only("2026", "Indeks Ketahanan Daerah", '"0,9"').direction == "maximise"
    assert only("2026", "Angka kecelakaan", "9").direction is None


def test_a_row_without_any_year_is_an_error() -> None:
    row = "BPBD Kab. Boyolali,segera,Eselon II,IKU,Indeks,Indeks,9,,sumber"
    assert codes(stage(commitments=(row,))) == ["year_unreadable"]
