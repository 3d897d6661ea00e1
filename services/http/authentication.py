"""Who speaks: a bearer token, in the header for programs or in a cookie for pages; only signing in is open."""

from typing import Any

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult, DefineMiddleware

from domain.errors import InstitutionUnknown
from services.tokens import Tokens

COOKIE = "sakip_token"
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


class BearerAuthentication(AbstractAuthenticationMiddleware):
    """Lets in whoever shows a token that is known, in force, and of the institution in the address."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Return the bearer, or refuse: without a token 401, at another institution 404."""
        tokens: Tokens = connection.app.state.system.tokens
        bearer = await sync_to_thread(tokens.bearer, _token(connection))
        if bearer is None:
            raise NotAuthorizedException(headers=_CHALLENGE)
        institution = connection.path_params.get("institution")
        if institution not in {None, bearer.institution}:
            raise InstitutionUnknown(institution=institution)
        return AuthenticationResult(user=bearer, auth=None)


AUTHENTICATED = DefineMiddleware(BearerAuthentication, exclude_http_methods=[])
"""The middleware of every router; OPTIONS is asked for a token too."""


def _token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the token shown; the cookie, which a browser sends by itself, counts only where nothing changes."""
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    if connection.scope["type"] == ScopeType.HTTP and connection.scope["method"] == "GET":
        return connection.cookies.get(COOKIE, "")
    return ""
