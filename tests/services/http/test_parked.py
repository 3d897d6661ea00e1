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
from services.http.authentication import COOKIE
from services.http.pages import PAGES
from tests.services.http.world import HOME, YEAR, World, open_world, propose_and_sign, settle_in

KEY = f"dinkes/{YEAR}"
MODEL = cycle_status.READ_MODEL.name


@pytest.fixture
def broken() -> Iterator[World]:
    """Yield a world in which the fold of a unit's cycle fails at what the unit promises."""
    promised = cycle_row._promised

    def fail(row: CycleRow, event: RecordedEvent[Any]) -> CycleRow:
        if isinstance(event.body, CommitmentsProposed):
            raise TypeError("janji tak terduga")
        return promised(row, event)

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
