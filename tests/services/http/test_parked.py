"""Where a read model stopped, answers and pages say so over HTTP, and a replay is refused and not guessed."""

import asyncio
from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest

from domain.agreement.events import CommitmentsProposed
from domain.event import RecordedEvent
from projections import cycle_row, cycle_status
from projections.cycle_row import CycleRow
from services.http.app import API
from services.http.authentication import COOKIE
from services.http.openapi import describe
from services.http.pages import PAGES
from tests.services.http.test_openapi import validator
from tests.services.http.world import (
    ADMINISTRATOR,
    FOUNDED,
    HOME,
    NEIGHBOUR,
    YEAR,
    Json,
    World,
    open_world,
    propose_and_sign,
    settle_in,
)

KEY = f"dinkes/{YEAR}"
MODEL = cycle_status.READ_MODEL.name
PROMISED = cycle_row._promised


@pytest.fixture
def broken() -> Iterator[World]:
    """Yield a world in which the fold of a unit's cycle fails at what the unit promises."""

    def fail(row: CycleRow, event: RecordedEvent[Any]) -> CycleRow:
        if isinstance(event.body, CommitmentsProposed):
            raise TypeError("janji tak terduga")
        return PROMISED(row, event)

    with open_world("memory:") as world, pytest.MonkeyPatch.context() as patch:
        settle_in(world)
        patch.setattr(cycle_row, "_promised", fail)
        propose_and_sign(world)
        world.system.delivery.settle(HOME)
        yield world


def test_answers_name_what_stopped(broken: World) -> None:
    answer = broken.get("auditor", "/cycle").json()

    (stopped,) = broken.system.parking.parked(HOME)
    assert answer["parked"] == [{"model": MODEL, "key": KEY, "position": stopped.position}]
    assert {each["unit"] for each in answer["data"]} > {"dinkes"}
    assert broken.get("auditor", "/agreement").json()["parked"] == []


@pytest.mark.parametrize("person", [ADMINISTRATOR, "auditor"])
def test_what_stopped_is_listed_with_its_reason_and_what_waits(broken: World, person: str) -> None:
    events = [each for each in broken.system.reader.events(HOME) if KEY in cycle_status.READ_MODEL.keys(each)]
    (proposed,) = (each.position for each in events if isinstance(each.body, CommitmentsProposed))
    waiting = [each.position for each in events if each.position >= proposed]
    told = broken.get(person, "/parked").json()

    assert told["data"] == [
        {
            "model": MODEL,
            "key": KEY,
            "position": proposed,
            "reason": "TypeError: janji tak terduga",
            "waiting": len(waiting),
            "positions": waiting,
            "since": broken.clock.now().isoformat().replace("+00:00", "Z"),
        }
    ]
    assert len(waiting) > 1
    assert told["position"] == broken.head()
    broken.system.delivery.settle(NEIGHBOUR)
    assert broken.get(ADMINISTRATOR, "/parked", NEIGHBOUR).json()["data"] == []
    document = describe(broken.app)
    answers = document["paths"][f"{API}/institutions/{{institution}}/parked"]["get"]["responses"]
    validator(document, answers["200"]["content"]["application/json"]["schema"]).validate(told)


def test_of_an_earlier_moment_the_list_holds_what_stopped_by_then_and_still_does(
    broken: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stopped,) = broken.system.parking.parked(HOME)
    at = {"known_at": stopped.position}
    before = broken.get("auditor", "/parked", params={"known_at": stopped.position - 1}).json()["data"]
    assert ([each["key"] for each in broken.get("auditor", "/parked", params=at).json()["data"]], before) == ([KEY], [])

    monkeypatch.setattr(cycle_row, "_promised", PROMISED)
    broken.system.parking.retry(HOME)
    assert broken.get("auditor", "/parked", params=at).json()["data"] == []
    assert broken.get("auditor", "/parked").json()["data"] == []


def test_the_list_is_told_in_pages(broken: World) -> None:
    propose_and_sign(broken, "dinsos", "operator-dinsos")
    whole = broken.get("auditor", "/parked").json()
    first = broken.get("auditor", "/parked", params={"limit": 1}).json()
    granted: Json = {"person": "operator", "role": "unit_operator", "unit": "bkad", "effective_on": FOUNDED}
    broken.do(ADMINISTRATOR, "/organisation/grant-role", **granted)
    propose_and_sign(broken, "bkad")
    second = broken.get("auditor", "/parked", params={"limit": 1, "cursor": first["cursor"]}).json()

    assert [each["key"] for each in whole["data"]] == [KEY, f"dinsos/{YEAR}"]
    assert first["data"] + second["data"] == whole["data"]
    assert (second["position"], second["cursor"]) == (first["position"], None)
    assert len(broken.get("auditor", "/parked").json()["data"]) == 3


def test_a_replay_is_refused(broken: World) -> None:
    (stopped,) = broken.system.parking.parked(HOME)
    earlier = broken.get("auditor", "/cycle", params={"known_at": stopped.position - 1})
    refused = broken.get("auditor", "/cycle", params={"known_at": stopped.position})

    assert earlier.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (409, "read_model_parked")
    assert refused.json()["fields"] == {"model": MODEL, "key": KEY, "position": stopped.position}
    assert "Retry-After" not in refused.headers


def test_pages_warn(broken: World) -> None:
    not_filled, *others = (page(broken, each.slug) for each in PAGES)

    assert "Sebagian halaman ini tertinggal." in not_filled
    assert KEY in not_filled
    assert "Alamat tetap" not in not_filled
    assert all("tertinggal" not in other and "Alamat tetap" in other for other in others)


def page(world: World, slug: str) -> str:
    """Return a page as the auditor gets it."""

    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(cast("Any", world.app))
        async with httpx.AsyncClient(transport=transport, base_url="http://sakip.test") as client:
            cookie = {"Cookie": f"{COOKIE}={world.tokens[HOME, 'auditor']}"}
            return await client.get(f"/instansi/{HOME}/{slug}", headers=cookie)

    answer = asyncio.run(sent())
    assert answer.status_code == 200, answer.text
    return answer.text
