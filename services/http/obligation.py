"""Duties with a due date over HTTP."""

from litestar import Router

from domain.obligation.commands import ObligationCommands
from services.http.command_routes import command_routes
from services.http.query_routes import query_routes

ROUTER = Router(
    path="/obligation",
    route_handlers=[*command_routes(ObligationCommands), *query_routes("obligation")],
)
