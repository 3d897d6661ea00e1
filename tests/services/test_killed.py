"""Killed with signal 9 at any moment: what was acknowledged is there, and what follows from it follows once."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from domain.bounds import LAST_FISCAL_YEAR
from services.event_log.contract import LogEntry
from services.queries.dead_letters import dead_letters
from services.verification import verify
from tests.services.killed import FIRST_YEAR
from tests.services.office import INSTITUTION, Office, office

ROUNDS = [
    pytest.param("file_url", 8, id="sqlite-short"),
    pytest.param("file_url", 200, id="sqlite-long", marks=[pytest.mark.ordeal]),
    pytest.param("fresh_postgres_url", 200, id="postgres-long", marks=[pytest.mark.ordeal]),
]
HOME = Path(__file__).parents[2]


def entries(opened: Office) -> list[LogEntry]:
    """Return the whole log."""
    return list(opened.system.log.read(INSTITUTION, limit=1_000_000))


def of_streams(opened: Office) -> list[tuple[str, int, str, str]]:
    """Return what the log tells in each stream, in whichever order the streams were written."""
    return sorted((str(e.originator_id), e.originator_version, e.topic, str(e.effective_on)) for e in entries(opened))


def undisturbed(years: int) -> list[tuple[str, int, str, str]]:
    """Return the same for a process that opened as many years and lived."""
    with office() as alone:
        for number in range(years):
            alone.does("plan", "organisation.open_fiscal_year", fiscal_year=FIRST_YEAR + number)
            alone.settle()
        return of_streams(alone)


def killed(url: str, rounds: int, *more: str) -> list[str]:
    """Kill a process again and again; return the years that it acknowledged."""
    command = [sys.executable, "-m", "tests.services.killed", url, str(rounds), "7391", *more]
    return subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize(("database", "rounds"), ROUNDS)
def test_nothing_is_lost_or_doubled(request: pytest.FixtureRequest, database: str, rounds: int) -> None:
    url: str = request.getfixturevalue(database)
    with office(url):
        pass
    acknowledged = killed(url, rounds)

    with office(url, founded=False) as opened:
        opened.settle()
        years = opened.system.handler.institution(INSTITUTION).fiscal_years

        assert {int(year) for year in acknowledged} <= years
        assert sorted(years) == list(range(FIRST_YEAR, max(years) + 1))
        # on PostgreSQL the lease of who was killed holds up those who come after, longer than most of them live
        lives = 20 if opened.system.engine.dialect.name == "postgresql" else 4
        assert len(years) >= min(rounds // lives, LAST_FISCAL_YEAR - FIRST_YEAR)
        assert of_streams(opened) == undisturbed(len(years))
        assert set(Counter((entry.command_id, entry.index) for entry in entries(opened)).values()) == {1}
        assert list(dead_letters(opened.system.engine, INSTITUTION, opened.head)) == []
        assert verify(opened.system, INSTITUTION).sound


def test_a_position_in_a_second_transaction_is_found_out(file_url: str) -> None:
    """The control: the same kills, and rows were folded twice."""
    with office(file_url):
        pass
    killed(file_url, 6, "apart")

    with office(file_url, founded=False) as opened:
        opened.settle()
        verdict = verify(opened.system, INSTITUTION)

    assert verdict.fault is None
    assert verdict.differing
