"""Evaluations over HTTP."""

from litestar import Router

from domain.evaluation.commands import EvaluationCommands
from services.http.command_routes import command_routes
from services.http.query_routes import query_routes

ROUTER = Router(
    path="/evaluation",
    route_handlers=[*command_routes(EvaluationCommands), *query_routes("evaluation")],
)
