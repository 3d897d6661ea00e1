"""Bad input gets a 4xx that names the field, never a 5xx, and leaves no trace in the log."""

import json

import msgspec
import pytest

from domain.bounds import FiscalYear
from services.http.app import API, MAX_BODY_BYTES
from services.http.unreadable import fault_of
from tests.services.http.world import ADMINISTRATOR, HOME, World

DEEP = 100_000
YEAR_OPENING = "/organisation/open-fiscal-year"
PROPOSING = "/agreement/propose"
RECORDING = "/measurement/record"


def recording(value: str) -> bytes:
    """Return a realisation with a figure written so."""
    return (
        b'{"unit": "dinkes", "fiscal_year": 2024, "realisation": {"commitment": "imunisasi", "period":'
        b' {"fiscal_year": 2024, "frequency": "quarter", "number": 1}, "realised": {"type": "number", "value": '
        + value.encode()
        + b"}}}"
    )


BODIES = [
    ("nothing", YEAR_OPENING, b"", "body"),
    ("no JSON", YEAR_OPENING, b"fiscal_year=2024", "body"),
    ("cut JSON", YEAR_OPENING, b'{"fiscal_year": 2024', "body"),
    ("a list", YEAR_OPENING, b"[]", "body"),
    ("null", YEAR_OPENING, b"null", "body"),
    ("NaN", YEAR_OPENING, b'{"fiscal_year": NaN}', "body"),
    ("UTF-16", YEAR_OPENING, '{"fiscal_year": 2024}'.encode("utf-16"), "body"),
    ("Latin-1", "/organisation/establish-unit", '{"unit": "a", "name": "é"}'.encode("latin-1"), "body"),
    ("a field missing", YEAR_OPENING, b"{}", "fiscal_year"),
    ("a field unknown", YEAR_OPENING, b'{"fiscal_year": 2024, "tahun": 2024}', "tahun"),
    ("a field twice", YEAR_OPENING, b'{"fiscal_year": 2024, "fiscal_year": 2025}', "fiscal_year"),
    ("a text for a number", YEAR_OPENING, b'{"fiscal_year": "2024"}', "fiscal_year"),
    ("a huge integer", YEAR_OPENING, b'{"fiscal_year": 1' + b"0" * 5_000 + b"}", "fiscal_year"),
    ("a float", YEAR_OPENING, b'{"fiscal_year": 2024.0}', "fiscal_year"),
    ("no such day", YEAR_OPENING, b'{"fiscal_year": 2024, "effective_on": "2024-02-30"}', "effective_on"),
    ("deep lists", YEAR_OPENING, b'{"fiscal_year": ' + b"[" * DEEP + b"]" * DEEP + b"}", "body"),
    ("deep objects", YEAR_OPENING, b'{"a":' * DEEP + b"1" + b"}" * DEEP, "body"),
    ("another command's tag", YEAR_OPENING, b'{"type": "organisation.rename_unit", "fiscal_year": 2024}', "type"),
    ("NUL in a name", "/organisation/establish-unit", b'{"unit": "a", "name": "a\\u0000b"}', "name"),
    ("NUL in an id", "/organisation/establish-unit", b'{"unit": "a\\u0000", "name": "b"}', "unit"),
    ("a lone surrogate", "/organisation/establish-unit", b'{"unit": "a", "name": "a\\ud800b"}', "body"),
    ("a blank name", "/organisation/establish-unit", b'{"unit": "a", "name": "  "}', "name"),
    ("a long name", "/organisation/establish-unit", json.dumps({"unit": "a", "name": "x" * 301}).encode(), "name"),
    ("a capital in an id", "/organisation/establish-unit", b'{"unit": "Dinkes", "name": "b"}', "unit"),
    ("no such role", "/organisation/grant-role", b'{"person": "a", "role": "raja"}', "role"),
    ("a blank text", "/organisation/end-rulebook", b'{"kind": "hold", "reason": " "}', "reason"),
    ("NUL in a text", "/organisation/end-rulebook", b'{"kind": "hold", "reason": "a\\u0000"}', "reason"),
    ("a number as text", "/organisation/end-rulebook", b'{"kind": "hold", "reason": 5}', "reason"),
    ("a deep text", "/organisation/end-rulebook", b'{"kind": "hold", "reason": ' + b"[" * DEEP, "body"),
    ("no commitments", PROPOSING, b'{"unit": "dinkes", "fiscal_year": 2024, "commitments": []}', "commitments"),
    ("NaN as text", RECORDING, recording('"NaN"'), "realisation.realised"),
    ("an infinite figure", RECORDING, recording('"Infinity"'), "realisation.realised"),
    ("a huge figure", RECORDING, recording("1e999999999"), "realisation.realised"),
    ("a fine figure", RECORDING, recording("1e-999999999"), "realisation.realised"),
    ("a figure past all bounds", RECORDING, recording('"1e9999999999999999999999"'), "realisation.realised.value"),
    ("thousands of digits", RECORDING, recording("9" * 10_000), "realisation.realised"),
    ("a figure with a stroke", RECORDING, recording('"1_000"'), "realisation.realised.value"),
    ("a figure in full width", RECORDING, recording('"\uff11\uff12"'), "realisation.realised.value"),
    ("a figure with a blank", RECORDING, recording('" 1"'), "realisation.realised.value"),
    ("a figure with an exponent", RECORDING, recording('"1e2"'), "realisation.realised.value"),
    ("a figure with a sign", RECORDING, recording('"+1"'), "realisation.realised.value"),
    ("a truth for a figure", RECORDING, recording("true"), "realisation.realised.value"),
]


