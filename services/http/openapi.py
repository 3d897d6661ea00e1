"""Describes the API: every route of the application, with the exact schema of each command, parameter and answer."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from domain.bounds import Identifier
from domain.command import Command, name_of
from domain.cycle import commands
from domain.sealed_text import MAX_LENGTH, SealedText
from services.command_handler import Receipt
from services.command_words import COMMAND_WORDS
from services.http.command_routes import KEY_PATTERN, TAG_PATTERN
from services.http.problems import Problem
from services.queries.answers import Answer
from services.queries.query import Query
from services.queries.table import QUERIES
from services.unsealing import Unsealed

Json = dict[str, Any]

_ABOUT: Final = (
    "Setiap janji, realisasi, laporan, nilai, rekomendasi, dan penundaan TPP sebagai peristiwa. Perintah dikirim dengan"
    " POST dan dijawab dengan resi; pertanyaan dijawab sebagaimana diketahui pada `known_at` dan berlaku pada"
    " `valid_on`."
)
_TYPED: Final = {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH, "pattern": r"\S"}
"""A text as a person types it; what comes out is an `Unsealed`, which says whether it still exists."""

_COMMAND_FAILURES: Final = ("400", "401", "403", "404", "409", "412", "413", "415", "422", "503", "507")
_QUERY_FAILURES: Final = ("400", "401", "403", "404", "409", "422")
_TAG: Final = {"ETag": {"schema": {"type": "string"}, "description": "Versi aliran, untuk If-Match."}}


def describe(app: Litestar) -> Json:
    """Return the OpenAPI 3.1 document of an application."""
    sent, components = _schemas(commands(), "", _TYPED)
    given, answers = _schemas(_kinds(), "answer.", {"$ref": "#/components/schemas/answer.Unsealed"})
    components |= answers
    schemas = sent | given
    for name in sent:  # the address says already which command it is
        components[schemas[name]["$ref"].rpartition("/")[2]]["required"].remove("type")
    paths: Json = {}
    for path, handler in _handlers(app):
        operation = _operation(handler, schemas, components)
        operation["parameters"] = [*_in_path(path, operation["parameters"]), *_beyond(path, operation["parameters"])]
        paths.setdefault(path, {})[next(iter(handler.http_methods)).lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "SAKIP", "version": "1", "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {"problem": _content("Ditolak atau gagal", schemas["problem"], "application/problem+json")},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _kinds() -> Json:
    own = {"receipt": Receipt, "problem": Problem, "answer": Answer, "text": Unsealed, "institution": Identifier}
    asked = {f"{name}?": query.asked for name, query in QUERIES.items()}
    return {**own, **asked, **{f"{name}!": query.answer for name, query in QUERIES.items()}}


def _schemas(kinds: Mapping[str, Any], prefix: str, text: Json) -> tuple[Json, Json]:
    """Return the schema of each kind by its name, and the components that these refer to."""

    def of_text(kind: type) -> Json:
        if kind is not SealedText:
            raise NotImplementedError(kind)
        return text

    found, components = msgspec.json.schema_components(
        kinds.values(), schema_hook=of_text, ref_template=f"#/components/schemas/{prefix}{{name}}"
    )
    # no surrogate stands alone in UTF-8, and the ranges of patterns that say so are foreign to many readers of schemas
    told = msgspec.json.decode(msgspec.json.encode([found, components]).replace(rb"\\ud800-\\udfff", b""))
    named = {f"{prefix}{name}": component for name, component in told[1].items()}
    return dict(zip(kinds, told[0], strict=True)), named


def _handlers(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in sorted(app.routes, key=lambda each: each.path):
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if handler.resolve_include_in_schema() and "OPTIONS" not in handler.http_methods:
                yield route.path_format, handler


def _operation(handler: HTTPRouteHandler, schemas: Json, components: Json) -> Json:
    if "command" in handler.opt:
        return _command(handler.opt["command"], schemas)
    if "file" in handler.opt:
        return _file(handler, _query(handler.opt["query"], schemas, components))
    if "query" in handler.opt:
        return _query(handler.opt["query"], schemas, components)
    return {
        "operationId": handler.name,
        "summary": "Keterangan API ini",
        "tags": ["api"],
        "parameters": [_parameter("asset", "path", {"type": "string"}, required=True)],
        "responses": {"200": {"description": "Isi"}, "default": {"$ref": "#/components/responses/problem"}},
    }


def _command(kind: type[Command], schemas: Json) -> Json:
    name = name_of(kind)
    receipt = {**_content("Resi", schemas["receipt"]), "headers": _TAG}
    return {
        "operationId": name,
        "summary": COMMAND_WORDS[name],
        "tags": [name.partition(".")[0]],
        "parameters": [
            _parameter("institution", "path", schemas["institution"], required=True),
            _parameter("Idempotency-Key", "header", {"type": "string", "pattern": f"^{KEY_PATTERN}$"}),
            _parameter("If-Match", "header", {"type": "string", "pattern": rf"^(\*|{TAG_PATTERN})$"}),
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schemas[name]}}},
        "responses": {
            "201": receipt,
            "200": {**receipt, "description": "Resi tanpa peristiwa baru"},
            **{status: {"$ref": "#/components/responses/problem"} for status in _COMMAND_FAILURES},
        },
    }


def _query(query: Query, schemas: Json, components: Json) -> Json:
    asked = components[schemas[f"{query.name}?"]["$ref"].rpartition("/")[2]]
    item = schemas[f"{query.name}!"]
    data = {"type": "array", "items": item} if query.many else item
    answer = {"allOf": [schemas["answer"], {"type": "object", "properties": {"data": data}}]}
    return {
        "operationId": query.name,
        "summary": query.title,
        **({"description": query.note} if query.note else {}),
        "tags": [query.stage],
        "parameters": [
            _parameter("institution", "path", schemas["institution"], required=True),
            *(
                _parameter(name, "query", _present(schema), required=name in asked["required"])
                for name, schema in asked["properties"].items()
            ),
        ],
        "responses": {
            "200": {**_content("Jawaban", answer), "headers": _TAG},
            "304": {"description": "Belum berubah"},
            **{status: {"$ref": "#/components/responses/problem"} for status in _QUERY_FAILURES},
        },
    }


def _file(handler: HTTPRouteHandler, answered: Json) -> Json:
    """Describe the answer to a query as a file to keep."""
    kept = _content("Berkas", {"type": "string", "format": "binary"}, handler.opt["file"])
    responses = {status: told for status, told in answered["responses"].items() if status != "304"}
    return {**answered, "operationId": handler.name, "responses": {**responses, "200": kept}}


def _in_path(path: str, parameters: list[Json]) -> list[Json]:
    names = re.findall(r"\{([^}]+)\}", path)
    return [{**each, "in": "path", "required": True} for name in names for each in parameters if each["name"] == name]


def _beyond(path: str, parameters: list[Json]) -> list[Json]:
    return [each for each in parameters if f"{{{each['name']}}}" not in path and each["in"] != "path"]


def _parameter(name: str, place: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _present(schema: Json) -> Json:
    """Return what a parameter is where it is given; it cannot be given as null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if not kinds:
        return schema
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _content(description: str, schema: Json, media_type: str = "application/json") -> Json:
    return {"description": description, "content": {media_type: {"schema": schema}}}
