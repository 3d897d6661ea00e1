"""What every test may ask for: a real PostgreSQL and a real Redis (Valkey), started when the first test wants them.

`SAKIP_TEST_DATABASE_URL` and `SAKIP_TEST_REDIS_URL` name servers to use instead. Under xdist each worker has servers of
its own, or databases of its own on the servers so named. Tests that ask for none start none.
"""

import os
import uuid
from collections.abc import Iterator

import hypothesis
import psycopg
import pytest
import redis
from psycopg import sql
from sqlalchemy import make_url

from services import milestones
from tests import servers

# So short that every year which a test plays meets several, and every question about the past begins at one.
milestones.EVERY = 40

# A deadline per example measures the machine, not the code; the timeout of pytest bounds the whole.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ordeal", parent=hypothesis.settings.get_profile("house"), max_examples=5_000)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a superuser of a PostgreSQL server."""
    named = os.environ.get("SAKIP_TEST_DATABASE_URL")
    if named:
        yield named
        return
    with servers.running("postgres") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template() -> str:
    """Name the database that fresh ones are copied from; a folder of tests overrides it with a migrated one."""
    return "template0"


@pytest.fixture
def fresh_postgres_url(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """Yield the URL of a database that only this test uses; it is dropped afterwards, connections included."""
    name = f"sakip_test_{uuid.uuid4().hex}"
    server = make_url(postgres_url)
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(postgres_template)))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def redis_url(worker_id: str) -> Iterator[str]:
    """Yield the URL of one database of a Redis server that no other worker uses."""
    named = os.environ.get("SAKIP_TEST_REDIS_URL")
    if named:
        number = worker_id.removeprefix("gw").replace("master", "0")
        yield make_url(named).set(database=number).render_as_string(hide_password=False)
        return
    with servers.running("valkey") as url:
        yield url


@pytest.fixture
def fresh_redis_url(redis_url: str) -> str:
    """Return the URL of a Redis database that has just been emptied."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    return redis_url
