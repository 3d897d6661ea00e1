"""Over HTTP an auditor gets what shows that nobody rewrote the log, and checks it without our code."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from services.event_log.checkpoint import Signer, kept_at
from services.event_log.merkle import verify_consistency, verify_inclusion
from services.event_log.note import SigningKey
from services.queries.log import signed_checkpoint
from tests.services.http.world import ADMINISTRATOR, HOME, World


def hashes(proof: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(each) for each in proof["hashes"]]


def test_an_entry_is_shown_to_be_in_the_log_as_it_was_at_a_moment(world: World) -> None:
    world.system.delivery.settle(HOME)  # an earlier test may have left workflows something to send
    entry = world.system.log.read(HOME, after=4, limit=1)[0]
    for known_at, size in ((None, world.head()), ("5", 5), ("9", 9)):
        params = {} if known_at is None else {"known_at": known_at}
        proof = world.get("auditor", "/log/proof/inclusion/5", params=params).json()["data"]
        assert (proof["position"], proof["size"], proof["leaf_hash"]) == (5, size, entry.leaf_hash.hex())
        assert verify_inclusion(entry.leaf_hash, 4, size, hashes(proof), bytes.fromhex(proof["root"]))


def test_an_earlier_log_is_shown_to_be_the_beginning_of_a_later_one(world: World) -> None:
    proof = world.get("auditor", "/log/proof/consistency/3", params={"known_at": "11"}).json()["data"]
    assert (proof["old_size"], proof["size"]) == (3, 11)
    roots = bytes.fromhex(proof["old_root"]), bytes.fromhex(proof["root"])
    assert verify_consistency(3, roots[0], 11, roots[1], hashes(proof))
    nothing = world.get("auditor", "/log/proof/consistency/0", params={"known_at": "11"}).json()["data"]
    assert (nothing["old_root"], nothing["hashes"]) == (hashlib.sha256().hexdigest(), [])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/log/proof/inclusion/12?known_at=11", 404),
        ("/log/proof/consistency/12?known_at=11", 404),
        ("/log/proof/inclusion/0", 400),
        ("/log/proof/inclusion/x", 400),
        ("/log/proof/consistency/-1", 400),
        ("/log/proof/inclusion/9007199254740992", 404),
    ],
)
def test_what_is_not_in_the_log_has_no_proof(world_on_file: World, address: str, status: int) -> None:
    answer = world_on_file.get("auditor", address)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("person", "status"), [("auditor", 200), (ADMINISTRATOR, 200), ("inspektur", 200), ("operator", 403)]
)
def test_proofs_are_for_those_who_verify(world_on_file: World, person: str, status: int) -> None:
    for address in ("/log/proof/inclusion/1", "/log/proof/consistency/1"):
        assert world_on_file.get(person, address).status_code == status


def test_the_last_signed_checkpoint_is_given_out(world_on_file: World, tmp_path: Path) -> None:
    proofs, key = world_on_file.system.proofs, SigningKey.create("sakip.contoh.go.id")
    note = Signer(key, tmp_path).sign(HOME, 7, proofs.root(HOME, 7), lambda _old, _new: [], begin=True)
    told = signed_checkpoint(tmp_path, HOME)
    assert told is not None
    assert (told.origin, told.size, told.note) == (f"sakip.contoh.go.id/{HOME}", 7, note)
    assert told.root == proofs.root(HOME, 7).hex()
    kept_at(tmp_path, HOME).unlink()
    assert signed_checkpoint(tmp_path, HOME) is None
    assert signed_checkpoint(None, HOME) is None
    assert world_on_file.get("auditor", "/log/checkpoint").json()["code"] == "nothing_recorded"
