"""What did a unit promise for a year, and which target holds on a day?"""

from datetime import date
from typing import Any, Literal, assert_never, cast

from msgspec import Struct

from domain.agreement.events import (
    AgreementAmended,
    AgreementEvent,
    AgreementOpened,
    AgreementPublished,
    AgreementRectified,
    AgreementSigned,
    AmendmentTrigger,
    CommitmentsProposed,
    TargetCorrected,
    TargetSet,
    TargetWithdrawn,
)
from domain.commitment import AgreedTarget, Commitment, ProgrammeBudget, SignedPaper
from domain.event import RecordedEvent
from domain.opening import Opening
from domain.sealed_text import SealedText
from domain.smart import SmartFinding, findings
from domain.stream import category_of, cycle, cycle_of
from projections.commitment_ledger import CommitmentEntry, Ledger, TargetRevision, evolve_ledger
from projections.read_model import ReadModel, Row, Rows, rows_table
from projections.timeline import Step, Trace, last_until, status_on, step, stretches, trace_of, until

AgreementStatus = Literal["opened", "proposed", "signed", "amended", "published"]
"""`published`: known from a publication; whether and when it was signed is not in the source."""


class Signature(Struct, frozen=True, kw_only=True):
    """The signed paper and where its recording stands in the log; effective on the day of signature."""

    paper: SignedPaper
    binds: int
    trace: Trace


class Change(Struct, frozen=True, kw_only=True):
    """An amendment on a legal ground, or a ralat (without one); `late` as flagged when it was made."""

    kind: Literal["amendment", "ralat"]
    trigger: AmendmentTrigger | None
    late: bool
    reason: SealedText
    paper: SignedPaper
    trace: Trace


class AgreementRow(Row, frozen=True, kw_only=True):
    """All that is known of the agreement of a unit and year; the key is `unit/year`."""

    opening: Opening | None = None
    steps: tuple[Step, ...] = ()
    programmes: tuple[ProgrammeBudget, ...] = ()
    ledger: Ledger = Ledger()
    signatures: tuple[Signature, ...] = ()
    changes: tuple[Change, ...] = ()
    source: str | None = None


class TargetVersion(Struct, frozen=True, kw_only=True):
    """A version of a target, valid from a day to another (exclusive, null: open); `version` names it in corrections."""

    version: int
    valid_from: date
    valid_to: date | None
    target: AgreedTarget | None
    amended_by: int | None
    trace: Trace | None


class CommitmentOn(Struct, frozen=True, kw_only=True):
    """A commitment on a day: the target in effect (null: none), the one first agreed, every version, SMART findings."""

    commitment: Commitment
    target: AgreedTarget | None
    original_target: AgreedTarget | None
    versions: tuple[TargetVersion, ...]
    smart: tuple[SmartFinding, ...]


class Agreement(Struct, frozen=True, kw_only=True):
    """An agreement on a day. `proposed` is the annex that waits for signature; signatories print their capacity."""

    unit: str
    fiscal_year: int
    status: AgreementStatus
    opening: Opening | None
    signed_on: date | None
    paper: SignedPaper | None
    source: str | None
    commitments: tuple[CommitmentOn, ...]
    proposed: tuple[Commitment, ...]
    programmes: tuple[ProgrammeBudget, ...]
    changes: tuple[Change, ...]
    late_amendments: int
    smart_findings: int
    revisions: tuple[TargetRevision, ...]
    steps: tuple[Step, ...]


def keys(event: RecordedEvent[Any]) -> tuple[str, ...]:
    """Name the row of the agreement's unit and year."""
    found = cycle_of(event.stream) if category_of(event.stream) == "agreement" else None
    return () if found is None else (cycle(*found),)


def evolve(key: str, row: AgreementRow | None, event: RecordedEvent[AgreementEvent]) -> AgreementRow:
    """Fold one event of an agreement."""
    row = row or begin(key)
    row = row.now(ledger=evolve_ledger(row.ledger, event))
    match event.body:
        case AgreementOpened(opening=opening):
            return _reached(row, event, "opened").now(opening=opening)
        case CommitmentsProposed(programmes=programmes):
            return _reached(row, event, "proposed").now(programmes=programmes)
        case AgreementSigned(paper=paper, binds=binds):
            signature = Signature(paper=paper, binds=binds, trace=trace_of(event))
            return _reached(row, event, "signed").now(signatures=(*row.signatures, signature))
        case AgreementPublished(source=source):
            return _reached(row, event, "published").now(source=source)
        case AgreementAmended():
            return _changed(_reached(row, event, "amended"), event, event.body)
        case AgreementRectified():
            return _changed(row, event, event.body)
        case TargetSet() | TargetCorrected() | TargetWithdrawn():
            return row
        case _:
            assert_never(event.body)


