"""The servers that the tests run against are real, fresh for each test, and gone when their runner is gone."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from tests import servers
from tests.servers import Kind

ROOT = Path(__file__).resolve().parents[2]

RUNNER = """
import sys, time
from tests.servers import running
with running(sys.argv[1]) as url:
    print(url, flush=True)
    time.sleep(600)
"""


def test_a_fresh_database_is_empty_and_accepts_a_superuser(fresh_postgres_url: str) -> None:
    engine = create_engine(fresh_postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE fact (word text)"))
        assert connection.execute(text("SELECT usesuper FROM pg_user WHERE usename = current_user")).scalar_one()
    engine.dispose()


def test_each_test_has_a_database_of_its_own(fresh_postgres_url: str) -> None:
    with psycopg.connect(fresh_postgres_url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found == (0,)


@pytest.mark.parametrize("turn", [1, 2])
def test_a_fresh_redis_holds_nothing(fresh_redis_url: str, turn: int) -> None:
    with redis.Redis.from_url(fresh_redis_url) as client:
        assert client.dbsize() == 0
        assert client.set("turn", turn)


@pytest.mark.parametrize("kind", ["postgres", "valkey"])
def test_a_server_ends_when_its_runner_is_killed(kind: Kind) -> None:
    command = [sys.executable, "-c", RUNNER, kind]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as runner:
        url = address_of(runner)
        alive = accepts(url)
        runner.kill()
    assert alive
    assert ends(url)


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let servers have their folders where no keeper of another worker looks."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs under another account
        monkeypatch.setenv("TMPDIR", folder)
        try:
            yield
        finally:
            with servers.running("valkey"):
                pass  # its keeper sweeps what a failed test left; nobody would after this


@pytest.mark.usefixtures("unseen")
@pytest.mark.parametrize("kind", ["postgres", "valkey"])
def test_the_next_keeper_sweeps_a_server_whose_own_keeper_was_killed(kind: Kind) -> None:
    command = [sys.executable, servers.__file__, kind, str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
        url = address_of(keeper)
        keeper.kill()
    assert accepts(url)
    with servers.running("valkey"):
        assert ends(url)


def address_of(process: "subprocess.Popen[str]") -> str:
    """Return the URL that a runner or keeper prints once its server answers."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def accepts(url: str) -> bool:
    """Tell whether the server at a URL answers."""
    try:
        if url.startswith("redis"):
            with redis.Redis.from_url(url) as client:
                return bool(client.ping())
        with psycopg.connect(url.replace("+psycopg", "")):
            return True
    except (redis.ConnectionError, psycopg.OperationalError):
        return False


def ends(url: str) -> bool:
    """Tell whether the server at a URL stops answering within some seconds."""
    deadline = time.monotonic() + 15
    while accepts(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
