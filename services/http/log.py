"""The proofs of the log over HTTP: the last checkpoint, that an entry is in, and that nothing earlier changed."""

from litestar import Router

from services.http.query_routes import query_routes

ROUTER = Router(path="/log", route_handlers=query_routes("log"))
