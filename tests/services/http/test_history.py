"""What an auditor asks over HTTP: who did what and why, what differs, and the file of a year to keep."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from services.causes import Chain, chain
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.queries import of_log
from services.year_workbook import MEDIA_TYPE
from tests.services.http.further_on import HOLD
from tests.services.http.world import FOUNDED, HEADS, YEAR, World


def asked(world: World, path: str, person: str = "auditor", **params: Any) -> Any:  # noqa: ANN401 - any answer
    """Return what a person is told."""
    answer = world.get(person, f"/history/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def refused(world: World, path: str, person: str = "auditor", **params: Any) -> tuple[int, str]:  # noqa: ANN401
    """Return status and code of a refusal."""
    answer = world.get(person, f"/history/{path}", params=params)
    return answer.status_code, answer.json()["code"]


def position_of(world: World, type_name: str) -> int:
    """Return the position of the last event of a type."""
    entries = asked(world, "trail", type_prefix=type_name, limit=1000)
    last: int = entries[-1]["position"]
    return last


def test_the_trail_tells_old_and_new_value_reason_and_basis(world_further_on: World) -> None:
    (imposed,) = asked(world_further_on, "trail", type_prefix="hold.imposed")
    assert (imposed["told"], imposed["actor"], imposed["role"]) == (
        "Penundaan TPP diputuskan",
        "sekda",
        "hold_authority",
    )
    assert imposed["legal_basis"].endswith("Keputusan 841/1")
    changes = {each["place"]: (each["earlier"], each["later"]) for each in imposed["changes"]}
    assert changes[f"[{HOLD}].status"] == ("notice_lapsed", "imposed")
    assert changes[f"[{HOLD}].in_force"] == ("tidak", "ya")
    (recommended,) = asked(world_further_on, "trail", type_prefix="hold.recommended")
    assert recommended["reason"] == {"text": "PK belum ditandatangani"}
    recorded = asked(world_further_on, "trail", type_prefix="measurement.realisation_recorded")[-1]
    told = {each["told"].rpartition(" → ")[2]: each["later"] for each in recorded["changes"]}
    assert told["kendala"] == "Vaksin terlambat"


def test_the_trail_is_narrowed_by_subject_and_days(world_further_on: World) -> None:
    of_hold = asked(world_further_on, "trail", subject=HOLD, limit=1000)
    assert {each["stream"].partition("/")[2] for each in of_hold} == {HOLD}
    of_person = asked(world_further_on, "trail", subject="operator-dinsos", limit=1000)
    assert {each["type"] for each in of_person} == {"person.registered.v1", "role.granted.v1"}
    day = of_hold[0]["recorded_at"][:10]
    on_day = asked(world_further_on, "trail", recorded_from=day, recorded_until=day, limit=1000)
    assert of_hold[0]["position"] in {each["position"] for each in on_day}
    founded = asked(world_further_on, "trail", effective_until=FOUNDED, type_prefix="unit.", limit=1000)
    assert {each["type"] for each in founded} == {"unit.established.v1"}
    assert refused(world_further_on, "trail", recorded_from="besok") == (400, "malformed")


def test_names_of_units_and_heads_are_told_before_and_after(world: World) -> None:
    unit = world.new_unit()
    for verb, name in (("establish-unit", "Dinas Lama"), ("rename-unit", "Dinas Baru")):
        world.do("admin", f"/organisation/{verb}", unit=unit, name=name)
    renamed = asked(world, "trail", subject=unit, type_prefix="unit.renamed")[-1]
    assert ("Dinas Lama", "Dinas Baru") in {(each["earlier"], each["later"]) for each in renamed["changes"]}


def test_a_hold_has_its_chain_back_to_rule_and_year(world_further_on: World) -> None:
    told = asked(world_further_on, f"trail/{position_of(world_further_on, 'hold.imposed')}/cause")
    types = [each["event"]["type"] for each in told["steps"]]
    assert types[0] == "hold.imposed.v1"
    assert {"obligation.overdue.v1", "obligation.due_date_set.v1", "rulebook.adopted.v1", "fiscal_year.opened.v1"} <= {
        *types
    }
    assert told["unit"] == "dinsos"
    position = position_of(world_further_on, "hold.imposed")
    assert refused(world_further_on, f"trail/{position}/cause", known_at=str(position - 1)) == (404, "nothing_recorded")
    assert refused(world_further_on, "trail/999999/cause") == (404, "nothing_recorded")
    assert refused(world_further_on, f"trail/{position}/cause", "operator") == (403, "role_missing")
    assert asked(world_further_on, f"trail/{position}/cause", "operator-dinsos")["position"] == position


def test_no_chain_is_made_for_whoever_may_not_ask_for_it(
    world_further_on: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    position, made = position_of(world_further_on, "hold.imposed"), list[int]()

    def counted(log: EventLog, codec: Codec, institution: str, at: int) -> Chain | None:
        made.append(at)
        return chain(log, codec, institution, at)

    monkeypatch.setattr(of_log, "chain", counted)
    assert refused(world_further_on, f"trail/{position}/cause", "operator") == (403, "role_missing")
    assert refused(world_further_on, "trail/999999/cause", "operator") == (403, "role_missing")
    assert made == []
    assert asked(world_further_on, f"trail/{position}/cause", "operator-dinsos")["position"] == position
    assert made == [position]


def test_a_difference_names_place_values_event_actor_and_reason(world_further_on: World) -> None:
    imposed = position_of(world_further_on, "hold.imposed")
    told = asked(world_further_on, f"difference/{YEAR}", earlier=str(imposed - 1), later=str(imposed))
    assert (told["earlier"], told["later"], told["against"]) == (imposed - 1, imposed, "moment")
    status = next(each for each in told["changes"] if each["place"] == f"[{HOLD}].status")
    assert (status["earlier"], status["later"]) == ("notice_lapsed", "imposed")
    assert status["turns"] == [{"position": imposed, "value": "imposed"}]
    assert [(each["position"], each["actor"]["id"]) for each in told["events"]] == [(imposed, "sekda")]
    nothing = asked(world_further_on, f"difference/{YEAR}", earlier=str(imposed), later=str(imposed))
    assert (nothing["changes"], nothing["told"]) == ([], "Tidak ada yang berubah.")


def test_typed_texts_in_a_difference_are_told(world_further_on: World) -> None:
    recorded = position_of(world_further_on, "measurement.realisation_recorded")
    told = asked(world_further_on, f"difference/{YEAR}", unit="dinkes", earlier=str(recorded - 1))
    assert "Vaksin terlambat" in {each["later"] for each in told["changes"] if each["kind"] == "typed"}


def test_since_approval_and_as_reported_are_asked_without_a_moment(world_further_on: World) -> None:
    approved = asked(world_further_on, f"difference/{YEAR}", since_approval="true")
    assert {each["register"] for each in approved["baselines"]} >= {"agreements", "achievements", "holds"}
    assert asked(world_further_on, f"difference/{YEAR}")["against"] == "approval"
    reported = asked(world_further_on, f"difference/{YEAR}", as_reported="true")
    assert reported["told"].startswith("Belum ada laporan")


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"earlier": "9", "later": "8"}, 422, "moments_reversed"),
        ({"earlier": "9", "known_at": "8"}, 422, "known_at_in_future"),
        ({"earlier": "5", "later": "9", "known_at": "8"}, 422, "known_at_in_future"),
        ({"earlier": "besok"}, 422, "known_at_malformed"),
        ({"earlier": "0"}, 422, "known_at_before_first"),
        ({"earlier": "2999-01-01"}, 422, "known_at_in_future"),
        ({"earlier": "5", "as_reported": "true"}, 400, "malformed"),
        ({"unit": "tidak-ada"}, 404, "unit_unknown"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused(
    world: World, params: dict[str, str], status: int, code: str
) -> None:
    answer = world.get("auditor", f"/history/difference/{YEAR}", params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if code.startswith("known_at"):
        assert {"earlier", "later"} & answer.json()["fields"].keys()


def test_a_difference_that_would_keep_others_waiting_is_refused(
    world_further_on: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_log, "MOST_COMPARED", 3)
    answer = world_further_on.get("auditor", f"/history/difference/{YEAR}", params={"earlier": "5"})
    told = (answer.status_code, answer.json()["code"], answer.json()["fields"])
    assert told == (422, "difference_too_large", {"most": 3, "unit": None, "against": "moment"})


@pytest.mark.parametrize("path", [f"year/{YEAR}", f"year/{YEAR}/workbook"])
def test_a_file_of_all_units_that_would_keep_others_waiting_is_refused(
    world_further_on: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    held = len(asked(world_further_on, f"year/{YEAR}")["events"])
    monkeypatch.setattr(of_log, "MOST_FILED", held)
    assert world_further_on.get("auditor", f"/history/{path}").status_code == 200
    monkeypatch.setattr(of_log, "MOST_FILED", held - 1)
    assert refused(world_further_on, path) == (422, "year_file_too_large")
    assert world_further_on.get("auditor", f"/history/{path}", params={"unit": "dinkes"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("history", "unit"),
        ("history/trail", "unit"),
        ("agreement", "unit"),
        ("obligation", "unit"),
        ("follow-up", "owner"),
        ("follow-up/ageing", "unit"),
        ("follow-up/completion", "owner"),
    ],
)
def test_what_is_asked_of_a_unit_that_never_was_is_refused(world: World, path: str, name: str) -> None:
    answer = world.get("auditor", f"/{path}", params={name: "dinkess"})
    told = (answer.status_code, answer.json()["code"], answer.json()["fields"])
    assert told == (404, "unit_unknown", {"unit": "dinkess"})


def test_whoever_may_not_ask_of_a_unit_is_not_told_whether_it_is_there(world: World) -> None:
    for unit in ("dinsos", "dinkess"):
        answer = world.get("operator", "/agreement", params={"unit": unit})
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


@pytest.mark.parametrize("path", [f"difference/{YEAR}", f"year/{YEAR}", f"year/{YEAR}/workbook"])
def test_a_unit_reads_its_own_year_and_no_other(world_further_on: World, path: str) -> None:
    assert refused(world_further_on, path, "operator") == (403, "role_missing")
    assert refused(world_further_on, path, "operator", unit="dinsos") == (403, "role_missing")
    assert refused(world_further_on, path, "bendahara", unit="dinkes") == (403, "role_missing")
    assert world_further_on.get("operator", f"/history/{path}", params={"unit": "dinkes"}).status_code == 200


def test_the_workbook_is_a_file_to_keep_and_the_same_each_time(world_further_on: World) -> None:
    address, params = f"/history/year/{YEAR}/workbook", {"known_at": "60", "valid_on": "2024-12-31"}
    first, again = (world_further_on.get("auditor", address, params=params) for _ in range(2))
    assert first.headers["Content-Type"] == MEDIA_TYPE
    assert first.headers["Content-Disposition"] == 'attachment; filename="sakip-contoh-2024-posisi-60.xlsx"'
    assert first.content == again.content
    book = load_workbook(io.BytesIO(first.content))
    assert book.sheetnames[0] == "Sampul"
    assert len(book.sheetnames) == 11
    assert refused(world_further_on, f"year/{YEAR}/workbook", known_at="besok") == (422, "known_at_malformed")
    assert refused(world_further_on, "year/1999/workbook") == (400, "malformed")
    assert refused(world_further_on, f"year/{YEAR}/workbook", unit="tidak-ada") == (404, "unit_unknown")


def test_the_file_of_a_year_is_the_same_as_json(world_further_on: World) -> None:
    told = asked(world_further_on, f"year/{YEAR}", unit="dinkes")
    assert {each["unit"] for each in told["agreements"]} == {"dinkes"}
    assert told["events"]
    assert HEADS["dinkes"] in {each["actor"]["id"] for each in told["events"]}
