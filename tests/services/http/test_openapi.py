"""The description of the API is whole and true, and its page needs nothing from the internet."""

import re
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from domain.cycle import commands
from services.http.app import API
from services.queries.table import QUERIES
from tests.services.http.further_on import HOLD, WAITING
from tests.services.http.test_queries import THERE, address_of
from tests.services.http.world import ADMINISTRATOR, COMMITMENT, HOME, YEAR, World


@pytest.fixture(scope="module")
def document(world_on_file: World) -> dict[str, Any]:
    """Return the document as the API gives it."""
    answer = world_on_file.send("GET", f"{API}/openapi.json", token=world_on_file.tokens[HOME, "auditor"])
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def validator(document: dict[str, Any], schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Return a validator of one schema within a document."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def test_every_route_is_described_once(world_on_file: World, document: dict[str, Any]) -> None:
    routed = {
        (route.path_format, method)
        for route in world_on_file.app.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods - {"OPTIONS"}
        if route.path_format.startswith(API)
    }
    described = {(path, method.upper()) for path, item in document["paths"].items() for method in item}
    assert described == routed
    names = [each["operationId"] for item in document["paths"].values() for each in item.values()]
    assert len(names) == len(set(names))
    assert set(commands()) - {"organisation.found"} <= set(names)
    assert set(QUERIES) <= set(names)


def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(document).validate()
    with pytest.raises(jsonschema_rs.ValidationError):
        schemathesis.openapi.from_dict({**document, "paths": []}).validate()


def test_every_reference_leads_somewhere_and_every_path_parameter_is_described(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', str(document).replace("'", '"'))):
        found = document
        for part in reference.split("/"):
            found = found[part]
    for path, item in document["paths"].items():
        for operation in item.values():
            described = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert described == set(re.findall(r"\{([^}]+)\}", path)), path


@pytest.mark.parametrize(("path", "code"), [("difference", "difference_too_large"), ("year", "year_file_too_large")])
def test_a_question_that_may_be_too_large_says_so(document: dict[str, Any], path: str, code: str) -> None:
    end = f"/history/{path}/{{fiscal_year}}"
    (told,) = (item["get"] for each, item in document["paths"].items() if each.endswith(end))
    assert f"`{code}`" in told["description"]


def test_a_command_is_described_exactly(document: dict[str, Any]) -> None:
    path = document["paths"][f"{API}/institutions/{{institution}}/agreement/propose"]["post"]
    check = validator(document, path["requestBody"]["content"]["application/json"]["schema"])
    body = {"unit": "dinkes", "fiscal_year": YEAR, "commitments": [COMMITMENT]}
    assert check.is_valid(body)
    assert check.is_valid({**body, "type": "agreement.propose"})
    wrongs: list[dict[str, Any]] = [
        {"fiscal_year": 1999},
        {"unit": "Dinkes"},
        {"commitments": []},
        {"colour": "red"},
        {"unit": None},
    ]
    for wrong in wrongs:
        assert not check.is_valid({**body, **wrong}), wrong


def test_a_text_goes_in_as_such_and_comes_out_with_a_word_on_its_being(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["RegisterPerson"]["properties"]["name"]["type"] == "string"
    assert "answer.Unsealed" in str(schemas["answer.Person"]["properties"]["name"])
    assert set(schemas["answer.Unsealed"]["properties"]) == {"text", "erased"}


THINGS = {
    "recommendation": f"/follow-up/{WAITING}",
    "hold": f"/allowance-hold/{HOLD}",
    "evaluation": f"/evaluation/dinkes/{YEAR - 1}",
}


@pytest.mark.parametrize(
    "name", sorted(name for name, query in QUERIES.items() if query.many or name in THERE | {*THINGS})
)
def test_every_answer_is_as_described(world_further_on: World, document: dict[str, Any], name: str) -> None:
    path = f"{API}/institutions/{{institution}}{QUERIES[name].address}"
    described = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    person = ADMINISTRATOR if name == "dead_letters" else "auditor"
    address = THINGS.get(name) or address_of(name)
    for day in ("2024-04-30", "2024-12-31"):
        answer = world_further_on.get(person, address, params={"valid_on": day})
        assert answer.status_code == 200, answer.text
        validator(document, described).validate(answer.json())


def test_problems_and_receipts_are_as_described(world_on_file: World, document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    problem = world_on_file.post("auditor", "/organisation/open-fiscal-year", json={"fiscal_year": 2030})
    validator(document, schemas["answer.Problem"]).validate(problem.json())
    body = {"unit": world_on_file.new_unit(), "name": "Dinas"}
    receipt = world_on_file.post(ADMINISTRATOR, "/organisation/establish-unit", json=body)
    operation = document["paths"][f"{API}/institutions/{{institution}}/organisation/establish-unit"]["post"]
    described = operation["responses"]["201"]["content"]["application/json"]["schema"]
    validator(document, described).validate(receipt.json())


def test_the_page_needs_nothing_from_elsewhere(world_on_file: World) -> None:
    token = world_on_file.tokens[HOME, "auditor"]
    page = world_on_file.send("GET", f"{API}/docs", token=token)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "http" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    for asset in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        answer = world_on_file.send("GET", f"{API}/{asset}", token=token)
        assert (answer.status_code, len(answer.content) > 500) == (200, True), asset
    assert world_on_file.send("GET", f"{API}/docs/swagger-editor.js", token=token).status_code == 404
    assert world_on_file.send("GET", f"{API}/docs/..%2Fcore.py", token=token).status_code == 404
