"""One route per command: `POST …/{stage}/{verb}` takes the command as JSON and answers with its receipt."""

import re
from types import UnionType
from typing import Any, get_args

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_415_UNSUPPORTED_MEDIA_TYPE

from domain.command import Command, name_of
from services import command_handler
from services.bootstrap import System
from services.command_handler import Receipt
from services.http.unreadable import Unreadable, reading
from services.identity import new_command_id
from services.sealing import read_command
from services.tokens import Bearer

KEY_PATTERN = r"[A-Za-z0-9_.:-]{1,100}"
TAG_PATTERN = r'(?:W/)?"([0-9]{1,15})(?:-[0-9a-f]{16})?"'
"""The stream version, alone as a receipt has it or before the mark of an answer."""


def command_routes(commands: UnionType, *, without: tuple[type[Command], ...] = ()) -> list[HTTPRouteHandler]:
    """Return a route for each command of a stage."""
    return [command_route(kind) for kind in get_args(commands) if kind not in without]


def command_route(kind: type[Command]) -> HTTPRouteHandler:
    """Return the route of one command, such as `POST /agreement/sign`; the body is the command without its tag."""
    verb = name_of(kind).partition(".")[2].replace("_", "-")

    @post(f"/{verb}", name=name_of(kind), opt={"command": kind}, sync_to_thread=True)
    def carry_out(
        request: Request[Bearer, None, Any],
        body: RawBody,
        system: NamedDependency[System],
        institution: FromPath[str],
    ) -> Response[Receipt]:
        _demand_json(request)
        with reading():
            sealed = read_command(kind, body, request.user.person)
        receipt = system.handler.handle(
            command_handler.Request(
                institution=institution,
                command_id=_command_id(request),
                sealed=sealed,
                person=request.user.person,
                expected=_expected(request),
            )
        )
        status = HTTP_201_CREATED if receipt.events else HTTP_200_OK
        return Response(receipt, status_code=status, headers={"ETag": f'"{receipt.version}"'})

    return carry_out


def _demand_json(request: Request[Bearer, None, Any]) -> None:
    if request.content_type[0] != "application/json":
        raise HTTPException(status_code=HTTP_415_UNSUPPORTED_MEDIA_TYPE)


def _command_id(request: Request[Bearer, None, Any]) -> str:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return new_command_id()
    if not re.fullmatch(KEY_PATTERN, key):
        raise Unreadable("Harus 1 sampai 100 huruf, angka, atau tanda _ . : -", "Idempotency-Key")
    return f"{request.user.person}:{key}"


def _expected(request: Request[Bearer, None, Any]) -> int | None:
    tag = request.headers.get("If-Match", "*").strip()
    if tag == "*":
        return None
    found = re.fullmatch(TAG_PATTERN, tag)
    if found is None:
        raise Unreadable('Harus versi aliran dalam tanda kutip, misalnya "3"', "If-Match")
    return int(found[1])
