"""Queries over HTTP: one moment, one day, pages that show one instant, and only to whoever may ask."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from domain.errors import NothingRecorded, RoleMissing
from domain.sealed_text import SealedText
from services.queries import answers
from services.queries.answers import Answers
from services.queries.asked import Asked
from services.queries.table import QUERIES
from services.unsealing import encode_unsealed
from services.workflow_runner import dead_letter
from tests.services.http.world import ADMINISTRATOR, HOME, NEIGHBOUR, YEAR, World

CYCLE = {
    "unit": "dinkes",
    "fiscal_year": YEAR,
    "commitment": "imunisasi",
    "key": "2024.dinkes.agreement",
    "position": 1,
    "old_size": 1,
}
THERE = {
    "agreement",
    "achievement",
    "target_in_effect",
    "duty",
    "unit",
    "institution",
    "ageing",
    "completion",
    "inclusion_proof",
    "consistency_proof",
    "cause",
    "difference",
    "year_file",
}
"""The single things that a world has from its beginning."""


def known_of(name: str) -> dict[str, Any]:
    """Return what a query about Dinas Kesehatan in 2024 may say."""
    return {**CYCLE, "key": "dinkes"} if name == "unit" else CYCLE


def address_of(name: str) -> str:
    """Return the address of a query about Dinas Kesehatan in 2024."""
    return QUERIES[name].address.format(**known_of(name))


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_answered_and_says_of_which_moment(world: World, name: str) -> None:
    person = ADMINISTRATOR if name == "dead_letters" else "auditor"
    answer = world.get(person, address_of(name), params={} if name in THERE else {"valid_on": "2024-12-31"})
    if not QUERIES[name].many and name not in THERE:
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing_recorded")
        return
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["institution"] == HOME
    assert 0 < told["position"] <= world.head()
    assert told["known_at"] == world.clock.now().isoformat().replace("+00:00", "Z")
    assert told["valid_on"]
    assert isinstance(told["data"], list if QUERIES[name].many else dict)


def test_an_answer_can_be_had_again_by_its_position(world: World) -> None:
    world.system.delivery.settle(HOME)
    first = world.get("auditor", "/organisation/units").json()
    world.do(ADMINISTRATOR, "/organisation/establish-unit", unit=world.new_unit(), name="Dinas Kemudian")
    moment = {"known_at": str(first["position"]), "valid_on": first["valid_on"]}
    again = world.get("auditor", "/organisation/units", params=moment).json()
    assert again["data"] == first["data"] != world.get("auditor", "/organisation/units").json()["data"]


def test_what_was_known_on_a_day_is_known_at_its_end_there(world: World) -> None:
    unit = world.new_unit()
    day = world.pass_days(1).date().isoformat()
    world.do(ADMINISTRATOR, "/organisation/establish-unit", unit=unit, name="Dinas Hari Ini", effective_on=day)
    world.pass_days(1)
    world.do(ADMINISTRATOR, "/organisation/rename-unit", unit=unit, name="Dinas Besok", effective_on=day)
    now = world.get("auditor", f"/organisation/units/{unit}", params={"valid_on": day}).json()
    then = world.get("auditor", f"/organisation/units/{unit}", params={"known_at": day}).json()
    assert (now["data"]["name"], then["data"]["name"]) == ("Dinas Besok", "Dinas Hari Ini")
    assert (then["valid_on"], then["known_at"]) == (day, f"{day}T16:59:59.999999Z")


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2019-12-31", "known_at_before_first"),
        ("0", "known_at_before_first"),
        ("2020-01-01T00:00:00+07:00", "known_at_before_first"),
        ("2999-01-01", "known_at_in_future"),
        ("2999-01-01T00:00:00+07:00", "known_at_in_future"),
        ("999999999999", "known_at_in_future"),
        ("yesterday", "known_at_malformed"),
        ("2024-02-30", "known_at_malformed"),
        ("2024-01-08T10:00:00", "known_at_malformed"),
        ("", "known_at_malformed"),
        ("9999-12-31T23:59:59-23:59", "known_at_malformed"),
        ("\u0661", "known_at_malformed"),
    ],
)
def test_a_moment_outside_the_log_is_refused(world: World, moment: str, code: str) -> None:
    for address in ("/agreement", "/agreement/dinkes/2024", "/history"):
        answer = world.get("auditor", address, params={"known_at": moment})
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        assert "known_at" in answer.json()["fields"]


def test_a_future_day_is_legal_and_no_day_is_not(world: World) -> None:
    assert world.get("auditor", "/agreement", params={"valid_on": "2099-12-31"}).status_code == 200
    for day in ("2024-02-30", "besok", "", "20240101"):
        answer = world.get("auditor", "/agreement", params={"valid_on": day})
        assert (answer.status_code, answer.json()["code"]) == (422, "valid_on_malformed")


def test_pages_show_one_instant_whatever_happens_meanwhile(world: World) -> None:
    whole = world.get("auditor", "/agreement").json()
    page = world.get("auditor", "/agreement", params={"limit": 3}).json()
    pages = [page]
    while page["cursor"]:
        world.do(ADMINISTRATOR, "/organisation/establish-unit", unit=world.new_unit(), name="Dinas Sela")
        page = world.get("auditor", "/agreement", params={"limit": 3, "cursor": page["cursor"]}).json()
        pages.append(page)
    assert len(pages) == 3
    assert [item for each in pages for item in each["data"]] == whole["data"]
    assert {(each["position"], each["known_at"], each["valid_on"]) for each in pages} == {
        (whole["position"], whole["known_at"], whole["valid_on"])
    }


def test_a_cursor_belongs_to_its_question(world: World) -> None:
    cursor = world.get("auditor", "/agreement", params={"limit": 3}).json()["cursor"]
    for address, params in (
        ("/agreement", {"cursor": cursor, "unit": "dinkes"}),
        ("/agreement", {"cursor": cursor, "known_at": "5"}),
        ("/measurement", {"cursor": cursor}),
        ("/agreement", {"cursor": cursor[:-3]}),
        ("/agreement", {"cursor": "%%%"}),
        ("/agreement", {"cursor": ""}),
        ("/agreement", {"cursor": "é"}),
    ):
        answer = world.get("auditor", address, params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor_unfit"), (params, answer.text)


def test_filters_narrow_an_answer(world: World) -> None:
    agreements = world.get("auditor", "/agreement", params={"unit": "dinkes", "fiscal_year": YEAR}).json()["data"]
    assert [(each["unit"], each["status"]) for each in agreements] == [("dinkes", "signed")]
    assert world.get("auditor", "/agreement", params={"fiscal_year": YEAR - 1}).json()["data"] == []
    open_ones = world.get("auditor", "/agreement", params={"status": "opened"}).json()["data"]
    assert "dinkes" not in {each["unit"] for each in open_ones}
    duties = world.get("auditor", "/obligation?states=met_on_time&states=met_late&unit=dinkes").json()["data"]
    assert {each["state"] for each in duties} <= {"met_on_time", "met_late"}


def test_a_question_waits_for_the_position_that_a_client_has_just_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "WAIT_SECONDS", 0.05)
    body = {"unit": world.new_unit(), "name": "Dinas Baru"}
    position = world.post(ADMINISTRATOR, "/organisation/establish-unit", json=body).json()["position"]
    early = world.get("auditor", "/organisation/units", params={"after": position})
    assert (early.status_code, early.json()["code"]) == (409, "not_followed_yet")
    assert int(early.headers["Retry-After"]) >= 1
    world.system.delivery.settle(HOME)
    late = world.get("auditor", "/organisation/units", params={"after": position})
    assert (late.status_code, late.json()["position"] >= position) == (200, True)
    beyond = world.get("auditor", "/organisation/units", params={"after": world.head() + 1})
    assert (beyond.status_code, beyond.json()["code"]) == (409, "not_followed_yet")


def test_an_unchanged_answer_is_not_sent_again(world: World) -> None:
    first = world.get("auditor", "/agreement/dinkes/2024")
    tag = first.headers["ETag"]
    assert tag.startswith(f'W/"{first.json()["version"]}-')
    again = world.get("auditor", "/agreement/dinkes/2024", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = world.get("auditor", "/agreement/dinkes/2024", params={"valid_on": "2024-12-31"})
    assert other.headers["ETag"] != tag


def test_the_version_of_an_answer_is_that_of_the_stream_then(world: World) -> None:
    history = world.get("auditor", "/history", params={"unit": "dinkes", "fiscal_year": YEAR}).json()["data"]
    own = [each for each in history if each["stream"] == "agreement/dinkes/2024"]
    now = world.get("auditor", "/agreement/dinkes/2024").json()
    assert now["version"] == len(own) == own[-1]["version"]
    first = world.get("auditor", "/agreement/dinkes/2024", params={"known_at": own[0]["position"]}).json()
    assert first["version"] == 1


def test_the_history_of_a_unit_s_year_has_whole_envelopes(world: World) -> None:
    of_unit = world.get("auditor", "/history", params={"unit": "dinkes", "fiscal_year": YEAR}).json()["data"]
    of_year = world.get("auditor", "/history", params={"fiscal_year": YEAR, "limit": 1000}).json()["data"]
    assert {each["correlation"] for each in of_unit} == {"dinkes/2024"}
    assert [each for each in of_year if each["correlation"] == "dinkes/2024"] == of_unit
    signed = next(each for each in of_unit if each["type"] == "agreement.signed.v1")
    assert signed["actor"] == {"id": "kepala-dinkes", "role": "unit_head", "unit": "dinkes"}
    assert len(signed["leaf_hash"]) == 64
    assert signed["body"]["paper"]["place"] == "Wonosari"


def test_texts_typed_by_people_are_told_as_text(world: World) -> None:
    people = world.get("auditor", "/organisation/people").json()["data"]
    assert {"text": "Nama Operator"} in [each["name"] for each in people]
    registered = world.get("auditor", "/history", params={"limit": 1000}).json()["data"]
    names = [each["body"]["name"] for each in registered if each["type"] == "person.registered.v1"]
    assert {"text": "Nama Operator"} in names


def test_of_an_erased_text_only_a_mark_is_left() -> None:
    kept, gone = SealedText("a" * 64), SealedText("b" * 64)
    asked: list[list[str]] = []

    def texts(digests: object) -> dict[str, str]:
        asked.append(list(digests))  # type: ignore[call-overload]
        return {"a" * 64: "Banjir"}

    assert encode_unsealed([kept, gone, kept], texts) == (
        b'[{"text":"Banjir"},{"text":null,"erased":true},{"text":"Banjir"}]'
    )
    assert asked == [["a" * 64, "b" * 64]]
    assert encode_unsealed([1], lambda _digests: pytest.fail("nothing to ask for")) == b"[1]"
    with pytest.raises(TypeError):
        encode_unsealed([object()], texts)


@pytest.mark.parametrize(
    ("person", "address", "status"),
    [
        ("operator", "/agreement/dinkes/2024", 200),
        ("operator", "/agreement/dinsos/2024", 403),
        ("operator", "/agreement?unit=dinkes", 200),
        ("operator", "/agreement?unit=dinsos", 403),
        ("operator", "/agreement", 403),
        ("operator", "/follow-up?owner=dinkes", 200),
        ("operator", "/follow-up?owner=dinsos", 403),
        ("operator", "/obligation/2024.dinkes.agreement", 200),
        ("operator", "/obligation/2024.dinsos.agreement", 403),
        ("operator", "/history?unit=dinkes", 200),
        ("operator", "/history", 403),
        ("operator", "/cycle", 200),
        ("bendahara", "/allowance-hold", 200),
        ("bendahara", "/agreement", 403),
        ("admin", "/dead-letters", 200),
        ("auditor", "/dead-letters", 200),
        ("ortala", "/dead-letters", 403),
        ("admin", "/parked", 200),
        ("auditor", "/parked", 200),
        ("inspektur", "/parked", 403),
        ("operator", "/parked", 403),
        ("admin", "/agreement", 403),
        ("inspektur", "/agreement", 200),
    ],
)
def test_whoever_may_not_ask_is_refused(world_on_file: World, person: str, address: str, status: int) -> None:
    answer = world_on_file.get(person, address)
    assert answer.status_code == status, answer.text


def test_a_refused_person_does_not_learn_whether_a_thing_exists(world_on_file: World) -> None:
    there = world_on_file.get("operator", "/agreement/dinsos/2024").json()
    not_there = world_on_file.get("operator", "/agreement/dinsos/2050").json()
    assert there == not_there


SINGLE = sorted(name for name, query in QUERIES.items() if not query.many)
BY_QUESTION_ALONE = [name for name in SINGLE if QUERIES[name].whose is None]
"""The single things whose question says whom it concerns."""


def about(name: str, **more: str) -> Asked:
    """Return a question for one thing of Dinas Kesehatan in 2024."""
    kind = QUERIES[name].asked
    given = {each.name: known_of(name)[each.name] for each in msgspec.structs.fields(kind) if each.required}
    return msgspec.convert({**given, **more}, kind)


@pytest.mark.parametrize("name", SINGLE)
def test_nothing_is_made_for_whoever_may_not_ask_for_it(world_in_memory: World, name: str) -> None:
    made: list[str] = []
    watched = QUERIES[name]._replace(ask=lambda *_: made.append(name))
    with pytest.raises(RoleMissing):
        Answers(world_in_memory.system).found(watched, HOME, "orang-lain", about(name))
    assert made == []
    with pytest.raises(NothingRecorded):
        Answers(world_in_memory.system).found(watched, HOME, "auditor", about(name))
    assert made == [name]


@pytest.mark.parametrize("name", BY_QUESTION_ALONE)
def test_no_log_is_replayed_for_them_where_the_question_says_whom_it_concerns(
    world_in_memory: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def opened(*_: Any, **_more: Any) -> None:  # noqa: ANN401 - whatever a view takes
        raise AssertionError(name)

    monkeypatch.setattr(world_in_memory.system.reader, "view", opened)
    with pytest.raises(RoleMissing):
        Answers(world_in_memory.system).found(QUERIES[name], HOME, "orang-lain", about(name, known_at="60"))
    with pytest.raises(AssertionError):
        Answers(world_in_memory.system).found(QUERIES[name], HOME, "auditor", about(name, known_at="60"))


def test_another_institution_has_its_own_answers(world: World) -> None:
    world.system.delivery.settle(NEIGHBOUR)
    told = world.get(ADMINISTRATOR, "/organisation/units", NEIGHBOUR).json()
    assert (told["institution"], [each["unit"] for each in told["data"]]) == (NEIGHBOUR, ["pemda"])


def test_dead_letters_tell_what_was_refused_and_why(world: World) -> None:
    letter = {
        "source": "agreement_to_measurement",
        "position": 1,
        "subject": "dinkes/2024",
        "command": "measurement.open",
        "code": "stage_already_open",
        "reason": "Tahap ini sudah dibuka {}",
    }
    at = datetime(2024, 1, 8, tzinfo=UTC)
    with world.system.engine.begin() as connection:
        connection.execute(dead_letter.delete())
        connection.execute(dead_letter.insert().values(id=7, institution=HOME, at=at, **letter))
        connection.execute(dead_letter.insert().values(id=8, institution=NEIGHBOUR, at=at, **letter))
    told = world.get(ADMINISTRATOR, "/dead-letters").json()["data"]
    assert told == [{"id": 7, "at": "2024-01-08T00:00:00Z", **letter}]
