"""Tiles: rows of 256 neighbouring nodes of the tree, kept once they are complete, so that a proof reads a few of them.

A tile of level L holds nodes of level 8·L of the tree; its own root is a node of level 8·(L + 1). A complete tile never
changes while the log is what it was, and all of them can be thrown away and made again from the leaf hashes.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, Protocol

from services.event_log.merkle import HASH_BYTES, fold_complete, node_hash

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
_REMEMBERED: Final = 64

LeafHashes = Callable[[int, int], Sequence[bytes]]
"""Returns the leaf hashes of the entries after one position up to another, in order."""


class TileMissingError(LookupError):
    """A complete tile is not in the store, or not whole: throw the store away and fill it again."""


class TileStore(Protocol):
    """Complete tiles of one log, by level and index."""

    def count(self, level: int) -> int:
        """Return one more than the greatest index kept at a level, 0 where there is none."""

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the 256 hashes of a tile, one after the other, or None."""

    def roots(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return the roots of neighbouring tiles of a level, in order, as far as they are kept."""

    def keep(self, level: int, index: int, hashes: Sequence[bytes], root: bytes) -> None:
        """Keep a complete tile; where there is one already, it stays."""


class TiledNodes:
    """The nodes of the tree of the first `size` entries, out of tiles and, for the end of the log, leaf hashes."""

    def __init__(self, store: TileStore, leaf_hashes: LeafHashes, size: int) -> None:
        """Fill the store up to `size` first (`fill`)."""
        self._store = store
        self._leaf_hashes = leaf_hashes
        self._size = size
        self._pyramid = lru_cache(_REMEMBERED)(self._build)

    def node(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree.

        Raises:
            TileMissingError: the store has a hole.
        """
        tile_level, height = divmod(level, HEIGHT)
        tile, place = divmod(index, WIDTH >> height)
        return self._pyramid(tile_level, tile)[height][place]

    def _build(self, level: int, index: int) -> Sequence[Sequence[bytes]]:
        """Return the row of a tile and the rows above it, without its own root."""
        rows = [self._row(level, index)]
        while len(rows) < HEIGHT:
            below = rows[-1]
            rows.append([node_hash(below[place - 1], below[place]) for place in range(1, len(below), 2)])
        return rows

    def _row(self, level: int, index: int) -> Sequence[bytes]:
        first = index * WIDTH
        count = min((self._size >> (HEIGHT * level)) - first, WIDTH)
        if count < WIDTH:
            row = _end_of_level(self._store, self._leaf_hashes, level, first, count)
        else:
            content = self._store.tile(level, index) or b""
            row = [content[place : place + HASH_BYTES] for place in range(0, len(content), HASH_BYTES)]
        return _whole(row, count, level, index)


def fill(store: TileStore, leaf_hashes: LeafHashes, size: int) -> int:
    """Keep the tiles that are complete at a size and not kept yet; returns how many that were.

    Raises:
        TileMissingError: the store has a hole, or the log has fewer entries than `size`.
    """
    made = 0
    level, nodes = 0, size
    while nodes >= WIDTH:
        for index in range(store.count(level), nodes // WIDTH):
            row = _whole(_end_of_level(store, leaf_hashes, level, index * WIDTH, WIDTH), WIDTH, level, index)
            store.keep(level, index, row, fold_complete(row))
            made += 1
        level, nodes = level + 1, nodes // WIDTH
    return made


def agree(store: TileStore, leaf_hashes: LeafHashes) -> bool:
    """Tell whether every tile that is kept is what the leaf hashes, and the tiles below it, make it."""
    level = 0
    while count := store.count(level):
        for index in range(count):
            row = _end_of_level(store, leaf_hashes, level, index * WIDTH, WIDTH)
            if len(row) != WIDTH or store.tile(level, index) != b"".join(row):
                return False
            if list(store.roots(level, index, 1)) != [fold_complete(row)]:
                return False
        level += 1
    return True


def _end_of_level(store: TileStore, leaf_hashes: LeafHashes, level: int, first: int, count: int) -> Sequence[bytes]:
    if level == 0:
        return leaf_hashes(first, first + count)
    return store.roots(level - 1, first, count)


def _whole(row: Sequence[bytes], count: int, level: int, index: int) -> Sequence[bytes]:
    if len(row) != count:
        raise TileMissingError(f"tile {index} of level {level}: {len(row)} of {count} nodes")
    return row
