"""The top of the project holds the six folders, three kinds of file and dot-files, and nothing else."""

import re

from tests.architecture.tree import top_level

FOLDERS = {"services", "domain", "workflows", "projections", "tests", "deploy"}
FILES = {"pyproject.toml", "README.md"}


def test_the_top_level_is_exactly_the_design() -> None:
    assert strangers(top_level()) == set()
    assert top_level() >= FOLDERS | FILES


def test_a_new_folder_or_file_at_the_top_is_found() -> None:
    assert strangers({"domain", "utils", "uv.lock", "requirements.txt", ".ci"}) == {"utils", "uv.lock"}


def strangers(names: set[str]) -> set[str]:
    """Return the names that have no place at the top of the project."""
    return {name for name in names - FOLDERS - FILES if not re.fullmatch(r"\..+|requirements[\w-]*\.txt", name)}
