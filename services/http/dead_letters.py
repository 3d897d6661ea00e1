"""Refused outputs of workflows over HTTP."""

from litestar import Router

from services.http.query_routes import query_routes

ROUTER = Router(path="/dead-letters", route_handlers=query_routes("dead-letters"))
