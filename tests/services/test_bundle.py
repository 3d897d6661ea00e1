"""A bundle is checked by one file without the program, and whatever is changed in it is found at its position."""

import hashlib
import importlib.util
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

import click
import pytest
from click.testing import CliRunner

from services.bundle import BundleRefusedError, Manifest, write_bundle
from services.cli import sakip
from services.event_log.checkpoint import Signer
from services.event_log.leaf import leaf_hash
from services.event_log.merkle import consistency_proof, inclusion_proof, root_of
from services.event_log.note import SigningKey
from tests.databases import copy_database
from tests.services.event_log.test_merkle import Listed, numbered
from tests.services.office import INSTITUTION, YEAR, Office, office, open_year, sign

SCRIPT = Path(__file__).parents[2] / "deploy" / "verify_bundle.py"
Row = dict[str, Any]
Change = Callable[[list[Row]], None]


@pytest.fixture(scope="session")
def verifier() -> ModuleType:
    """Load the stand-alone verifier as a module."""
    spec = importlib.util.spec_from_file_location("verify_bundle", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Signed:
    """A bundle of a signed year, and what an auditor has besides it."""

    def __init__(self, folder: Path, opened: Office) -> None:
        self.folder = folder
        self.opened = opened
        self.path = folder / "bundle.zip"
        self.signer = SigningKey.create("sakip.contoh")
        self.key = self.signer.verifying.written
        self.early = self.sign(20, begin=True)
        self.last = self.sign(opened.head)
        self.manifest = self.write(self.path)

    def sign(self, size: int, *, begin: bool = False) -> str:
        proofs = self.opened.system.proofs
        signer = Signer(self.signer, self.folder / "kept")
        root = proofs.root(INSTITUTION, size)
        return signer.sign(INSTITUTION, size, root, lambda old, new: proofs.hashes(INSTITUTION, old, new), begin=begin)

    def write(self, path: Path) -> Manifest:
        return write_bundle(self.opened.system, INSTITUTION, YEAR, path, checkpoint=self.last, since=self.early)

    def changed(self, target: Path, name: str, change: Callable[[bytes], bytes | None]) -> Path:
        """Copy the bundle with one of its files changed, or left out."""
        with ZipFile(self.path) as old, ZipFile(target, "w") as new:
            for entry in old.namelist():
                content = change(old.read(entry)) if entry == name else old.read(entry)
                if content is not None:
                    new.writestr(entry, content)
        return target

    def with_events(self, target: Path, change: Change) -> Path:
        """Copy the bundle with its events changed."""

        def of(content: bytes) -> bytes:
            rows = [json.loads(line) for line in content.splitlines()]
            change(rows)
            return b"".join(json.dumps(row).encode() + b"\n" for row in rows)

        return self.changed(target, "events.jsonl", of)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    folder = tmp_path_factory.mktemp("bundle")
    with office(f"sqlite:///{folder / 'sakip.db'}") as opened:
        open_year(opened)
        sign(opened)
        opened.settle()
        yield Signed(folder, opened)


@pytest.fixture
def outcome(verifier: ModuleType, capsys: pytest.CaptureFixture[str]) -> Callable[..., Row]:
    """Run the verifier and return what it says as JSON, its exit code included."""

    def run(path: Path, *words: str) -> Row:
        code = verifier.main([str(path), "--json", *words])
        found: Row = json.loads(capsys.readouterr().out)
        assert found["sound"] is (code == 0)
        return found

    return run


def test_a_bundle_agrees_with_its_checkpoint(signed: Signed, outcome: Callable[..., Row]) -> None:
    found = outcome(signed.path, "--key", signed.key)
    assert (found["sound"], found["size"]) == (True, signed.opened.head), found
    of_year = [e for e in signed.opened.system.log.read(INSTITUTION, limit=10_000) if e.fiscal_year == YEAR]
    assert found["events"] > len(of_year) > 5
    assert found["texts"] == signed.manifest.texts > 5
    assert found["rulebooks"] == len(signed.manifest.rulebooks) == 2
    assert signed.manifest.files > 0
    assert len(found["not_shown"]) == 4
    assert any("melanjutkan checkpoint" in each and "20" in each for each in found["notes"])


def test_it_runs_without_the_program(signed: Signed, tmp_path: Path) -> None:
    shutil.copy(SCRIPT, tmp_path / "check.py")
    command = [sys.executable, "-I", "-W", "error", "check.py", str(signed.path), "--key", signed.key]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("UTUH")
    for each in ("isi suatu catatan benar", "semua yang terjadi dicatat", "ekor log tidak dipotong"):
        assert each in done.stdout
    source = SCRIPT.read_text(encoding="utf-8")
    assert "services" not in source
    assert "domain" not in source


def shift(row: Row, column: str) -> None:
    value = row[column]
    changed = {
        "recorded_at": "2031-01-01T00:00:00Z",
        "proof": [*value[:-1], "00" * 32] if column == "proof" else None,
        "leaf_hash": "00" * 32,
    }
    row[column] = changed.get(column) or (value + 1 if isinstance(value, int) else f"{value or ''}x")


COLUMNS = (
    *("institution", "position", "stream", "version", "fiscal_year", "type", "recorded_at", "effective_on", "origin"),
    *("actor_id", "actor_role", "actor_unit", "command_id", "index", "causation", "correlation", "payload"),
    *("leaf_hash", "proof"),
)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_found_at_its_position(
    signed: Signed, outcome: Callable[..., Row], tmp_path: Path, column: str
) -> None:
    at = 25
    positions: list[int] = []

    def change(rows: list[Row]) -> None:
        assert rows[at].keys() == set(COLUMNS)
        positions.append(rows[at]["position"])
        shift(rows[at], column)

    found = outcome(signed.with_events(tmp_path / "forged.zip", change), "--key", signed.key)
    expected = positions[0] + (column == "position")
    assert (found["sound"], found["position"]) == (False, expected), found


def swap(rows: list[Row]) -> None:
    rows[25]["payload"], rows[26]["payload"] = rows[26]["payload"], rows[25]["payload"]


@pytest.mark.parametrize(
    ("change", "position"),
    [
        (swap, True),
        (lambda rows: rows.pop(25), True),
        (lambda rows: rows.pop(), False),
        (lambda rows: rows.insert(27, rows[25]), True),
        (lambda rows: rows.clear(), False),
    ],
)
def test_swapped_missing_and_repeated_events_are_found(
    signed: Signed, outcome: Callable[..., Row], tmp_path: Path, change: Change, *, position: bool
) -> None:
    found = outcome(signed.with_events(tmp_path / "forged.zip", change), "--key", signed.key)
    assert (found["sound"], found["position"] is not None) == (False, position), found


def test_a_fresh_hash_does_not_help(
    signed: Signed, outcome: Callable[..., Row], verifier: ModuleType, tmp_path: Path
) -> None:
    def change(rows: list[Row]) -> None:
        rows[25]["actor_id"] = "bupati"
        rows[25]["leaf_hash"] = hashlib.sha256(b"\x00" + verifier.leaf_of(rows[25])).hexdigest()

    found = outcome(signed.with_events(tmp_path / "forged.zip", change), "--key", signed.key)
    assert (found["sound"], "pohon" in found["reason"]) == (False, True)
    assert found["position"] is not None


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("texts.jsonl", b'"text":"', b'"text":"x'),
        ("files.jsonl", b'"file":"', b'"file":"0'),
        ("checkpoint.txt", b"sakip.contoh/", b"sakip.lain/"),
        ("checkpoint.txt", b"\n\n", b"\n"),
        ("since.txt", b"\n20\n", b"\n21\n"),
        ("consistency.json", b'"hashes":["', b'"hashes":["00'),
        ("manifest.json", b'"root": "', b'"root": "00'),
        ("manifest.json", b"sakip-bundle.v1", b"sakip-bundle.v2"),
        ("manifest.json", b'"events": ', b'"events": 1'),
        ("manifest.json", b"{", b"["),
    ],
)
def test_whatever_else_is_changed_is_found(
    signed: Signed, outcome: Callable[..., Row], tmp_path: Path, name: str, old: bytes, new: bytes
) -> None:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    assert not outcome(signed.changed(tmp_path / "forged.zip", name, change), "--key", signed.key)["sound"]


