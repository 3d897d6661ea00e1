"""What an agreement promises: an objective's indicator with its targets, and the money and people behind it."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from domain.bounds import Digest, Figure, Identifier, Line, check_figures
from domain.indicator import Indicator, Target
from domain.institution import Capacity
from domain.period import Period


class PeriodTarget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The target of one period of the action plan (rencana aksi)."""

    period: Period
    target: Target


class AgreedTarget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The target of the year and those of its periods."""

    year: Target
    periods: Annotated[tuple[PeriodTarget, ...], Meta(max_length=12)] = ()


class Commitment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One row of the agreement's annex (PermenPANRB 53/2014, Lampiran I): objective, indicator, who answers for it.

    `id` is permanent within the agreement; `parent` names the commitment of a higher level that this one serves;
    `crosscutting` names the other units that share it.
    """

    id: Identifier
    objective: Line
    indicator: Indicator
    target: AgreedTarget
    person_in_charge: Identifier | None = None
    parent: Identifier | None = None
    crosscutting: Annotated[tuple[Identifier, ...], Meta(max_length=60)] = ()


class ProgrammeBudget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A programme row of the annex: money in rupiah and where it comes from."""

    code: Line
    name: Line
    budget: Figure
    source: Line | None = None

    def __post_init__(self) -> None:
        """Refuse figures out of bounds and negative money."""
        check_figures(self.budget)
        if self.budget < Decimal(0):
            message = "Anggaran tidak boleh negatif"
            raise ValueError(message)


class Signatory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Who signed, in which position and capacity; Plt and Plh sign, and it is printed so."""

    person: Identifier
    position: Line
    capacity: Capacity = Capacity.DEFINITIVE


class SignedPaper(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A signed paper: where it was signed, by whom, and the SHA-256 of the signed file."""

    place: Line
    signatories: Annotated[tuple[Signatory, ...], Meta(min_length=1, max_length=4)]
    file: Digest


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A file by content hash, with its own date apart from the day it was uploaded."""

    file: Digest
    name: Line
    dated: date
