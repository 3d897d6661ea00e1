"""The parameters of queries: each struct is at once what is read from an address, its description, and CLI options."""

from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from domain.actor import Role
from domain.bounds import MAX_VERSION, FiscalYear, Identifier, Version
from domain.stream import DerivedId, unit_of_derived
from projections.agreement_register import AgreementStatus
from projections.hold_register import HoldStatus
from projections.obligation_calendar import DutyState
from projections.recommendation_register import RecommendationStatus
from projections.report_register import ReportStatus
from services.settling import Against

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000

Word = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_./:-]+(?!\n)$")]
"""A name of the system itself: a stream, an event type or the beginning of one."""

Moment = Annotated[str, Meta(max_length=40, description="Posisi, tanggal (akhir hari itu), atau waktu dengan zona.")]
Day = Annotated[str, Meta(max_length=10, description="Tanggal TTTT-BB-HH; bawaan: hari pada known_at.")]
Limit = Annotated[int, Meta(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str, Meta(max_length=400, description="Dari jawaban sebelumnya; halaman memperlihatkan satu saat.")]


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every question may say: as known when, valid on which day, and not before a position is followed."""

    known_at: Moment | None = None
    valid_on: Day | None = None
    after: Version | None = None


class AskedList(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list is answered in pages."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class OfCycles(AskedList, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cycles, by unit and performance year."""

    unit: Identifier | None = None
    fiscal_year: FiscalYear | None = None


class OfCycle(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The one cycle of an entity and performance year."""

    unit: Identifier
    fiscal_year: FiscalYear


class OfCommitment(OfCycle, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One commitment of an agreement."""

    commitment: Identifier


class OfDerived(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One recommendation, duty or hold."""

    key: DerivedId


class OfUnit(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit."""

    key: Identifier


class OfUnits(AskedList, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units; with `ended` also those that have ended."""

    ended: bool = False


class OfAgreements(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Agreements, by status."""

    status: AgreementStatus | None = None


class OfReports(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reports, by status."""

    status: ReportStatus | None = None


class OfScores(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Results of evaluations, by the year in which they were made."""

    evaluation_year: FiscalYear | None = None


class OfRecommendations(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Recommendations; `unit` is the evaluated one, `owner` one that has to follow up."""

    owner: Identifier | None = None
    status: RecommendationStatus | Literal["open", "overdue"] | None = None


class OfFollowUp(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The recommendations of a unit, of a performance year, or of one that has to follow up, taken together."""

    unit: Identifier | None = None
    fiscal_year: FiscalYear | None = None
    owner: Identifier | None = None


class OfDuties(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Duties; `states` may be given several times."""

    duty: Identifier | None = None
    states: Annotated[tuple[DutyState, ...], Meta(max_length=10)] = ()


class OfLateDuties(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Overdue duties."""

    duty: Identifier | None = None


class OfHolds(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holds, by status and by whether anything is held."""

    status: HoldStatus | None = None
    in_force: bool | None = None


class OfTasks(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What waits, by who may do it."""

    role: Role | None = None


class OfTrail(OfCycles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who did what; `type_prefix` may be `agreement.`, `subject` a document, commitment, person, duty or unit.

    The days are local ones, and included.
    """

    actor: Word | None = None
    type_prefix: Word = ""
    stream: Word | None = None
    subject: Word | None = None
    recorded_from: date | None = None
    recorded_until: date | None = None
    effective_from: date | None = None
    effective_until: date | None = None


class OfYear(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A performance year, of all units or one."""

    fiscal_year: FiscalYear
    unit: Identifier | None = None


class OfDifference(OfYear, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs: from the moment `earlier`, from what was reported, or (else) since the last approvals.

    `later` is the other moment, by default `known_at`, and not after it.
    """

    earlier: Moment | None = None
    later: Moment | None = None
    as_reported: bool = False
    since_approval: bool = False

    def __post_init__(self) -> None:
        """Refuse two baselines at once."""
        if (self.earlier is not None) + self.as_reported + self.since_approval > 1:
            message = "Pilih salah satu: earlier, as_reported, atau since_approval"
            raise ValueError(message)

    @property
    def against(self) -> Against:
        """What it is held against."""
        if self.earlier is not None:
            return "moment"
        return "report" if self.as_reported else "approval"


class OfPosition(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the log, by its position; `known_at` says among how many."""

    position: Annotated[int, Meta(ge=1, le=MAX_VERSION)]


class OfEarlierSize(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An earlier size of the log; `known_at` says the later one."""

    old_size: Version


GENERAL: Final = frozenset(AskedList.__struct_fields__)
"""The parameters that say when and how much, and not what."""


def narrowing(asked: Asked) -> dict[str, Any]:
    """Return the parameters that say what is asked about, by name."""
    return {name: getattr(asked, name) for name in asked.__struct_fields__ if name not in GENERAL}


def units_concerned(asked: Asked, found: object = None) -> tuple[str | None, ...]:
    """Return the units that a question and what was found concern; a single null means all of them.

    A recommendation, duty or hold concerns the unit in its id, the one that has it now, and those who follow it up.
    """
    derived = (unit_of_derived(asked.key),) if isinstance(asked, OfDerived) else ()
    named = (getattr(asked, "unit", None), getattr(asked, "owner", None), getattr(found, "unit", None))
    units = (*derived, *named, *getattr(found, "owners", ()))
    return tuple(unit for unit in units if unit is not None) or (None,)
