"""Describes the API: what litestar knows of the queries, joined with the exact JSON schema of every command."""

from typing import Any

import msgspec
from litestar import Litestar

from domain.cycle import commands
from domain.sealed_text import MAX_LENGTH, SealedText

_REFERENCE = "#/components/schemas/{name}"


def describe(app: Litestar) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the application."""
    document: dict[str, Any] = app.openapi_schema.to_schema()
    kinds = commands()
    schemas, components = msgspec.json.schema_components(
        kinds.values(), schema_hook=_schema_of_text, ref_template=_REFERENCE
    )
    document.setdefault("components", {}).setdefault("schemas", {}).update(components)
    by_name = dict(zip(kinds, schemas, strict=True))
    for path in document["paths"].values():
        operation = path.get("post")
        schema = by_name.get(operation.get("operationId", "")) if operation else None
        if schema is not None:
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return document


def _schema_of_text(kind: type) -> dict[str, Any]:
    if kind is not SealedText:
        raise NotImplementedError(kind)
    return {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH, "pattern": r"\S"}
