"""Proofs about the log of an institution: that an entry is in it, and that an earlier state of it is its beginning."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final, TypeVar

import msgspec
from sqlalchemy import Engine

from services.event_log.contract import EventLog
from services.event_log.merkle import consistency_proof, inclusion_proof, root_of
from services.event_log.tiles import WIDTH, LeafHashes, TiledNodes, TileMissingError, fill
from services.tile_table import TileTable

Found = TypeVar("Found")
_TREES_REMEMBERED: Final = 8


class InclusionProof(msgspec.Struct, frozen=True, kw_only=True):
    """The entry at `position` is among the first `size`; hashes are 64 hexadecimal digits, from the leaf upwards."""

    position: int
    size: int
    leaf_hash: str
    root: str
    hashes: tuple[str, ...]


class ConsistencyProof(msgspec.Struct, frozen=True, kw_only=True):
    """The first `old_size` of the first `size` entries had the root `old_root`; hashes are 64 hexadecimal digits."""

    old_size: int
    size: int
    old_root: str
    root: str
    hashes: tuple[str, ...]


class Proofs:
    """Builds proofs out of the log and a cache of tiles, which fills itself and is filled anew where it has a hole."""

    def __init__(self, log: EventLog, engine: Engine) -> None:
        self._log = log
        self._engine = engine
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")  # one round trip for a tile, not three
        self._nodes = lru_cache(_TREES_REMEMBERED)(self._filled)
        self._complete: dict[str, int] = {}

    def root(self, institution: str, size: int) -> bytes:
        """Return the root of the first `size` entries; raise LookupError where the log has not so many."""
        return self._over(institution, size, lambda nodes: root_of(nodes, size))

    def inclusion(self, institution: str, position: int, size: int) -> InclusionProof:
        """Prove that an entry is among the first `size`.

        Raises:
            ValueError: the position is not among them.
            LookupError: the log has not so many entries.
        """

        def prove(nodes: TiledNodes) -> InclusionProof:
            hashes = inclusion_proof(nodes, position - 1, size)
            return InclusionProof(
                position=position,
                size=size,
                leaf_hash=nodes.node(0, position - 1).hex(),
                root=root_of(nodes, size).hex(),
                hashes=tuple(each.hex() for each in hashes),
            )

        return self._over(institution, size, prove)

    def consistency(self, institution: str, old_size: int, size: int) -> ConsistencyProof:
        """Prove that the first `old_size` entries are the beginning of the first `size`.

        Raises:
            ValueError: the earlier size is greater than the later one.
            LookupError: the log has not so many entries.
        """

        def prove(nodes: TiledNodes) -> ConsistencyProof:
            hashes = consistency_proof(nodes, old_size, size)
            return ConsistencyProof(
                old_size=old_size,
                size=size,
                old_root=root_of(nodes, old_size).hex(),
                root=root_of(nodes, size).hex(),
                hashes=tuple(each.hex() for each in hashes),
            )

        return self._over(institution, size, prove)

    def hashes(self, institution: str, old_size: int, size: int) -> list[bytes]:
        """Return a consistency proof as the signer of checkpoints takes it."""
        return self._over(institution, size, lambda nodes: consistency_proof(nodes, old_size, size))

    def keep_up(self, institution: str, size: int) -> None:
        """Make the tiles that the first `size` entries complete; where no further one is complete, do nothing."""
        complete = size // WIDTH
        if complete > self._complete.get(institution, 0):
            self._fill(institution, size)
            self._complete[institution] = complete

    def forget(self, institution: str) -> None:
        """Throw the tiles of an institution away; the next proof makes them again from the log."""
        self._complete.pop(institution, None)
        TileTable(self._engine, institution).forget()
        self._nodes.cache_clear()

    def tiles(self, institution: str) -> TileTable:
        """Return the tiles that are kept of an institution."""
        return TileTable(self._engine, institution)

    def _over(self, institution: str, size: int, ask: Callable[[TiledNodes], Found]) -> Found:
        try:
            return ask(self._nodes(institution, size))
        except TileMissingError:
            self.forget(institution)
            return ask(self._nodes(institution, size))

    def _filled(self, institution: str, size: int) -> TiledNodes:
        if size > self._log.head(institution):
            raise LookupError(f"the log of {institution} has fewer than {size} entries")
        leaf_hashes = self._fill(institution, size)
        return TiledNodes(TileTable(self._reading, institution), leaf_hashes, size)

    def _fill(self, institution: str, size: int) -> LeafHashes:
        leaf_hashes = partial(self._log.leaf_hashes, institution)
        tiles = TileTable(self._engine, institution)
        fill(tiles, leaf_hashes, size)
        tiles.flush()
        return leaf_hashes
