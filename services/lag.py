"""How far delivery is behind the log of an institution."""

import msgspec

from services.clock import Clock
from services.event_log.contract import EventLog


class Lag(msgspec.Struct, frozen=True, kw_only=True):
    """Positions that read models and workflows are behind the head, and the age of the oldest entry among these."""

    institution: str
    head: int
    read_models: int
    workflows: int
    oldest_seconds: float


def lag_of(log: EventLog, clock: Clock, institution: str, read_models: int, workflows: int) -> Lag:
    """Return how far the log is ahead of the positions that read models and workflows stand at."""
    head = log.head(institution)
    missing = log.read(institution, after=min(read_models, workflows), limit=1)
    age = (clock.now() - missing[0].recorded_at).total_seconds() if missing else 0.0
    return Lag(
        institution=institution,
        head=head,
        read_models=max(0, head - read_models),
        workflows=max(0, head - workflows),
        oldest_seconds=max(0.0, age),
    )
