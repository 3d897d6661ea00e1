"""Requests drawn from the OpenAPI document: most are as it describes and about things that exist, some break it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from domain.actor import Role
from domain.authority import COMMANDS
from domain.authority import QUERIES as AUTHORITY_OF_QUERIES
from services.http.app import API
from services.queries.table import QUERIES
from tests.services.http.further_on import HOLD, OPEN, WAITING
from tests.services.http.world import ADMINISTRATOR, FILE, HEADS, HOME, NEIGHBOUR, PEOPLE, ROLES, UNITS, YEAR

Json = dict[str, Any]

_UNITS = (*("dinkes",) * 6, *("dinsos",) * 4, "pemda", *UNITS, "unit-1", "tidak-ada")
_PEOPLE = (*PEOPLE, "siapa")
_DERIVED = (HOLD, OPEN, WAITING, f"{YEAR}.dinkes.agreement", f"{YEAR}.dinkes.measurement-q1", "2099.x.y")
_KNOWN: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("unit", "to_unit", "parent", "owner", "head_unit"), _UNITS),
    **dict.fromkeys(("owners", "successors", "crosscutting", "compiled_from"), _UNITS),
    **dict.fromkeys(("person", "person_in_charge", "actor"), _PEOPLE),
    **dict.fromkeys(("hold", "recommendation", "obligation", "repeats", "repeated_by", "key"), _DERIVED),
    **dict.fromkeys(("commitment", "commitments", "id"), ("imunisasi", "lain")),
    **dict.fromkeys(("fiscal_year", "evaluation_year", "year", "into_fiscal_year"), (YEAR - 1, YEAR, YEAR + 1)),
    **dict.fromkeys(("corrects", "withdraws", "number"), (1, 2, 3, 4, "800/2")),
    "sub_component": ("1a", "2b", "4c", "9z"),
    "grade": ("AA", "BB", "E", "X"),
    "duty": ("agreement", "measurement", "report", "recommendation"),
    "result": ("sesuai", "belum_sesuai", "lain"),
    "months": ("2024-03", "2024-04", "2024-05"),
    "known_at": ("1", "100", "2024-02-01", "2024-01-09T00:00:00+07:00", "2019-01-01", "besok"),
    "valid_on": ("2024-03-31", "2030-01-01", "2024-02-30"),
    "after": ("1", "999999999"),
    "cursor": ("", "WzFd", "kursor"),
    "limit": ("1", "1000", "0"),
    "type_prefix": ("agreement.", "x"),
    "stream": ("organisation", "agreement/dinkes/2024"),
}
"""What fields of a name may be about, so that requests reach the deciders and are not all strange at the gate."""

_ROLES = (
    (ADMINISTRATOR, Role.ADMINISTRATOR),
    *((person, Role.INSTITUTION_HEAD if unit == "pemda" else Role.UNIT_HEAD) for unit, person in HEADS.items()),
    *((person, role) for person, role, _ in ROLES),
)
_ASKERS = {name: AUTHORITY_OF_QUERIES[query.authority] for name, query in QUERIES.items()}

_DAYS = ("2023-12-31", "2024-01-02", "2024-03-31", "2024-04-01", "2024-07-01", "2030-12-31", "1000-01-01", "9999-12-31")
_FIGURES = ("0", "1", "-1", "89.5", "100", "90.25", "999999999999999", "0.0000000001", "-999999999999999.9999999999")
_HOSTILE: tuple[Any, ...] = (
    *(None, "", " ", 0, -1, 2**63, 10**40, 1.5, True, [], {}, [[[]]], float("nan"), float("inf")),
    *(
        "\x00",
        "\ud800",
        "a\u2028b",
        "x" * 5_000,
        "1e999999999",
        "NaN",
        "1_000",
        "\uff11\uff12",
        "9" * 400,
        "2024-02-30",
        "../..",
    ),
    *("'; DROP TABLE event; --", "<script>", "{{7*7}}", "%s%n", "٣", "\U0001f4a5"),
)
"""Values that break readers: not numbers, no text, no Unicode, no end."""
_ANYBODY: Final = st.one_of(st.sampled_from((None, "orang-luar")), st.sampled_from(PEOPLE))
"""Somebody without a token that is known, as often as one of those who have one."""


class Sent(NamedTuple):
    """One request: who sends it, and its bytes."""

    person: str | None
    method: str
    address: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


class Strangers:
    """Draws requests to the operations of a document; some repeat a deed of before with a part changed."""

    def __init__(self, document: Json, deeds: Sequence[tuple[str, str, Json]]) -> None:
        self._deeds: dict[str, list[tuple[str, Json]]] = {}
        for person, path, body in deeds:
            self._deeds.setdefault(path, []).append((person, body))
        self._schemas: Json = document["components"]["schemas"]
        self._drawn: dict[str, SearchStrategy[Any]] = {}
        self._operations = [
            (method.upper(), path, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        ]

    def request(self) -> SearchStrategy[Sent]:
        """Return the strategy of one request to any operation."""
        return _any_of(self)

    def draw(self, draw: st.DrawFn) -> Sent:
        """Draw one request: a deed of before again, or something new to any operation."""
        if draw(st.integers(1, 3)) == 1:
            return self._again(draw)
        method, path, operation = draw(st.sampled_from(self._operations))
        parameters, content = operation["parameters"], operation.get("requestBody")
        body = None
        if content:
            body = draw(_written(_spared(path, draw(self._of(content["content"]["application/json"]["schema"], "")))))
        other = st.sampled_from(("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"))
        return Sent(
            person=draw(_mostly(st.sampled_from(_able(operation)), _ANYBODY, 6)),
            method=draw(_mostly(st.just(method), other)),
            address=draw(self._address(path, [each for each in parameters if each["in"] == "path"])),
            query=draw(self._query([each for each in parameters if each["in"] == "query"])),
            headers=draw(_headers(has_body=content is not None)),
            body=body,
        )

    def _again(self, draw: st.DrawFn) -> Sent:
        """Repeat a deed of somebody, for another unit or with another value somewhere."""
        path = draw(st.sampled_from(tuple(self._deeds)))
        person, body = draw(st.sampled_from(self._deeds[path]))
        changed: Json = json.loads(json.dumps(body))
        for holder, key in draw(st.lists(st.sampled_from(list(_places(changed))), max_size=2)):
            known = _KNOWN.get(str(key), ())
            holder[key] = draw(st.sampled_from((*known, *known, *_DAYS, *_FIGURES, holder[key], "Teks lain")))
        return Sent(
            person=draw(_mostly(st.just(_instead(person, changed)), st.sampled_from(PEOPLE), 6)),
            method="POST",
            address=f"{API}/institutions/{HOME}{path}",
            query=(),
            headers=draw(_headers(has_body=True)),
            body=draw(_written(_spared(path, changed))),
        )

    def _address(self, path: str, parameters: list[Json]) -> SearchStrategy[str]:
        parts = {each["name"]: self._parameter(each).map(quote) for each in parameters if each["name"] != "institution"}
        if "{institution}" in path:
            parts["institution"] = _mostly(st.just(HOME), st.sampled_from((NEIGHBOUR, "%00", "%ff", "tidak-ada")))
        return st.fixed_dictionaries(parts).map(lambda known: path.format(**known))

    def _query(self, parameters: list[Json]) -> SearchStrategy[tuple[tuple[str, str], ...]]:
        if not parameters:
            return st.just(())
        pairs = st.sampled_from(parameters).flatmap(
            lambda each: st.tuples(_mostly(st.just(each["name"]), st.just("x")), self._parameter(each))
        )
        return st.lists(pairs, max_size=4).map(tuple)

    def _parameter(self, parameter: Json) -> SearchStrategy[str]:
        described = self._of(parameter["schema"], parameter["name"]).map(_as_parameter)
        hostile = st.sampled_from(_HOSTILE).map(lambda value: _as_parameter(value)[:300])
        return _mostly(described, hostile).filter(lambda text: "/" not in text and text not in {"", ".", ".."})

    def _of(self, schema: Json, name: str) -> SearchStrategy[Any]:  # noqa: PLR0911 - one for each kind of schema
        """Return what a schema describes, for a field of a name."""
        if "$ref" in schema:
            found = schema["$ref"].rpartition("/")[2]
            if found not in self._drawn:
                self._drawn[found] = st.deferred(lambda: self._of(self._schemas[found], name))
            return self._drawn[found]
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "anyOf" in schema:
            return st.one_of([self._of(each, name) for each in schema["anyOf"]])
        if schema.get("type") == "object":
            return self._object(schema)
        if schema.get("type") == "array":
            if "prefixItems" in schema:
                return st.tuples(*(self._of(each, name) for each in schema["prefixItems"])).map(list)
            fewest = schema.get("minItems", 0)
            return st.lists(self._of(schema["items"], name), min_size=fewest, max_size=max(fewest, 2))
        return _plain(schema, name)

    def _object(self, schema: Json) -> SearchStrategy[Json]:
        fields = {name: self._of(each, name) for name, each in schema.get("properties", {}).items()}
        required = {name: fields.pop(name) for name in schema.get("required", ())}
        fields.pop("type", None)
        return st.fixed_dictionaries(required, optional=fields)


def _able(operation: Json) -> tuple[str, ...]:
    """Return who holds a role that may send a command or ask a query, for some unit."""
    name = operation["operationId"]
    roles = COMMANDS.get(name) or _ASKERS.get(name, {})
    return tuple(person for person, role in _ROLES if role in roles) or PEOPLE


def _instead(person: str, body: Json) -> str:
    """Return who does in the unit of a command what a person did in Dinas Kesehatan."""
    unit = str(body.get("unit"))
    places = {"operator": f"operator-{unit}", HEADS["dinkes"]: HEADS.get(unit, "")}
    other = places.get(person, "")
    return other if other in PEOPLE else person


def _spared(path: str, body: Json) -> Json:
    """Let a stranger who is an administrator not close the units and take the roles that the others need."""
    if "/organisation/" not in path:
        return body
    spare = {"unit": ("dinkes", "dinsos", "pemda", "setda", "inspektorat"), "person": PEOPLE}
    return {name: "bkad" if value in spare.get(name, ()) else value for name, value in body.items()}


@st.composite
def _any_of(draw: st.DrawFn, strangers: Strangers) -> Sent:
    return strangers.draw(draw)


_KINDS: dict[Any, type] = {"string": str, "integer": int}


def _plain(schema: Json, name: str) -> SearchStrategy[Any]:
    kind = schema.get("type")
    known = [each for each in _KNOWN.get(name, ()) if isinstance(each, _KINDS.get(kind, ()))]
    if known:
        return st.sampled_from(known)
    if kind == "integer":
        return st.integers(schema.get("minimum", -3), min(schema.get("maximum", 2**40), 2**40))
    if kind == "boolean":
        return st.booleans()
    if kind == "null":
        return st.none()
    return _text(schema)


def _text(schema: Json) -> SearchStrategy[str]:
    pattern, form = schema.get("pattern", ""), schema.get("format")
    if form == "date":
        return st.sampled_from(_DAYS)
    if pattern.startswith("^-?[0-9]"):
        return st.sampled_from(_FIGURES)
    if "{64}" in pattern or schema.get("minLength") == 64:
        return st.just(FILE)
    fitting = [each for each in ("Ba", "dinkes", "2024-05", "Perbaiki mutu 1/2024", "a-1") if re.search(pattern, each)]
    return st.sampled_from(fitting) if fitting else st.text(max_size=20)


def _written(value: Json) -> SearchStrategy[bytes]:
    """Return a body in JSON, mostly as it is, sometimes with one part broken."""
    broken = st.tuples(st.sampled_from(tuple(_BREAKS)), st.integers(0, 1_000), st.sampled_from(_HOSTILE))
    return _mostly(
        st.just(json.dumps(value).encode()), broken.map(lambda how: _BREAKS[how[0]](value, how[1], how[2])), 4
    )


def _leaf_replaced(value: Json, choice: int, hostile: object) -> bytes:
    text = json.loads(json.dumps(value))
    places = list(_places(text))
    if not places:
        return json.dumps(hostile).encode()
    holder, key = places[choice % len(places)]
    holder[key] = hostile
    return json.dumps(text).encode()


def _field_twice(value: Json, _choice: int, hostile: object) -> bytes:
    text = json.dumps(value)
    again = json.dumps(next(iter(value), "x"))
    return f"{{{again}: {json.dumps(hostile)}, {text[1:]}".encode()


_BREAKS: dict[str, Callable[[Json, int, object], bytes]] = {
    "leaf": _leaf_replaced,
    "twice": _field_twice,
    "more": lambda value, _choice, hostile: json.dumps({**value, "tak_dikenal": hostile}).encode(),
    "fewer": lambda value, choice, _hostile: json.dumps(dict(list(value.items())[: choice % 3])).encode(),
    "cut": lambda value, choice, _hostile: json.dumps(value).encode()[: choice % 40],
    "deep": lambda _value, choice, _hostile: b'{"unit":' * choice + b"1" + b"}" * choice,
    "bytes": lambda value, _choice, _hostile: json.dumps(value).encode("utf-16"),
    "latin": lambda _value, _choice, _hostile: b'{"unit": "\xff\xfe"}',
}


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(pairs):
        yield value, key
        yield from _places(part)


def _headers(*, has_body: bool) -> SearchStrategy[tuple[tuple[str, str], ...]]:
    kinds = _mostly(st.just("application/json"), st.sampled_from(("text/plain", "application/xml", "", "application/")))
    keys = st.sampled_from(("", "k-1", "k-2", "k-3", " ", "x" * 101, "a b"))
    tags = st.sampled_from(('"1"', '"2"', "*", '"x"', "", "0", '"99999999999999999999"'))
    fields: dict[str, SearchStrategy[str]] = {"Content-Type": kinds} if has_body else {}
    optional = _mostly(
        st.just({}),
        st.fixed_dictionaries({}, optional={"Idempotency-Key": keys, "If-Match": tags, "If-None-Match": tags}),
    )
    return st.tuples(st.fixed_dictionaries(fields), optional).map(lambda both: tuple({**both[0], **both[1]}.items()))


def _mostly(usual: SearchStrategy[Any], strange: SearchStrategy[Any], odds: int = 20) -> SearchStrategy[Any]:
    """Return the usual, and once in `odds` times the strange."""
    return st.integers(1, odds).flatmap(lambda drawn: strange if drawn == odds else usual)


def _as_parameter(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()
