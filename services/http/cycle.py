"""The cycle as a whole over HTTP: how far each unit came, and what waits for whom."""

from litestar import Router

from services.http.query_routes import query_routes

ROUTER = Router(path="/cycle", route_handlers=query_routes("cycle"))
