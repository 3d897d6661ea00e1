"""`sakip replay`, `sakip diff` and `sakip cause` on the played year, as an auditor types them."""

import json
import shlex
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook  # type: ignore[import-untyped]

from projections.read_model import projection_position
from services.cli import sakip
from services.cli.history import cause, diff, replay, verify
from services.demo.cast import INSTITUTION
from services.queries import of_log
from services.settings import Settings
from tests.cycle.api import api
from tests.cycle.played import Played, opened
from tests.services.office import AGREEMENT, commitment, office, open_year
from tests.services.office import INSTITUTION as FOUNDED

Ask = Callable[..., Result]
VERBS = {"replay": replay, "diff": diff, "cause": cause}


@pytest.fixture
def ask(copied: Played) -> Ask:
    """Return what runs a verb on a copy of the played year."""
    settings = copied.settings

    def run(verb: str, *arguments: str) -> Result:
        known = {"SAKIP_INSTITUTION": INSTITUTION, "COLUMNS": "200"}
        return CliRunner().invoke(VERBS[verb], arguments, obj=settings, env=known)

    return run


def test_a_difference_is_told_to_people_and_as_one_object(ask: Ask) -> None:
    days = ("--year", "2024", "--earlier", "2024-07-15", "--later", "2024-07-31", "--valid-on", "2024-12-31")
    told = ask("diff", *days)
    assert told.exit_code == 0, told.output
    for word in ("Angka kematian ibu", "104", "109", "agus", "Laporan RSUD diterima", "297"):
        assert word in told.stdout
    found = json.loads(ask("diff", *days, "--json").stdout)
    assert found["valid_on"] == "2024-12-31"
    assert [each["reason"] for each in found["events"]] == [{"text": "Laporan RSUD diterima"}]
    nothing = ask("diff", "--year", "2024", "--earlier", "300", "--later", "300")
    assert "Tidak ada yang berubah." in nothing.stdout


def test_a_log_that_nobody_followed_yet_is_followed_to_be_asked(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'new.db'}", secret="of the tests")
    with office(settings.database_url):
        pass
    told = CliRunner().invoke(replay, ["--year", "2024", "--json"], obj=settings, env={"SAKIP_INSTITUTION": FOUNDED})

    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["name"]


def test_rows_of_another_program_are_replaced_to_be_asked(copied: Played, ask: Ask) -> None:
    with opened(copied) as system, system.engine.begin() as connection:
        connection.execute(projection_position.update().values(fingerprint="of an older program"))
    checked = CliRunner().invoke(verify, [], obj=copied.settings)
    assert "tidak diperiksa" in checked.stdout
    told = ask("replay", "--year", "2024", "--json")
    assert told.exit_code == 0, told.output
    assert "tidak diperiksa" not in CliRunner().invoke(verify, [], obj=copied.settings).stdout


def test_what_was_recorded_just_after_midnight_was_recorded_on_the_new_day(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'night.db'}", secret="of the tests")
    with office(settings.database_url) as opened_:
        open_year(opened_)
        opened_.clock.set(datetime.fromisoformat("2024-01-10T00:00:05+07:00"))
        proposed = {**AGREEMENT, "commitments": [commitment()], "effective_on": "2024-01-08"}
        before = opened_.head
        opened_.does("op", "agreement.propose", **proposed)
        opened_.settle()
    asked = ["--year", "2024", "--earlier", str(before)]
    told = CliRunner().invoke(diff, asked, obj=settings, env={"SAKIP_INSTITUTION": FOUNDED, "COLUMNS": "400"})

    assert told.exit_code == 0, told.output
    causes = told.stdout.partition("Penyebabnya")[2]
    assert "10 Januari 2024" in causes
    assert "9 Januari 2024" not in causes


@pytest.mark.parametrize("against", ["--as-reported", "--since-approval"])
def test_what_was_reported_or_approved_is_held_against(ask: Ask, against: str) -> None:
    found = json.loads(ask("diff", "--year", "2024", "--unit", "dinkes", against, "--json").stdout)
    assert found["baselines"]
    assert found["changes"]


def test_a_comparison_that_makes_no_sense_ends_with_1(ask: Ask) -> None:
    reversed_ = ask("diff", "--year", "2024", "--earlier", "9", "--later", "8")
    assert (reversed_.exit_code, "moments_reversed" in reversed_.output) == (1, True)
    unknown = ask("diff", "--year", "2024", "--earlier", "9", "--unit", "dinlain", "--json")
    assert (unknown.exit_code, json.loads(unknown.stdout)["code"]) == (1, "unit_unknown")


def test_the_command_line_tells_of_as_many_events_as_there_are(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_log, "MOST_COMPARED", 3)
    told = ask("diff", "--year", "2024", "--earlier", "60", "--later", "120", "--json")
    assert told.exit_code == 0, told.output
    assert len(json.loads(told.stdout)["events"]) > 3


def test_a_chain_is_told_to_people_and_as_one_object(ask: Ask) -> None:
    told = ask("cause", "203")
    assert told.exit_code == 0, told.output
    assert "Kewajiban lewat jatuh tempo" in told.stdout
    found = json.loads(ask("cause", "203", "--json").stdout)
    assert found["steps"][0]["event"]["position"] == 203
    beyond = ask("cause", "203", "--known-at", "202")
    assert (beyond.exit_code, "nothing_recorded" in beyond.output) == (1, True)


def test_a_year_is_written_as_a_workbook(ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "tahun.xlsx"
    told = ask("replay", "--year", "2024", "--unit", "dinkes", "--known-at", "600", "--xlsx", str(target))
    assert told.exit_code == 0, told.output
    assert "posisi 600" in told.stdout
    book = load_workbook(target)
    assert book.sheetnames[-1] == "Peristiwa"
    refused = ask("replay", "--year", "2024", "--known-at", "besok", "--xlsx", str(tmp_path / "tidak.xlsx"))
    assert (refused.exit_code, (tmp_path / "tidak.xlsx").exists()) == (1, False)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(("--year", "2024"), id="now"),
        pytest.param(("--year", "2024", "--unit", "dinkes"), id="unit"),
        pytest.param(("--year", "2024", "--known-at", "2024-06-30", "--unit", "disdik"), id="end-of-day"),
        pytest.param(
            ("--year", "2023", "--known-at", "2024-06-30T12:00:00+09:00", "--valid-on", "2023-12-31"), id="instant"
        ),
    ],
)
def test_the_command_on_the_cover_makes_the_same_bytes_again(
    copied: Played, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    first, again = tmp_path / "pertama.xlsx", tmp_path / "lagi.xlsx"
    typed(copied, "sakip", "replay", "--institution", INSTITUTION, *asked, "--xlsx", str(first))
    with opened(copied) as system, api(system) as client:
        client.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan dan Gizi")

    typed(copied, *(str(again) if word == "FILE" else word for word in shlex.split(command_on(first))))
    assert again.read_bytes() == first.read_bytes()


def typed(year: Played, program: str, *arguments: str) -> None:
    """Run a line as an auditor types it, where only the database is set."""
    place = {"SAKIP_DATABASE_URL": year.settings.database_url, "SAKIP_INSTITUTION": None}
    outcome = CliRunner().invoke(sakip, arguments, env=place)
    assert (program, outcome.exit_code) == ("sakip", 0), outcome.output


def command_on(workbook: Path) -> str:
    """Return the command that the cover of a workbook prints."""
    cover = dict(load_workbook(workbook)["Sampul"].iter_rows(values_only=True))
    return str(cover["Dapat dibuat lagi dengan"])