@pytest.mark.parametrize(("path", "body", "field"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_an_unreadable_body_is_refused_with_the_field_it_fails_in(
    world: World, path: str, body: bytes, field: str
) -> None:
    before = world.head()
    answer = world.post(ADMINISTRATOR, path, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed"), answer.text
    assert answer.json()["fields"] == {"field": field}
    assert world.head() == before


@pytest.mark.parametrize("figure", ['"0.0000000001"', '"-999999999999999.9999999999"', "1e2", "0.10", '"007"'])
def test_a_figure_is_read_as_it_is_written(world_on_file: World, figure: str) -> None:
    """The person may not record, which is asked only of what could be read."""
    answer = world_on_file.post(
        ADMINISTRATOR, RECORDING, content=recording(figure), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


def test_a_body_beyond_the_limit_is_not_read(world: World) -> None:
    body = b'{"fiscal_year": 2024, "x": "' + b"x" * MAX_BODY_BYTES + b'"}'
    answer = world.post(ADMINISTRATOR, YEAR_OPENING, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]) == (413, "too_large", {"field": "body"})


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "json;"])
def test_a_body_of_another_type_is_not_read(world: World, kind: str) -> None:
    body = b'{"unit": "lain", "name": "Lain"}'
    answer = world.post(
        ADMINISTRATOR, "/organisation/establish-unit", content=body, headers={"Content-Type": kind} if kind else {}
    )
    assert (answer.status_code, answer.json()["fields"]) == (415, {"field": "Content-Type"})


PARAMETERS = [
    ("/agreement?fiscal_year=abc", "fiscal_year"),
    ("/agreement?fiscal_year=1999", "fiscal_year"),
    ("/agreement?fiscal_year=" + "9" * 400, "fiscal_year"),
    ("/agreement?unit=Dinkes", "unit"),
    ("/agreement?unit=%00", "unit"),
    ("/agreement?unit=%ff", "unit"),
    ("/agreement?unit=dinkes&unit=dinsos", "unit"),
    ("/agreement?limit=0", "limit"),
    ("/agreement?limit=1001", "limit"),
    ("/agreement?status=unknown", "status"),
    ("/agreement?colour=red", "colour"),
    ("/agreement?institution=tetangga", "institution"),
    ("/agreement?after=-1", "after"),
    ("/agreement?known_at=" + "1" * 41, "known_at"),
    ("/agreement/dinkes/20x4", "fiscal_year"),
    ("/agreement/DINKES/2024", "unit"),
    ("/agreement/dinkes/2024?unit=dinsos", "unit"),
    ("/obligation?states=late", "states[0]"),
    ("/follow-up/2024.dinkes", "key"),
    ("/history/trail?stream=a%20b", "stream"),
]


@pytest.mark.parametrize(("address", "field"), PARAMETERS)
def test_an_unreadable_parameter_is_refused_by_name(world_on_file: World, address: str, field: str) -> None:
    answer = world_on_file.get("auditor", address)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed"), answer.text
    assert answer.json()["fields"] == {"field": field}


def test_an_unknown_address_and_a_wrong_method_are_told_as_problems(world_on_file: World) -> None:
    token = world_on_file.tokens[HOME, "auditor"]
    unknown = world_on_file.send("GET", f"{API}/nowhere", token=token)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    wrong = world_on_file.send("DELETE", f"{API}/institutions/{HOME}/agreement", token=token)
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    """Something to decode wrongly."""

    number: int = 0
    day: str | None = None
    year: FiscalYear = 2024


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"number": "x"}', "Harus berupa bilangan bulat, bukan teks"),
        (b'{"day": 5}', "Harus berupa teks atau null, bukan bilangan bulat"),
        (b'{"x": 5}', "Isian tidak dikenal"),
        (b'{"year": 1999}', "Harus bilangan paling sedikit 2000"),
        (b'{"number": 5,}', "Bukan JSON yang sah, mulai bita 13"),
        (b"", "Isi terpotong atau kosong"),
    ],
)
def test_a_decoder_s_words_are_told_in_indonesian(body: bytes, reason: str) -> None:
    with pytest.raises(msgspec.MsgspecError) as refused:
        msgspec.json.decode(body, type=Sample)
    assert fault_of(refused.value).reason == reason
