"""Ids, salts and secrets: the one place that draws them, and the one that derives ids from their cause."""

import hashlib
import secrets
import uuid

from domain.sealed_text import SALT_BYTES

TOKEN_PREFIX = "sakip_"  # noqa: S105 - it says what the secret is, so that scanners find it when it leaks


def new_command_id() -> str:
    """Return an id that nobody used before."""
    return str(uuid.uuid4())


def new_salt() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def new_token() -> str:
    """Return a bearer token with 256 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token; it has too many random bits to need a slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def derived_command_id(*cause: object) -> str:
    """Return the id of a command that follows from a cause, the same for the same cause.

    The parts are length-prefixed, so that no two causes run together.
    """
    parts = [str(part).encode() for part in cause]
    joined = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return "d-" + hashlib.sha256(joined).hexdigest()[:40]
