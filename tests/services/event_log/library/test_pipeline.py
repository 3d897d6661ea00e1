"""Three applications of the library in a row, each in a scope of its own, miss nothing and repeat nothing."""

from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.application import Application, ProcessingEvent
from eventsourcing.domain import Aggregate, DomainEventProtocol, event
from eventsourcing.system import ProcessApplication, SingleThreadedRunner, System

from services.event_log.migrate import migrate
from tests.services.event_log.library.stores import FACTORY


class Parcel(Aggregate):
    @event("Packed")
    def __init__(self, order: UUID) -> None:
        self.order = order


class Orders(Application[UUID]): ...


class Packing(ProcessApplication[UUID]):
    def policy(self, domain_event: DomainEventProtocol[UUID], processing_event: ProcessingEvent[UUID]) -> None:
        if isinstance(domain_event, Aggregate.Created):
            processing_event.collect_events(Parcel(domain_event.originator_id))


class Shipping(ProcessApplication[UUID]):
    def policy(self, domain_event: DomainEventProtocol[UUID], processing_event: ProcessingEvent[UUID]) -> None:
        processing_event.collect_events(Parcel(domain_event.originator_id))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    environment = {"PERSISTENCE_MODULE": FACTORY}
    for name in ("orders", "packing", "shipping"):
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / name}.db"
            migrate(url)
        else:
            url = "memory:" if request.param == "memory" else request.getfixturevalue("fresh_postgres_url")
        environment |= {f"{name.upper()}_LIBRARY_DATABASE_URL": url, f"{name.upper()}_LIBRARY_SCOPE": name}
    return environment


def test_each_application_processes_each_event_of_the_one_before_once(environment: dict[str, str]) -> None:
    with SingleThreadedRunner[UUID](System(pipes=[[Orders, Packing, Shipping]]), env=environment) as runner:
        orders, packing, shipping = runner.get(Orders), runner.get(Packing), runner.get(Shipping)
        placed = [Aggregate() for _ in range(5)]
        for order in placed:
            order.trigger_event(Aggregate.Event)
            orders.save(order)
        packed = packing.recorder.select_notifications(1, 99)
        parcels: list[Parcel] = [packing.repository.get(UUID(str(each.originator_id))) for each in packed]

        assert [parcel.order for parcel in parcels] == [order.id for order in placed]
        assert [each.id for each in packed] == [2, 5, 8, 11, 14]
        assert len(shipping.recorder.select_notifications(1, 99)) == len(placed)
        assert packing.recorder.max_tracking_id("Orders") == orders.recorder.max_notification_id()
        assert shipping.recorder.max_tracking_id("Packing") == packing.recorder.max_notification_id()
        for application in (orders, packing, shipping):
            application.close()
