"""One route per command: `POST …/{stage}/{verb}` takes the command as JSON and answers with its receipt."""

import re
from types import UnionType
from typing import Any, get_args

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_201_CREATED
from litestar.exceptions import ValidationException

from domain.command import Command, name_of
from services import command_handler
from services.bootstrap import System
from services.command_handler import Receipt
from services.tokens import Bearer
from services.identity import new_command_id
from services.sealing import read_command

_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,15})"')


def command_routes(commands: UnionType, *, without: tuple[type[Command], ...] = ()) -> list[HTTPRouteHandler]:
    """Return a route for each command of a stage."""
    return [command_route(kind) for kind in get_args(commands) if kind not in without]


def command_route(kind: type[Command]) -> HTTPRouteHandler:
    """Return the route of one command, such as `POST /agreement/sign`; the body is the command without its tag."""
    verb = name_of(kind).partition(".")[2].replace("_", "-")

    @post(
        f"/{verb}",
        name=name_of(kind),
        summary=(kind.__doc__ or "").partition("\n")[0],
        status_code=HTTP_201_CREATED,
        sync_to_thread=True,
        opt={"command": kind},
    )
    def carry_out(
        request: Request[Bearer, None, Any], body: bytes, system: System, institution: str
    ) -> Response[Receipt]:
        receipt = system.handler.handle(
            command_handler.Request(
                institution=institution,
                command_id=_command_id(request),
                sealed=read_command(kind, body, request.user.person),
                person=request.user.person,
                expected=_expected(request),
            )
        )
        return Response(receipt, headers={"ETag": f'"{receipt.version}"'})

    return carry_out


def _command_id(request: Request[Bearer, None, Any]) -> str:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return new_command_id()
    if not _KEY.fullmatch(key):
        raise ValidationException("Idempotency-Key: 1 sampai 100 huruf, angka, atau tanda _ . : -")
    return f"{request.user.person}:{key}"


def _expected(request: Request[Bearer, None, Any]) -> int | None:
    tag = request.headers.get("If-Match")
    if tag is None or tag.strip() == "*":
        return None
    found = _ETAG.fullmatch(tag.strip())
    if found is None:
        raise ValidationException('If-Match: versi aliran dalam tanda kutip, misalnya "3"')
    return int(found[1])