def begin(key: str) -> AgreementRow:
    """Return the row of a `unit/year` of which nothing is known."""
    unit, _, year = key.partition("/")
    return AgreementRow(key=key, unit=unit, fiscal_year=int(year))


def _reached(row: AgreementRow, event: RecordedEvent[AgreementEvent], status: AgreementStatus) -> AgreementRow:
    return row.now(steps=(*row.steps, step(event, status)))


def _changed(
    row: AgreementRow, event: RecordedEvent[AgreementEvent], body: AgreementAmended | AgreementRectified
) -> AgreementRow:
    amends = isinstance(body, AgreementAmended)
    change = Change(
        kind="amendment" if amends else "ralat",
        trigger=body.trigger if isinstance(body, AgreementAmended) else None,
        late=body.late if isinstance(body, AgreementAmended) else False,
        reason=body.reason,
        paper=body.paper,
        trace=trace_of(event),
    )
    return row.now(changes=(*row.changes, change))


def at(row: AgreementRow, day: date) -> Agreement | None:
    """Return the agreement on a day, or None where it was not opened yet."""
    status = status_on(row.steps, day)
    if status is None or row.unit is None or row.fiscal_year is None:
        return None
    signature = last_until(row.signatures, day)
    in_force = status in {"signed", "amended", "published"}
    changes = until(row.changes, day)
    commitments = tuple(_commitment(each, day) for each in row.ledger.entries) if in_force else ()
    return Agreement(
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        status=cast("AgreementStatus", status),
        opening=row.opening,
        signed_on=None if signature is None else signature.trace.effective_on,
        paper=None if signature is None else signature.paper,
        source=row.source if status == "published" else None,
        commitments=commitments,
        proposed=row.ledger.proposal if status == "proposed" else (),
        programmes=row.programmes,
        changes=changes,
        late_amendments=sum(each.late for each in changes),
        smart_findings=sum(len(each.smart) for each in commitments),
        revisions=row.ledger.revisions,
        steps=until(row.steps, day),
    )


def agreements(
    rows: Rows, day: date, *, unit: str | None = None, fiscal_year: int | None = None, status: str | None = None
) -> tuple[Agreement, ...]:
    """Return the agreements that had been opened by a day, by unit and year."""
    found = (at(row, day) for row in rows.rows(READ_MODEL, unit=unit, fiscal_year=fiscal_year))
    return tuple(each for each in found if each is not None and status in {None, each.status})


def agreement(rows: Rows, day: date, *, unit: str, fiscal_year: int) -> Agreement | None:
    """Return the agreement of a unit and year on a day, or None."""
    row = rows.row(READ_MODEL, cycle(unit, fiscal_year))
    return None if row is None else at(row, day)


def target_in_effect(rows: Rows, day: date, *, unit: str, fiscal_year: int, commitment: str) -> AgreedTarget | None:
    """Return the target of a commitment in effect on a day, or None where there is none."""
    found = agreement(rows, day, unit=unit, fiscal_year=fiscal_year)
    promised = () if found is None else found.commitments
    return next((each.target for each in promised if each.commitment.id == commitment), None)


def _commitment(entry: CommitmentEntry, day: date) -> CommitmentOn:
    in_effect = entry.targets.at(day)
    return CommitmentOn(
        commitment=entry.commitment,
        target=None if in_effect is None else in_effect.target,
        original_target=entry.original_target,
        versions=tuple(
            TargetVersion(
                version=version.version,
                valid_from=version.effective_on,
                valid_to=ends,
                target=None if version.value is None else version.value.target,
                amended_by=None if version.value is None else version.value.amended_by,
                trace=None if version.value is None else version.value.trace,
            )
            for version, ends in stretches(entry.targets)
        ),
        smart=findings(entry.commitment),
    )


READ_MODEL = ReadModel(
    name="agreement_register",
    row=AgreementRow,
    keys=keys,
    evolve=evolve,
    at=at,
    table=rows_table("agreement_register"),
    streams=frozenset({"agreement"}),
    of_cycle=True,
)
