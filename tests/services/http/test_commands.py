"""Commands over HTTP: receipts, repetition, versions, and refusals in the words of the law."""

from collections.abc import Mapping

import httpx
import pytest

from domain.cycle import commands
from services.http.command_routes import command_route
from tests.services.http.world import ADMINISTRATOR, COMMITMENT, HOME, YEAR, World


def establish(world: World, headers: Mapping[str, str | bytes] | None = None) -> httpx.Response:
    body = {"unit": world.new_unit(), "name": "Dinas Baru"}
    return world.post(ADMINISTRATOR, "/organisation/establish-unit", json=body, headers=headers)


def test_a_command_is_answered_with_its_receipt(world: World) -> None:
    before = world.head()
    answer = establish(world)
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["stream"] == "organisation"
    assert receipt["position"] == world.head() == before + 1
    assert receipt["events"] == ["unit.established.v1"]
    assert answer.headers["ETag"] == f'"{receipt["version"]}"'


def test_what_changes_nothing_is_answered_with_200_and_no_event(world: World) -> None:
    body = {"unit": "dinkes", "fiscal_year": YEAR, "document": "DPA", "number": "DPA/1", "effective_on": "2024-01-02"}
    first = world.post("perencana", "/organisation/ratify-budget", json=body)
    before = world.head()
    again = world.post("perencana", "/organisation/ratify-budget", json=body)
    assert first.status_code in {200, 201}  # another store's test may have been first on a shared world
    assert (again.status_code, again.json()["events"], world.head()) == (200, [], before)


def test_the_same_key_with_the_same_command_gives_the_first_receipt(world: World) -> None:
    unit = world.new_unit()
    headers = {"Idempotency-Key": f"key-{unit}"}
    body = {"unit": unit, "name": "Dinas Sekali"}
    first = world.post(ADMINISTRATOR, "/organisation/establish-unit", json=body, headers=headers)
    before = world.head()
    again = world.post(ADMINISTRATOR, "/organisation/establish-unit", json=body, headers=headers)
    assert first.status_code == again.status_code == 201
    assert again.json() == {**first.json(), "repeated": True}
    assert world.head() == before


def test_the_same_key_with_another_command_is_refused(world: World) -> None:
    headers = {"Idempotency-Key": f"key-{world.new_unit()}"}
    establish(world, headers=headers)
    before = world.head()
    answer = establish(world, headers=headers)
    assert (answer.status_code, answer.json()["code"], world.head()) == (422, "idempotency_key_reused", before)


def test_a_key_belongs_to_the_person_who_used_it(world: World) -> None:
    key = {"Idempotency-Key": f"key-{world.new_unit()}"}
    establish(world, headers=key)
    body = {"unit": "dinkes", "fiscal_year": YEAR, "document": "Renstra"}
    answer = world.post("perencana", "/organisation/register-document", json=body, headers=key)
    assert (answer.status_code, answer.json()["repeated"]) == (201, False)


@pytest.mark.parametrize("key", [b"", b"a" * 101, b"kunci dengan spasi", b"kunci\xff"])
def test_an_unfit_key_is_refused_by_name(world: World, key: bytes) -> None:
    before = world.head()
    answer = establish(world, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["fields"]) == (400, {"field": "Idempotency-Key"})
    assert world.head() == before


def test_if_match_lets_through_only_the_version_that_the_client_saw(world: World) -> None:
    seen = world.get(ADMINISTRATOR, "/organisation").headers["ETag"]
    world.system.delivery.settle(HOME)
    fresh = world.get(ADMINISTRATOR, "/organisation").headers["ETag"]
    assert establish(world, headers={"If-Match": fresh}).status_code == 201
    before = world.head()
    answer = establish(world, headers={"If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale_version")
    assert answer.json()["fields"]["actual"] > answer.json()["fields"]["expected"]
    assert world.head() == before


def test_the_tag_of_a_receipt_is_good_for_the_next_command(world: World) -> None:
    tag = establish(world).headers["ETag"]
    assert establish(world, headers={"If-Match": tag}).status_code == 201
    assert establish(world, headers={"If-Match": "*"}).status_code == 201


@pytest.mark.parametrize("tag", ["3", '"x"', '"', '"-1"', '"12345678901234567"', '"551c6903bc14869e"', '"1", "2"'])
def test_an_unfit_if_match_is_refused_by_name(world: World, tag: str) -> None:
    answer = establish(world, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["fields"]) == (400, {"field": "If-Match"})


def test_a_stage_that_is_not_open_yet_asks_to_come_back(world: World) -> None:
    before = world.head()
    body = {"unit": "dinsos", "fiscal_year": YEAR, "analysis": "Belum ada"}
    answer = world.post("operator-dinsos", "/report/compile", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "stage_not_open_yet")
    assert int(answer.headers["Retry-After"]) >= 1
    assert world.head() == before


def test_a_refusal_says_what_why_and_on_which_ground(world: World) -> None:
    answer = world.post("operator", "/measurement/verify", json={"unit": "dinkes", "fiscal_year": YEAR, "period": Q1})
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (403, 403, "role_missing")
    assert problem["type"] == "urn:sakip:problem:role_missing"
    assert problem["title"] == "Anda tidak memiliki kewenangan untuk tindakan ini"
    body = {"unit": "dinkes", "fiscal_year": YEAR, "commitments": [COMMITMENT]}
    again = world.post("operator", "/agreement/propose", json=body)
    assert (again.status_code, again.json()["legal_basis"]) == (409, "PermenPANRB 53/2014, Lampiran I")


def test_nobody_founds_an_institution_over_http(world: World) -> None:
    answer = world.post(ADMINISTRATOR, "/organisation/found", json={})
    assert answer.status_code in {404, 405}


def test_every_other_command_has_a_route_of_its_own(world_in_memory: World) -> None:
    routed = {
        handler.opt["command"]: (route.path_format, handler.http_methods)
        for route in world_in_memory.app.routes
        for handler in getattr(route, "route_handlers", ())
        if "command" in handler.opt
    }
    kinds = {name: kind for name, kind in commands().items() if name != "organisation.found"}
    assert set(routed) == set(kinds.values())
    assert all(methods == {"POST"} for _, methods in routed.values())
    assert len({path for path, _ in routed.values()}) == len(kinds)


def test_a_route_is_named_after_its_command() -> None:
    assert command_route(commands()["agreement.correct_target"]).paths == {"/correct-target"}


Q1 = {"fiscal_year": YEAR, "frequency": "quarter", "number": 1}
