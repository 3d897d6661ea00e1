"""Who did what, in which role, when, to which effect, and what caused it?"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from domain.actor import Role
from domain.event import Origin, RecordedEvent
from domain.stream import cycle_of
from projections.read_model import ReadModel, Row, Rows, rows_table
from projections.row_codec import plain

POSITION_DIGITS: Final = 12
_PAGE: Final = 1_000


class AuditRow(Row, frozen=True, kw_only=True):
    """One event; the key is its position with leading zeros, `unit` the one it is about (null: the institution).

    `causation` is the position of the event that caused it, `body` the event's own fields as JSON, read only where
    somebody asks about them, sealed texts as their digests. A correction or withdrawal names in it the stream version
    that it is about.
    """

    position: int
    stream: str
    version: int
    type: str
    recorded_at: datetime
    effective_on: date
    origin: Origin
    actor: str
    role: Role
    actor_unit: str | None
    command_id: str
    causation: int | None
    correlation: str | None
    body: msgspec.Raw


class TrailPage(Struct, frozen=True, kw_only=True):
    """Entries in the order of the log; `next` is where to go on (null: nothing follows)."""

    entries: tuple[AuditRow, ...]
    next: int | None


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name a row of its own for every event."""
    return (_key(event.position),)


def evolve(key: str, _row: AuditRow | None, event: RecordedEvent[Any]) -> AuditRow:
    """Write an event down."""
    found = cycle_of(event.stream)
    unit, year = (getattr(event.body, "unit", None), None) if found is None else found
    return AuditRow(
        key=key,
        unit=unit,
        fiscal_year=event.fiscal_year if year is None else year,
        position=event.position,
        stream=event.stream,
        version=event.version,
        type=event.type,
        recorded_at=event.recorded_at,
        effective_on=event.effective_on,
        origin=event.origin,
        actor=event.actor.id,
        role=event.actor.role,
        actor_unit=event.actor.unit,
        command_id=event.command_id,
        causation=event.causation,
        correlation=event.correlation,
        body=plain(event.body),
    )


def at(row: AuditRow, _day: date) -> AuditRow:
    """Return the entry: who did what is the same on every day of valid time."""
    return row


def trail(  # noqa: PLR0913 - each filter that an auditor asks for
    rows: Rows,
    *,
    unit: str | None = None,
    fiscal_year: int | None = None,
    actor: str | None = None,
    type_prefix: str = "",
    stream: str | None = None,
    subject: str | None = None,
    recorded_from: datetime | None = None,
    recorded_until: datetime | None = None,
    effective_from: date | None = None,
    effective_until: date | None = None,
    after: int = 0,
    limit: int = 100,
) -> TrailPage:
    """Return up to `limit` entries beyond position `after` that fit every filter; `type_prefix` may be `agreement.`.

    `subject` is a document (its stream or its id) or anything that events name: a commitment, a person, a duty, a
    unit. `recorded_from` and `recorded_until` are aware instants, `effective_from` and `effective_until` days, all
    included.
    """
    entries: list[AuditRow] = []
    for row in _beyond(rows, unit, fiscal_year, after):
        if recorded_until is not None and row.recorded_at > recorded_until:
            break
        if recorded_from is not None and row.recorded_at < recorded_from:
            continue
        if not _within(row.effective_on, effective_from, effective_until) or not _about(row, subject):
            continue
        if actor in {None, row.actor} and stream in {None, row.stream} and row.type.startswith(type_prefix):
            if len(entries) == limit:
                return TrailPage(entries=tuple(entries), next=entries[-1].position)
            entries.append(row)
    return TrailPage(entries=tuple(entries), next=None)


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _about(row: AuditRow, subject: str | None) -> bool:
    return (
        subject is None
        or subject in {row.stream, row.stream.partition("/")[2]}
        or subject in _named(msgspec.json.decode(row.body))
    )


def _named(value: Any) -> Iterator[str]:  # noqa: ANN401 - plain JSON values
    """Yield every text in the fields of an event; those that people typed are digests."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _named(inner)


def _beyond(rows: Rows, unit: str | None, fiscal_year: int | None, after: int) -> Iterator[AuditRow]:
    """Go through the rows page by page, so that a long log is never held at once."""
    last = _key(after)
    while page := rows.rows(READ_MODEL, unit=unit, fiscal_year=fiscal_year, after=last, limit=_PAGE):
        yield from page
        last = page[-1].key


def _key(position: int) -> str:
    return f"{position:0{POSITION_DIGITS}d}"


READ_MODEL = ReadModel(
    name="audit_trail",
    row=AuditRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("audit_trail"),
    of_event=True,
)
