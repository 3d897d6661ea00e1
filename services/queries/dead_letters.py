"""What workflows meant to send and the deciders refused: kept with the reason until a person looks at it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Engine, select

from services.workflow_runner import dead_letter


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A refused output: which workflow, which command about what, caused by the event at `position`, and why not."""

    id: int
    source: str
    position: int
    subject: str
    command: str
    code: str
    reason: str
    at: datetime


def dead_letters(engine: Engine, institution: str, until: int) -> Iterator[DeadLetter]:
    """Yield the dead letters of an institution whose cause stands at a position or before it, the oldest first."""
    table = dead_letter
    columns = [table.c[name] for name in DeadLetter.__struct_fields__]
    query = select(*columns).where(table.c.institution == institution, table.c.position <= until).order_by(table.c.id)
    with engine.connect() as connection:
        for row in connection.execute(query):
            found = DeadLetter(**row._mapping)  # noqa: SLF001 - the public name of a row's mapping begins so
            yield msgspec.structs.replace(found, at=_aware(found.at))


def _aware(stored: datetime) -> datetime:
    """SQLite keeps no offset: what was stored was UTC."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)
