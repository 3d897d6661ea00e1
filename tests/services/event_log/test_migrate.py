"""Processes that start at once prepare a database once."""

import multiprocessing
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from services.event_log.contract import EventLog
from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq

PROCESSES = 6


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> Iterator[str]:
    """Yield the URL of a database without any table."""
    name = f"sakip_empty_{uuid.uuid4().hex}"
    with psycopg.connect(libpq(postgres_url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a store that was never prepared."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'folder' / 'log.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


def test_six_processes_that_start_at_once_all_find_the_schema(
    empty_url: str, opened: Callable[[str], EventLog]
) -> None:
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload([migrate.__module__])
    together = start.Barrier(PROCESSES)
    with ProcessPoolExecutor(PROCESSES, start, initializer=together.wait) as pool:
        list(pool.map(migrate, [empty_url] * PROCESSES))

    opened(empty_url).append(a_batch(a_write()))
    migrate(empty_url)
    assert opened(empty_url).head(INSTITUTION) == 1


def test_memory_needs_no_schema() -> None:
    migrate("memory:")

    assert open_log("memory:").institutions() == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_sqlite_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="a file is needed"):
        migrate(url)
    with pytest.raises(FileNotFoundError):
        open_log(url)


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        open_log("mysql://localhost/sakip")
