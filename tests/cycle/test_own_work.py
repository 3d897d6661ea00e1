"""A unit cannot verify, grade, close or release anything of its own: each attempt through HTTP, by its code."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.bootstrap import System
from tests.cycle.api import Api, api
from tests.cycle.played import Played, opened

QUARTER = {"fiscal_year": 2024, "frequency": "quarter", "number": 1}
PAPER = "e" * 64


@pytest.fixture(scope="module")
def client(played: Played) -> Iterator[Api]:
    """Yield a client of the played year: whatever is refused changes nothing."""
    with opened(played) as system, api(system) as found:
        yield found


def of(unit: str) -> dict[str, Any]:
    """Return the cycle of a unit as the API takes it."""
    return {"unit": unit, "fiscal_year": 2024}


def verifications(unit: str) -> dict[str, dict[str, Any]]:
    """Return what only Bagian Organisasi decides about a unit's figures and papers."""
    scope = {"reason": "Perlu", "commitments": ["aki"], "until": "2025-12-31"}
    duty = {"obligation": f"2024.{unit}.report"}
    return {
        "measurement.verify": {**of(unit), "period": QUARTER},
        "measurement.return": {**of(unit), "period": QUARTER, "reason": "Perlu"},
        "measurement.lock": {**of(unit), "period": QUARTER},
        "measurement.reopen": {**of(unit), "period": QUARTER, **scope},
        "report.return": {**of(unit), "reason": "Perlu", "correct_by": "2025-12-01"},
        "report.accept": of(unit),
        "obligation.extend": {**duty, "due_on": "2025-12-31", "reason": "Perlu"},
        "hold.recommend": {"hold": f"2024.{unit}.agreement", "reason": "Perlu"},
        "hold.serve_notice": {"hold": f"2024.{unit}.agreement", "number": "1"},
    }


def evaluations(unit: str) -> dict[str, dict[str, Any]]:
    """Return what only the Inspektorat decides about a unit's evaluation and recommendations."""
    team = [{"person": "sinta", "role": "team_lead"}]
    item = {"recommendation": f"2024.{unit}.r1", "unit": unit}
    letter = {"letter": "ST/9", "letter_date": "2025-10-01", "evaluation_year": 2025, "team": team}
    return {
        "evaluation.assign": {**of(unit), **letter},
        "evaluation.issue_lhe": {**of(unit), "number": "LHE/9"},
        "follow_up.approve_result": item,
        "follow_up.reject_result": {**item, "reason": "Perlu"},
        "follow_up.extend": {**item, "due_on": "2025-12-31", "reason": "Perlu"},
        "follow_up.reopen": {
            **item,
            "reason": "Perlu",
            "evidence": [{"file": PAPER, "name": "Bukti", "dated": "2025-10-01"}],
        },
    }


def gradings(unit: str) -> dict[str, dict[str, Any]]:
    """Return what only a member of the team does."""
    return {
        "evaluation.grade": {**of(unit), "mark": {"sub_component": "1a", "grade": "AA"}},
        "follow_up.propose_result": {
            "recommendation": f"2024.{unit}.r1",
            "unit": unit,
            "result": "sesuai",
            "reason": "Perlu",
        },
    }


def releases(unit: str) -> dict[str, dict[str, Any]]:
    """Return what only the authority over holds decides."""
    hold = {"hold": f"2024.{unit}.agreement"}
    shares = {"persons": [{"person": "ratna", "percent": "50"}], "months": ["2025-11"]}
    return {
        "hold.impose": {**hold, "decision": "Kep. 9", **shares},
        "hold.decline": {**hold, "reason": "Perlu"},
        "hold.release": {**hold, "scope": "all", "reason": "Perlu"},
        "obligation.waive": {"obligation": f"2024.{unit}.report", "reason": "Perlu"},
    }


def decisions(unit: str) -> dict[str, dict[str, Any]]:
    """Return everything that others decide about a unit."""
    judged = {"hold.decide_objection": {"hold": f"2024.{unit}.agreement", "upheld": True, "reason": "Perlu"}}
    return {**verifications(unit), **evaluations(unit), **gradings(unit), **releases(unit), **judged}


@pytest.mark.parametrize("command", decisions("dinkes"))
@pytest.mark.parametrize("person", ["agus", "maya"])
def test_operator_and_head_of_a_unit_decide_nothing_of_its_own(client: Api, person: str, command: str) -> None:
    assert client.refusal(person, command, **decisions("dinkes")[command]) == (403, "role_missing")


@pytest.mark.parametrize(
    ("person", "unit", "commands"),
    [
        ("kartika", "setda", verifications("setda")),
        ("fajar", "bappeda", verifications("bappeda")),
        ("hendra", "inspektorat", evaluations("inspektorat")),
        ("eko", "inspektorat", gradings("inspektorat")),
        ("sinta", "inspektorat", gradings("inspektorat")),
        ("ratna", "setda", releases("setda")),
    ],
    ids=["bureau of setda", "bureau of bappeda", "inspector", "team member", "team lead", "hold authority"],
)
def test_who_has_the_authority_has_it_over_others_only(
    client: Api, person: str, unit: str, commands: dict[str, dict[str, Any]]
) -> None:
    refused = {command: client.refusal(person, command, **fields) for command, fields in commands.items()}

    assert refused == dict.fromkeys(commands, (403, "own_work")), unit


def test_over_others_they_have_it(copy: System) -> None:
    """The control: whatever else refuses the same people here, it is not that they may not."""
    parts = {"kartika": verifications, "hendra": evaluations, "eko": gradings, "ratna": releases}
    with api(copy) as found:
        answers = {
            command: found.sends(person, command, **fields).status_code
            for person, part in parts.items()
            for command, fields in part("dinkes").items()
        }

    assert [command for command, status in answers.items() if status == 403] == []
    assert 201 in answers.values()


@pytest.mark.parametrize("command", ["measurement.verify", "measurement.return", "measurement.lock"])
@pytest.mark.parametrize("person", ["hendra", "sinta", "eko"])
def test_the_inspektorat_never_verifies_what_it_evaluates_later(client: Api, person: str, command: str) -> None:
    refused = client.refusal(person, command, **verifications("dinkes")[command])

    assert refused[0] == 403
    assert refused[1] in {"role_missing", "inspectorate_never_verifies"}
