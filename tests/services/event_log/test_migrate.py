"""Preparing a database: what needs none, what is there already, and what no log is kept in."""

from collections.abc import Callable

import pytest

from services.event_log.contract import EventLog
from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write


def test_a_database_that_is_up_to_date_stays_as_it_is(stored_url: str, opened: Callable[[str], EventLog]) -> None:
    log = opened(stored_url)
    log.append(a_batch(a_write()))
    migrate(stored_url)

    assert log.head(INSTITUTION) == 1


def test_memory_needs_no_schema() -> None:
    migrate("memory:")

    assert open_log("memory:").institutions() == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_sqlite_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="a file is needed"):
        migrate(url)
    with pytest.raises(FileNotFoundError):
        open_log(url)


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        open_log("mysql://localhost/sakip")
