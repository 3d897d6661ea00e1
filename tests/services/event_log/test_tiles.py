"""Proofs out of tiles are those out of the leaves, whatever is complete, missing or thrown away."""

from collections.abc import Callable, Sequence

import pytest

from services.event_log.merkle import consistency_proof, fold_complete, inclusion_proof, root_of
from services.event_log.tiles import WIDTH, TiledNodes, TileMissingError, fill
from tests.services.event_log.test_merkle import Listed, numbered

EDGES = [WIDTH * times + off for times in (1, 2, 3) for off in (-1, 0, 1)]


class Shelf:
    """Tiles in a dictionary."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], tuple[Sequence[bytes], bytes]] = {}

    def count(self, level: int) -> int:
        return max((index + 1 for kept, index in self.tiles if kept == level), default=0)

    def tile(self, level: int, index: int) -> bytes | None:
        return b"".join(self.tiles[level, index][0]) if (level, index) in self.tiles else None

    def roots(self, level: int, first: int, count: int) -> Sequence[bytes]:
        wanted = ((level, index) for index in range(first, first + count))
        return [self.tiles[key][1] for key in wanted if key in self.tiles]

    def keep(self, level: int, index: int, hashes: Sequence[bytes], root: bytes) -> None:
        self.tiles.setdefault((level, index), (hashes, root))


def reading(leaves: Sequence[bytes]) -> Callable[[int, int], Sequence[bytes]]:
    return lambda after, until: leaves[after:until]


@pytest.mark.parametrize("size", [1, 2, 77, *EDGES])
def test_tiled_proofs_are_those_of_the_leaves(size: int) -> None:
    leaves = numbered(size)
    shelf, plain = Shelf(), Listed(leaves)
    assert fill(shelf, reading(leaves), size) == size // WIDTH
    tiled = TiledNodes(shelf, reading(leaves), size)
    assert root_of(tiled, size) == root_of(plain, size)
    for index in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
        assert inclusion_proof(tiled, index, size) == inclusion_proof(plain, index, size)
        assert consistency_proof(tiled, index, size) == consistency_proof(plain, index, size)


def test_higher_tiles_are_made_of_the_roots_of_lower_ones() -> None:
    size = WIDTH * WIDTH + 3 * WIDTH + 5
    leaves = numbered(size)
    shelf = Shelf()
    assert fill(shelf, reading(leaves), size) == WIDTH + 3 + 1
    assert shelf.tiles[1, 0][0] == [fold_complete(leaves[at : at + WIDTH]) for at in range(0, WIDTH * WIDTH, WIDTH)]
    tiled, plain = TiledNodes(shelf, reading(leaves), size), Listed(leaves)
    for index in (0, 40_000, WIDTH * WIDTH - 1, WIDTH * WIDTH, size - 1):
        assert inclusion_proof(tiled, index, size) == inclusion_proof(plain, index, size)
        assert consistency_proof(tiled, index, size) == consistency_proof(plain, index, size)


def test_filling_goes_on_where_it_ended() -> None:
    leaves = numbered(WIDTH * 3)
    step, whole = Shelf(), Shelf()
    made = [fill(step, reading(leaves), size) for size in (10, WIDTH, WIDTH + 9, WIDTH * 3, WIDTH * 3)]
    assert made == [0, 1, 0, 2, 0]
    fill(whole, reading(leaves), WIDTH * 3)
    assert step.tiles == whole.tiles


def test_a_hole_is_found_and_never_proved_over() -> None:
    size = WIDTH * 3 + 1
    leaves = numbered(size)
    shelf = Shelf()
    fill(shelf, reading(leaves), size)
    del shelf.tiles[0, 1]
    tiled = TiledNodes(shelf, reading(leaves), size)
    for asked in (WIDTH + 4, 2):
        with pytest.raises(TileMissingError):
            inclusion_proof(tiled, asked, size)
    with pytest.raises(TileMissingError):
        fill(Shelf(), reading(leaves[:100]), WIDTH)
