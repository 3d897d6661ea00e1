"""The HTTP application: every route, under one authentication, with one way to tell failures."""

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide

from services.bootstrap import System
from services.http import (
    agreement,
    allowance_hold,
    cycle,
    dead_letters,
    documentation,
    evaluation,
    follow_up,
    history,
    log,
    measurement,
    obligation,
    organisation,
    pages,
    parked,
    report,
)
from services.http.authentication import AUTHENTICATED
from services.http.problems import HANDLERS
from services.queries.answers import Answers

MAX_BODY_BYTES = 1_000_000
API = "/api/v1"

CONTROLLERS = (
    *(organisation, agreement, measurement, report, evaluation, follow_up, obligation, allowance_hold),
    *(cycle, history, log, dead_letters, parked),
)


def create_app(system: System) -> Litestar:
    """Return the application of a system."""
    answers = Answers(system)
    institution = Router(
        path="/institutions/{institution:str}",
        route_handlers=[each.ROUTER for each in CONTROLLERS],
        dependencies={
            "system": Provide(lambda: system, sync_to_thread=False),
            "answers": Provide(lambda: answers, sync_to_thread=False),
        },
    )
    api = Router(path=API, route_handlers=[institution, documentation.ROUTER], middleware=[AUTHENTICATED])
    return Litestar(
        route_handlers=[api, pages.ROUTER],
        exception_handlers={**HANDLERS},
        state=State({"system": system}),
        request_max_body_size=MAX_BODY_BYTES,
        # nothing that a person may see belongs to anyone else, and each use asks whether it is still so
        response_headers={"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"},
        compression_config=CompressionConfig(backend="gzip", minimum_size=2_000),
        logging_config=None,
        openapi_config=None,
    )
