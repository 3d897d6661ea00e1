"""Performance reports over HTTP."""

from litestar import Router

from domain.report.commands import ReportCommands
from services.http.command_routes import command_routes

ROUTER = Router(path="/report", route_handlers=[*command_routes(ReportCommands)], tags=["report"])
