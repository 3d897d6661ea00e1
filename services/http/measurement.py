"""Measurement over HTTP."""

from litestar import Router

from domain.measurement.commands import MeasurementCommands
from services.http.command_routes import command_routes
from services.http.query_routes import query_routes

ROUTER = Router(
    path="/measurement",
    route_handlers=[*command_routes(MeasurementCommands), *query_routes("measurement")],
)
