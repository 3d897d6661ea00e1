"""Worlds to send requests to: on a SQLite file, and in memory; tests share them, and rely on nothing others did."""

from collections.abc import Iterator

import pytest

from tests.services.http.further_on import go_on
from tests.services.http.world import World, open_world, propose_and_sign, settle_in


@pytest.fixture(scope="session")
def world_on_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Yield a settled world on a SQLite file, with one agreement in force."""
    yield from settled(f"sqlite:///{tmp_path_factory.mktemp('world') / 'sakip.db'}")


@pytest.fixture(scope="session")
def world_in_memory() -> Iterator[World]:
    """Yield a settled world in memory, with one agreement in force."""
    yield from settled("memory:")


@pytest.fixture(scope="session")
def world_further_on() -> Iterator[World]:
    """Yield a world in memory in which every stage has begun."""
    for world in settled("memory:"):
        go_on(world)
        yield world


@pytest.fixture(params=["world_on_file", "world_in_memory"])
def world(request: pytest.FixtureRequest) -> World:
    """Return a world on each of two stores."""
    found: World = request.getfixturevalue(request.param)
    return found


def settled(database_url: str) -> Iterator[World]:
    """Yield a world in which a year has begun."""
    with open_world(database_url) as world:
        settle_in(world)
        propose_and_sign(world)
        yield world
