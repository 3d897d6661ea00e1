"""The library's way to a read model: its application, and a view that its `ProjectionRunner` keeps exactly once."""

from collections.abc import Mapping
from functools import singledispatchmethod
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

EVENTS_OF_AN_AGGREGATE = 50
VIEW = "counts"
TRACKING = "counting_tracking"
"""The tables of the view."""


class Measurement(Aggregate):
    """The realisations of a unit and year."""

    def __init__(self, unit: str, fiscal_year: int) -> None:
        self.unit = unit
        self.fiscal_year = fiscal_year
        self.realisations: dict[str, dict[str, Any]] = {}

    @event("Recorded")
    def record(self, effective_on: str, realisation: dict[str, Any]) -> None:
        self.realisations[realisation["commitment"]] = {"effective_on": effective_on, **realisation}


class Figures(Application[UUID]):
    """Keeps measurements."""

    def append(self, events: int) -> int:
        """Append a measurement of some events, saved at once; return the last position."""
        saved = self.save(measurement(events))
        return saved[-1].notification.id

    def last(self) -> int:
        return self.recorder.max_notification_id() or 0


class Counts(PostgresTrackingRecorder):
    """How many events each measurement has had: the least that a view can keep."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:  # noqa: ANN401 - those of the library
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS {0} (measurement text PRIMARY KEY, events bigint NOT NULL)").format(
                Identifier(VIEW)
            )
        )

    def count(self, measurement: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                SQL(
                    "INSERT INTO counts VALUES (%s, 1)"
                    " ON CONFLICT (measurement) DO UPDATE SET events = counts.events + 1"
                ),
                (measurement,),
            )

    def total(self) -> int:
        with self.datastore.transaction(commit=False) as cursor:
            row = cursor.execute(SQL("SELECT coalesce(sum(events), 0) AS total FROM counts")).fetchone()
        return int(row["total"]) if row else 0


class Counting(Projection[Counts]):
    """Counts whatever happens."""

    name = "counting"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401 - any event
        self.view.count(str(domain_event.originator_id), tracking)


def runner(environment: Mapping[str, str]) -> ProjectionRunner[Figures, Counts]:
    """Start the library's runner."""
    return ProjectionRunner(
        application_class=Figures, projection_class=Counting, view_class=Counts, env=dict(environment)
    )


def measurement(events: int, identifier: UUID | None = None) -> Measurement:
    """Return a measurement that is not saved yet, with realisations of the size of ours."""
    made = Measurement(str(identifier or uuid4()), 2030)
    for number in range(1, events):
        period = {"fiscal_year": 2030, "frequency": "month", "number": 1}
        realised = {"type": "number", "value": str(number / 4)}
        made.record("2030-01-31", {"commitment": f"iku-{number:02d}", "period": period, "realised": realised})
    return made
