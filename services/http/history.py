"""The log over HTTP: events, who did what and why, what differs, and the file of a year, also as a workbook."""

from typing import Any, Final

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from services.bootstrap import System
from services.http.query_routes import given, query_routes
from services.http.unreadable import reading
from services.queries.answers import Answers
from services.queries.table import QUERIES
from services.queries.workbook import workbook_of
from services.tokens import Bearer
from services.year_workbook import MEDIA_TYPE, file_name

_FILE: Final = QUERIES["year_file"]


@get(
    "/year/{fiscal_year:str}/workbook",
    name="year_workbook",
    opt={"query": _FILE, "file": MEDIA_TYPE},
    sync_to_thread=True,
)
def workbook(
    request: Request[Bearer, None, Any],
    answers: NamedDependency[Answers],
    system: NamedDependency[System],
    institution: FromPath[str],
) -> Response[bytes]:
    """Return the file of a year as a workbook to keep; its name says which question it answers."""
    with reading():
        asked = msgspec.convert(given(request, frozenset()), _FILE.asked, strict=False)
    _, file = answers.found(_FILE, institution, request.user.person, asked)
    name = f'attachment; filename="{file_name(file)}"'
    return Response(workbook_of(system, file), media_type=MEDIA_TYPE, headers={"Content-Disposition": name})


ROUTER = Router(path="/history", route_handlers=[*query_routes("history"), workbook])
