"""`domain` and `workflows` are pure: nothing in them can reach a clock, chance, a file or a network."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, copied_code, imports, plant

ALLOWED = {
    "domain": sys.stdlib_module_names | {"msgspec", "domain"},
    "workflows": sys.stdlib_module_names | {"msgspec", "domain", "workflows"},
}

IMPURE = {
    "asyncio",
    "builtins",
    "concurrent",
    "ctypes",
    "fcntl",
    "getpass",
    "http",
    "importlib",
    "io",
    "locale",
    "logging",
    "mmap",
    "multiprocessing",
    "os",
    "pathlib",
    "pickle",
    "platform",
    "queue",
    "random",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
}


@pytest.mark.parametrize("package", ALLOWED)
def test_a_pure_package_imports_only_what_is_pure(package: str) -> None:
    assert list(impurities(ROOT, package)) == []


@pytest.mark.parametrize("package", ALLOWED)
@pytest.mark.parametrize(
    "line", ["import httpx", "from sqlalchemy import select", "import time", "from os import path"]
)
def test_an_impure_import_is_found(tmp_path: Path, package: str, line: str) -> None:
    code = copied_code(tmp_path)
    plant(code, f"{package}/__init__.py", f"def later() -> None:\n    {line}")
    assert list(impurities(code, package)) == [(f"{package}/__init__.py", line.split()[1])]


def test_the_domain_can_not_lean_on_a_workflow(tmp_path: Path) -> None:
    code = copied_code(tmp_path)
    plant(code, "domain/period.py", "import workflows")
    assert list(impurities(code, "domain")) == [("domain/period.py", "workflows")]


def impurities(code: Path, package: str) -> Iterator[tuple[str, str]]:
    """Yield (file, module) for each import of a package that isn't pure."""
    for file, module in imports(code, package):
        name = module.partition(".")[0]
        if name not in ALLOWED[package] or name in IMPURE:
            yield file, module
