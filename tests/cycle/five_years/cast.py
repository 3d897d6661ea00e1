"""Who plays in the five years: the units of a regency that does not exist, and the people in its offices."""

from typing import Any, Final, NamedTuple

from domain.actor import Role

HEAD_UNIT: Final = "pemda"
LINE_UNITS: Final = ("dinkes", "disdik", "dishub", "dinsos", "bkad")
UNITS: Final = ("setda", "inspektorat", "bappeda", *LINE_UNITS)
NEW_UNITS: Final = ("dishubsos", "dispora", "disbud")
EVERY_UNIT: Final = (HEAD_UNIT, *UNITS, *NEW_UNITS)
SPARE: Final = ("arif", "budi", "citra", "dian", "endah")
"""Officials without an office, from whom new heads are taken."""

ROLES: Final = (
    ("bupati", Role.INSTITUTION_HEAD, None),
    ("op-pemda", Role.UNIT_OPERATOR, HEAD_UNIT),
    ("kabag", Role.ORGANISATION_BUREAU, "setda"),
    ("fajar", Role.ORGANISATION_BUREAU, "bappeda"),
    ("sekda", Role.HOLD_AUTHORITY, "setda"),
    ("plan", Role.PLANNING_OFFICE, "bappeda"),
    ("ins", Role.INSPECTOR, "inspektorat"),
    ("kt", Role.TEAM_LEAD, "inspektorat"),
    ("eko", Role.TEAM_MEMBER, "inspektorat"),
    ("rini", Role.TREASURY, "bkad"),
    ("audit", Role.AUDITOR, None),
)
RULES: Final = (
    ("due_dates", "due-dates-53-2014"),
    ("follow_up", "follow-up-lhe-contoh"),
    ("hold", "hold-contoh-perkada"),
)
FOUNDING: Final[dict[str, Any]] = {
    "name": "Kabupaten Contoh",
    "level": "kabupaten",
    "head_unit": HEAD_UNIT,
    "administrator": "admin",
    "effective_on": "2015-01-01",
}


class Reorganisation(NamedTuple):
    """Units that end, and those that carry on; `born` among them come into being for it."""

    ends: tuple[str, ...]
    successors: tuple[str, ...]
    born: tuple[str, ...]


REORGANISATIONS: Final = (
    Reorganisation(ends=("dishub", "dinsos"), successors=("dishubsos",), born=("dishubsos",)),
    Reorganisation(ends=("disdik",), successors=("dispora", "disbud"), born=("dispora", "disbud")),
    Reorganisation(ends=("bkad",), successors=(), born=()),
    Reorganisation(ends=("dishubsos",), successors=("dinkes",), born=()),
)
"""A merger, a split, a dissolution that leaves nobody, and a unit that is taken in by another."""


def head_of(unit: str) -> str:
    """Return who first heads a unit."""
    return "bupati" if unit == HEAD_UNIT else f"kepala-{unit}"


def operator_of(unit: str) -> str:
    """Return who enters the figures of a unit."""
    return f"op-{unit}"


def verifier_of(unit: str) -> str:
    """Return who verifies a unit's figures, and is of another."""
    return "fajar" if unit in {"setda", HEAD_UNIT} else "kabag"
