"""The database itself refuses to change what was recorded."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import make_url

from domain.sealed_text import seal
from services.event_log.contract import EventLog, SealedRow
from services.event_log.verification import verify_entries
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq

TEXT = SealedRow(digest=seal(bytes(32), "teks").digest, salt=bytes(32), text="teks")


@pytest.fixture
def log(stored_url: str, opened: Callable[[str], EventLog]) -> EventLog:
    """Return a log with two entries, of one command, and a sealed text."""
    log = opened(stored_url)
    log.append(a_batch(a_write(count=2), sealed=(TEXT,)))
    return log


CHANGES = [
    "UPDATE event SET actor_id = 'p-18'",
    "UPDATE event SET actor_id = 'p-18' WHERE false",
    "DELETE FROM event",
    "UPDATE command SET digest = 'x'",
    "DELETE FROM command",
    "UPDATE sealed_text SET text = 'x'",
]


@pytest.fixture
def sqlite_connection(sqlite_url: str) -> Iterator[sqlite3.Connection]:
    """Open the file of the log as anybody could."""
    with closing(sqlite3.connect(str(make_url(sqlite_url).database))) as connection:
        yield connection


def replacement(rowid: str, position: str, stream: str, version: str) -> str:
    """Return a statement that puts a row in the place of the first one, by the key that it shares with it."""
    return (
        "INSERT OR REPLACE INTO event (rowid, institution, position, stream, version, type, recorded_at, effective_on,"
        " origin, actor_id, actor_role, command_id, idx, payload, leaf_hash)"
        f" SELECT {rowid}, institution, {position}, {stream}, {version}, type, recorded_at, effective_on, origin,"
        f" actor_id, actor_role, command_id, idx, payload, leaf_hash FROM event WHERE position = 1"
    )


REPLACEMENTS = [
    "INSERT OR REPLACE INTO command SELECT * FROM command",
    "INSERT OR REPLACE INTO event SELECT * FROM event",
    replacement(rowid="rowid", position="9", stream="'x'", version="9"),
    replacement(rowid="NULL", position="position", stream="'x'", version="9"),
    replacement(rowid="NULL", position="9", stream="stream", version="version"),
]


@pytest.mark.parametrize("stored_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", [each for each in CHANGES if "false" not in each] + REPLACEMENTS)
def test_sqlite_refuses_to_change_or_replace(log: EventLog, sqlite_connection: sqlite3.Connection, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|not changed"):
        sqlite_connection.execute(change)

    sqlite_connection.rollback()
    assert verify_entries(log, INSTITUTION) is None
    assert log.head(INSTITUTION) == 2


@pytest.mark.parametrize("stored_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE event", "TRUNCATE command", "TRUNCATE sealed_text"])
@pytest.mark.parametrize("replication_role", ["origin", "replica"])
@pytest.mark.usefixtures("log")
def test_postgres_refuses_a_change_even_to_a_superuser(stored_url: str, change: str, replication_role: str) -> None:
    with psycopg.connect(libpq(stored_url)) as connection:
        connection.execute(f"SET session_replication_role = {replication_role}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            connection.execute(change.encode())


@pytest.mark.parametrize("stored_url", ["postgres"], indirect=True)
@pytest.mark.usefixtures("log")
def test_the_application_role_lifts_nothing(stored_url: str) -> None:
    attempts = [
        *CHANGES,
        "TRUNCATE event",
        "DELETE FROM sealed_text",
        "UPDATE log_head SET position = 0",
        "INSERT INTO log_head VALUES ('x', 1, now())",
        "INSERT INTO event SELECT * FROM event",
        "ALTER TABLE event DISABLE TRIGGER append_only",
        "ALTER TABLE event OWNER TO sakip_app",
        "DROP TRIGGER append_only ON event",
        "DROP TABLE event",
        "DROP FUNCTION append_group",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER x BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "SET session_replication_role = replica",
    ]
    with psycopg.connect(libpq(stored_url), options="-c role=sakip_app", autocommit=True) as connection:
        allowed = []
        for attempt in attempts:
            try:
                connection.execute(attempt.encode())
                allowed.append(attempt)
            except psycopg.errors.InsufficientPrivilege:
                pass
        assert allowed == []


@pytest.mark.parametrize("stored_url", ["postgres"], indirect=True)
@pytest.mark.usefixtures("log")
def test_the_application_role_appends_and_reads(stored_url: str, opened: Callable[[str], EventLog]) -> None:
    application = opened(f"{stored_url}?options=-c%20role%3Dsakip_app")

    application.append(a_batch(a_write("a"), command_id="c-1", sealed=(TEXT,)))
    application.append(a_batch(a_write("a"), institution="another"))

    assert application.head(INSTITUTION) == 3
    assert application.institutions() == ["another", INSTITUTION]
    assert application.repeated(INSTITUTION, "c-1", "digest") is not None
    assert application.texts(INSTITUTION, [TEXT.digest]) == {TEXT.digest: "teks"}
    assert verify_entries(application, INSTITUTION) is None


def test_a_text_can_be_erased(log: EventLog, stored_url: str) -> None:
    if stored_url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(stored_url).database))) as connection, connection:
            connection.execute("DELETE FROM sealed_text")
    else:
        with psycopg.connect(libpq(stored_url)) as owner:
            owner.execute("DELETE FROM sealed_text")

    assert log.texts(INSTITUTION, [TEXT.digest]) == {}
    assert verify_entries(log, INSTITUTION) is None