def test_what_is_left_out_is_missed(signed: Signed, outcome: Callable[..., Row], tmp_path: Path) -> None:
    for name in ("manifest.json", "events.jsonl", "texts.jsonl", "files.jsonl", "checkpoint.txt", "consistency.json"):
        forged = signed.changed(tmp_path / f"{name}.zip", name, lambda _content: None)
        assert not outcome(forged, "--key", signed.key)["sound"], name
    rulebook = f"rulebooks/{signed.manifest.rulebooks[0]}.toml"
    found = outcome(signed.changed(tmp_path / "no-rule.zip", rulebook, lambda _content: None), "--key", signed.key)
    assert any("tidak ikut" in each for each in found["notes"])
    false = signed.changed(tmp_path / "rule.zip", rulebook, lambda content: content + b"#")
    assert not outcome(false, "--key", signed.key)["sound"]
    for content in (b"", b"PK", signed.path.read_bytes()[:-200]):
        (tmp_path / "torn.zip").write_bytes(content)
        assert not outcome(tmp_path / "torn.zip")["sound"]
    assert not outcome(tmp_path / "absent.zip")["sound"]


def test_another_key_is_not_the_signer_s(signed: Signed, outcome: Callable[..., Row]) -> None:
    assert not outcome(signed.path, "--key", SigningKey.create("sakip.contoh").verifying.written)["sound"]
    assert not outcome(signed.path, "--key", "bukan+kunci")["sound"]
    unsure = outcome(signed.path)
    assert (unsure["sound"], len(unsure["not_shown"])) == (True, 5)


