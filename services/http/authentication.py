"""Who speaks: a bearer token, in the header for programs or in a cookie for the pages; no route is open."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from domain.errors import InstitutionUnknown
from services.tokens import Tokens

COOKIE = "sakip_token"
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


class BearerAuthentication(AbstractAuthenticationMiddleware):
    """Lets in whoever shows a token that is known, in force, and of the institution in the address."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Return the bearer, or refuse: without a token 401, at another institution 404."""
        tokens: Tokens = connection.app.state.system.tokens
        bearer = tokens.bearer(_token(connection))
        if bearer is None:
            raise NotAuthorizedException(headers=_CHALLENGE)
        institution = connection.path_params.get("institution")
        if institution is not None and institution != bearer.institution:
            raise InstitutionUnknown(institution=institution)
        return AuthenticationResult(user=bearer, auth=None)


def _token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    if connection.scope["method"] == "GET":
        return connection.cookies.get(COOKIE, "")
    return ""
