"""Rules as dated data: reading a rulebook strictly, naming it by content, and choosing the one that holds."""

import tomllib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from domain.achievement_scale import AchievementScale
from domain.bounds import Digest, Identifier
from domain.duty_rules import DueDateRules, FollowUpRules, HoldRules
from domain.evaluation_rules import EvaluationRules

Rulebook = EvaluationRules | DueDateRules | FollowUpRules | HoldRules | AchievementScale
"""A rulebook of any kind; the tag `type` in the file is `evaluation`, `due_dates`, `follow_up`, `hold` or
`achievement_scale`."""

_MAX_CHARACTERS: Final = 200_000


class RulebookMalformed(ValueError):
    """A rulebook file is not TOML, has unknown or missing keys, or contradicts itself."""


class RulebookNotFound(LookupError):
    """No rulebook, or more than one, holds for the year."""


class RuleRef(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The triple that an event carries to name the rule it depends on; `digest` is the SHA-256 of the file's bytes."""

    name: Identifier
    version: Annotated[int, Meta(ge=1, le=9_999)]
    digest: Digest


def rulebook_digest(content: bytes) -> str:
    """The SHA-256 of a rulebook file's bytes, 64 hexadecimal digits."""
    return sha256(content).hexdigest()


def parse_rulebook(toml_text: str) -> Rulebook:
    """Read a rulebook; unknown keys, gaps in limits and weights that are not 100 raise RulebookMalformed."""
    if len(toml_text) > _MAX_CHARACTERS:
        raise RulebookMalformed("Berkas aturan terlalu panjang")
    try:
        content = tomllib.loads(toml_text, parse_float=Decimal)
        rulebook: Rulebook = msgspec.convert(content, Rulebook)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, InvalidOperation, RecursionError) as error:
        raise RulebookMalformed(str(error)) from error
    return rulebook


def read_rulebook(content: bytes) -> tuple[RuleRef, Rulebook]:
    """Read the bytes of a rulebook file and name it by them; raises RulebookMalformed also for bytes not in UTF-8."""
    try:
        rulebook = parse_rulebook(content.decode())
    except UnicodeDecodeError as error:
        raise RulebookMalformed(str(error)) from error
    return RuleRef(name=rulebook.name, version=rulebook.version, digest=rulebook_digest(content)), rulebook


def select_evaluation_rulebook(rulebooks: Iterable[Rulebook], evaluation_year: int) -> EvaluationRules:
    """The one worksheet for evaluations assigned in `evaluation_year`, the highest version of its name.

    The year of evaluation decides, not the year of the performance that is evaluated nor the day of issue: an
    evaluation in 2022 of the performance of 2021 follows PermenPANRB 88/2021. Local and example rules are never chosen.
    Raises RulebookNotFound where none or several names hold for the year.
    """
    holding = [
        rules
        for rules in rulebooks
        if isinstance(rules, EvaluationRules)
        and not (rules.example or rules.local)
        and rules.holds_for(evaluation_year)
    ]
    if len({rules.name for rules in holding}) != 1:
        names = ", ".join(sorted({rules.name for rules in holding})) or "tidak ada"
        raise RulebookNotFound(f"Aturan evaluasi untuk tahun evaluasi {evaluation_year}: {names}")
    return max(holding, key=lambda rules: rules.version)
