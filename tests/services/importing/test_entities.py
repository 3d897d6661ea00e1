"""Whose row it is: dated aliases, units by prefix, and never an institution out of a name."""

from pathlib import Path

import pytest

from services.importing.entities import AliasesMalformed, identifier_of, load_aliases
from tests.services.importing.staged import ENTITIES


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Gunungkidul - DINAS KESEHATAN", ("gunungkidul", "dinas-kesehatan")),
        ("Pemerintah Kabupaten Gunungkidul", ("gunungkidul", "pemda")),
        ("Kab. Gunungkidul", ("gunungkidul", "pemda")),
        ("kab.  gunungkidul", ("gunungkidul", "pemda")),
        ("Gunungkidul - KAPANEWON PLAYEN", ("gunungkidul", "kapanewon-playen")),
        ("Banyuwangi - Satpol PP", ("banyuwangi", "satpol-pp")),
        ("BPBD Kab. Boyolali", ("boyolali", "bpbd")),
        ("Kota Mojokerto", ("kota-mojokerto", "pemda")),
        ("Kab. Mojokerto", None),
        ("Bantul - DINAS KESEHATAN", None),
        ("Gunungkidul - ", None),
        ("Gunungkidul - PEMDA", None),
        ("Rata-rata nasional K/L", None),
        ("Gunungkidul - OPD NULL", None),
    ],
)
def test_a_name_means_an_entity_or_none(name: str, key: tuple[str, str] | None) -> None:
    assert ENTITIES.resolve(name, 2024).key == key


def test_an_average_is_recognised_by_its_level_too() -> None:
    assert ENTITIES.resolve("Nasional", 2024, level="national average").standing == "not_entity"


def test_an_alias_holds_from_a_day_to_a_day() -> None:
    old = "Gunungkidul - DINAS TENAGA KERJA DAN TRANSMIGRASI"
    assert ENTITIES.resolve(old, 2022).key == ("gunungkidul", "disnakertrans")
    after = ENTITIES.resolve(old, 2023)
    assert (after.key, after.code) == (None, "entity_out_of_date")


def test_a_long_name_keeps_an_identifier_of_its_own() -> None:
    first, second = (identifier_of(f"Dinas {'yang panjang sekali ' * 3}{end}") for end in ("satu", "dua"))
    assert first != second
    assert len(first) <= 40
    assert identifier_of("Dinas Kesehatan") == "dinas-kesehatan"


def test_a_local_file_adds_institutions_and_overrides_names(tmp_path: Path) -> None:
    local = tmp_path / "alias.toml"
    local.write_text(
        '[[institutions]]\nid = "bantul"\nname = "Pemerintah Kabupaten Bantul"\nlevel = "kabupaten"\n'
        'prefix = "Bantul"\n[[aliases]]\nname = "Kab. Gunungkidul"\ninstitution = "bantul"\n',
        encoding="utf-8",
    )
    entities = load_aliases(local)
    assert entities.resolve("Bantul - DINAS KESEHATAN", 2024).key == ("bantul", "dinas-kesehatan")
    assert entities.resolve("Kab. Gunungkidul", 2024).key == ("bantul", "pemda")
    assert entities.digest != ENTITIES.digest


@pytest.mark.parametrize(
    "content",
    [
        "institutions = 3",
        "[[aliases]]\nname = 'X'\ninstitution = 'tidak-ada'",
        "[[institutions]]\nid = 'HURUF BESAR'\nname = 'X'\nlevel = 'kota'",
        "= =",
        "\x00",
    ],
)
def test_a_local_file_that_makes_no_sense_is_refused(tmp_path: Path, content: str) -> None:
    local = tmp_path / "alias.toml"
    local.write_text(content, encoding="utf-8")
    with pytest.raises(AliasesMalformed):
        load_aliases(local)
    with pytest.raises(AliasesMalformed):
        load_aliases(tmp_path / "tidak-ada.toml")