def test_a_log_rewritten_as_a_whole_is_shown_by_an_outside_checkpoint_only(
    signed: Signed, outcome: Callable[..., Row], tmp_path: Path
) -> None:
    """The control: without it, and with a key of the forger, the forged bundle is sound in itself."""
    outside = tmp_path / "minutes.txt"
    outside.write_text(signed.early, encoding="utf-8")
    assert outcome(signed.path, "--key", signed.key, "--checkpoint", str(outside))["sound"]
    copy_database(signed.folder / "sakip.db", tmp_path / "sakip.db")
    with office(f"sqlite:///{tmp_path / 'sakip.db'}", founded=False) as forged:
        rewrite(forged, tmp_path / "sakip.db")
        bundle = tmp_path / "forged.zip"
        write_bundle(forged.system, INSTITUTION, YEAR, bundle)
    assert outcome(bundle)["sound"]
    found = outcome(bundle, "--checkpoint", str(outside))
    assert not found["sound"]
    with ZipFile(signed.path) as genuine, ZipFile(bundle, "a") as archive:
        archive.writestr("consistency.json", genuine.read("consistency.json"))
    found = outcome(bundle, "--checkpoint", str(outside))
    assert (found["sound"], "20 catatan pertama bukan lagi" in found["reason"]) == (False, True)


def rewrite(opened: Office, path: Path) -> None:
    """Change who did what at position 10, with fresh hashes, guards lifted."""
    entry = opened.system.log.read(INSTITUTION, after=9, limit=1)[0]
    changed = replace(entry, actor_id="bupati")
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE event SET actor_id = ?, leaf_hash = ? WHERE position = 10", ("bupati", leaf_hash(changed))
        )


