"""Performance reports over HTTP."""

from litestar import Router

from domain.report.commands import ReportCommands
from services.http.command_routes import command_routes
from services.http.query_routes import query_routes

ROUTER = Router(path="/report", route_handlers=[*command_routes(ReportCommands), *query_routes("report")])
