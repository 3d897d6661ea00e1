"""Dated values: versions of one thing, of which the latest effective one holds on a day.

In effect on day D is, among the versions with `effective_on` ≤ D, the one with the greatest (effective_on, version).
"""

from datetime import date
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Version(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """A value that holds from a day on; `version` is that of the event that added it, a null value is an end."""

    effective_on: date
    version: int
    value: T | None


class Dated(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """All versions of one thing, ordered by (effective_on, version)."""

    versions: tuple[Version[T], ...] = ()

    def add(self, effective_on: date, version: int, value: T | None) -> "Dated[T]":
        """Return these versions with one more."""
        added = (*self.versions, Version(effective_on, version, value))
        if len(added) == 1:
            return Dated(added)
        return Dated(tuple(sorted(added, key=lambda each: (each.effective_on, each.version))))

    def correct(self, corrects: int, value: T | None) -> "Dated[T]":
        """Return these versions with the value of one of them replaced, on its own day."""
        return Dated(
            tuple(Version(v.effective_on, v.version, value) if v.version == corrects else v for v in self.versions)
        )

    def withdraw(self, withdraws: int) -> "Dated[T]":
        """Return these versions without one of them."""
        return Dated(tuple(v for v in self.versions if v.version != withdraws))

    def has(self, version: int) -> bool:
        """Say whether an event of that stream version added one of these."""
        return any(v.version == version for v in self.versions)

    def at(self, day: date) -> T | None:
        """Return the value in effect on a day, or None where none is."""
        in_effect = None
        for each in self.versions:
            if each.effective_on > day:
                break
            in_effect = each.value
        return in_effect

    def next_after(self, day: date) -> date | None:
        """Return the first day after one from which another version holds, or None."""
        for each in self.versions:
            if each.effective_on > day:
                return each.effective_on
        return None
