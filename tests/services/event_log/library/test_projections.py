"""The library's contracts for what follows an application, on memory, SQLite and PostgreSQL."""

from abc import ABC

from eventsourcing.persistence import Tracking
from eventsourcing.tests import projection

from services.event_log.library import LogTrackingRecorder
from services.event_log.library_scope import LibraryScope
from tests.services.event_log.library.stores import OnMemory, OnPostgres, OnSqlite, OnStore, OnStoreByEnvironment


class CountersView(LogTrackingRecorder, projection.EventCountersView):
    """Counts in memory what the log remembers as processed."""

    def __init__(self, scope: LibraryScope) -> None:
        super().__init__(scope)
        self._created = 0
        self._subsequent = 0

    def get_created_event_counter(self) -> int:
        return self._created

    def get_subsequent_event_counter(self) -> int:
        return self._subsequent

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self.insert_tracking(tracking)
        self._created += 1

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self.insert_tracking(tracking)
        self._subsequent += 1


class Views(OnStore, projection.EventCountersViewTestCase, ABC):
    def construct_event_counters_view(self) -> CountersView:
        return CountersView(self.scope)


class Projections(OnStoreByEnvironment, projection.AggregateEventCountersProjectionTestCase, ABC):
    view_class = CountersView


class ProcessApplications(OnStoreByEnvironment, projection.EventSourcedProjectionTestCase, ABC): ...


class TestViewsOnMemory(OnMemory, Views): ...


class TestViewsOnSqlite(OnSqlite, Views): ...


class TestViewsOnPostgres(OnPostgres, Views): ...


class TestProjectionsOnMemory(OnMemory, Projections): ...


class TestProjectionsOnSqlite(OnSqlite, Projections): ...


class TestProjectionsOnPostgres(OnPostgres, Projections): ...


class TestProcessApplicationsOnMemory(OnMemory, ProcessApplications): ...


class TestProcessApplicationsOnSqlite(OnSqlite, ProcessApplications): ...


class TestProcessApplicationsOnPostgres(OnPostgres, ProcessApplications): ...
