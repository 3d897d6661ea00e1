"""What `verify` finds when somebody wrote into the database past the program."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.replay import ReplayedRows, digest_of_rows
from services.event_log.contract import SealedRow
from services.verification import Verdict, verify
from tests.services.office import INSTITUTION, Office, office, open_year, sign


@pytest.fixture
def written(file_url: str) -> Iterator[Office]:
    """Open a regency whose year has begun, in a file."""
    with office(file_url) as opened:
        open_year(opened)
        sign(opened)
        yield opened


def tampered(opened: Office, folder: Path, *statements: str) -> Verdict:
    """Change the file past the program, append-only guards lifted, and verify."""
    with sqlite3.connect(folder / "sakip.db") as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0
    connection.close()
    return verify(opened.system, INSTITUTION)


def test_what_only_the_program_wrote_is_sound(written: Office) -> None:
    verdict = verify(written.system, INSTITUTION)

    assert verdict.sound
    assert verdict.events == written.head
    assert verdict.rows_digest == digest_of_rows(ReplayedRows(written.system.reader.events(INSTITUTION)))


def test_read_models_that_lag_behind_are_compared_where_they_stand(written: Office) -> None:
    written.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")

    assert verify(written.system, INSTITUTION).sound


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE event SET actor_id = 'bupati' WHERE position = 30", "leaf_hash_differs"),
        ("UPDATE event SET effective_on = '2024-01-01' WHERE position = 30", "leaf_hash_differs"),
        ("DELETE FROM event WHERE position = 30", "missing"),
    ],
)
def test_a_changed_event_is_found_by_its_position(written: Office, tmp_path: Path, change: str, fault: str) -> None:
    verdict = tampered(written, tmp_path, change)

    assert (verdict.sound, verdict.position, verdict.fault) == (False, 30, fault)


@pytest.mark.parametrize(
    ("change", "model"),
    [
        (
            "UPDATE agreement_register SET content = CAST(replace(CAST(content AS TEXT), '100', '90') AS BLOB)",
            "agreement_register",
        ),
        ("UPDATE agreement_register SET content = CAST(content AS TEXT)", "agreement_register"),
        ("UPDATE agreement_register SET content = CAST(X'78FF' AS TEXT)", "agreement_register"),
        ("UPDATE agreement_register SET content = X'7801'", "agreement_register"),
        ("UPDATE agreement_register SET content = '{}'", "agreement_register"),
        ("DELETE FROM obligation_calendar WHERE key = '2024.dinkes.report'", "obligation_calendar"),
        ("UPDATE audit_trail SET key = '999999999999' WHERE key = '000000000030'", "audit_trail"),
        ("UPDATE obligation_calendar SET fiscal_year = 2023", "obligation_calendar"),
        ("UPDATE agreement_register SET unit = 'disdik' WHERE unit = 'setda'", "agreement_register"),
    ],
)
def test_a_changed_row_is_found_by_its_read_model(written: Office, tmp_path: Path, change: str, model: str) -> None:
    verdict = tampered(written, tmp_path, change)

    assert (verdict.sound, verdict.fault, verdict.differing) == (False, None, (model,))


def test_rows_of_another_program_are_no_difference(written: Office, tmp_path: Path) -> None:
    """An update of the program makes nobody a forger: what is stored in another form is replaced, not compared."""
    another = tampered(
        written,
        tmp_path,
        "UPDATE projection_position SET fingerprint = 'of an older program'",
        "UPDATE achievement SET content = X'789C'",
    )
    assert (another.sound, another.outdated, another.differing) == (True, True, ())

    written.settle()
    again = verify(written.system, INSTITUTION)
    assert (again.sound, again.outdated) == (True, False)


def test_a_rebuild_mends_what_was_changed_in_the_rows(written: Office, tmp_path: Path) -> None:
    assert not tampered(written, tmp_path, "DELETE FROM agreement_register").sound

    written.system.follower.rebuild(INSTITUTION)

    assert verify(written.system, INSTITUTION).sound


def test_a_forged_text_is_found_and_never_shown(written: Office, tmp_path: Path) -> None:
    """The texts lie beside the log, where no leaf hash covers them: their own digest does."""
    digests = [row.digest for row in _sealed(tmp_path)]
    shown = written.system.log.texts(INSTITUTION, digests)
    assert len(shown) == len(digests) > 0

    verdict = tampered(written, tmp_path, "UPDATE sealed_text SET text = 'teks palsu'")

    assert (verdict.sound, verdict.fault) == (False, "sealed_text_differs")
    assert written.system.log.texts(INSTITUTION, digests) == {}


def test_an_erased_text_is_no_fault(written: Office, tmp_path: Path) -> None:
    assert tampered(written, tmp_path, "DELETE FROM sealed_text").sound


def _sealed(folder: Path) -> list[SealedRow]:
    with sqlite3.connect(folder / "sakip.db") as connection:
        rows = connection.execute("SELECT digest, salt, text FROM sealed_text").fetchall()
    connection.close()
    return [SealedRow(digest=digest, salt=salt, text=text) for digest, salt, text in rows]
