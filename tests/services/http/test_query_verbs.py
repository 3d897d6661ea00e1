"""`sakip query`: every query of the API at the command line, its parameters as options."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.cli.query_verbs import query
from services.queries.table import QUERIES
from services.settings import Settings
from tests.services.http.world import ADMINISTRATOR, HOME, open_world, settle_in


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """Return the settings of a settled database, and an auditor's token."""
    folder: Path = tmp_path_factory.mktemp("home")
    settings = Settings(database_url=f"sqlite:///{folder / 'sakip.db'}")
    with open_world(settings.database_url) as world:
        settle_in(world)
        token = world.tokens[HOME, "auditor"]
    return settings, token


def ask(home: tuple[Settings, str], *arguments: str, **environment: str) -> Result:
    settings, token = home
    known = {"SAKIP_TOKEN": token, "SAKIP_INSTITUTION": HOME, **environment}
    return CliRunner().invoke(query, arguments, obj=settings, env=known)


def test_every_query_has_a_verb_with_help() -> None:
    assert set(query.commands) == {name.replace("_", "-") for name in QUERIES}
    for name in query.commands:
        told = CliRunner().invoke(query, [name, "--help"])
        assert told.exit_code == 0
        assert "--institution" in told.output
        assert "--known-at" in told.output


def test_an_answer_is_one_object(home: tuple[Settings, str]) -> None:
    told = ask(home, "agreements", "--unit", "dinkes", "--fiscal-year", "2024", "--status", "opened", "--json")
    assert told.exit_code == 0, told.output
    answer: dict[str, Any] = json.loads(told.stdout)
    assert [each["unit"] for each in answer["data"]] == ["dinkes"]
    one = ask(home, "agreement", "--unit", "dinkes", "--fiscal-year", "2024", "--valid-on", "2030-01-01", "--json")
    assert json.loads(one.stdout)["data"]["unit"] == "dinkes"
    assert json.loads(one.stdout)["valid_on"] == "2030-01-01"


def test_options_may_repeat_and_flags_may_be_denied(home: tuple[Settings, str]) -> None:
    duties = ask(home, "duties", "--states", "overdue", "--states", "due_date_unknown", "--json")
    assert {each["state"] for each in json.loads(duties.stdout)["data"]} == {"overdue", "due_date_unknown"}
    units = ask(home, "units", "--no-ended", "--known-at", "5", "--json")
    assert [each["unit"] for each in json.loads(units.stdout)["data"]] == ["bappeda", "pemda", "setda"]


def test_what_is_refused_ends_with_1_and_is_told_on_standard_error(home: tuple[Settings, str]) -> None:
    refused = ask(home, "dead-letters", "--known-at", "2999-01-01")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "known_at_in_future" in refused.stderr
    unknown = ask(home, "agreement", "--unit", "Tidak Ada", "--fiscal-year", "2024", "--json")
    assert (unknown.exit_code, json.loads(unknown.stdout)["code"]) == (1, "malformed")
    stranger = ask(home, "agreements", SAKIP_TOKEN="sakip_lain")
    assert stranger.exit_code == 1
    assert ask(home, "agreements", SAKIP_TOKEN="").exit_code == 2


def test_wrong_usage_ends_with_2(home: tuple[Settings, str]) -> None:
    assert ask(home, "agreement", "--unit", "dinkes").exit_code == 2
    assert ask(home, "agreements", "--status", "lain").exit_code == 2
    assert ask(home, ADMINISTRATOR).exit_code == 2
