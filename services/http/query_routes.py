"""One route per query: `GET …/{stage}/…` answers as known at one moment and valid on one day."""

from typing import Any, get_origin, get_type_hints

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from services.http.unreadable import Unreadable, reading
from services.queries.answers import Answers, Told
from services.queries.query import Query
from services.queries.table import queries_of
from services.tokens import Bearer


def query_routes(stage: str) -> list[HTTPRouteHandler]:
    """Return a route for each query of a stage."""
    return [query_route(query) for query in queries_of(stage)]


def query_route(query: Query) -> HTTPRouteHandler:
    """Return the route of one query; what its address does not say are parameters."""
    path = "/" + query.path.replace("}", ":str}")
    several = frozenset(name for name, kind in get_type_hints(query.asked).items() if get_origin(kind) is tuple)

    @get(path, name=f"query.{query.name}", opt={"query": query}, sync_to_thread=True)
    def tell(
        request: Request[Bearer, None, Any], answers: NamedDependency[Answers], institution: FromPath[str]
    ) -> Response[bytes]:
        with reading():
            asked = msgspec.convert(given(request, several), query.asked, strict=False)
        return _respond(request, answers.answer(query, institution, request.user.person, asked))

    return tell


def given(request: Request[Bearer, None, Any], several: frozenset[str]) -> dict[str, Any]:
    """Return the parameters of address and query string; only those in `several` may be given more than once."""
    given: dict[str, Any] = {name: value for name, value in request.path_params.items() if name != "institution"}
    for name, value in request.query_params.multi_items():
        if name in several:
            given.setdefault(name, []).append(value)
        elif name in given:
            raise Unreadable("Isian tertulis dua kali", name)
        else:
            given[name] = value
    return given


def _respond(request: Request[Bearer, None, Any], told: Told) -> Response[bytes]:
    tag = f'W/"{told.tag}"'  # weak: the instant of asking is no part of it
    if f'"{told.tag}"' in request.headers.get("If-None-Match", ""):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
    return Response(told.content, media_type=MediaType.JSON, headers={"ETag": tag})
