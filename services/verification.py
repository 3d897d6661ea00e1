"""Checks the log of an institution and its read models against each other."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from domain.event import Event, RecordedEvent
from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel, Rows
from projections.replay import ReplayedRows, digest_of_rows
from projections.row_codec import sealed_to_text
from services.bootstrap import System
from services.event_log.checkpoint import Checkpoint
from services.event_log.tiles import agree
from services.event_log.verification import verify_entries
from services.milestones import laid, wrongly_laid
from services.read_tables import LiveRows
from services.reading import ParkedMark, marks
from services.tile_table import merkle_tile


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in one institution; `fault`, `differing` and `parked` are empty where nothing was.

    `differing` are the read models whose rows, in use or kept at a milestone, are not those of a new fold, `parked` the
    keys that stopped at an event: their rows are compared with a fold that stops there too. `outdated` rows are those
    of another program, which this one replaces when it follows: they are not compared with anything.

    `position` is the first bad position of the log, null where every entry still has its hash and its place; where
    a checkpoint was needed to find it, `checkpoint` is the size that was signed. `signed` is the greatest size of the
    checkpoints that were compared, null where there was none: then a cut tail, a rollback and a rewriting stay unseen.
    """

    institution: str
    events: int
    position: int | None
    fault: str | None
    rows_digest: str | None
    differing: tuple[str, ...]
    parked: tuple[ParkedMark, ...] = ()
    outdated: bool = False
    signed: int | None = None
    checkpoint: int | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing was found; where rows are outdated, in the log alone."""
        return self.fault is None and not self.differing and not self.parked


def verify(
    system: System,
    institution: str,
    checkpoints: Sequence[Checkpoint] = (),
    progress: Callable[[int], None] | None = None,
) -> Verdict:
    """Recompute leaf hashes, compare roots with checkpoints, fold the log anew, compare read models, milestones, tiles.

    `progress` is told each position that is reached in the log.
    """
    events = system.log.head(institution)
    signed = max((each.size for each in checkpoints), default=None)
    finding = verify_entries(system.log, institution, checkpoints, progress)
    if finding is not None:
        return Verdict(
            institution=institution,
            events=events,
            position=finding.position,
            fault=str(finding.fault),
            rows_digest=None,
            differing=(),
            signed=signed,
            checkpoint=finding.checkpoint,
        )
    forged = _forged_text(system, institution)
    if forged is not None:
        return Verdict(
            institution=institution,
            events=events,
            position=forged,
            fault="sealed_text_differs",
            rows_digest=None,
            differing=(),
            signed=signed,
        )
    with system.reader.live(institution) as live:
        outdated = live.stand.outdated
        models = () if outdated else READ_MODELS
        folded, past = _folded_past_milestones(system.reader.events(institution, until=live.position()), live, models)
        differing = tuple(each.name for each in models if each.name in past or _differs(each, live, folded))
        parked = () if outdated else marks(live.parked(models))
    if not agree(system.proofs.tiles(institution), partial(system.log.leaf_hashes, institution)):
        differing = (*differing, str(merkle_tile.name))
    return Verdict(
        institution=institution,
        events=events,
        position=None,
        fault=None,
        rows_digest=digest_of_rows(folded),
        differing=differing,
        parked=parked,
        outdated=outdated,
        signed=signed,
    )


def _forged_text(system: System, institution: str) -> int | None:
    """Return the first position whose event refers to another text than was sealed; an erased one is fine."""
    for event in system.reader.events(institution):
        digests = _digests_in(event.body)
        if digests and not all(row.fits for row in system.log.sealed_rows(institution, digests)):
            return event.position
    return None


def _digests_in(body: Event) -> list[str]:
    met: list[str] = []

    def note(value: object) -> str:
        digest = sealed_to_text(value)
        met.append(digest)
        return digest

    msgspec.to_builtins(body, enc_hook=note)
    return met


def _folded_past_milestones(
    events: Iterable[RecordedEvent[Event]], live: LiveRows, models: Sequence[ReadModel[Any]]
) -> tuple[ReplayedRows, frozenset[str]]:
    """Fold events, and name those of some read models with a milestone that kept something else than stood there."""
    at = {model: frozenset(laid(live, model)) for model in models if not model.of_event}
    every, wrong = frozenset().union(*at.values()), set[str]()
    folded = ReplayedRows(())
    for event in events:
        folded.fold(event)
        for model in at if event.position in every else ():
            fold = folded.fold_of(model)
            if event.position in at[model]:
                wrong.update({model.name} if wrongly_laid(live, fold, event.position) else ())
                fold.touched.clear()
    return folded, frozenset(wrong)


def _differs(model: ReadModel[Any], live: LiveRows, folded: Rows) -> bool:
    try:
        return live.misfiled(model) or digest_of_rows(live, [model]) != digest_of_rows(folded, [model])
    except msgspec.MsgspecError:  # what lies there is no row of the model any more
        return True
