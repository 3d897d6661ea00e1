"""Runs the library's own contract classes on each recorder of ours, but for the methods that are listed here."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

import pytest

from services.clock import SystemClock
from services.event_log.contract import EventLog
from services.event_log.library_scope import LibraryScope

FACTORY: Final = "services.event_log.library:LogFactory"

SPEED: Final = "measures speed and asserts nothing; speed is measured on its own, against rivals in the same run"

LEFT_OUT: Final = {
    "AggregateRecorderTestCase.test_performance": SPEED,
    "ApplicationRecorderTestCase.test_performance": SPEED,
    "ApplicationRecorderTestCase.test_concurrent_throughput": SPEED,
    "ProcessRecorderTestCase.test_performance": SPEED,
    "TranscoderTestCase.*": "asks the library's own transcoder, which the adapter uses as it is",
    "TaggedDecisionCountersProjectionTestCase.*": "asks for a store without aggregates (DCB): another contract",
}
"""The methods of contract classes that can't apply, or say nothing of a log, each with its reason."""


class OnStore(ABC):
    """A contract class on one kind of log; each recorder has an institution to itself."""

    scope: LibraryScope
    urls: tuple[str, str]

    @property
    @abstractmethod
    def store(self) -> str:
        """Return the kind of the log: part of the name of its fixture."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for base in cls.__mro__:
            for method in vars(base).copy():
                if f"{base.__name__}.{method}" in LEFT_OUT:
                    setattr(cls, method, None)

    @pytest.fixture(autouse=True)
    def given_a_store(self, request: pytest.FixtureRequest, opened: Callable[[str], EventLog]) -> None:
        self.urls = request.getfixturevalue(f"{self.store}_urls")
        self.scope = LibraryScope(opened(self.urls[0]), "library/contract", SystemClock())


class OnStoreByEnvironment(OnStore, ABC):
    """Applications that read the environment of the process; what follows them has another log or scope."""

    @pytest.fixture(autouse=True)
    def given_an_environment(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        request.getfixturevalue("given_a_store")
        monkeypatch.setenv("PERSISTENCE_MODULE", FACTORY)
        monkeypatch.setenv("LIBRARY_DATABASE_URL", self.urls[0])
        for follower in ("COUNTERS", "EVENTCOUNTERS"):
            monkeypatch.setenv(f"{follower}_LIBRARY_DATABASE_URL", self.urls[1])
            monkeypatch.setenv(f"{follower}_LIBRARY_SCOPE", follower.lower())


class OnMemory(OnStore):
    store = "memory"


class OnSqlite(OnStore):
    store = "sqlite"


class OnPostgres(OnStore):
    store = "postgres"


STORES: Final = (OnMemory, OnSqlite, OnPostgres)
