"""Batches to append in tests, with every column told apart from its neighbours."""

import uuid
from datetime import UTC, date, datetime

from services.event_log.contract import Batch, Guard, NewEvent, SealedRow, Write

INSTITUTION = "kab-gunungkidul"
NOON = datetime(2024, 6, 30, 12, 0, 0, 123456, tzinfo=UTC)


def an_event(payload: bytes = b'{"type":"agreement.signed.v1"}', correlation: str | None = "dinkes/2024") -> NewEvent:
    return NewEvent(
        type="agreement.signed.v1",
        payload=payload,
        effective_on=date(2024, 1, 31),
        fiscal_year=2024,
        correlation=correlation,
    )


def a_write(stream: str = "agreement/dinkes/2024", expected: int = 0, count: int = 1) -> Write:
    return Write(stream=stream, expected=expected, events=tuple(an_event(f"{{{n}}}".encode()) for n in range(count)))


def a_batch(
    *writes: Write,
    institution: str = INSTITUTION,
    command_id: str | None = None,
    digest: str = "digest",
    guards: tuple[Guard, ...] = (),
    sealed: tuple[SealedRow, ...] = (),
    recorded_at: datetime = NOON,
) -> Batch:
    return Batch(
        institution=institution,
        command_id=command_id or uuid.uuid4().hex,
        digest=digest,
        writes=writes,
        guards=guards,
        sealed=sealed,
        actor_id="p-17",
        actor_role="unit_head",
        actor_unit="dinkes",
        origin="live",
        causation=7,
        recorded_at=recorded_at,
    )
