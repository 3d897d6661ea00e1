"""The HTTP application: every route, under one authentication, with one way to tell failures."""

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig

from services.bootstrap import System
from services.http import (
    agreement,
    allowance_hold,
    evaluation,
    follow_up,
    measurement,
    obligation,
    organisation,
    report,
)
from services.http.authentication import BearerAuthentication
from services.http.problems import HANDLERS

MAX_BODY_BYTES = 2_000_000
API = "/api/v1/institutions/{institution:str}"


def create_app(system: System) -> Litestar:
    """Return the application of a system."""
    stages = (organisation, agreement, measurement, report, evaluation, follow_up, obligation, allowance_hold)
    api = Router(
        path=API,
        route_handlers=[stage.ROUTER for stage in stages],
        dependencies={"system": Provide(lambda: system, sync_to_thread=False)},
        middleware=[DefineMiddleware(BearerAuthentication)],
    )
    return Litestar(
        route_handlers=[api],
        exception_handlers=dict(HANDLERS),
        state=State({"system": system}),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
        compression_config=CompressionConfig(backend="gzip", minimum_size=2_000),
        openapi_config=OpenAPIConfig(title="SAKIP", version="1", path="/api/v1/schema"),
    )
