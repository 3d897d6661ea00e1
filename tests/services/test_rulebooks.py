"""The shelf of rulebooks: released ones and local ones, and a malformed file is named."""

from pathlib import Path

import pytest

from domain.institution import RuleKind
from domain.rulebook import RulebookMalformed
from services.rulebooks import RELEASED, load_rulebooks
from tests.services.office import Office, open_year


def local_copy(folder: Path, name: str, **changes: str) -> Path:
    """Write a released rulebook into a folder with some of its text changed."""
    text = (RELEASED / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{name}-lokal.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_released_rulebook_is_at_hand_by_digest_and_by_name() -> None:
    shelf = load_rulebooks()

    assert len(shelf.by_digest) == len(list(RELEASED.glob("*.toml")))
    for reference in shelf.references:
        assert shelf.reference(reference.name) == reference
        assert shelf.by_digest[reference.digest].name == reference.name
    assert [reference.name for reference in shelf.references] == sorted(
        reference.name for reference in shelf.references
    )


def test_a_local_variant_stands_beside_the_released_one(tmp_path: Path) -> None:
    """PermenPANRB 88/2021 Pasal 6 lets institutions have variants of their own."""
    local_copy(tmp_path, "due-dates-53-2014", **{"version = 1": "version = 2", "months = 1": "months = 2"})
    released, both = load_rulebooks(), load_rulebooks(tmp_path)

    assert len(both.by_digest) == len(released.by_digest) + 1
    assert both.reference("due-dates-53-2014").version == 2
    assert released.reference("due-dates-53-2014").digest in both.by_digest


@pytest.mark.parametrize("content", [b"type = ", b'type = "hold"\n', b"\xff\xfe", b'type = "gaji"\nname = "x"\n'])
def test_a_malformed_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "aturan-rusak.toml").write_bytes(content)

    with pytest.raises(RulebookMalformed, match=r"aturan-rusak\.toml: "):
        load_rulebooks(tmp_path)


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "catatan.txt").write_text("bukan aturan")

    assert load_rulebooks(tmp_path).references == load_rulebooks().references


def test_a_name_that_nobody_released_is_unknown() -> None:
    with pytest.raises(KeyError):
        load_rulebooks().reference("aturan-lain")


def test_what_was_adopted_and_is_not_at_hand_is_never_guessed(regency: Office) -> None:
    """The duty that would need it is not opened with another rule's date, nor with none."""
    institution = regency.system.handler.institution("contoh")
    adopted = institution.rule(RuleKind.DUE_DATES, regency.clock.now().date())
    assert adopted is not None
    regency.system.handler._rulebooks = {}
    open_year(regency)

    assert regency.types("obligation/2024.dinkes.agreement") == ["obligation.opened.v1"]
    assert regency.types("obligation/2024.dinkes.report") == []
