"""`sakip import` as it is called: one object on standard output, and exit codes that mean something."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from services.cli import sakip
from tests.services.importing.staged import SCORES, table

GOOD = "Kota Bima,kota,2019,PermenPANRB 12/2015,67.05,B,ntbpos.co,"
BAD = "Kota Bima,kota,2020,PermenPANRB 12/2015,banyak,B,ntbpos.co,"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def run(folder: Path, *arguments: str) -> Result:
    environment = {"SAKIP_DATABASE_URL": f"sqlite:///{folder.parent}/sakip.db"}
    return CliRunner().invoke(sakip, ["import", str(folder), *arguments], env=environment)


def told(result: Result) -> dict[str, Any]:
    """Read the one object that standard output holds."""
    content: dict[str, Any] = json.loads(result.stdout)
    return content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    return made


def write(folder: Path, *rows: str) -> None:
    (folder / "lhe_scores.csv").write_bytes(table(SCORES, *rows))


def test_clean_data_is_told_as_one_object_with_exit_code_0(folder: Path) -> None:
    write(folder, GOOD)
    result = run(folder, "--json")
    assert result.exit_code == 0
    content = told(result)
    assert {"scores", "achievements", "submissions", "errors", "warnings", "digest"} <= content.keys()
    assert content["scores"][0]["predicate"] == "B"
    assert content["applied"] is None
    assert len(content["digest"]) == 64


def test_a_wrong_row_gives_1_and_is_named(folder: Path) -> None:
    write(folder, GOOD, BAD)
    result = run(folder, "--json")
    assert result.exit_code == 1
    (error,) = told(result)["errors"]
    assert {name: error[name] for name in ("file", "line", "column", "code")} == {
        "file": "lhe_scores.csv",
        "line": 3,
        "column": "total",
        "code": "total_unreadable",
    }
    assert "banyak" in error["message"]


def test_what_cannot_be_read_gives_2_and_still_one_object(folder: Path) -> None:
    assert told(run(folder / "tidak-ada", "--json"))["errors"][0]["code"] == "folder_unreadable"
    assert run(folder / "tidak-ada", "--json").exit_code == 2
    assert run(folder, "--json").exit_code == 2
    (folder / "lhe_scores.csv").mkdir()
    result = run(folder, "--json")
    assert (result.exit_code, told(result)["errors"][0]["code"]) == (2, "file_unreadable")


def test_unknown_files_are_ignored_with_a_warning(folder: Path) -> None:
    write(folder, GOOD)
    (folder / "catatan.txt").write_text("apa saja", encoding="utf-8")
    (folder / ".tersembunyi").write_text("apa saja", encoding="utf-8")
    result = run(folder, "--json")
    assert result.exit_code == 0
    assert [(each["code"], each["file"]) for each in told(result)["warnings"]] == [("file_ignored", "catatan.txt")]


def test_it_is_recorded_once_and_told(folder: Path) -> None:
    write(folder, GOOD)
    digest = told(run(folder, "--json"))["digest"]
    first = run(folder, "--apply", "--digest", digest, "--json")
    assert first.exit_code == 0
    assert told(first)["applied"]["recorded"] > 0
    assert told(run(folder, "--apply", "--json"))["applied"]["recorded"] == 0


def test_it_is_refused_when_the_files_are_no_longer_those_that_were_checked(folder: Path) -> None:
    write(folder, GOOD)
    digest = told(run(folder, "--json"))["digest"]
    write(folder, GOOD.replace("67.05", "76.05"))
    result = run(folder, "--apply", "--digest", digest, "--json")
    assert result.exit_code == 2
    content = told(result)
    assert (content["applied"], content["errors"][-1]["code"]) == (None, "digest_changed")


def test_with_wrong_rows_only_good_ones_are_recorded_and_only_when_asked(folder: Path) -> None:
    write(folder, GOOD, BAD)
    refused = run(folder, "--apply", "--json")
    assert (refused.exit_code, told(refused)["applied"]) == (1, None)
    assert "--skip-errors" in refused.stderr
    skipped = run(folder, "--apply", "--skip-errors", "--json")
    assert skipped.exit_code == 1
    assert told(skipped)["applied"]["institutions"] == ["kota-bima"]


def test_people_get_a_summary_with_the_digest(folder: Path) -> None:
    write(folder, GOOD, BAD)
    result = run(folder)
    assert "Nilai evaluasi: 2 (1 cocok, 1 tidak dapat diperiksa)" in result.stdout
    assert "Kesalahan lhe_scores.csv baris 3 kolom total [total_unreadable]" in result.stdout
    assert "Sidik kumpulan data: " in result.stdout


def test_an_alias_file_that_makes_no_sense_is_a_wrong_call(folder: Path) -> None:
    write(folder, GOOD)
    (folder / "alias.toml").write_text("= =", encoding="utf-8")
    result = run(folder, "--aliases", str(folder / "alias.toml"), "--json")
    assert (result.exit_code, result.stdout) == (2, "")
