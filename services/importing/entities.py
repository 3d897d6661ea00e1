"""Whose row it is: a dated alias file maps the names of publications to institutions and units."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from domain.bounds import Identifier, Line
from services.importing.csv_reading import Row
from services.importing.faults import Fault

RELEASED: Final = Path(__file__).with_name("aliases.toml")

_MAX_IDENTIFIER: Final = 40
_HASH_DIGITS: Final = 8
_AGGREGATE: Final = re.compile(r"rata-rata|rerata|average|mean|distribusi|distribution|jumlah|total", re.IGNORECASE)
_REGIONAL: Final = re.compile(r"(?:pemerintah|pemkab|pemkot|pemprov|kab\.|kabupaten|kota|provinsi)\s", re.IGNORECASE)


class InstitutionEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An institution of the alias file. `prefix`: 'Prefix - UNIT' names one of its units."""

    id: Identifier
    name: Line
    level: Line
    time_zone: Line = "Asia/Jakarta"
    head_unit: Identifier = "pemda"
    prefix: Line | None = None


class AliasEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name as a publication writes it, and what it means from one day to another (both included, null: no bound).

    `unit` is null for the institution itself; `evidence` says where the dates come from.
    """

    name: Line
    institution: Identifier
    unit: Identifier | None = None
    unit_name: Line | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    evidence: Line | None = None


class Placeholder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name that a source prints where it knows none."""

    name: Line
    reason: Line


class AliasFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of an alias file."""

    institutions: Annotated[tuple[InstitutionEntry, ...], Meta(max_length=2_000)] = ()
    aliases: Annotated[tuple[AliasEntry, ...], Meta(max_length=20_000)] = ()
    placeholders: Annotated[tuple[Placeholder, ...], Meta(max_length=1_000)] = ()


class AliasesMalformed(ValueError):
    """An alias file is not TOML, has unknown keys, or names an institution that it does not have."""


Standing = Literal["head", "unit", "regional", "unknown", "not_entity"]
"""`head` and `unit` are known; `regional` reads like a regional government that no alias file has."""


class Entity(Struct, frozen=True, kw_only=True):
    """What a name means in a year; `institution` is null unless it is known, `code` says why not."""

    standing: Standing
    institution: InstitutionEntry | None = None
    unit: str = ""
    unit_name: str = ""
    code: str | None = None
    detail: str = ""

    @property
    def key(self) -> tuple[str, str] | None:
        """The institution's and the unit's id, or null for a name that means neither."""
        return None if self.institution is None else (self.institution.id, self.unit)


class Entities:
    """Finds entities by name and year; `digest` names the files that say how."""

    def __init__(self, files: Iterable[AliasFile], digest: str = "") -> None:
        """Take the files in order; a later one adds to and overrides an earlier one."""
        self.digest = digest
        self.institutions: dict[str, InstitutionEntry] = {}
        self._prefixes: dict[str, InstitutionEntry] = {}
        self._aliases: dict[str, list[AliasEntry]] = {}
        self._placeholders: dict[str, str] = {}
        for file in files:
            self.institutions.update({entry.id: entry for entry in file.institutions})
            self._prefixes.update({_folded(each.prefix): each for each in file.institutions if each.prefix})
            self._placeholders.update({_folded(entry.name): entry.reason for entry in file.placeholders})
            self._add(file.aliases)

    def resolve(self, name: str, year: int | None, *, level: str = "") -> Entity:
        """Say what a name means in a year (null: whatever it ever meant); an average is never an institution."""
        folded = _folded(name)
        if folded in self._placeholders:
            return Entity(standing="not_entity", code="not_an_entity", detail=f"{name}, {self._placeholders[folded]}")
        if _AGGREGATE.match(name.strip()) or _AGGREGATE.search(level):
            return Entity(standing="not_entity", code="not_an_entity", detail=name)
        aliases = self._aliases.get(folded, [])
        for alias in aliases:
            if year is None or _holds(alias, year):
                return self._of_alias(alias)
        if aliases:
            return Entity(standing="unit", code="entity_out_of_date", detail=f"{name}, {year}")
        return self._derived(name)

    def _add(self, aliases: tuple[AliasEntry, ...]) -> None:
        overridden = {_folded(alias.name) for alias in aliases}
        for name in overridden:
            self._aliases[name] = []
        for alias in aliases:
            if alias.institution not in self.institutions:
                raise AliasesMalformed(f"instansi {alias.institution} tidak ada")
            self._aliases[_folded(alias.name)].append(alias)

    def _of_alias(self, alias: AliasEntry) -> Entity:
        institution = self.institutions[alias.institution]
        unit = alias.unit or institution.head_unit
        if unit == institution.head_unit:
            return Entity(standing="head", institution=institution, unit=unit, unit_name=institution.name)
        name = alias.unit_name or alias.name.partition(" - ")[2] or alias.name
        return Entity(standing="unit", institution=institution, unit=unit, unit_name=name)

    def _derived(self, name: str) -> Entity:
        """Read 'Prefix - UNIT' where the prefix is known; an institution is never made up from a name."""
        prefix, dash, rest = name.partition(" - ")
        institution = self._prefixes.get(_folded(prefix)) if dash else None
        unit = identifier_of(rest)
        if institution is not None and unit and unit != institution.head_unit:
            return Entity(standing="unit", institution=institution, unit=unit, unit_name=" ".join(rest.split()))
        if dash:
            return Entity(standing="unit", code="entity_unknown", detail=name)
        standing: Standing = "regional" if _REGIONAL.match(name) else "unknown"
        return Entity(standing=standing, code="entity_unknown", detail=name)


def entity_warnings(rows: Iterable[tuple[Row, Entity]]) -> list[Fault]:
    """Return one warning for each name that means no entity, at its first row."""
    first: dict[tuple[str, str, str], Fault] = {}
    for row, entity in rows:
        if entity.code is not None:
            key = (row.file, entity.code, row["entity"])
            first.setdefault(key, row.fault(entity.code, "entity", detail=entity.detail))
    return list(first.values())


def load_aliases(local: Path | None = None) -> Entities:
    """Read the released alias file and a local one; raise AliasesMalformed with the reason, also for no file."""
    read = [_read(path) for path in (RELEASED, *([local] if local else []))]
    joined = "".join(sha256(content).hexdigest() for content, _ in read)
    return Entities([file for _, file in read], sha256(joined.encode()).hexdigest())


def _read(path: Path) -> tuple[bytes, AliasFile]:
    try:
        content = path.read_bytes()
        return content, msgspec.convert(tomllib.loads(content.decode()), AliasFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise AliasesMalformed(f"{path.name}: {error}") from error


@lru_cache(maxsize=10_000)
def identifier_of(name: str, *, always_hashed: bool = False) -> str:
    """Return an identifier for a name: its letters and digits with hyphens, cut and told apart by a hash if need be.

    >>> identifier_of("DINAS KESEHATAN"), identifier_of("!")
    ('dinas-kesehatan', '')
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    if not slug or (len(slug) <= _MAX_IDENTIFIER and not always_hashed):
        return slug
    digest = sha256(_folded(name).encode()).hexdigest()[:_HASH_DIGITS]
    return f"{slug[: _MAX_IDENTIFIER - _HASH_DIGITS - 1].rstrip('-')}-{digest}"


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _holds(alias: AliasEntry, year: int) -> bool:
    begins = alias.valid_from is None or alias.valid_from <= date(year, 12, 31)
    return begins and (alias.valid_to is None or date(year, 1, 1) <= alias.valid_to)
