"""The library's contracts for applications, and its own bank accounts, on memory, SQLite and PostgreSQL."""

from abc import ABC

import pytest
from eventsourcing.tests import application

from tests.services.event_log.library.stores import FACTORY, OnMemory, OnPostgres, OnSqlite, OnStoreByEnvironment


class BankAccounts(OnStoreByEnvironment, application.ExampleApplicationTestCase, ABC):
    expected_factory_topic = FACTORY


@pytest.mark.filterwarnings("always:'log' is deprecated:DeprecationWarning")  # the contract expects that warning
class Applications(OnStoreByEnvironment, application.ApplicationTestCase, ABC): ...


class TestBankAccountsOnMemory(OnMemory, BankAccounts): ...


class TestBankAccountsOnSqlite(OnSqlite, BankAccounts): ...


class TestBankAccountsOnPostgres(OnPostgres, BankAccounts): ...


class TestApplicationsOnMemory(OnMemory, Applications): ...


class TestApplicationsOnSqlite(OnSqlite, Applications): ...


class TestApplicationsOnPostgres(OnPostgres, Applications): ...
