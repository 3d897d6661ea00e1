"""Bearer tokens: who may speak for which person; only their hashes are stored."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Column, DateTime, Engine, MetaData, String, Table, select, update

from services.clock import Clock
from services.identity import new_token, token_hash

METADATA = MetaData()
LIFETIME = timedelta(days=90)

access_token = Table(
    "access_token",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("institution", String(40), nullable=False),
    Column("person", String(40), nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)


class Bearer(msgspec.Struct, frozen=True, kw_only=True):
    """The person that a token speaks for, in one institution."""

    institution: str
    person: str


class Tokens:
    """Issues, recognises and revokes tokens."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def issue(self, institution: str, person: str, lifetime: timedelta = LIFETIME) -> str:
        """Return a new token; it is shown this once and cannot be had again."""
        token = new_token()
        now = self._clock.now()
        row = {
            "hash": token_hash(token),
            "institution": institution,
            "person": person,
            "issued_at": now,
            "expires_at": now + lifetime,
        }
        with self._engine.begin() as connection:
            connection.execute(access_token.insert().values(**row))
        return token

    def bearer(self, token: str) -> Bearer | None:
        """Return whom a token speaks for, or None where it is unknown, expired or revoked."""
        query = select(access_token).where(access_token.c.hash == token_hash(token))
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.revoked_at is not None or _aware(row.expires_at, self._clock) <= self._clock.now():
            return None
        return Bearer(institution=row.institution, person=row.person)

    def revoke_all(self, institution: str, person: str) -> int:
        """Revoke every token of a person; return how many there were."""
        statement = (
            update(access_token)
            .where(
                access_token.c.institution == institution,
                access_token.c.person == person,
                access_token.c.revoked_at.is_(None),
            )
            .values(revoked_at=self._clock.now())
        )
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount


def _aware(stored: datetime, clock: Clock) -> datetime:
    """SQLite keeps no offset: what was stored was UTC."""
    return stored if stored.tzinfo else stored.replace(tzinfo=clock.now().tzinfo)
