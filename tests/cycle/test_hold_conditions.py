"""No hold starts without an adopted rule, notice and two different people: each attempt through HTTP, by its code."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.stream import hold_stream
from tests.cycle.api import Api, api
from tests.services.office import HOLD, Office, office, open_year

DECISION: dict[str, Any] = {
    "hold": HOLD,
    "decision": "Kep. Sekda 841/2024",
    "persons": [{"person": "kadin", "percent": "50"}],
    "months": ["2024-03"],
}
BEYOND_THE_RULE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"persons": [{"person": "op", "percent": "50"}]}, "person_not_hit"),
    ({"persons": [{"person": "kadin", "percent": "50.01"}]}, "share_above_rule"),
    ({"months": ["2023-12"]}, "month_unfit"),
)
NOT_OPEN = (409, "stage_not_open_yet")
DAYS = [f"2024-02-{day:02d}" for day in range(1, 13)]


@pytest.fixture
def late() -> Iterator[tuple[Office, Api]]:
    """Open a regency in which the agreement is overdue, its grace is over, and a hold is proposed."""
    with office() as opened, api(opened.system) as client:
        open_year(opened)
        opened.lives_through(*DAYS)
        yield opened, client


def let_the_notice_lapse(opened: Office, client: Api) -> None:
    """Serve the notice, and let its term pass."""
    client.does("kabag", "hold.serve_notice", hold=HOLD, number="800/1")
    opened.lives_through(*(f"2024-02-{day}" for day in range(13, 24)))
    assert opened.types(hold_stream(HOLD))[-1] == "hold.notice_lapsed.v1"


def test_without_an_adopted_rule_nothing_is_proposed_and_nobody_can() -> None:
    with office() as opened, api(opened.system) as client:
        open_year(opened)
        opened.does("kabag", "organisation.end_rulebook", kind="hold", reason="Dicabut", effective_on="2023-11-02")
        opened.lives_through(*DAYS, "2024-03-01")

        assert opened.types("obligation/2024.dinkes.agreement")[-1] == "obligation.overdue.v1"
        assert opened.types(hold_stream(HOLD)) == []
        for person in ("sekda", "kabag", "admin", "bupati"):
            assert client.refusal(person, "hold.propose", hold=HOLD) == (403, "role_missing")
        assert client.refusal("kabag", "hold.recommend", hold=HOLD, reason="Terlambat") == NOT_OPEN
        assert client.refusal("kabag", "hold.serve_notice", hold=HOLD, number="1") == NOT_OPEN
        assert client.refusal("sekda", "hold.impose", **DECISION) == NOT_OPEN


def test_step_by_step_what_is_missing_refuses_the_decision(late: tuple[Office, Api]) -> None:
    opened, client = late
    assert client.refusal("sekda", "hold.impose", **DECISION) == (409, "hold_not_recommended")

    client.does("kabag", "hold.recommend", hold=HOLD, reason="Belum ditandatangani")
    assert client.refusal("sekda", "hold.impose", **DECISION) == (409, "notice_not_served")

    client.does("kabag", "hold.serve_notice", hold=HOLD, number="800/1")
    assert client.refusal("sekda", "hold.impose", **DECISION) == (409, "notice_still_running")
    opened.lives_through("2024-02-21")
    assert client.refusal("sekda", "hold.impose", **DECISION) == (409, "notice_still_running")

    opened.lives_through("2024-02-22")
    for person in ("kabag", "op", "kadin", "bupati", "ins", "audit", "admin"):
        assert client.refusal(person, "hold.impose", **DECISION) == (403, "role_missing")
    for change, code in BEYOND_THE_RULE:
        assert client.refusal("sekda", "hold.impose", **{**DECISION, **change}) == (422, code)

    assert client.does("sekda", "hold.impose", **DECISION)["events"] == ["hold.imposed.v1"]


def test_a_lapsed_notice_does_not_make_up_for_the_recommendation(late: tuple[Office, Api]) -> None:
    opened, client = late
    let_the_notice_lapse(opened, client)
    assert client.refusal("sekda", "hold.impose", **DECISION) == (409, "hold_not_recommended")

    client.does("kabag", "hold.recommend", hold=HOLD, reason="Belum ditandatangani")
    client.does("sekda", "obligation.waive", obligation=HOLD, reason="Anggaran terlambat disahkan")
    assert opened.types(hold_stream(HOLD))[-1] == "hold.lapsed.v1"
    assert client.refusal("sekda", "hold.impose", **DECISION) == (409, "hold_already_decided")


def test_one_person_in_both_offices_does_not_make_two(late: tuple[Office, Api]) -> None:
    opened, client = late
    opened.does("admin", "organisation.register_person", person="ganda", name="Ganda")
    for role in ("organisation_bureau", "hold_authority"):
        opened.does("admin", "organisation.grant_role", person="ganda", role=role, unit="setda")
    client.does("ganda", "hold.recommend", hold=HOLD, reason="Belum ditandatangani")
    let_the_notice_lapse(opened, client)

    assert client.refusal("ganda", "hold.impose", **DECISION) == (403, "same_person_twice")
    assert client.does("sekda", "hold.impose", **DECISION)["events"] == ["hold.imposed.v1"]


def test_a_rule_that_ended_before_the_decision_holds_nobody(late: tuple[Office, Api]) -> None:
    opened, client = late
    client.does("kabag", "hold.recommend", hold=HOLD, reason="Belum ditandatangani")
    let_the_notice_lapse(opened, client)
    client.does("kabag", "organisation.end_rulebook", kind="hold", reason="Dicabut", effective_on="2024-02-23")

    assert client.refusal("sekda", "hold.impose", **DECISION) == (409, "hold_rule_not_adopted")
