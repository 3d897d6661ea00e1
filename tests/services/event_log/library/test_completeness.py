"""Every method of the library's contract classes runs on all three recorders, or is left out for a listed reason."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest import TestCase

import pytest
from eventsourcing.tests import application, persistence, projection

from tests.services.event_log.library import test_applications, test_projections, test_recorders
from tests.services.event_log.library.stores import LEFT_OUT, STORES, OnStore

README = Path(__file__).parents[4] / "services/event_log/README.md"


def contract_methods() -> Iterator[tuple[type[TestCase], str]]:
    for module in (persistence, application, projection):
        for case in vars(module).values():
            if inspect.isclass(case) and issubclass(case, TestCase) and case.__module__ == module.__name__:
                yield from ((case, method) for method in vars(case) if method.startswith(("test", "optional_test")))


def ours(module: ModuleType) -> list[type]:
    return [each for each in vars(module).values() if inspect.isclass(each) and not inspect.isabstract(each)]


CLASSES = [each for module in (test_recorders, test_applications, test_projections) for each in ours(module)]


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize(("case", "method"), list(contract_methods()))
def test_a_method_runs_or_is_listed(case: type[TestCase], method: str, store: type[OnStore]) -> None:
    listed = f"{case.__name__}.{method}" in LEFT_OUT or f"{case.__name__}.*" in LEFT_OUT
    name = method.removeprefix("optional_")
    runs = [
        each
        for each in CLASSES
        if issubclass(each, case) and issubclass(each, store) and callable(getattr(each, name, None))
    ]
    assert bool(runs) != listed


def test_only_what_there_is_is_left_out() -> None:
    known = {f"{case.__name__}.{name}" for case, method in contract_methods() for name in (method, "*")}
    assert LEFT_OUT.keys() <= known


def test_the_document_has_the_same_table() -> None:
    rows = [f"| `{method}` | {reason} |" for method, reason in LEFT_OUT.items()]
    assert "\n".join(rows) in README.read_text(encoding="utf-8")
