"""The library's contracts for recorders and their factory, on memory, SQLite and PostgreSQL."""

from abc import ABC

import pytest
from eventsourcing.persistence import Tracking
from eventsourcing.tests import persistence as contract
from eventsourcing.utils import Environment

from services.event_log.library import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogFactory,
    LogProcessRecorder,
    LogTrackingRecorder,
)
from tests.services.event_log.library.stores import FACTORY, OnMemory, OnPostgres, OnSqlite, OnStore


class AggregateRecorder(OnStore, contract.AggregateRecorderTestCase, ABC):
    def create_recorder(self) -> LogAggregateRecorder:
        return LogAggregateRecorder(self.scope)


class ApplicationRecorder(OnStore, contract.ApplicationRecorderTestCase[LogApplicationRecorder], ABC):
    def create_recorder(self) -> LogApplicationRecorder:
        return LogApplicationRecorder(self.scope)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class OrderOfNotifications(OnStore, contract.NonInterleavingNotificationIDsBaseCase, ABC):
    def create_recorder(self) -> LogApplicationRecorder:
        return LogApplicationRecorder(self.scope)


class TrackingRecorder(OnStore, contract.TrackingRecorderTestCase, ABC):
    def create_recorder(self) -> LogTrackingRecorder:
        return LogTrackingRecorder(self.scope)


class ProcessRecorder(OnStore, contract.ProcessRecorderTestCase, ABC):
    def create_recorder(self) -> LogProcessRecorder:
        return LogProcessRecorder(self.scope)


class ViewOfAnApplication(LogTrackingRecorder):
    """A recorder that the environment can choose."""

    def has_seen(self, notification_id: int) -> bool:
        return self.has_tracking_id("upstream", notification_id)


class Factory(OnStore, contract.InfrastructureFactoryTestCase[LogFactory], ABC):
    @pytest.fixture(autouse=True)
    def given_an_environment(self, request: pytest.FixtureRequest) -> None:
        request.getfixturevalue("given_a_store")
        self.env = Environment(env={"PERSISTENCE_MODULE": FACTORY, "LIBRARY_DATABASE_URL": self.urls[0]})

    def expected_factory_class(self) -> type[LogFactory]:
        return LogFactory

    def expected_aggregate_recorder_class(self) -> type[LogAggregateRecorder]:
        return LogAggregateRecorder

    def expected_application_recorder_class(self) -> type[LogApplicationRecorder]:
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[LogTrackingRecorder]:
        return LogTrackingRecorder

    def tracking_recorder_subclass(self) -> type[LogTrackingRecorder]:
        return ViewOfAnApplication

    def expected_process_recorder_class(self) -> type[LogProcessRecorder]:
        return LogProcessRecorder

    def test_a_chosen_recorder_works(self) -> None:
        view = self.factory.tracking_recorder(ViewOfAnApplication)
        assert isinstance(view, ViewOfAnApplication)
        view.insert_tracking(Tracking("upstream", 7))
        assert view.has_seen(7)


class TestAggregateRecorderOnMemory(OnMemory, AggregateRecorder): ...


class TestAggregateRecorderOnSqlite(OnSqlite, AggregateRecorder): ...


class TestAggregateRecorderOnPostgres(OnPostgres, AggregateRecorder): ...


class TestApplicationRecorderOnMemory(OnMemory, ApplicationRecorder): ...


class TestApplicationRecorderOnSqlite(OnSqlite, ApplicationRecorder): ...


class TestApplicationRecorderOnPostgres(OnPostgres, ApplicationRecorder): ...


class TestOrderOfNotificationsOnMemory(OnMemory, OrderOfNotifications): ...


class TestOrderOfNotificationsOnSqlite(OnSqlite, OrderOfNotifications): ...


class TestOrderOfNotificationsOnPostgres(OnPostgres, OrderOfNotifications): ...


class TestTrackingRecorderOnMemory(OnMemory, TrackingRecorder): ...


class TestTrackingRecorderOnSqlite(OnSqlite, TrackingRecorder): ...


class TestTrackingRecorderOnPostgres(OnPostgres, TrackingRecorder): ...


class TestProcessRecorderOnMemory(OnMemory, ProcessRecorder): ...


class TestProcessRecorderOnSqlite(OnSqlite, ProcessRecorder): ...


class TestProcessRecorderOnPostgres(OnPostgres, ProcessRecorder): ...


class TestFactoryOnMemory(OnMemory, Factory): ...


class TestFactoryOnSqlite(OnSqlite, Factory): ...


class TestFactoryOnPostgres(OnPostgres, Factory): ...
