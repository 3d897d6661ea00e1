"""The institution itself over HTTP."""

from litestar import Router

from domain.organisation.commands import FoundInstitution, OrganisationCommands
from services.http.command_routes import command_routes
from services.http.query_routes import query_routes

ROUTER = Router(
    path="/organisation",
    route_handlers=[*command_routes(OrganisationCommands, without=(FoundInstitution,)), *query_routes("organisation")],
)
