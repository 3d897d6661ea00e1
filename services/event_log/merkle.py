"""The tree of RFC 6962 over the leaf hashes of one log: roots, proofs, and their verification.

A node is SHA-256(`01` ‖ left ‖ right); leaves carry the prefix `00` (`services/event_log/leaf.py`), so that no node can
pass for a leaf. Hashes are 32 bytes. Leaves count from 0 here: the entry at position p is leaf p - 1. A *complete*
subtree is named by its level and index: it covers the leaves from index · 2^level to (index + 1) · 2^level.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Final, Protocol

NODE_PREFIX: Final = b"\x01"
HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


class Nodes(Protocol):
    """Where the roots of complete subtrees come from."""

    def node(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree that lies within the tree."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(`01` ‖ left ‖ right)."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def fold_complete(hashes: Sequence[bytes]) -> bytes:
    """Return the root over 2^k neighbouring nodes of one level."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


class Frontier:
    """A tree that grows at its end and keeps only the roots of its widest complete subtrees, at most one a level."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Take up again where another frontier stood; `peaks` from the widest to the narrowest."""
        if len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(peaks)}")
        self.size = size
        self._peaks = list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees, from the widest to the narrowest."""
        return tuple(self._peaks)

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf; one hash on average, at most one a level."""
        merged, size = leaf_hash, self.size
        while size & 1:
            merged = node_hash(self._peaks.pop(), merged)
            size >>= 1
        self._peaks.append(merged)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        return _fold_peaks(self._peaks)


def root_of(nodes: Nodes, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    return _fold_peaks([nodes.node(level, index) for level, index in _peaks_between(0, size)])


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return what shows that leaf `index` is among the first `size`: the audit path of RFC 6962 §2.1.1.

    Raises:
        ValueError: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    return _path(nodes, 0, index, size)


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Return what shows that the first `old` leaves are those of an earlier tree: RFC 6962 §2.1.2.

    It is empty where the sizes are equal or the earlier tree had no leaf.

    Raises:
        ValueError: the earlier tree would be larger than the later one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is no beginning of one of {new}")
    if old in {0, new}:
        return []
    index = old - 1
    level = (~index & (index + 1)).bit_length() - 1  # of the complete subtree that ends the earlier tree
    index >>= level
    seed = [nodes.node(level, index)] if index else []
    return seed + _path(nodes, level, index, new)


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof leads from a leaf to the root of a tree: RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows the earlier tree to be the beginning of the later one: RFC 9162 §2.1.4.2."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and new > 0
    if not 0 < old < new or not proof:
        return False
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    return _leads_to_both(old - 1, new - 1, path) == (old_root, new_root)


def _leads_to_both(node: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the two roots that a consistency path leads to, or None where it has another length."""
    while node & 1:
        node, last = node >> 1, last >> 1
    earlier = later = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            earlier, later = node_hash(sibling, earlier), node_hash(sibling, later)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            later = node_hash(later, sibling)
        node, last = node >> 1, last >> 1
    return (earlier, later) if last == 0 else None


def _path(nodes: Nodes, level: int, index: int, size: int) -> list[bytes]:
    """Return the siblings on the way from a complete subtree to the root; the last of a level may be incomplete."""
    path = []
    last = (size - 1) >> level
    while last:
        if index & 1:
            path.append(nodes.node(level, index - 1))
        elif index < last:
            border = [
                nodes.node(*peak) for peak in _peaks_between((index + 1) << level, min((index + 2) << level, size))
            ]
            path.append(_fold_peaks(border))
        level, index, last = level + 1, index >> 1, last >> 1
    return path


def _peaks_between(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the widest complete subtrees of the leaves from `start` on, which begin a subtree at least that wide."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees, the widest first."""
    if not peaks:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks))
