"""An institution with units, heads, roles, a calendar and adopted rules, for specifications that need more than one."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

import domain
from domain.achievement_scale import AchievementScale
from domain.actor import Actor, Role
from domain.dated import Dated
from domain.duty_rules import DueDateRules, FollowUpRules, HoldRules
from domain.evaluation_rules import EvaluationRules
from domain.institution import Calendar, Capacity, Institution, Official, RoleGrant, RuleKind, Unit
from domain.rulebook import Rulebook, RuleRef, read_rulebook
from domain.sealed_text import SealedText

KINDS: Mapping[type[Rulebook], RuleKind] = {
    EvaluationRules: RuleKind.EVALUATION,
    DueDateRules: RuleKind.DUE_DATES,
    FollowUpRules: RuleKind.FOLLOW_UP,
    HoldRules: RuleKind.HOLD,
    AchievementScale: RuleKind.ACHIEVEMENT_SCALE,
}
BEGINNING = date(2020, 1, 1)
REASON = SealedText("a" * 64)
FILE = "f" * 64


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def _shipped() -> tuple[dict[str, RuleRef], dict[str, Rulebook]]:
    references, contents = {}, {}
    for path in sorted((Path(domain.__file__).parent / "rulebooks").glob("*.toml")):
        reference, content = read_rulebook(path.read_bytes())
        references[reference.name] = reference
        contents[reference.digest] = content
    return references, contents


REFERENCES, RULEBOOKS = _shipped()
"""The shipped rulebooks: references by name, contents by digest."""


def local(name: str, **changes: object) -> tuple[RuleRef, dict[str, Rulebook]]:
    """Return a local variant of a shipped rulebook and, by digest, all contents together with its own."""
    content = msgspec.structs.replace(RULEBOOKS[REFERENCES[name].digest], name=f"{name}-lokal", local=True, **changes)
    reference = RuleRef(name=content.name, version=content.version, digest="d" * 64)
    return reference, {**RULEBOOKS, reference.digest: content}


def _unit(unit: str, head: str, *, ended: date | None = None, successors: tuple[str, ...] = ()) -> Unit:
    in_being = Dated[bool]().add(BEGINNING, 1, True)  # noqa: FBT003 - the value, not a flag
    return Unit(
        id=unit,
        name=Dated[str]().add(BEGINNING, 1, unit),
        parent=Dated(),
        in_being=in_being if ended is None else in_being.add(ended, 2, False),  # noqa: FBT003 - the same
        head=Dated[Official]().add(BEGINNING, 1, Official(head, "Kepala", Capacity.DEFINITIVE)),
        successors=successors,
    )


def _grant(role: Role, unit: str | None) -> tuple[RoleGrant, ...]:
    return (RoleGrant(role, unit, Dated[bool]().add(BEGINNING, 1, True)),)  # noqa: FBT003 - the value


CALENDAR_2026 = Calendar(
    holidays=frozenset({day("2026-03-19"), day("2026-03-21"), day("2026-03-22")}),
    joint_leave=frozenset({day("2026-03-18"), day("2026-03-20"), day("2026-03-23"), day("2026-03-24")}),
    decree="SKB 2026",
)
"""Nyepi and Idul Fitri of 2026 with their cuti bersama."""

PLAIN = Institution(
    id="contoh",
    name="Kabupaten Contoh",
    level="kabupaten",
    head_unit="pemda",
    units={
        "pemda": _unit("pemda", "bupati"),
        "dinkes": _unit("dinkes", "kadinkes"),
        "dinsos": _unit("dinsos", "kadinsos"),
        "inspektorat": _unit("inspektorat", "inspektur"),
        "lama": _unit("lama", "kalama", ended=day("2025-01-01"), successors=("dinsos",)),
    },
    roles={
        "ani": _grant(Role.TEAM_MEMBER, "inspektorat"),
        "dewi": _grant(Role.TEAM_LEAD, "inspektorat"),
        "eko": _grant(Role.TEAM_MEMBER, "pemda"),
    },
    calendars={2026: Dated[Calendar]().add(day("2025-10-01"), 1, CALENDAR_2026)},
)
"""A regency where no rule was adopted; `lama` was merged into `dinsos` at the end of 2024."""


def adopting(*references: RuleRef, rulebooks: Mapping[str, Rulebook] = RULEBOOKS) -> Institution:
    """Return the regency with these rules in force since long ago."""
    rules = {KINDS[type(rulebooks[each.digest])]: Dated[RuleRef]().add(BEGINNING, 1, each) for each in references}
    return msgspec.structs.replace(PLAIN, rules=rules)


def actor(person: str, role: Role, unit: str | None = None) -> Actor:
    """Return a person acting in a role."""
    return Actor(id=person, role=role, unit=unit)
