"""Every question, page and export takes both axes of time, and refuses a moment that makes no sense."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec
import pytest

from domain.cycle import commands
from services.cli import sakip
from services.http.app import API
from services.http.openapi import describe
from services.http.page_asked import PageAsked
from services.http.pages import PAGES
from services.queries.asked import Asked
from services.queries.table import QUERIES
from tests.services.http.test_queries import address_of
from tests.services.http.world import HOME, YEAR, World

AXES = {"known_at", "valid_on"}

WITHOUT_TIME = {f"{API}/openapi.json", f"{API}/docs", f"{API}/docs/{{asset}}"}
"""What the API says of itself."""

NO_QUESTION = {
    "calendar": "proposes days off, reads no log",
    "checkpoint key": "makes a key",
    "checkpoint show": "prints what was signed, as it was signed",
    "checkpoint sign": "signs the head",
    "demo": "plays a year",
    "export": "a bundle reaches to its checkpoint, which is its moment; days select nothing among raw entries",
    "import": "writes",
    "institution found": "writes",
    "lag": "tells how far behind the read models are now",
    "migrate": "brings the schema up to date",
    "parked retry": "folds again what had stopped",
    "proof consistency": "proves between two sizes, which are its moments",
    "proof inclusion": "proves within a size, which is its moment",
    "proof renew": "makes a cache again",
    "rebuild": "folds again",
    "rulebooks": "lists files",
    "serve": "serves",
    "token issue": "writes",
    "token revoke": "writes",
    "verify": "checks the whole log",
    "worker": "works",
}
"""The verbs that are no question about the log as known at a moment, and why."""

NONSENSE = [
    ("2019-12-31", "known_at_before_first"),
    ("0", "known_at_before_first"),
    ("2999-01-01", "known_at_in_future"),
    ("2999-01-01T00:00:00+07:00", "known_at_in_future"),
    ("999999999999", "known_at_in_future"),
    ("yesterday", "known_at_malformed"),
    ("2024-01-08T10:00:00", "known_at_malformed"),
    ("", "known_at_malformed"),
]


def verbs(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every verb by its path."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from verbs(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def sends_a_command(path: str) -> bool:
    """Say whether a verb is one of the commands."""
    stages = {name.partition(".")[0] for name in commands()} | {"allowance-hold", "follow-up"}
    return " " in path and path.partition(" ")[0].replace("-", "_") in {each.replace("-", "_") for each in stages}


def test_every_query_takes_both() -> None:
    for name, query in QUERIES.items():
        assert issubclass(query.asked, Asked), name
        assert {field.name for field in msgspec.structs.fields(query.asked)} >= AXES, name
    assert {field.name for field in msgspec.structs.fields(PageAsked)} >= AXES


def test_every_route_that_reads_takes_both(world_in_memory: World) -> None:
    reads = 0
    for path, item in describe(world_in_memory.app)["paths"].items():
        if "get" in item and path not in WITHOUT_TIME:
            reads += 1
            assert {each["name"] for each in item["get"]["parameters"]} >= AXES, path
    assert reads > len(QUERIES)


def test_every_verb_that_asks_takes_both() -> None:
    asked = 0
    assert NO_QUESTION.keys() <= {path for path, _ in verbs(sakip)}
    for path, command in verbs(sakip):
        options = {parameter.name for parameter in command.params}
        if options >= AXES:
            asked += 1
            assert path not in NO_QUESTION, path
        elif path not in NO_QUESTION:
            assert sends_a_command(path), path
    assert asked == len(QUERIES) + 3  # and replay, diff, cause


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_refuses_a_moment_that_makes_no_sense(world: World, name: str) -> None:
    for moment, code in NONSENSE:
        answer = world.get("auditor", address_of(name), params={"known_at": moment})
        assert (answer.status_code, answer.json()["code"]) == (422, code), (moment, answer.text)
        assert "known_at" in answer.json()["fields"]
    answer = world.get("auditor", address_of(name), params={"valid_on": "2024-02-30"})
    assert (answer.status_code, answer.json()["code"]) == (422, "valid_on_malformed")


def test_the_workbook_refuses_it_too(world: World) -> None:
    for moment, code in NONSENSE:
        answer = world.get("auditor", f"/history/year/{YEAR}/workbook", params={"known_at": moment})
        assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_page_refuses_it_and_shows_no_empty_table(world: World, page: Any) -> None:  # noqa: ANN401 - a page
    token = world.tokens[HOME, "auditor"]
    for moment, _code in NONSENSE:
        if moment:  # a blank field of a form is one that was not filled in
            answer = world.send("GET", f"/instansi/{HOME}/{page.slug}", token=token, params={"known_at": moment})
            assert answer.status_code == 422, (moment, answer.text)
            assert "<table" not in answer.text
    answer = world.send("GET", f"/instansi/{HOME}/{page.slug}", token=token, params={"valid_on": "2024-02-30"})
    assert answer.status_code == 422
