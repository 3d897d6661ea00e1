"""The three recorders, each on a store of its own."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from services.event_log.contract import EventLog
from services.event_log.migrate import migrate
from services.event_log.opening import open_log

TEMPLATE = "sakip_log_template"


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """Name a migrated database, which fresh ones are copied from."""
    server = make_url(postgres_url)
    name = sql.Identifier(TEMPLATE)
    with psycopg.connect(libpq(postgres_url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        migrate(server.set(database=TEMPLATE).render_as_string(hide_password=False))
        yield TEMPLATE
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a migrated file."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    migrate(url)
    return url


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def log_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty log of each kind."""
    if request.param == "memory":
        return "memory:"
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgres": "fresh_postgres_url"}[request.param])
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def stored_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty log of each kind that outlives its process."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgres": "fresh_postgres_url"}[request.param])
    return url


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> Iterator[str]:
    """Yield the URL of a database without any table."""
    name = f"sakip_empty_{uuid.uuid4().hex}"
    with psycopg.connect(libpq(postgres_url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def opened() -> Iterator[Callable[[str], EventLog]]:
    """Open logs that are closed after the test."""
    logs: list[EventLog] = []

    def open_one(url: str) -> EventLog:
        logs.append(open_log(url))
        return logs[-1]

    yield open_one
    for log in logs:
        log.close()


@pytest.fixture
def log(log_url: str, opened: Callable[[str], EventLog]) -> EventLog:
    """Return an empty log of each kind."""
    return opened(log_url)


def libpq(url: str) -> str:
    """Return a URL as the driver itself takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
