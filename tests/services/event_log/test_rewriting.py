"""What a log cannot show by itself, a checkpoint kept elsewhere shows: a cut tail, a rollback, a whole rewriting."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from services.event_log.checkpoint import Checkpoint
from services.event_log.contract import EventLog
from services.event_log.leaf import leaf_hash
from services.event_log.merkle import EMPTY_ROOT, Frontier
from services.event_log.verification import Fault, Finding, verify_entries
from tests.services.event_log.batches import INSTITUTION, NOON, a_batch, a_write
from tests.services.event_log.conftest import libpq

SIGNED = (4, 9, 12)
Owner = Callable[..., None]


@pytest.fixture
def log(stored_url: str, opened: Callable[[str], EventLog]) -> EventLog:
    """Return a log with fifteen entries of one institution."""
    log = opened(stored_url)
    grow(log, "a", 5)
    return log


@pytest.fixture
def checkpoints(log: EventLog) -> list[Checkpoint]:
    """Return what was signed of the log on its way."""
    return [checkpoint_at(log, size) for size in SIGNED]


@pytest.fixture
def owner(stored_url: str) -> Owner:
    """Run a statement with its parameters as the owner of the database, with the guards lifted."""

    def on_sqlite(statement: str, rows: Sequence[tuple[Any, ...]] = ((),)) -> None:
        with closing(sqlite3.connect(str(make_url(stored_url).database))) as connection, connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for row in rows:
                assert connection.execute(statement, row).rowcount >= 1

    def on_postgres(statement: str, rows: Sequence[tuple[Any, ...]] = ((),)) -> None:
        with psycopg.connect(libpq(stored_url)) as connection:
            connection.execute("ALTER TABLE event DISABLE TRIGGER USER")
            connection.execute("ALTER TABLE command DISABLE TRIGGER USER")
            for row in rows:
                assert connection.execute(statement.replace("?", "%s").encode(), row).rowcount >= 1

    return on_sqlite if stored_url.startswith("sqlite") else on_postgres


def grow(log: EventLog, stream: str, batches: int) -> None:
    for number in range(batches):
        moment = NOON + timedelta(minutes=number)
        log.append(a_batch(a_write(stream, number * 3, count=3), recorded_at=moment))


def checkpoint_at(log: EventLog, size: int) -> Checkpoint:
    tree = Frontier()
    for entry in log.read(INSTITUTION, limit=size):
        tree.append(entry.leaf_hash)
    return Checkpoint(origin=f"sakip.contoh/{INSTITUTION}", size=size, root=tree.root())


def found(position: int, fault: Fault, checkpoint: int) -> Finding:
    return Finding(institution=INSTITUTION, position=position, fault=fault, checkpoint=checkpoint)


def cut_after(owner: Owner, position: int) -> None:
    """Take the tail off with everything that knew of it, as the owner of the database or an old backup would."""
    owner("DELETE FROM event WHERE position > ?", [(position,)])
    owner("DELETE FROM command WHERE first_position > ?", [(position,)])
    owner("UPDATE log_head SET position = ?", [(position,)])


def rewrite(log: EventLog, owner: Owner, position: int) -> None:
    """Change a payload and give every entry a fresh hash, as if it had always been so."""
    rows = []
    for entry in log.read(INSTITUTION):
        changed = replace(entry, state=b'{"value":"99"}') if entry.id == position else entry
        rows.append((changed.state, leaf_hash(changed), changed.id))
    owner("UPDATE event SET payload = ?, leaf_hash = ? WHERE position = ?", rows)


def test_a_log_that_only_grew_agrees_with_all_that_was_signed(log: EventLog, checkpoints: list[Checkpoint]) -> None:
    grow(log, "b", 2)
    reached: list[int] = []

    assert verify_entries(log, INSTITUTION, [*checkpoints, checkpoint_at(log, 21)], reached.append) is None
    assert reached[-1] == 21
    nothing = Checkpoint(origin="sakip.contoh/baru", size=0, root=EMPTY_ROOT)
    assert verify_entries(log, "baru", [nothing]) is None


@pytest.mark.parametrize("position", [0, 9, 11])
def test_a_cut_tail_is_found_by_a_checkpoint_only(
    log: EventLog, owner: Owner, checkpoints: list[Checkpoint], position: int
) -> None:
    cut_after(owner, position) if position else owner("DELETE FROM log_head")
    if position == 0:
        owner("DELETE FROM event")

    assert verify_entries(log, INSTITUTION) is None
    signed = min(size for size in SIGNED if size > position)
    expected = found(position + 1, Fault.ENDS_BEFORE_CHECKPOINT, signed)
    assert verify_entries(log, INSTITUTION, checkpoints) == expected


def test_an_old_backup_that_grew_again_is_found_by_a_checkpoint_only(
    log: EventLog, owner: Owner, checkpoints: list[Checkpoint]
) -> None:
    cut_after(owner, 9)
    grow(log, "b", 3)

    assert verify_entries(log, INSTITUTION) is None
    assert verify_entries(log, INSTITUTION, checkpoints[:2]) is None
    assert verify_entries(log, INSTITUTION, checkpoints) == found(10, Fault.DIFFERS_FROM_CHECKPOINT, 12)


@pytest.mark.parametrize(("position", "first", "signed"), [(1, 1, 4), (4, 1, 4), (5, 5, 9), (12, 10, 12)])
def test_a_rewriting_with_fresh_hashes_is_found_between_two_checkpoints(
    log: EventLog, owner: Owner, checkpoints: list[Checkpoint], position: int, first: int, signed: int
) -> None:
    rewrite(log, owner, position)

    assert verify_entries(log, INSTITUTION) is None
    assert verify_entries(log, INSTITUTION, checkpoints) == found(first, Fault.DIFFERS_FROM_CHECKPOINT, signed)
    assert verify_entries(log, INSTITUTION, checkpoints[::-1]) == found(first, Fault.DIFFERS_FROM_CHECKPOINT, signed)


def test_what_was_never_signed_can_be_rewritten_unseen(
    log: EventLog, owner: Owner, checkpoints: list[Checkpoint]
) -> None:
    """The control: no checkpoint covers the last three entries."""
    rewrite(log, owner, 14)

    assert verify_entries(log, INSTITUTION, checkpoints) is None


def test_an_entry_that_contradicts_its_own_hash_is_named_before_any_checkpoint(
    log: EventLog, owner: Owner, checkpoints: list[Checkpoint]
) -> None:
    owner("UPDATE event SET actor_id = 'x' WHERE position = 6")

    expected = Finding(institution=INSTITUTION, position=6, fault=Fault.LEAF_HASH_DIFFERS)
    assert verify_entries(log, INSTITUTION, checkpoints) == expected
