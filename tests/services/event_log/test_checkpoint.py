"""Checkpoints are notes in the published form, and a signer signs nothing that does not carry on what it signed."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.event_log.checkpoint import Checkpoint, NotASuccessorError, Signer, kept_at, last_signed
from services.event_log.merkle import EMPTY_ROOT, consistency_proof, root_of
from services.event_log.note import NoteUnsoundError, SigningKey, VerifyingKey, note_text, open_note
from tests.services.event_log.test_merkle import Listed, numbered

NAME = "sakip.contoh.go.id"
HOME = "kab-contoh"
SEED = bytes(range(32))

# Signed by the example key that documents of the format show; neither was made by this program.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

Tree = Callable[[int], tuple[int, bytes]]


@pytest.fixture
def key() -> SigningKey:
    return SigningKey(NAME, Ed25519PrivateKey.from_private_bytes(SEED))


def prover(leaves: Sequence[bytes]) -> Callable[[int, int], list[bytes]]:
    return lambda old, new: consistency_proof(Listed(leaves), old, new)


def test_a_note_that_another_program_signed_is_opened() -> None:
    assert open_note(GO_NOTE, VerifyingKey.read(GO_KEY)) == GO_NOTE.partition("\n\n")[0] + "\n"


def test_a_checkpoint_is_written_line_by_line(key: SigningKey) -> None:
    checkpoint = Checkpoint(origin=f"{NAME}/{HOME}", size=0, root=EMPTY_ROOT)
    note = key.sign(checkpoint.text)
    origin, size, root, empty, signature, end = note.split("\n")
    assert (origin, size, empty, end) == (f"{NAME}/{HOME}", "0", "", "")
    assert base64.b64decode(root) == hashlib.sha256().digest()
    dash, name, signed = signature.split(" ")
    assert (dash, name, len(base64.b64decode(signed))) == ("—", NAME, 4 + 64)
    assert base64.b64decode(signed)[:4] == key.verifying.id
    assert Checkpoint.read(note, key.verifying) == checkpoint
    also = note + "— saksi.example AAAAAP//\n"
    assert Checkpoint.read(also, key.verifying) == checkpoint


def test_whatever_is_changed_in_a_note_breaks_it(key: SigningKey) -> None:
    note = key.sign(Checkpoint(origin=f"{NAME}/{HOME}", size=12, root=EMPTY_ROOT).text)
    for place, character in enumerate(note):
        changed = note[:place] + ("A" if character != "A" else "B") + note[place + 1 :]
        with pytest.raises(NoteUnsoundError):
            Checkpoint.read(changed, key.verifying)
    with pytest.raises(NoteUnsoundError, match="tidak ditandatangani"):
        Checkpoint.read(note, SigningKey.create(NAME).verifying)
    for malformed in ("", "x", "a\n1\n\n", "a\n1\nx\n\n— n AAAA", note_text(note)):
        with pytest.raises(NoteUnsoundError):
            Checkpoint.read(malformed)


@pytest.mark.parametrize(
    "text", ["x\n01\n{root}\n", "x\n-1\n{root}\n", "\n1\n{root}\n", "x\n1\nAAAA\n", "x\n1\n*\n", "x\n"]
)
def test_what_is_signed_but_no_checkpoint_is_refused(key: SigningKey, text: str) -> None:
    note = key.sign(text.format(root=base64.b64encode(EMPTY_ROOT).decode()))
    with pytest.raises(NoteUnsoundError, match="checkpoint"):
        Checkpoint.read(note, key.verifying)


def test_a_key_survives_its_file_which_is_its_owner_s_alone(key: SigningKey, tmp_path: Path) -> None:
    path = tmp_path / "sakip.key"
    key.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load(path).verifying == key.verifying == VerifyingKey.read(key.verifying.written)
    with pytest.raises(FileExistsError):
        key.save(path)
    damaged = path.read_text().replace("sakip", "sakit")
    path.write_text(damaged)
    with pytest.raises(NoteUnsoundError):
        SigningKey.load(path)
    for wrong in ("", "a+b", "a+00000000+AAAA", key.verifying.written.replace("sakip", "sakit")):
        with pytest.raises(NoteUnsoundError):
            VerifyingKey.read(wrong)
    for name in ("", "dua kata", "a+b", "a\nb"):
        with pytest.raises(ValueError, match="nama kunci"):
            SigningKey.create(name)


def test_a_signer_follows_a_log_that_grows(key: SigningKey, tmp_path: Path) -> None:
    leaves = numbered(40)
    signer = Signer(key, tmp_path / "checkpoints")
    for size in (0, 1, 1, 7, 8, 8, 33, 40):
        root = root_of(Listed(leaves), size)
        note = signer.sign(HOME, size, root, prover(leaves), begin=size == 0)
        assert last_signed(tmp_path / "checkpoints", HOME) == note
        checkpoint = Checkpoint.read(note, key.verifying)
        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (f"{NAME}/{HOME}", size, root)
    assert last_signed(tmp_path / "checkpoints", "kab-lain") is None
    assert last_signed(None, HOME) is None


def test_a_signer_refuses_a_log_that_was_cut_or_rewritten(key: SigningKey, tmp_path: Path) -> None:
    leaves = numbered(40)
    signer = Signer(key, tmp_path)
    kept = signer.sign(HOME, 20, root_of(Listed(leaves), 20), prover(leaves), begin=True)
    rewritten = [*leaves[:7], leaves[0], *leaves[8:]]
    for size, other, reason in ((19, leaves, "dipotong"), (20, rewritten, "ditulis ulang"), (40, rewritten, "ulang")):
        with pytest.raises(NotASuccessorError, match=reason):
            signer.sign(HOME, size, root_of(Listed(other), size), prover(other))
    with pytest.raises(NotASuccessorError, match="ditulis ulang"):  # the true proof does not help the forged root
        signer.sign(HOME, 40, root_of(Listed(rewritten), 40), prover(leaves))
    assert last_signed(tmp_path, HOME) == kept
    assert signer.sign(HOME, 40, root_of(Listed(leaves), 40), prover(leaves)) != kept


def test_a_lost_memory_is_no_new_beginning(key: SigningKey, tmp_path: Path) -> None:
    leaves = numbered(3)
    signer = Signer(key, tmp_path)
    root = root_of(Listed(leaves), 3)
    with pytest.raises(NotASuccessorError, match="--begin"):
        signer.sign(HOME, 3, root, prover(leaves))
    signer.sign(HOME, 3, root, prover(leaves), begin=True)
    with pytest.raises(NotASuccessorError, match="sudah ada"):
        signer.sign(HOME, 3, root, prover(leaves), begin=True)
    foreign = SigningKey.create(NAME)
    with pytest.raises(NoteUnsoundError):
        Signer(foreign, tmp_path).sign(HOME, 3, root, prover(leaves))
    with pytest.raises(ValueError, match="satu baris"):
        signer.sign("kab\ncontoh", 3, root, prover(leaves), begin=True)
    assert kept_at(tmp_path, "../etc").parent == tmp_path
