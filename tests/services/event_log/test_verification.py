"""Whoever changes a stored entry behind the log's back is found, at the position where it was done."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import make_url

from services.event_log.contract import EventLog
from services.event_log.entries import COLUMNS
from services.event_log.leaf import leaf_hash
from services.event_log.memory import MemoryLog
from services.event_log.verification import PAGE, Fault, Finding, verify_entries
from tests.services.event_log.batches import INSTITUTION, NOON, a_batch, a_write
from tests.services.event_log.conftest import libpq

POSITION = 5
MINUTE_LATER_IN_SQLITE = "recorded_at + 60000000"

CHANGES = {
    "institution": "institution || 'x'",
    "position": "900",
    "stream": "stream || 'x'",
    "version": "version + 100",
    "fiscal_year": "NULL",
    "type": "'agreement.signed.v2'",
    "recorded_at": MINUTE_LATER_IN_SQLITE,
    "effective_on": "'2024-02-01'",
    "origin": "'history'",
    "actor_id": "'p-18'",
    "actor_role": "'treasury'",
    "actor_unit": "NULL",
    "command_id": "command_id || 'x'",
    "idx": "idx + 10",
    "causation": "8",
    "correlation": "'dinkes/2025'",
    "payload": "leaf_hash",
    "leaf_hash": "(SELECT e.leaf_hash FROM event AS e WHERE e.position = 1 LIMIT 1)",
}

Forge = Callable[[str], None]


@pytest.fixture
def forge(stored_url: str) -> Forge:
    """Run a statement as the owner of the database, with the guards lifted."""

    def on_sqlite(statement: str) -> None:
        with closing(sqlite3.connect(str(make_url(stored_url).database))) as connection, connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            assert connection.execute(statement).rowcount >= 1

    def on_postgres(statement: str) -> None:
        with psycopg.connect(libpq(stored_url)) as connection:
            connection.execute("ALTER TABLE event DISABLE TRIGGER append_only")
            instants = statement.replace(MINUTE_LATER_IN_SQLITE, "recorded_at + interval '1 minute'")
            assert connection.execute(instants.encode()).rowcount >= 1

    return on_sqlite if stored_url.startswith("sqlite") else on_postgres


@pytest.fixture
def log(stored_url: str, opened: Callable[[str], EventLog]) -> EventLog:
    """Return a log with nine entries of one institution, of streams a and b."""
    log = opened(stored_url)
    fill(log, INSTITUTION)
    return log


def fill(log: EventLog, institution: str) -> None:
    for number in range(3):
        moment = NOON + timedelta(minutes=number)
        writes = a_write("a", number), a_write("b", number * 2, count=2)
        log.append(a_batch(*writes, institution=institution, recorded_at=moment))
    assert verify_entries(log, institution) is None


def found(position: int, fault: Fault, institution: str = INSTITUTION) -> Finding:
    return Finding(institution=institution, position=position, fault=fault)


def test_a_change_of_any_column_is_found_at_its_position(log: EventLog, forge: Forge) -> None:
    assert list(CHANGES) == COLUMNS.replace(" ", "").split(",")
    for column, change in CHANGES.items():
        fill(log, column)
        forge(f"UPDATE event SET {column} = {change} WHERE institution = '{column}' AND position = {POSITION}")

    missing = {"institution", "position"}
    assert {column: verify_entries(log, column) for column in CHANGES} == {
        column: found(POSITION, Fault.MISSING if column in missing else Fault.LEAF_HASH_DIFFERS, column)
        for column in CHANGES
    }


def test_a_deleted_row_is_missing(log: EventLog, forge: Forge) -> None:
    forge(f"DELETE FROM event WHERE position = {POSITION}")

    assert verify_entries(log, INSTITUTION) == found(POSITION, Fault.MISSING)


def test_a_deleted_tail_is_missing_while_the_head_row_knows_it(log: EventLog, forge: Forge) -> None:
    forge("DELETE FROM event WHERE position >= 8")

    assert verify_entries(log, INSTITUTION) == found(8, Fault.MISSING)


def test_a_head_row_that_was_lowered_is_found(log: EventLog, forge: Forge) -> None:
    forge("UPDATE log_head SET position = 4")

    assert verify_entries(log, INSTITUTION) == found(5, Fault.BEYOND_HEAD)


def test_a_head_row_that_was_removed_is_found(log: EventLog, forge: Forge) -> None:
    forge("DELETE FROM log_head")

    assert verify_entries(log, INSTITUTION) == found(1, Fault.BEYOND_HEAD)


def test_payloads_swapped_are_found_at_the_first(log: EventLog, forge: Forge) -> None:
    forge(
        "UPDATE event SET payload = (SELECT e.payload FROM event AS e WHERE e.position = 11 - event.position)"
        f" WHERE position IN ({POSITION}, {11 - POSITION})"
    )

    assert verify_entries(log, INSTITUTION) == found(POSITION, Fault.LEAF_HASH_DIFFERS)


def test_a_row_swapped_with_another_is_found_at_the_first(log: EventLog, forge: Forge) -> None:
    for position, new in ((5, 900), (6, 5), (900, 6)):
        forge(f"UPDATE event SET position = {new} WHERE position = {position}")

    assert verify_entries(log, INSTITUTION) == found(5, Fault.LEAF_HASH_DIFFERS)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"originator_version": 9}, Fault.VERSION_NOT_NEXT),
        ({"recorded_at": NOON - timedelta(days=1)}, Fault.TIME_WENT_BACK),
    ],
)
def test_an_order_broken_under_a_new_hash_is_found(change: dict[str, object], fault: Fault) -> None:
    log = MemoryLog()
    fill(log, INSTITUTION)
    entries = log._institutions[INSTITUTION].entries
    forged = replace(entries[POSITION - 1], **change)  # type: ignore[arg-type]
    entries[POSITION - 1] = replace(forged, leaf_hash=leaf_hash(forged))

    assert verify_entries(log, INSTITUTION) == found(POSITION, fault)


def test_a_log_of_one_entry_is_checked_too() -> None:
    log = MemoryLog()
    log.append(a_batch(a_write()))
    entries = log._institutions[INSTITUTION].entries
    entries[0] = replace(entries[0], state=b"other")

    assert verify_entries(log, INSTITUTION) == found(1, Fault.LEAF_HASH_DIFFERS)


def test_a_log_of_many_pages_is_walked_to_its_end() -> None:
    log = MemoryLog()
    log.append(a_batch(a_write("a", count=2 * PAGE + 3)))
    assert verify_entries(log, INSTITUTION) is None

    log._institutions[INSTITUTION].entries[-1] = log.read(INSTITUTION)[0]

    assert verify_entries(log, INSTITUTION) == found(2 * PAGE + 3, Fault.MISSING)


def test_a_row_that_cannot_be_read_any_more_is_found(log: EventLog, forge: Forge, stored_url: str) -> None:
    change = "effective_on = 'soon'" if stored_url.startswith("sqlite") else "recorded_at = 'infinity'"
    forge(f"UPDATE event SET {change} WHERE position = {POSITION}")

    assert verify_entries(log, INSTITUTION) == found(POSITION, Fault.UNREADABLE)
