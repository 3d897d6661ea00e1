"""Where read models have stopped, over HTTP."""

from litestar import Router

from services.http.query_routes import query_routes

ROUTER = Router(path="/parked", route_handlers=query_routes("parked"))
