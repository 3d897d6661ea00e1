"""What only the PostgreSQL log has to show: the leaf that the server joins, its session, and connections that break."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from services.event_log.contract import Appended, Batch, EventLog, NewEvent, StreamConflictError, Write
from services.event_log.leaf import leaf_hash
from services.event_log.postgres import PostgresLog
from services.event_log.postgres_append import prepared
from services.event_log.verification import verify_entries
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=100)
integers = st.integers(0, 2**63 - 1)
events = st.builds(
    NewEvent,
    type=names,
    payload=st.binary(),
    effective_on=st.dates(),
    fiscal_year=st.none() | integers,
    correlation=st.none() | names,
)
batches = st.builds(
    Batch,
    institution=names,
    command_id=st.uuids().map(str),
    digest=names,
    writes=st.dictionaries(names, st.lists(events, min_size=1, max_size=3), min_size=1, max_size=3).map(
        lambda streams: tuple(Write(stream=each, expected=0, events=tuple(new)) for each, new in streams.items())
    ),
    actor_id=names,
    actor_role=names,
    actor_unit=st.none() | names,
    origin=names,
    causation=st.none() | integers,
    recorded_at=st.datetimes(timezones=st.just(UTC)),
)


@pytest.fixture
def postgres_log(connection: psycopg.Connection, fresh_postgres_url: str) -> Iterator[PostgresLog]:
    """Open a log in a database whose time zone and date style the leaf must not depend on."""
    for setting in ("timezone = 'Asia/Jayapura'", "datestyle = 'German'", "bytea_output = 'escape'"):
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET {setting}".encode())
    with closing(PostgresLog(libpq(fresh_postgres_url))) as log:
        yield log


@pytest.fixture
def connection(fresh_postgres_url: str) -> Iterator[psycopg.Connection]:
    """Connect as the owner."""
    with psycopg.connect(libpq(fresh_postgres_url), autocommit=True) as connection:
        yield connection


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=batches)
def test_the_leaf_that_the_server_joins_is_that_of_the_stored_row(
    postgres_log: PostgresLog, connection: psycopg.Connection, batch: Batch
) -> None:
    institution = f"{batch.institution}{uuid4()}"

    postgres_log.append(replace(batch, institution=institution))

    stored = postgres_log.read(institution)
    assert [entry.state for entry in stored] == [event.payload for write in batch.writes for event in write.events]
    assert [entry.recorded_at for entry in stored] == [batch.recorded_at] * len(stored)
    assert [entry.leaf_hash for entry in stored] == [leaf_hash(entry) for entry in stored]
    assert connection.execute("SELECT position FROM log_head WHERE institution = %s", (institution,)).fetchone() == (
        len(stored),
    )


def test_the_defaults_of_the_database_do_not_matter(
    connection: psycopg.Connection, fresh_postgres_url: str, opened: Callable[[str], EventLog]
) -> None:
    name = connection.info.dbname
    for setting in ("default_transaction_isolation = serializable", "timezone = 'WIB-7'", "synchronous_commit = off"):
        connection.execute(f"ALTER DATABASE {name} SET {setting}".encode())
    log = opened(fresh_postgres_url)

    log.append(a_batch(a_write()))

    (entry,) = log.read(INSTITUTION)
    assert (entry.recorded_at.tzinfo, entry.leaf_hash) == (UTC, leaf_hash(entry))
    call = "SELECT append_group('a', '', '{}', '{}', '{}', '{}')"
    with psycopg.connect(libpq(fresh_postgres_url)) as plain, pytest.raises(psycopg.Error, match="READ COMMITTED"):
        plain.execute(call.encode())


def test_a_refusal_begins_no_log(connection: psycopg.Connection, fresh_postgres_url: str) -> None:
    with closing(PostgresLog(libpq(fresh_postgres_url))) as log, pytest.raises(StreamConflictError):
        log.append(a_batch(a_write("a", 1)))

    assert connection.execute("SELECT count(*) FROM log_head").fetchone() == (0,)


def test_after_all_connections_were_ended_the_log_goes_on(
    connection: psycopg.Connection, fresh_postgres_url: str
) -> None:
    others = """
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    """
    with closing(PostgresLog(libpq(fresh_postgres_url))) as log:
        log.append(a_batch(a_write("a")))
        with log._connections.lend(), log._connections.lend(), log._connections.lend():
            """Three are open at once, and idle afterwards."""

        assert len(connection.execute(others).fetchall()) == 3
        assert log.head(INSTITUTION) == 1
        connection.execute(others)
        assert not log.append(a_batch(a_write("a", 1))).repeated


class Proxy:
    """A relay to the server that can cut a connection before a request gets there or before its answer comes back."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._server = address
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cut_request = threading.Event()
        self.cut_answer = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                for source, target, cut in ((client, server, self.cut_request), (server, client, self.cut_answer)):
                    relay = threading.Thread(target=self._relay, args=(source, target, cut))
                    self._threads.append(relay)
                    relay.start()

    @staticmethod
    def _relay(source: socket.socket, target: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError), source:
            while (some := source.recv(65536)) and not cut.is_set():
                target.sendall(some)
            cut.clear()
            target.shutdown(socket.SHUT_RDWR)
            source.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(fresh_postgres_url: str) -> Iterator[Proxy]:
    """Relay to the server until the test is over."""
    address = make_url(fresh_postgres_url)
    proxy = Proxy((str(address.host), int(address.port or 5432)))
    yield proxy
    proxy.close()


@pytest.mark.parametrize("cut", ["request", "answer"])
def test_a_connection_cut_around_the_commit_appends_once(
    fresh_postgres_url: str, proxy: Proxy, cut: str, opened: Callable[[str], EventLog]
) -> None:
    url = make_url(fresh_postgres_url).set(port=proxy.port).update_query_dict({"sslmode": "disable"})
    log = opened(url.render_as_string(hide_password=False))
    log.append(a_batch(a_write("a")))  # the statement is prepared now: the next append is one request and one answer

    batch = a_batch(a_write("a", 1, count=2))
    (proxy.cut_request if cut == "request" else proxy.cut_answer).set()
    result = log.append(batch)

    assert (result.first_position, result.last_position, result.versions) == (2, 3, (("a", 3),))
    assert result.repeated == (cut == "answer")
    assert log.append(batch) == replace(result, repeated=True)
    assert log.head(INSTITUTION) == 3
    assert verify_entries(log, INSTITUTION) is None
    log.close()


@pytest.mark.parametrize("cut", ["request", "answer"])
def test_a_connection_cut_around_the_commit_of_a_group_gives_each_its_first_result(
    fresh_postgres_url: str, proxy: Proxy, cut: str
) -> None:
    url = make_url(libpq(fresh_postgres_url)).set(port=proxy.port).update_query_dict({"sslmode": "disable"})
    with closing(PostgresLog(url.render_as_string(hide_password=False))) as log:
        log.append(a_batch(a_write("a")))  # the statement is prepared now

        group = [a_batch(a_write("a", 1, count=2)), a_batch(a_write("c", 1)), a_batch(a_write("b"))]
        (proxy.cut_request if cut == "request" else proxy.cut_answer).set()
        first, conflict, second = log._commit(map(prepared, group))

        lost = cut == "answer"
        assert first == Appended(first_position=2, last_position=3, versions=(("a", 3),), repeated=lost)
        assert isinstance(conflict, StreamConflictError)
        assert second == Appended(first_position=4, last_position=4, versions=(("b", 1),), repeated=lost)
        assert log.head(INSTITUTION) == 4
        assert verify_entries(log, INSTITUTION) is None
