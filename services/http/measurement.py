"""Measurement over HTTP."""

from litestar import Router

from domain.measurement.commands import MeasurementCommands
from services.http.command_routes import command_routes

ROUTER = Router(path="/measurement", route_handlers=[*command_routes(MeasurementCommands)], tags=["measurement"])
