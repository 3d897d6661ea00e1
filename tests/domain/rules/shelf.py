"""The released rulebooks, read from the shelf for the tests of the rules."""

from pathlib import Path

import domain
from domain.evaluation_rules import EvaluationRules
from domain.rulebook import Rulebook, RuleRef, read_rulebook

FOLDER = Path(str(domain.__file__)).parent / "rulebooks"


def text_of(name: str) -> str:
    """The text of a released rulebook file."""
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def everything() -> dict[str, tuple[RuleRef, Rulebook]]:
    """All released rulebooks by file name without ending."""
    return {path.stem: read_rulebook(path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))}


def worksheet(name: str) -> EvaluationRules:
    """An evaluation worksheet by name."""
    _, rulebook = read_rulebook((FOLDER / f"{name}.toml").read_bytes())
    assert isinstance(rulebook, EvaluationRules)
    return rulebook
