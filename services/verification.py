"""Checks the log of an institution and its read models against each other."""

import msgspec

from projections.catalogue import READ_MODELS
from projections.replay import ReplayedRows, digest_of_rows
from services.bootstrap import System
from services.event_log.verification import verify_entries


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in one institution; `fault` and `differing` are empty where all is well.

    `position` is the first bad position of the log, null where every entry still has its hash and its place.
    """

    institution: str
    events: int
    position: int | None
    fault: str | None
    rows_digest: str | None
    differing: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return self.fault is None and not self.differing


def verify(system: System, institution: str) -> Verdict:
    """Recompute every leaf hash, fold the log anew, and compare each read model with its live rows."""
    events = system.log.head(institution)
    finding = verify_entries(system.log, institution)
    if finding is not None:
        return Verdict(
            institution=institution,
            events=events,
            position=finding.position,
            fault=str(finding.fault),
            rows_digest=None,
            differing=(),
        )
    with system.reader.live(institution) as live:
        folded = ReplayedRows(system.reader.events(institution, until=live.position()))
        differing = tuple(
            model.name for model in READ_MODELS if digest_of_rows(live, [model]) != digest_of_rows(folded, [model])
        )
    return Verdict(
        institution=institution,
        events=events,
        position=None,
        fault=None,
        rows_digest=digest_of_rows(folded),
        differing=differing,
    )
