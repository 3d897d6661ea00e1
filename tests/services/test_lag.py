"""How far delivery is behind: asked, said by the program itself, and shown on the command line."""

import json

import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs
from structlog.types import EventDict

from services import delivery
from services.cli import sakip
from services.lag import Lag
from tests.services.office import INSTITUTION, Office, office
from tests.services.until import until


def rename(opened: Office) -> int:
    """Append one entry."""
    return opened.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan").position


def test_where_all_is_followed_nothing_is_behind(regency: Office) -> None:
    head = regency.settle()
    regency.on("2024-06-01")

    assert regency.system.delivery.lag(INSTITUTION) == Lag(
        institution=INSTITUTION, head=head, read_models=0, workflows=0, oldest_seconds=0.0
    )


def test_it_counts_positions_and_the_age_of_the_oldest(regency: Office) -> None:
    regency.on("2024-03-01")
    followed = regency.settle()
    rename(regency)
    regency.on("2024-03-02")
    rename(regency)
    regency.on("2024-03-03")

    assert regency.system.delivery.lag(INSTITUTION) == Lag(
        institution=INSTITUTION, head=followed + 2, read_models=2, workflows=2, oldest_seconds=2 * 86_400.0
    )


def test_read_models_and_workflows_are_behind_each_by_themselves(regency: Office) -> None:
    regency.settle()
    regency.on("2024-03-01")
    rename(regency)
    regency.system.runner.catch_up(INSTITUTION)
    regency.on("2024-03-02")
    lag = regency.system.delivery.lag(INSTITUTION)

    assert (lag.read_models, lag.workflows, lag.oldest_seconds) == (1, 0, 86_400.0)


def lags_among(lines: list[EventDict]) -> list[EventDict]:
    return [line for line in lines if line["event"] == "delivery_lags"]


@pytest.mark.parametrize(("day", "said"), [("2024-03-02", True), ("2024-03-01", False)])
def test_the_program_says_when_it_is_over_the_bound(
    regency: Office, monkeypatch: pytest.MonkeyPatch, day: str, *, said: bool
) -> None:
    regency.on("2024-03-01")
    regency.settle()
    position = rename(regency)
    regency.on(day)

    def fail(_institution: str) -> int:
        raise OSError("broken")

    monkeypatch.setattr(regency.system.follower, "catch_up", fail)
    monkeypatch.setattr(delivery, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(delivery, "LAG_LOOK_SECONDS", 0.02)
    with capture_logs() as lines:
        regency.system.delivery.start(keep_time=False)
        until(lambda: bool(lags_among(lines)), 5 if said else 0.5)
        regency.system.delivery.stop()
    lags = lags_among(lines)

    assert bool(lags) == said
    for line in lags:
        assert (line["institution"], line["read_models"], line["head"]) == (INSTITUTION, 1, position)
        assert line["oldest_seconds"] == 86_400.0


class TestVerb:
    def test_it_speaks_to_machines(self, file_url: str) -> None:
        with office(file_url) as opened:
            followed = opened.settle()
            head = rename(opened)
        asked = CliRunner().invoke(sakip, ["lag", "--json"], env={"SAKIP_DATABASE_URL": file_url})

        assert asked.exit_code == 0
        (lag,) = json.loads(asked.stdout)["institutions"]
        assert lag["oldest_seconds"] > 0
        assert lag | {"oldest_seconds": 0} == {
            "institution": INSTITUTION,
            "head": head,
            "read_models": head - followed,
            "workflows": head - followed,
            "oldest_seconds": 0,
        }

    def test_it_speaks_to_people(self, file_url: str) -> None:
        environment = {"SAKIP_DATABASE_URL": file_url, "SAKIP_INSTITUTION": INSTITUTION}
        with office(file_url) as opened:
            head = opened.settle()
        assert CliRunner().invoke(sakip, ["lag"], env=environment).stdout == (
            f"{INSTITUTION}: {head} peristiwa, semuanya sudah diikuti\n"
        )
        with office(file_url, founded=False) as opened:
            rename(opened)
        told = CliRunner().invoke(sakip, ["lag"], env=environment).stdout
        assert told.startswith(f"{INSTITUTION}: {head + 1} peristiwa, data baca tertinggal 1, alur kerja tertinggal 1,")

    def test_an_institution_that_is_not_known_is_a_usage_error(self, file_url: str) -> None:
        with office(file_url):
            pass
        asked = CliRunner().invoke(sakip, ["lag", "--institution", "antah"], env={"SAKIP_DATABASE_URL": file_url})
        assert asked.exit_code == 2
