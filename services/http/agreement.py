"""Performance agreements over HTTP."""

from litestar import Router

from domain.agreement.commands import AgreementCommands
from services.http.command_routes import command_routes
from services.http.query_routes import query_routes

ROUTER = Router(
    path="/agreement",
    route_handlers=[*command_routes(AgreementCommands), *query_routes("agreement")],
)
