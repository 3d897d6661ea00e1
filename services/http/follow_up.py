"""Recommendations and their follow-up over HTTP."""

from litestar import Router

from domain.follow_up.commands import FollowUpCommands
from services.http.command_routes import command_routes
from services.http.query_routes import query_routes

ROUTER = Router(
    path="/follow-up",
    route_handlers=[*command_routes(FollowUpCommands), *query_routes("follow-up")],
)
