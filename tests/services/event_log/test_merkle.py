"""The tree gives what RFC 6962 says: published roots, and a second implementation straight from its definition."""

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import cache

import pytest

from services.event_log.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    fold_complete,
    inclusion_proof,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

Mix = Callable[[bytes, bytes], bytes]

# The inputs and roots that the implementations of Certificate Transparency share as their test tree.
LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = [*range(18), 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257]
WIDE = sorted({(1 << power) + off for power in range(9, 13) for off in (-1, 0, 1)})


def leaf(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def numbered(count: int) -> list[bytes]:
    return [leaf(str(number).encode()) for number in range(count)]


class Listed:
    """Complete subtrees of leaf hashes held in a list."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves
        self.node = cache(self._node)

    def _node(self, level: int, index: int) -> bytes:
        covered = self.leaves[index << level : (index + 1) << level]
        assert len(covered) == 1 << level, "asked for a subtree that is not complete"
        return fold_complete(covered)


# ── the definition of the RFC, word by word, over slices ─────────────────────────────────────────────────────────────


def split(count: int) -> int:
    """Return the largest power of two below a count."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


class Defined:
    """MTH, PATH and PROOF of RFC 6962 §2.1 over all leaves, remembered by range."""

    def __init__(self, leaves: Sequence[bytes], mix: Mix = node_hash) -> None:
        self.leaves = leaves
        self.mix = mix
        self.root = cache(self._root)

    def _root(self, start: int, end: int) -> bytes:
        if start == end:
            return hashlib.sha256().digest()
        if end - start == 1:
            return self.leaves[start]
        middle = start + split(end - start)
        return self.mix(self.root(start, middle), self.root(middle, end))

    def path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + split(end - start)
        if index < middle:
            return [*self.path(index, start, middle), self.root(middle, end)]
        return [*self.path(index, middle, end), self.root(start, middle)]

    def proof(self, old: int, start: int, end: int, *, known: bool = True) -> list[bytes]:
        if old == end:
            return [] if known else [self.root(start, end)]
        middle = start + split(end - start)
        if old <= middle:
            return [*self.proof(old, start, middle, known=known), self.root(middle, end)]
        return [*self.proof(old, middle, end, known=False), self.root(start, middle)]


def test_the_published_roots() -> None:
    hashes = [leaf(content) for content in LEAVES]
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT
    for size, published in enumerate(ROOTS, 1):
        frontier.append(hashes[size - 1])
        assert frontier.root().hex() == root_of(Listed(hashes), size).hex() == published


def test_the_published_paths() -> None:
    nodes = Listed([leaf(content) for content in LEAVES])
    assert inclusion_proof(nodes, 0, 1) == []
    assert [each.hex() for each in inclusion_proof(nodes, 0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [each.hex() for each in inclusion_proof(nodes, 5, 8)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [each.hex() for each in consistency_proof(nodes, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_roots_agree_with_the_definition() -> None:
    hashes = numbered(WIDE[-1])
    nodes, defined, frontier = Listed(hashes), Defined(hashes), Frontier()
    for size in range(WIDE[-1] + 1):
        if size <= 257 or size in WIDE:
            assert frontier.root() == root_of(nodes, size) == defined.root(0, size), size
        if size < WIDE[-1]:
            frontier.append(hashes[size])


@pytest.mark.parametrize("size", SIZES[1:])
def test_inclusion_proofs_agree_with_the_definition(size: int) -> None:
    hashes = numbered(size)
    nodes, defined = Listed(hashes), Defined(hashes)
    root = defined.root(0, size)
    for index in range(size):
        proof = inclusion_proof(nodes, index, size)
        assert proof == defined.path(index, 0, size)
        assert verify_inclusion(hashes[index], index, size, proof, root)


@pytest.mark.parametrize("size", SIZES[1:])
def test_consistency_proofs_agree_with_the_definition(size: int) -> None:
    hashes = numbered(size)
    nodes, defined = Listed(hashes), Defined(hashes)
    for old in range(1, size):
        proof = consistency_proof(nodes, old, size)
        assert proof == defined.proof(old, 0, size)
        assert verify_consistency(old, defined.root(0, old), size, defined.root(0, size), proof)


@pytest.mark.parametrize("size", WIDE)
def test_proofs_of_wide_trees_agree_with_the_definition(size: int) -> None:
    hashes = numbered(size)
    nodes, defined = Listed(hashes), Defined(hashes)
    for index in {0, 1, size // 3, size // 2, size - 2, size - 1}:
        assert inclusion_proof(nodes, index, size) == defined.path(index, 0, size)
        assert index == 0 or consistency_proof(nodes, index, size) == defined.proof(index, 0, size)


@pytest.mark.ordeal
def test_every_proof_of_every_tree_up_to_257_agrees_with_the_definition() -> None:
    hashes = numbered(257)
    nodes, defined = Listed(hashes), Defined(hashes)
    for size in range(1, 258):
        for index in range(size):
            assert inclusion_proof(nodes, index, size) == defined.path(index, 0, size)
            assert index == 0 or consistency_proof(nodes, index, size) == defined.proof(index, 0, size)


@pytest.mark.parametrize("size", [2, 3, 7, 8, 13])
def test_a_proof_holds_for_its_leaf_place_size_and_root_alone(size: int) -> None:
    hashes = numbered(size)
    root = root_of(Listed(hashes), size)
    for index in range(size):
        proof = inclusion_proof(Listed(hashes), index, size)
        for other in range(-1, size + 1):
            assert verify_inclusion(hashes[index], other, size, proof, root) is (other == index)
        assert not verify_inclusion(leaf(b"other"), index, size, proof, root)
        assert not verify_inclusion(hashes[index], index, size, proof, hashes[0])
        assert not verify_inclusion(hashes[index], index, size, [*proof, root], root)
        assert not verify_inclusion(hashes[index], index, size, proof[:-1], root)
        assert not verify_inclusion(hashes[index], index, 2 * size, proof, root)


def test_a_consistency_proof_holds_for_its_two_trees_alone() -> None:
    hashes = numbered(13)
    nodes = Listed(hashes)
    roots = [root_of(nodes, size) for size in range(14)]
    for old in range(1, 13):
        proof = consistency_proof(nodes, old, 13)
        assert not verify_consistency(old, roots[old - 1], 13, roots[13], proof)
        assert not verify_consistency(old, roots[old], 13, roots[12], proof)
        assert not verify_consistency(old, roots[old], 13, roots[13], proof[:-1])
        assert not verify_consistency(old, roots[old], 13, roots[13], [*proof, roots[1]])
        assert not verify_consistency(13, roots[13], old, roots[old], proof)
        for place in range(len(proof)):
            forged = [*proof[:place], leaf(b"forged"), *proof[place + 1 :]]
            assert not verify_consistency(old, roots[old], 13, roots[13], forged)


def test_trees_without_leaves_and_equal_trees_need_no_proof() -> None:
    nodes = Listed(numbered(5))
    root = root_of(nodes, 5)
    assert consistency_proof(nodes, 5, 5) == consistency_proof(nodes, 0, 5) == []
    assert verify_consistency(5, root, 5, root, [])
    assert not verify_consistency(5, root, 5, EMPTY_ROOT, [])
    assert verify_consistency(0, EMPTY_ROOT, 5, root, [])
    assert not verify_consistency(0, root, 5, root, [])
    for wrong in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="not in a tree"):
            inclusion_proof(nodes, *wrong)
    with pytest.raises(ValueError, match="no beginning"):
        consistency_proof(nodes, 6, 5)


def test_a_frontier_goes_on_from_where_another_stood() -> None:
    hashes = numbered(100)
    first, whole = Frontier(), Frontier()
    for each in hashes[:77]:
        first.append(each)
    second = Frontier(first.size, first.peaks)
    for each in hashes[77:]:
        second.append(each)
    for each in hashes:
        whole.append(each)
    assert (second.size, second.root()) == (100, whole.root())
    with pytest.raises(ValueError, match="peaks"):
        Frontier(3, [EMPTY_ROOT])


def test_without_the_prefix_a_node_passes_for_a_leaf() -> None:
    """The control: a tree without `00` and `01` gives other roots, and lets a pair of leaves be shown as one leaf."""

    def bare(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(left + right).digest()

    contents = LEAVES[2:6]
    naked = Defined([hashlib.sha256(content).digest() for content in contents], bare)
    assert naked.root(0, 4).hex() not in ROOTS
    pair = naked.leaves[0] + naked.leaves[1]
    pairs = Defined([hashlib.sha256(pair).digest(), naked.root(2, 4)], bare)
    assert pairs.root(0, 2) == naked.root(0, 4)

    safe = Defined([leaf(content) for content in contents])
    forged = Defined([leaf(safe.leaves[0] + safe.leaves[1]), safe.root(2, 4)])
    assert forged.root(0, 2) != safe.root(0, 4)


@pytest.mark.ordeal
def test_appending_costs_microseconds() -> None:
    hashes = numbered(100_000)
    frontier = Frontier()
    begun = time.perf_counter()
    for each in hashes:
        frontier.append(each)
    assert (time.perf_counter() - begun) / len(hashes) < 20e-6
