"""The verbs that sign and prove, on a database of their own."""

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from services.cli import sakip
from services.event_log.checkpoint import Checkpoint
from services.event_log.merkle import verify_consistency, verify_inclusion
from services.event_log.migrate import migrate
from services.event_log.note import VerifyingKey
from services.event_log.opening import open_log
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write

Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "SAKIP_DATABASE_URL": f"sqlite:///{tmp_path / 'log.db'}",
        "SAKIP_SIGNING_KEY": str(tmp_path / "elsewhere.key"),
        "SAKIP_CHECKPOINTS": str(tmp_path / "elsewhere"),
        "SAKIP_INSTITUTION": INSTITUTION,
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    command: click.Command = sakip
    return lambda *words: CliRunner().invoke(command, words, env=environment)


def grow(environment: dict[str, str], stream: str, count: int) -> None:
    migrate(environment["SAKIP_DATABASE_URL"])
    log = open_log(environment["SAKIP_DATABASE_URL"])
    log.append(a_batch(a_write(stream, 0, count)))
    log.close()


def test_a_checkpoint_is_signed_kept_and_carried_on(run: Run, environment: dict[str, str]) -> None:
    made = run("checkpoint", "key", environment["SAKIP_SIGNING_KEY"], "--name", "sakip.contoh.go.id")
    key = VerifyingKey.read(made.stdout)
    grow(environment, "a", 5)
    assert run("checkpoint", "show").exit_code == 1
    unknown = run("checkpoint", "sign", "--begin", "--institution", "kab-gunungkidull")
    assert (unknown.exit_code, "tidak dikenal" in unknown.stderr) == (2, True)
    assert "--begin" in run("checkpoint", "sign").stderr
    first = run("checkpoint", "sign", "--begin").stdout
    grow(environment, "b", 8)
    second = json.loads(run("checkpoint", "sign", "--json").stdout)["note"]
    assert [Checkpoint.read(note, key).size for note in (first, second)] == [5, 13]
    assert run("checkpoint", "show").stdout == second
    proof = json.loads(run("proof", "consistency", "5").stdout)
    roots = Checkpoint.read(first).root, Checkpoint.read(second).root
    assert verify_consistency(5, roots[0], 13, roots[1], [bytes.fromhex(each) for each in proof["hashes"]])
    assert (proof["old_root"], proof["root"]) == (roots[0].hex(), roots[1].hex())
    again = run("checkpoint", "key", environment["SAKIP_SIGNING_KEY"], "--name", "sakip.contoh.go.id")
    assert again.exit_code == 1


def test_a_rollback_to_an_old_copy_is_not_signed(run: Run, environment: dict[str, str], tmp_path: Path) -> None:
    run("checkpoint", "key", environment["SAKIP_SIGNING_KEY"], "--name", "sakip.contoh.go.id")
    grow(environment, "a", 5)
    old = (tmp_path / "log.db").read_bytes()
    grow(environment, "b", 8)
    assert run("checkpoint", "sign", "--begin").exit_code == 0
    for leftover in tmp_path.glob("log.db-*"):
        leftover.unlink()
    (tmp_path / "log.db").write_bytes(old)
    refused = run("checkpoint", "sign")
    assert (refused.exit_code, "cadangan lama" in refused.stderr) == (1, True)
    grow(environment, "c", 9)
    refused = run("checkpoint", "sign")
    assert (refused.exit_code, "ditulis ulang" in refused.stderr) == (1, True)


def test_an_entry_is_proved_to_be_in(run: Run, environment: dict[str, str]) -> None:
    grow(environment, "a", 5)
    proof = json.loads(run("proof", "inclusion", "2", "--size", "4").stdout)
    assert (proof["position"], proof["size"]) == (2, 4)
    leaf, root, *path = (bytes.fromhex(each) for each in (proof["leaf_hash"], proof["root"], *proof["hashes"]))
    assert verify_inclusion(leaf, 1, 4, path, root)
    for words in (
        ("inclusion", "6"),
        ("inclusion", "5", "--size", "4"),
        ("consistency", "6"),
        ("inclusion", "1", "--size", "6"),
    ):
        assert run("proof", *words).exit_code == 1, words
    renewed = run("proof", "renew").stdout
    assert "5 catatan" in renewed


def test_without_key_or_folder_nothing_is_signed(run: Run, environment: dict[str, str]) -> None:
    grow(environment, "a", 1)
    assert run("checkpoint", "sign", "--begin").exit_code == 1
    del environment["SAKIP_SIGNING_KEY"]
    assert run("checkpoint", "sign", "--begin").exit_code == 2
