"""No route is open, and no institution sees another: every route is walked."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.http.app import API
from services.http.authentication import COOKIE
from tests.services.http.world import ADMINISTRATOR, HOME, NEIGHBOUR, World

FILLED = {
    "unit": "dinkes",
    "fiscal_year": "2024",
    "key": "2024.dinkes.agreement",
    "commitment": "imunisasi",
    "asset": "swagger-ui.css",
    "position": "1",
    "old_size": "1",
}


OPEN = {"/masuk", "/keluar", "/pages.css"}
"""What anybody may see: where a browser signs in and out, and the style of the page for it."""


def routes(world: World, institution: str, *, api: bool = True) -> Iterator[tuple[str, str]]:
    """Yield method and address of everything that the application answers, of the API or of the pages."""
    for route in (each for each in world.app.routes if each.path_format.startswith(API) is api):
        address = route.path_format.replace("{institution}", institution)
        for name, value in FILLED.items():
            address = address.replace(f"{{{name}}}", value)
        assert "{" not in address, f"{route.path_format} has a part that this test does not know"
        for handler in getattr(route, "route_handlers", ()):
            for method in sorted(handler.http_methods):
                yield method, address


def test_there_are_routes_to_walk(world_on_file: World) -> None:
    walked = list(routes(world_on_file, HOME))
    assert len(walked) > 150
    assert {method for method, _ in walked} == {"GET", "POST", "OPTIONS"}


@pytest.mark.parametrize("token", [None, "", "sakip_unknown", "x" * 10_000])
def test_without_a_known_token_no_route_answers(world_on_file: World, token: str | None) -> None:
    before = world_on_file.head()
    for method, address in routes(world_on_file, HOME):
        answer = world_on_file.send(method, address, token=token, json={} if method == "POST" else None)
        assert answer.status_code == 401, (method, address, answer.text)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json()["code"] == "not_authenticated"
    assert world_on_file.head() == before


def test_pages_without_a_known_token_lead_to_the_sign_in_only(world_on_file: World) -> None:
    walked = [each for each in routes(world_on_file, HOME, api=False) if each[1] not in OPEN]
    assert walked
    for method, address in walked:
        answer = world_on_file.send(method, address)
        assert answer.is_redirect, (method, address, answer.text)
        assert answer.headers["Location"].startswith("/masuk")


@pytest.mark.parametrize("institution", [HOME, "tidak-ada", "%00", "CONTOH"])
def test_a_token_of_one_institution_finds_nothing_at_another(world_on_file: World, institution: str) -> None:
    token = world_on_file.tokens[NEIGHBOUR, ADMINISTRATOR]
    heads = world_on_file.head(), world_on_file.head(NEIGHBOUR)
    walked = [each for each in routes(world_on_file, institution) if f"/institutions/{institution}" in each[1]]
    assert walked
    for method, address in walked:
        answer = world_on_file.send(method, address, token=token, json={} if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "institution_unknown"), (method, address)
    assert (world_on_file.head(), world_on_file.head(NEIGHBOUR)) == heads


def test_a_token_ends_when_it_expires_or_is_revoked(world: World) -> None:
    tokens = world.system.tokens
    address = f"{API}/institutions/{HOME}/cycle"
    ended = tokens.issue(HOME, "auditor", timedelta(0))
    assert world.send("GET", address, token=ended).status_code == 401
    world.issue(HOME, "sementara")
    assert world.get("sementara", "/cycle").status_code == 403
    tokens.revoke_all(HOME, "sementara")
    assert world.get("sementara", "/cycle").status_code == 401


def test_a_cookie_asks_but_never_commands(world: World) -> None:
    """A browser sends cookies by itself, also when another site makes it send a form."""
    cookie = {"Cookie": f"{COOKIE}={world.tokens[HOME, ADMINISTRATOR]}"}
    asked = world.send("GET", f"{API}/institutions/{HOME}/cycle", headers=cookie)
    assert asked.status_code == 200
    body = {"unit": world.new_unit(), "name": "Dinas Titipan"}
    before = world.head()
    commanded = world.send("POST", f"{API}/institutions/{HOME}/organisation/establish-unit", headers=cookie, json=body)
    assert (commanded.status_code, world.head()) == (401, before)


def test_answers_are_for_one_person_only(world: World) -> None:
    answer = world.get("auditor", "/cycle")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
