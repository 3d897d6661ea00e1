"""Thousands of requests drawn from the API's own description: never a 5xx, never a traceback, and no trace of a 4xx."""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from services.http.openapi import describe
from tests.services.http.further_on import go_on
from tests.services.http.strangers import Sent, Strangers
from tests.services.http.world import HOME, NEIGHBOUR, World, open_world, propose_and_sign, settle_in

EACH = 20
"""Requests in one example."""


@pytest.fixture
def lived_in() -> Iterator[World]:
    """Yield a world of its own in which every stage has begun."""
    with open_world("memory:") as world:
        settle_in(world)
        propose_and_sign(world)
        go_on(world)
        yield world


def send(world: World, sent: Sent) -> int:
    """Send a request, demand that it is answered as it should be, and return the status."""
    before = world.head(), world.head(NEIGHBOUR)
    token = None if sent.person is None else world.tokens.get((HOME, sent.person), "sakip_x")
    with capture_logs() as logs:
        answer = world.send(
            sent.method,
            sent.address,
            token=token,
            headers={name: value.encode("utf-8", "replace") for name, value in sent.headers},
            params=sent.query,
            content=sent.body,
        )
    assert answer.status_code < 500, (sent, answer.text, logs)
    assert not [each for each in logs if "exc_info" in each or each["log_level"] in {"error", "critical"}], (sent, logs)
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json", (sent, answer.text)
        assert sent.method == "HEAD" or {"code", "title", "status"} <= set(answer.json())
        assert (world.head(), world.head(NEIGHBOUR)) == before, (sent, answer.text)
    return answer.status_code


def send_many(world: World, number: int) -> Counter[int]:
    """Send as many drawn requests, and return how often each status was the answer."""
    statuses: Counter[int] = Counter()
    strangers = Strangers(describe(world.app), world.deeds)

    @settings(
        max_examples=number // EACH,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(strangers.request(), min_size=EACH, max_size=EACH))
    def answered(requests: list[Sent]) -> None:
        statuses.update(send(world, each) for each in requests)
        world.live(1)
        world.system.delivery.settle(HOME)

    answered()
    return statuses


def demand_variety(statuses: Counter[int], number: int) -> None:
    """Demand that the requests reached every kind of answer: else they would have been stopped at the gate."""
    assert statuses.total() >= number
    for status in (200, 201, 400, 401, 403, 404, 405, 409, 422):
        assert statuses[status] >= number // 1000, statuses


def test_two_thousand_strangers_are_answered(lived_in: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        statuses = send_many(lived_in, 2_000)
    demand_variety(statuses, 2_000)
    assert "Traceback" not in caplog.text


@pytest.mark.ordeal
def test_twenty_thousand_strangers_are_answered(lived_in: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        statuses = send_many(lived_in, 20_000)
    demand_variety(statuses, 20_000)
    assert "Traceback" not in caplog.text
