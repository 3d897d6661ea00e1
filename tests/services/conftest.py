"""A small regency on each recorder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.services.office import Office, office


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
    """Let the program say nothing while it is tested, unless a test asks what it says."""
    before = structlog.get_config()
    structlog.configure(processors=[drop])
    yield
    structlog.configure(**before)


def drop(_logger: object, _method: str, _event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Drop an event."""
    raise structlog.DropEvent
