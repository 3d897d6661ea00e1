"""Six processes that start at once on one database: all come up, and each migration is run once."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from services.event_log import migrate
from services.event_log.contract import EventLog
from services.event_log.sqlite import connect
from services.event_log.verification import verify_entries
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq
from tests.services.event_log.starting import PROCESSES, Start, start_together

ROUNDS = [pytest.param(5, id="short"), pytest.param(20, id="long", marks=[pytest.mark.ordeal])]
ROUNDS_OF_CONTROL = 10
FIRST = "0001"


def revisions() -> list[str]:
    """Return all revisions, the newest first."""
    return [each.revision for each in ScriptDirectory(str(migrate._MIGRATIONS)).walk_revisions()]


def empty_again(url: str) -> str:
    """Take everything out of a database, or make a new file of none; return its URL."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        for each in Path(str(address.database)).parent.glob("*"):
            each.unlink()
    else:
        with psycopg.connect(libpq(url), autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return url


def at_first_revision(url: str) -> str:
    """Prepare an empty database as it was before later migrations."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        path = Path(str(address.database))
        path.parent.mkdir(exist_ok=True)
        engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=NullPool)
    else:
        engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        command.upgrade(migrate._configuration(connection), FIRST)
    return url


def versions_of(url: str) -> list[str]:
    """Return what the database says of its schema."""
    address, query = make_url(url), "SELECT version_num FROM alembic_version"
    if address.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(address.database))) as file:
            return [version for (version,) in file.execute(query)]
    with psycopg.connect(libpq(url)) as server:
        return [version for (version,) in server.execute(query)]


def run(starts: Iterable[Start]) -> list[str]:
    return sorted(migration for start in starts for migration in start.migrations)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a store that was never prepared."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'folder' / 'log.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("prepared", [False, True], ids=["empty", "old"])
@pytest.mark.timeout(600)
def test_six_processes_that_start_at_once_all_come_up(
    empty_url: str, rounds: int, opened: Callable[[str], EventLog], *, prepared: bool
) -> None:
    # A SQLite file has one writing process; there the one that looks on afterwards appends.
    appending = make_url(empty_url).get_backend_name() == "postgresql"
    lacking = revisions()[:-1] if prepared else revisions()
    for _ in range(rounds):
        url = empty_again(empty_url)
        if prepared:
            at_first_revision(url)

        starts = start_together(url, appending=appending)

        assert [start.fault for start in starts] == [None] * PROCESSES
        assert len(run(starts)) == len(set(run(starts))) == len(lacking), "each migration was run once"
        assert versions_of(url) == revisions()[:1]
        log = opened(url)
        assert log.head(INSTITUTION) == (PROCESSES if appending else 0)
        log.append(a_batch(a_write()))
        assert verify_entries(log, INSTITUTION) is None
        log.close()


def test_without_the_lock_they_are_in_each_other_s_way(empty_url: str) -> None:
    for _ in range(ROUNDS_OF_CONTROL):
        starts = start_together(empty_again(empty_url), appending=False, locked=False)
        if any(start.fault for start in starts):
            return
    pytest.fail("nothing showed that the lock was off")
