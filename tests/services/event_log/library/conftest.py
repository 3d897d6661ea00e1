"""Two empty logs of each kind; on PostgreSQL they are one database, which holds any number of institutions."""

from pathlib import Path

import pytest

from services.event_log.migrate import migrate


@pytest.fixture
def memory_urls() -> tuple[str, str]:
    return "memory:", "memory:"


@pytest.fixture
def sqlite_urls(sqlite_url: str, tmp_path: Path) -> tuple[str, str]:
    second = f"sqlite:///{tmp_path / 'second.db'}"
    migrate(second)
    return sqlite_url, second


@pytest.fixture
def postgres_urls(fresh_postgres_url: str) -> tuple[str, str]:
    return fresh_postgres_url, fresh_postgres_url
