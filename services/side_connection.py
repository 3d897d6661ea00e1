"""A connection to PostgreSQL for work beside the requests: it notices within seconds that its server is gone."""

from typing import Any, Final

import psycopg
from sqlalchemy import make_url

CONNECT_SECONDS = 5
GONE_MILLISECONDS = 8_000
"""A server that acknowledges nothing for so long is taken for gone."""

# A process that is stopped in the middle of a transaction must not keep the others waiting for its locks.
_SESSION: Final = (
    "SET synchronous_commit = off; SET default_transaction_isolation = 'read committed';"
    " SET idle_in_transaction_session_timeout = '1s'"
)
_NOTICES_DEATH: Final[dict[str, Any]] = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": GONE_MILLISECONDS,
}


def is_postgres(url: str) -> bool:
    """Say whether a database URL names a PostgreSQL server."""
    return url != "memory:" and make_url(url).get_backend_name() == "postgresql"


def connect_beside(url: str, purpose: str) -> psycopg.Connection:
    """Connect in autocommit; `purpose` is what the server lists the connection under (`application_name`).

    Nothing done here needs a durable commit, so none is waited for. The driver name in the URL is ignored.

    Raises:
        psycopg.OperationalError: the server can't be reached.
    """
    # Only the name of the driver goes: SQLAlchemy writes a space as "+", which libpq doesn't take.
    address = f"postgresql{url[url.index(':') :]}"
    connection = psycopg.connect(address, autocommit=True, application_name=purpose, **_NOTICES_DEATH)
    try:
        connection.execute(_SESSION)
    except BaseException:
        connection.close()
        raise
    return connection
