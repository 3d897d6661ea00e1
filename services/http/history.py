"""The log over HTTP: the events of a year or of one unit's year, and who did what."""

from litestar import Router

from services.http.query_routes import query_routes

ROUTER = Router(path="/history", route_handlers=query_routes("history"))
