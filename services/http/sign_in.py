"""Signing in and out of the pages: a form takes the token and keeps it in a cookie that no script can read."""

import re
from typing import Any, Final
from urllib.parse import parse_qs

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Cookie
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_401_UNAUTHORIZED, HTTP_403_FORBIDDEN

from services.bootstrap import System
from services.http.authentication import COOKIE
from services.http.page_frame import render

SIGN_IN: Final = "/masuk"
START: Final = "/"
_MOST_FIELDS: Final = 10
_PAGE_ADDRESS: Final = re.compile(r"/(?:instansi/[a-z0-9-]{1,40}/[a-z-]{1,40}(?:\?[A-Za-z0-9=&%_.:+-]{0,300})?)?")


@get(SIGN_IN, sync_to_thread=False)
def form(request: Request[Any, Any, Any]) -> Response[str]:
    """Return the form; `lanjut` is the page to go on to."""
    return render("sign_in.html", onward=onward(request.query_params.get("lanjut", START)), refused=None)


@post(SIGN_IN, status_code=HTTP_200_OK)
async def sign_in(request: Request[Any, Any, Any]) -> Response[str]:
    """Keep the token in a cookie and go on, or say that it is not known."""
    fields = _fields(await request.body())
    page, token = onward(fields.get("lanjut", START)), fields.get("token", "").strip()
    if _from_elsewhere(request):
        refused = "Formulir ini dikirim dari situs lain; silakan isi di sini."
        return render("sign_in.html", status=HTTP_403_FORBIDDEN, onward=page, refused=refused)
    system: System = request.app.state.system
    if await sync_to_thread(system.tokens.bearer, token) is None:
        refused = "Token tidak dikenal, atau sudah tidak berlaku. Periksa kembali, atau minta yang baru."
        return render("sign_in.html", status=HTTP_401_UNAUTHORIZED, onward=page, refused=refused)
    return go_to(page, _cookie(request, token))


@post("/keluar", status_code=HTTP_303_SEE_OTHER, sync_to_thread=False)
def sign_out(request: Request[Any, Any, Any]) -> Response[str]:
    """Forget the cookie; the token itself stays in force for programs."""
    return go_to(SIGN_IN, _cookie(request, "", max_age=0))


def onward(address: str) -> str:
    """Return the address of a page of ours, or the start page for any other."""
    return address if _PAGE_ADDRESS.fullmatch(address) else START


def go_to(address: str, *cookies: Cookie) -> Response[str]:
    """Send a browser to an address of ours."""
    headers = {"Location": address, "Cache-Control": "no-store"}
    return Response("", status_code=HTTP_303_SEE_OTHER, media_type="text/html", headers=headers, cookies=list(cookies))


def _cookie(request: Request[Any, Any, Any], token: str, max_age: int | None = None) -> Cookie:
    secure = request.url.scheme == "https"
    return Cookie(key=COOKIE, value=token, path="/", httponly=True, samesite="strict", secure=secure, max_age=max_age)


def _from_elsewhere(request: Request[Any, Any, Any]) -> bool:
    """Say whether a browser tells that another site sent the form; programs tell nothing."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}


def _fields(body: bytes) -> dict[str, str]:
    """Read a form, the first of each field; one that cannot be read is empty."""
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}
