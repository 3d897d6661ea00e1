"""How every failure is told to a client: problem+json with a stable code, an Indonesian title and the legal basis."""

from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_405_METHOD_NOT_ALLOWED,
    HTTP_409_CONFLICT,
    HTTP_412_PRECONDITION_FAILED,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    HTTP_415_UNSUPPORTED_MEDIA_TYPE,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
    HTTP_507_INSUFFICIENT_STORAGE,
)

from domain.errors import Conflict, Inadmissible, NotAllowed, NotFollowedYet, NotYetOpen, Refusal, RowsOutdated, Unknown
from services.command_handler import StaleVersion
from services.event_log.contract import CommandReusedError, StreamConflictError
from services.event_log.storage_faults import StorageDamagedError, StorageError, StorageFullError, storage_error
from services.http.unreadable import Unreadable

RETRY_AFTER_SECONDS = 1

STATUS: Mapping[type[Refusal], int] = {
    NotAllowed: HTTP_403_FORBIDDEN,
    Unknown: HTTP_404_NOT_FOUND,
    Conflict: HTTP_409_CONFLICT,
    Inadmissible: HTTP_422_UNPROCESSABLE_ENTITY,
}
"""The status of each kind of refusal; every refusal of a stage is of one of these kinds."""

_OF_STORAGE: Mapping[type[StorageError], int] = {
    StorageFullError: HTTP_507_INSUFFICIENT_STORAGE,
    StorageDamagedError: HTTP_500_INTERNAL_SERVER_ERROR,
}
"""The status of what the storage refuses; of anything else that it refuses it is 503."""

_TITLES: Mapping[int, tuple[str, str, str | None]] = {
    HTTP_400_BAD_REQUEST: ("bad_request", "Permintaan tidak dapat dibaca", None),
    HTTP_401_UNAUTHORIZED: (
        "not_authenticated",
        "Token tidak ada, tidak dikenal, atau sudah tidak berlaku",
        "Authorization",
    ),
    HTTP_404_NOT_FOUND: ("not_found", "Alamat tidak ditemukan", None),
    HTTP_405_METHOD_NOT_ALLOWED: ("method_not_allowed", "Metode tidak tersedia pada alamat ini", None),
    HTTP_413_REQUEST_ENTITY_TOO_LARGE: ("too_large", "Isi permintaan terlalu besar", "body"),
    HTTP_415_UNSUPPORTED_MEDIA_TYPE: ("media_type_unsupported", "Isi harus application/json", "Content-Type"),
}
"""Code, title and field of what the web layer refuses by itself."""

logger = structlog.get_logger()


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457: `code` is for machines, `title` and `detail` for people; `fields` name the values concerned."""

    type: str
    code: str
    title: str
    status: int
    detail: str | None = None
    legal_basis: str | None = None
    fields: dict[str, Any] = msgspec.field(default_factory=dict)


def problem(
    status: int,
    code: str,
    title: str,
    *,
    detail: str | None = None,
    legal_basis: str | None = None,
    fields: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """Return a problem+json response."""
    content = Problem(
        type=f"urn:sakip:problem:{code}",
        code=code,
        title=title,
        status=status,
        detail=detail,
        legal_basis=legal_basis,
        fields=dict(fields or {}),
    )
    return Response(
        msgspec.json.encode(content, enc_hook=str),
        status_code=status,
        media_type="application/problem+json",
        headers=dict(headers or {}),
    )


def refused(_request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    """Tell a refusal of the domain."""
    status = next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
    again = isinstance(refusal, NotYetOpen | NotFollowedYet | RowsOutdated)
    return problem(
        status,
        refusal.code,
        refusal.title,
        detail=refusal.detail or None,
        legal_basis=refusal.legal_basis,
        fields=refusal.fields,
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)} if again else None,
    )


def unreadable(_request: Request[Any, Any, Any], error: Unreadable) -> Response[bytes]:
    """Tell what of a body, parameter or header could not be read, and in which field."""
    reason, field = error.fault
    return problem(HTTP_400_BAD_REQUEST, "malformed", "Isian tidak sah", detail=reason, fields={"field": field})


def stale(_request: Request[Any, Any, Any], error: StaleVersion) -> Response[bytes]:
    """Tell that somebody else was faster than the version in If-Match."""
    fields = {"expected": error.expected, "actual": error.actual}
    return problem(
        HTTP_412_PRECONDITION_FAILED, "stale_version", "Data sudah berubah, muat ulang dahulu", fields=fields
    )


def reused(_request: Request[Any, Any, Any], _error: CommandReusedError) -> Response[bytes]:
    """Tell that an Idempotency-Key was used before for something else."""
    title = "Idempotency-Key sudah dipakai untuk permintaan lain"
    return problem(HTTP_422_UNPROCESSABLE_ENTITY, "idempotency_key_reused", title)


def contended(_request: Request[Any, Any, Any], _error: StreamConflictError) -> Response[bytes]:
    """Tell that others were faster, again and again."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem(HTTP_503_SERVICE_UNAVAILABLE, "contended", "Terlalu banyak perubahan bersamaan", headers=headers)


def http_failure(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Tell what the web layer itself refuses."""
    if error.status_code >= HTTP_500_INTERNAL_SERVER_ERROR:
        return unforeseen(request, error)
    code, title, field = _TITLES.get(error.status_code, _TITLES[HTTP_400_BAD_REQUEST])
    fields = {"field": field} if field else {}
    return problem(error.status_code, code, title, fields=fields, headers=error.headers)


def unstored(request: Request[Any, Any, Any], error: StorageError) -> Response[bytes]:
    """Log what the storage refused, and tell its kind: nothing was stored, and who runs the system has to act."""
    logger.error("storage", code=error.code, path=request.url.path, exc_info=error)
    status = next((status for kind, status in _OF_STORAGE.items() if isinstance(error, kind)), None)
    return problem(status or HTTP_503_SERVICE_UNAVAILABLE, error.code, error.title)


def unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Log a fault of ours, and tell nothing of it but that it happened."""
    if (refused_by_storage := storage_error(error)) is not None:
        return unstored(request, refused_by_storage)
    logger.error("unforeseen", path=request.url.path, exc_info=error)
    return problem(HTTP_500_INTERNAL_SERVER_ERROR, "internal", "Kesalahan pada sistem; sudah dicatat")


HANDLERS: Mapping[int | type[Exception], Any] = {
    Refusal: refused,
    Unreadable: unreadable,
    StaleVersion: stale,
    CommandReusedError: reused,
    StreamConflictError: contended,
    StorageError: unstored,
    HTTPException: http_failure,
    Exception: unforeseen,
}
