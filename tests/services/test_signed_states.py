"""`sakip verify` compares with what was signed: the last that the signer kept, and what is brought from outside."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from services.cli import sakip
from services.event_log.checkpoint import kept_at
from services.event_log.note import SigningKey
from tests.services.office import INSTITUTION, office, open_year

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, file_url: str) -> Run:
    """Sign the log of a regency, and run verbs on it with the signer's settings."""
    with office(file_url) as opened:
        open_year(opened)
        opened.system.delivery.settle(INSTITUTION)
    environment = {
        "SAKIP_DATABASE_URL": file_url,
        "SAKIP_SIGNING_KEY": str(tmp_path / "signer.key"),
        "SAKIP_CHECKPOINTS": str(tmp_path / "kept"),
    }
    SigningKey.create("sakip.contoh").save(tmp_path / "signer.key")
    command: click.Command = sakip

    def invoke(*words: str, **changed: str) -> Result:
        return CliRunner().invoke(command, words, env={**environment, **changed})

    assert invoke("checkpoint", "sign", "--institution", INSTITUTION, "--begin").exit_code == 0
    return invoke


def verdict(result: Result) -> dict[str, object]:
    assert result.stdout, (result.stderr, result.exception)
    found: dict[str, object] = json.loads(result.stdout)["institutions"][0]
    return found


def in_file(tmp_path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(tmp_path / "sakip.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_a_sound_log_says_how_far_it_was_signed(run: Run) -> None:
    told = run("verify")
    assert (told.exit_code, "utuh, sesuai checkpoint sampai" in told.stdout) == (0, True)
    found = verdict(run("verify", "--json"))
    assert found["signed"] == found["events"]
    without = run("verify", SAKIP_CHECKPOINTS="")
    assert (without.exit_code, "Tanpa checkpoint" in without.stdout) == (0, True)


def test_a_cut_tail_is_found(run: Run, tmp_path: Path) -> None:
    head = verdict(run("verify", "--json"))["events"]
    in_file(tmp_path, f"DELETE FROM event WHERE position = {head}", f"UPDATE log_head SET position = {head} - 1")
    found = run("verify", "--json")
    assert found.exit_code == 1
    assert [verdict(found)[name] for name in ("position", "fault", "checkpoint")] == [
        head,
        "ends_before_checkpoint",
        head,
    ]
    assert "menurut checkpoint" in run("verify").stdout


def test_a_log_that_is_gone_as_a_whole_is_missed(run: Run, tmp_path: Path) -> None:
    in_file(tmp_path, "DELETE FROM event", "DELETE FROM command", "DELETE FROM log_head")
    found = run("verify", "--json")
    assert (found.exit_code, verdict(found)["position"], verdict(found)["institution"]) == (1, 1, INSTITUTION)
    outside = str(kept_at(tmp_path / "kept", INSTITUTION))
    missed = run("verify", "--institution", INSTITUTION, "--checkpoint", outside, SAKIP_CHECKPOINTS="")
    assert (missed.exit_code, "log berakhir sebelum checkpoint" in missed.stdout) == (1, True)
    assert run("verify", SAKIP_CHECKPOINTS="").exit_code == 2


def test_a_false_tile_is_found_and_renewed(run: Run, tmp_path: Path) -> None:
    in_file(tmp_path, f"INSERT INTO merkle_tile VALUES ('{INSTITUTION}', 0, 0, zeroblob(32), zeroblob(8192))")
    found = run("verify", "--json")
    assert (found.exit_code, verdict(found)["differing"]) == (1, ["merkle_tile"])
    assert run("proof", "renew", "--institution", INSTITUTION).exit_code == 0
    assert run("verify").exit_code == 0


def test_a_checkpoint_from_outside_is_compared_and_its_signature_looked_at(run: Run, tmp_path: Path) -> None:
    kept = kept_at(tmp_path / "kept", INSTITUTION)
    outside = tmp_path / "minutes.txt"
    outside.write_text(kept.read_text())
    key = SigningKey.load(tmp_path / "signer.key").verifying.written
    nothing = {"SAKIP_CHECKPOINTS": "", "SAKIP_SIGNING_KEY": ""}
    told = run("verify", "--checkpoint", str(outside), "--key", key, **nothing)
    assert (told.exit_code, "sesuai checkpoint" in told.stdout, "tidak diperiksa" in told.stdout) == (0, True, False)
    assert "tanda tangan checkpoint tidak diperiksa" in run("verify", "--checkpoint", str(outside), **nothing).stdout
    stranger = SigningKey.create("sakip.contoh").verifying.written
    assert run("verify", "--checkpoint", str(outside), "--key", stranger).exit_code == 1
    assert run("verify", "--institution", "lain", "--checkpoint", str(outside)).exit_code == 2
    outside.write_text("bukan checkpoint")
    assert run("verify", "--checkpoint", str(outside)).exit_code == 1
    kept.write_text(kept.read_text().replace(INSTITUTION, "lain"))
    assert run("verify").exit_code == 1
