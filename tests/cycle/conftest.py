"""The played year: once for all tests and workers; a copy of it for those that change something."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.bootstrap import System
from tests.cycle.played import Played, opened, played_in
from tests.services.silence import silence


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Played:
    """Return the played year, which nobody may change; under xdist the first worker plays it for all."""
    own = tmp_path_factory.getbasetemp()
    return played_in((own if worker_id == "master" else own.parent) / "played")


@pytest.fixture(scope="session")
def year(played: Played) -> Iterator[System]:
    """Yield a system on the played year; for reading only."""
    with opened(played) as system:
        yield system


@pytest.fixture
def copied(played: Played, tmp_path: Path) -> Played:
    """Return a copy of the played year that the test may change."""
    return played.copied_to(tmp_path)


@pytest.fixture
def copy(copied: Played) -> Iterator[System]:
    """Yield a system on a copy of the played year that the test may change."""
    with opened(copied) as system:
        yield system


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Let the program say nothing while it is tested."""
    with silence():
        yield
