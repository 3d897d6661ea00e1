"""How failures are told on the pages: a visitor without a token is sent to sign in, anyone else gets a page."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.status_codes import HTTP_400_BAD_REQUEST, HTTP_500_INTERNAL_SERVER_ERROR

from domain.errors import Refusal
from services.http.page_frame import render
from services.http.problems import STATUS, unforeseen
from services.http.sign_in import SIGN_IN, START, go_to
from services.http.unreadable import Unreadable

_LABELS: Final = {
    "known_at": "“Diketahui sampai”",
    "valid_on": "“Berlaku pada”",
    "year": "“Tahun kinerja”",
    "unit": "“Unit kerja”",
}
"""How the form calls the parameters of an address."""


def _to_sign_in(request: Request[Any, Any, Any], _error: NotAuthorizedException) -> Response[str]:
    query = request.scope["query_string"].decode("latin-1")
    here = request.url.path + (f"?{query}" if query else "")
    return go_to(f"{SIGN_IN}?{urlencode({'lanjut': here})}" if here != START else SIGN_IN)


def _refused(request: Request[Any, Any, Any], refusal: Refusal) -> Response[str]:
    status = next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
    title, detail = _labelled(refusal.title), _labelled(refusal.detail)
    return _told(request, status, title, "" if detail == title else detail, refusal.legal_basis)


def _unreadable(request: Request[Any, Any, Any], error: Unreadable) -> Response[str]:
    reason, field = error.fault
    return _told(request, HTTP_400_BAD_REQUEST, "Isian pada alamat tidak sah", f"{_LABELS.get(field, field)}: {reason}")


def _failed(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    return _told(request, error.status_code, "Permintaan tidak dapat dilayani")


def _unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    unforeseen(request, error)
    return _told(request, HTTP_500_INTERNAL_SERVER_ERROR, "Kesalahan pada sistem; sudah dicatat")


def _labelled(told: str) -> str:
    for parameter in ("known_at", "valid_on"):
        told = told.replace(parameter, _LABELS[parameter])
    return told


def _told(
    request: Request[Any, Any, Any], status: int, title: str, detail: str = "", basis: str | None = None
) -> Response[str]:
    return render(
        "problem.html", status=status, title=title, detail=detail, basis=basis, code=status, path=request.url.path
    )


HANDLERS: Final[Mapping[int | type[Exception], Any]] = {
    NotAuthorizedException: _to_sign_in,
    Refusal: _refused,
    Unreadable: _unreadable,
    HTTPException: _failed,
    Exception: _unforeseen,
}