def test_the_log_has_to_be_the_one_that_was_signed(signed: Signed, tmp_path: Path) -> None:
    system = signed.opened.system
    key = SigningKey.create("sakip.contoh")
    root = system.proofs.root(INSTITUTION, 20)
    foreign = Signer(key, tmp_path).sign("lain", 20, root, lambda _old, _new: [], begin=True)
    false = Signer(key, tmp_path).sign(INSTITUTION, 19, root, lambda _old, _new: [], begin=True)
    later = Signer(key, tmp_path / "later").sign(INSTITUTION, 10_000, root, lambda _old, _new: [], begin=True)
    for note in (foreign, false, later):
        for asked in ({"checkpoint": note}, {"since": note}):
            with pytest.raises(BundleRefusedError):
                write_bundle(system, INSTITUTION, YEAR, tmp_path / "no.zip", **asked)  # type: ignore[arg-type]
    with pytest.raises(BundleRefusedError, match="terdahulu"):
        write_bundle(system, INSTITUTION, YEAR, tmp_path / "no.zip", checkpoint=signed.early, since=signed.last)
    with pytest.raises(BundleRefusedError, match="2030"):
        write_bundle(system, INSTITUTION, 2030, tmp_path / "no.zip")
    assert not list(tmp_path.glob("no.zip*"))


def test_what_came_after_the_checkpoint_is_counted(signed: Signed, outcome: Callable[..., Row], tmp_path: Path) -> None:
    size = signed.opened.head - 3
    root = signed.opened.system.proofs.root(INSTITUTION, size)
    note = Signer(signed.signer, tmp_path).sign(INSTITUTION, size, root, lambda _old, _new: [], begin=True)
    manifest = write_bundle(signed.opened.system, INSTITUTION, YEAR, tmp_path / "part.zip", checkpoint=note)
    assert (manifest.size, manifest.left_out) == (size, 3)
    found = outcome(tmp_path / "part.zip", "--key", signed.key)
    assert (found["sound"], any("3 catatan sesudah" in each for each in found["notes"])) == (True, True)


def test_the_same_log_gives_the_same_bytes(signed: Signed, tmp_path: Path) -> None:
    signed.write(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == signed.path.read_bytes()


def test_the_verb_writes_and_the_verifier_agrees(signed: Signed, outcome: Callable[..., Row], tmp_path: Path) -> None:
    command: click.Command = sakip
    environment = {
        "SAKIP_DATABASE_URL": f"sqlite:///{signed.folder / 'sakip.db'}",
        "SAKIP_CHECKPOINTS": str(signed.folder / "kept"),
        "SAKIP_INSTITUTION": INSTITUTION,
    }
    early, target = tmp_path / "early.txt", tmp_path / "year.zip"
    early.write_text(signed.early, encoding="utf-8")
    words = ["export", "--year", str(YEAR), "--since", str(early), str(target)]
    done = CliRunner().invoke(command, words, env=environment)
    assert (done.exit_code, "Yang tidak dibuktikan" in done.stdout) == (0, True), done.output
    assert outcome(target, "--key", signed.key, "--checkpoint", str(early))["sound"]
    told = CliRunner().invoke(command, ["export", "--year", "2030", str(target)], env=environment)
    assert (told.exit_code, "tidak ada catatan tahun 2030" in told.stderr) == (1, True)
    unsigned = CliRunner().invoke(
        command, ["export", "--year", str(YEAR), "--json", str(target)], env={**environment, "SAKIP_CHECKPOINTS": ""}
    )
    assert json.loads(unsigned.stdout)["signed"] is False


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33, 64, 65])
def test_the_verifier_s_own_tree_is_that_of_the_rfc(verifier: ModuleType, size: int) -> None:
    leaves: Sequence[bytes] = numbered(size)
    nodes = Listed(leaves)
    root = root_of(nodes, size)
    for index in range(size):
        proof = inclusion_proof(nodes, index, size)
        assert verifier.included(index, size, leaves[index], proof) == root
        assert verifier.included(index, size, leaves[index], [*proof, root]) != root
        assert index == 0 or verifier.carried_on(
            index, size, consistency_proof(nodes, index, size), root_of(nodes, index)
        ) == (root_of(nodes, index), root)
