"""The tables that say how published data is to be understood, each entry with its evidence: `documents.toml`."""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

FILE: Final = Path(__file__).with_name("documents.toml")


class DocumentType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A type of document: the fiscal year it is about is its label plus `offset`."""

    type: str
    offset: int
    evidence: str
    duty: str | None = None
    expected: bool = False


class UnknownDays(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days of upload, both ends included, that say nothing about when a document was submitted."""

    begins: date = msgspec.field(name="from")
    until: date
    reason: str


class DueDateSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rulebook that gives due dates, from which day it is in force, and for which years at the earliest."""

    rulebook: str
    first_fiscal_year: int
    in_force_from: date
    evidence: str


class Regulation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a regulation is mentioned, and the rulebook that holds it."""

    mentions: str
    rulebook: str


class Issuer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the name of somebody begins who issues evaluation reports."""

    begins: str


class IndicatorDirection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The direction of an indicator by its name."""

    indicator: str
    direction: Literal["maximise", "minimise"]
    evidence: str


class Tables(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of `documents.toml`."""

    documents: tuple[DocumentType, ...]
    unknown_days: tuple[UnknownDays, ...]
    due_dates: DueDateSource
    regulations: tuple[Regulation, ...]
    issuers: tuple[Issuer, ...]
    directions: tuple[IndicatorDirection, ...]

    def document(self, name: str) -> DocumentType | None:
        """Return the type of a document by the name that the source uses."""
        return next((each for each in self.documents if each.type.casefold() == name.casefold()), None)

    def why_unknown(self, day: date) -> str | None:
        """Return why a day of upload counts as unknown, or null where it counts."""
        return next((each.reason for each in self.unknown_days if each.begins <= day <= each.until), None)

    def rulebooks_mentioned(self, regulation: str) -> frozenset[str]:
        """Return the rulebooks that a text mentions; empty for an unknown regulation."""
        return frozenset(each.rulebook for each in self.regulations if each.mentions in regulation.casefold())

    def evaluates(self, issuer: str) -> bool:
        """Say whether a recommendation of that issuer comes from an AKIP evaluation."""
        return any(issuer.casefold().startswith(each.begins.casefold()) for each in self.issuers)

    def direction(self, indicator: str) -> Literal["maximise", "minimise"] | None:
        """Return the direction of an indicator, or null where nothing says it."""
        found = (each.direction for each in self.directions if each.indicator.casefold() == indicator.casefold())
        return next(found, None)


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Read the tables."""
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Tables)
