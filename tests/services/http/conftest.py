"""Worlds to send requests to: on a SQLite file, and in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.http.world import World, open_file_world, open_world, settle_in


@pytest.fixture(scope="module", params=["sqlite", "memory"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Yield a settled world that the tests of a module share, on each of two stores."""
    with world_on(request.param, tmp_path_factory.mktemp("world")) as world:
        settle_in(world)
        yield world


def world_on(store: str, folder: Path) -> World:
    """Return a world on a store."""
    return open_file_world(folder) if store == "sqlite" else open_world("memory:")
