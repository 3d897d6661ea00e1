"""Holds of the allowance over HTTP."""

from litestar import Router

from domain.allowance_hold.commands import HoldCommands
from services.http.command_routes import command_routes
from services.http.query_routes import query_routes

ROUTER = Router(
    path="/allowance-hold",
    route_handlers=[*command_routes(HoldCommands), *query_routes("allowance-hold")],
)
