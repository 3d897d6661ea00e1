"""The library's contracts for applications, its documented bank accounts and its process applications, on our logs."""

from abc import ABC

import pytest
from eventsourcing.tests import application, projection

from tests.services.event_log.library.stores import FACTORY, OnMemory, OnPostgres, OnSqlite, OnStore


class OnStoreByEnvironment(OnStore, ABC):
    """Applications that read the environment of the process, one log each."""

    @pytest.fixture(autouse=True)
    def given_an_environment(self, given_a_store: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PERSISTENCE_MODULE", FACTORY)
        monkeypatch.setenv("LIBRARY_DATABASE_URL", self.urls[0])
        monkeypatch.setenv("COUNTERS_LIBRARY_DATABASE_URL", self.urls[1])
        monkeypatch.setenv("COUNTERS_LIBRARY_SCOPE", "counters")


class BankAccounts(OnStoreByEnvironment, application.ExampleApplicationTestCase, ABC):
    expected_factory_topic = FACTORY


@pytest.mark.filterwarnings("always:'log' is deprecated:DeprecationWarning")  # the contract expects that warning
class Applications(OnStoreByEnvironment, application.ApplicationTestCase, ABC): ...


class ProcessApplications(OnStoreByEnvironment, projection.EventSourcedProjectionTestCase, ABC): ...


class TestBankAccountsOnMemory(OnMemory, BankAccounts): ...


class TestBankAccountsOnSqlite(OnSqlite, BankAccounts): ...


class TestBankAccountsOnPostgres(OnPostgres, BankAccounts): ...


class TestApplicationsOnMemory(OnMemory, Applications): ...


class TestApplicationsOnSqlite(OnSqlite, Applications): ...


class TestApplicationsOnPostgres(OnPostgres, Applications): ...


class TestProcessApplicationsOnMemory(OnMemory, ProcessApplications): ...


class TestProcessApplicationsOnSqlite(OnSqlite, ProcessApplications): ...


class TestProcessApplicationsOnPostgres(OnPostgres, ProcessApplications): ...
