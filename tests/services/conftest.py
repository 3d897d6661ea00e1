"""A small regency on each recorder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.office import Office, office
from tests.services.silence import silence


@pytest.fixture
def regency() -> Iterator[Office]:
    """Open the regency in memory."""
    with office() as opened:
        yield opened


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """Return the URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'sakip.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def shared_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database of each kind."""
    url: str = request.getfixturevalue({"sqlite": "file_url", "postgres": "fresh_postgres_url"}[request.param])
    return url


@pytest.fixture
def stored(shared_url: str) -> Iterator[Office]:
    """Open the regency on a database of each kind."""
    with office(shared_url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Let the program say nothing, unless a test asks what it says."""
    with silence():
        yield
