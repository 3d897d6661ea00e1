"""What is to be recorded: commands as plain values, each with its own effective day and the row that it comes from."""

import json
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import Struct

from domain.bounds import FiscalYear, Identifier
from domain.command import Command, name_of
from services.identity import derived_command_id
from services.importing.csv_reading import Row

NOT_IN_SOURCE: Final = "Tidak disebut dalam sumber"
"""Stands where a fact needs a text that the publication does not have."""

_LONGEST_SOURCE: Final = 300


class Order(Struct, frozen=True, kw_only=True):
    """A command to send: its kind, its fields as plain values, and the day on which the fact takes effect.

    `year_only`: the source names no day but a year, and the day stands for it. `optional`: where the institution has
    gone further already, there is nothing to do.
    """

    kind: type[Command]
    fields: dict[str, Any]
    effective_on: date | None = None
    year_only: bool = False
    row: Row | None = None
    optional: bool = False

    def command_id(self, institution: str) -> str:
        """Return the id of the command: the same for the same content, whenever it is sent."""
        content = json.dumps(msgspec.to_builtins(self.fields), sort_keys=True)
        return derived_command_id("import", institution, name_of(self.kind), self.effective_on, content)

    def values(self, today: date) -> dict[str, Any]:
        """Return the fields to send; a year that has not come so far takes effect on the day of recording."""
        if self.effective_on is None or (self.year_only and self.effective_on > today):
            return self.fields
        return {**self.fields, "effective_on": self.effective_on.isoformat()}


class Subject(Struct, frozen=True, order=True):
    """An entity of an institution and a fiscal year."""

    institution: Identifier
    unit: Identifier
    fiscal_year: FiscalYear

    @property
    def cycle(self) -> dict[str, Any]:
        """The fields that name the cycle in a command."""
        return {"unit": self.unit, "fiscal_year": self.fiscal_year}


def one_line(text: str) -> str:
    """Return a text without line breaks and doubled spaces."""
    return " ".join(text.split())


def source_of(row: Row) -> str:
    """Return where a row was published, or the row itself where it does not say or says too much."""
    address = one_line(row["source_url"])
    return address if 0 < len(address) <= _LONGEST_SOURCE else f"{row.file} baris {row.line}"


def from_source(row: Row) -> dict[str, Any]:
    """Return the opening of a stage whose predecessor is not in the source."""
    return {"source": source_of(row)}


def year_begins(year: int) -> date:
    """Return 1 January: what covers a year is in effect from then."""
    return date(year, 1, 1)


def year_ends(year: int) -> date:
    """Return 31 December: what a source dates by a year alone is certain to have happened by then."""
    return date(year, 12, 31)
