"""The words of the code are the words of the glossary, each spelt in one way, and refusals speak Indonesian."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import get_args

import pytest

import domain
from domain import glossary
from domain.achievement import AchievementStatus
from domain.actor import Role
from domain.agreement.events import AmendmentTrigger
from domain.allowance_hold.events import HoldKind
from domain.cycle import STAGES, commands, event_types
from domain.errors import Refusal
from domain.event import Origin
from domain.glossary import TERMS, indonesian
from domain.institution import BudgetDocument, Capacity
from domain.measurement.state import PeriodStatus
from domain.realisation import Certainty
from domain.report.state import ReportStatus

DOMAIN = Path(domain.__file__).parent
ALL_TERMS = (*glossary.STAGES, *glossary.ROLES, *glossary.STATUSES, *glossary.DOCUMENTS, *glossary.NOUNS)

PARTICLES = {"met", "set", "sent", "found", "name", "self", "outside", "over"}
"""Words in the names of events that are neither terms nor past participles ending in -ed."""

AMERICAN = re.compile(
    r"(?:(?<!s)iz(?:e|ed|es|er|ing|ation|ations)|yz(?:e|ed|ing)|labor|color|favor|behavior|center|fulfill|judgment)$"
)
"""Endings of American words; `size` and `resize` are no such words."""
AMERICAN_WORDS = {"program", "programs", "license", "catalog", "canceled", "labeled", "modeled", "totaled", "enroll"}
SAME_IN_BRITISH = {"prize", "seize"}

OTHER_WORDS = {
    "actual": "realisation",
    "actuals": "realisation",
    "attainment": "achievement",
    "contract": "agreement",
    "pact": "agreement",
    "bonus": "allowance",
    "incentive": "allowance",
    "rating": "predicate",
    "appeal": "objection",
    "suggestion": "recommendation",
    "goal": "objective",
    "kpi": "indicator",
    "department": "unit",
    "agency": "institution",
    "deadline": "due_date",
}
"""Words that would be a second name for a term."""


def refusals(family: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Yield every refusal of the domain that is no family of others."""
    for each in family.__subclasses__():
        if each.__module__.startswith("domain."):
            yield from refusals(each)
            if each.code != Refusal.code:
                yield each


def declared(tree: ast.AST) -> Iterator[str]:
    """Yield each name that a module gives: classes, functions, arguments, fields, variables."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case _:
                pass


def words(name: str) -> list[str]:
    """Split an identifier or a type name into its words, in lower case."""
    return [each.lower() for each in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


NAMES = sorted(
    {
        (path.relative_to(DOMAIN).as_posix(), name)
        for path in DOMAIN.rglob("*.py")
        for name in declared(ast.parse(path.read_text()))
    }
    | {(path.relative_to(DOMAIN).as_posix(), path.stem) for path in DOMAIN.rglob("*.py")}
    | {("cycle", name) for name in (*event_types(), *commands())}
)


def test_every_term_has_one_english_and_one_indonesian_word_and_a_source() -> None:
    for word in ("english", "indonesian"):
        spellings = Counter(re.sub(r"[^a-z]", "", getattr(term, word).lower()) for term in ALL_TERMS)
        assert [spelling for spelling, count in spellings.items() if count > 1] == []
    assert len(TERMS) == len(ALL_TERMS)
    assert all(re.fullmatch(r"[a-z]+(?:_[a-z]+)*", term.english) and term.source for term in ALL_TERMS)
    assert indonesian("hold") == "penundaan TPP"
    with pytest.raises(KeyError):
        indonesian("realization")


def test_no_term_is_the_plural_of_another() -> None:
    assert {f"{english}s" for english in TERMS} & set(TERMS) == set()


def test_the_first_word_of_every_event_and_command_is_a_term() -> None:
    nouns = {name.split(".")[0] for name in (*event_types(), *commands())}
    assert nouns - set(TERMS) == set()
    assert {"hold" if stage.name == "allowance_hold" else stage.name for stage in STAGES} == {
        term.english for term in glossary.STAGES
    }


def test_what_events_say_of_them_is_a_term_or_a_participle() -> None:
    known = {word for english in TERMS for word in english.split("_")} | PARTICLES
    said = {word for name in event_types() for word in name.split(".")[1].split("_")}
    assert {word for word in said if not word.endswith("ed")} - known == set()


@pytest.mark.parametrize("kind", [Role, PeriodStatus, ReportStatus, Origin, AmendmentTrigger, Capacity, BudgetDocument])
def test_every_role_status_and_legal_ground_is_a_term(kind: type[Enum]) -> None:
    assert {each.name.lower() for each in kind} - set(TERMS) == set()


def test_states_of_figures_and_kinds_of_hold_are_terms() -> None:
    assert {*get_args(AchievementStatus), *get_args(Certainty)} - set(TERMS) == set()
    assert {kind.replace("_", " ") for kind in get_args(HoldKind)} <= {term.indonesian for term in ALL_TERMS}


def american(name: str) -> list[str]:
    """Return the words of a name that are spelt in the American way."""
    return [w for w in words(name) if w not in SAME_IN_BRITISH and (AMERICAN.search(w) or w in AMERICAN_WORDS)]


def test_identifiers_are_spelt_in_british_english() -> None:
    assert american("RealizationRecorded") == ["realization"]
    assert american("normalize_program") == ["normalize", "program"]
    assert american("PageSize") == american("programme_prize") == []
    assert [(path, name) for path, name in NAMES if american(name)] == []


def test_no_term_goes_by_a_second_name_or_a_torn_plural() -> None:
    second = [(path, name, each) for path, name in NAMES for each in words(name) if each in OTHER_WORDS]
    assert second == []
    assert [(path, name) for path, name in NAMES if re.search(r"[a-z]_s(?:_|$)", name)] == []


def test_every_other_word_names_a_term_or_part_of_one() -> None:
    assert set(OTHER_WORDS.values()) - set(TERMS) == set()
    assert set(OTHER_WORDS) & {word for english in TERMS for word in english.split("_")} == set()


def test_every_refusal_has_its_own_code_and_its_own_indonesian_title() -> None:
    found = list(refusals())
    assert len(found) > 100
    codes = Counter(each.code for each in found)
    assert [code for code, count in codes.items() if count > 1] == []
    titles = Counter(each.title for each in found)
    assert [title for title, count in titles.items() if count > 1 or title == Refusal.title] == []


ENGLISH = {
    "the",
    "is",
    "not",
    "of",
    "has",
    "was",
    "already",
    "unknown",
    "must",
    "cannot",
    "no",
    "be",
    "missing",
    "wrong",
}


@pytest.mark.parametrize("refusal", list(refusals()))
def test_a_title_is_an_indonesian_sentence_and_a_code_says_what_the_class_is_called(refusal: type[Refusal]) -> None:
    assert not ENGLISH & set(refusal.title.lower().split())
    assert not refusal.title.endswith(".")
    assert refusal.title[0].isupper() or refusal.title.startswith(("known_at", "valid_on"))
    assert refusal.code == re.sub(r"(?<=[a-z])(?=[A-Z])", "_", refusal.__name__).lower()
