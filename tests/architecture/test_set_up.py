"""The two commands of README set a bare machine up: pinned, without addresses, and clear where they can't."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

SET_UP = ROOT / "deploy" / "set_up.py"
PINS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("requirements.txt", "requirements-dev.txt")}


@pytest.mark.parametrize(("heading", "command"), [("Run it", "demo"), ("Test it", "test")])
def test_readme_shows_each_command_on_one_line_in_a_block_of_its_own(heading: str, command: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.search(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", readme, re.MULTILINE | re.DOTALL)
    assert section is not None
    blocks = re.findall(r"^```\w*\n(.*?)^```", section.group(1), re.MULTILINE | re.DOTALL)
    assert f"python3 deploy/set_up.py {command}\n" in blocks


def test_ci_runs_the_test_command_of_readme() -> None:
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "exec python3 deploy/set_up.py test"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("name", PINS)
def test_every_requirement_is_pinned_with_a_hash_and_no_address(name: str) -> None:
    blocks = re.split(r"\n(?! )", PINS[name].strip())
    assert [
        block for block in blocks if not re.match(r"[a-z0-9.-]+==\S+ .*\n +--hash=sha256:[0-9a-f]{64}", block)
    ] == []
    assert re.search(r"://|index-url|find-links", PINS[name]) is None


def test_the_versions_of_the_tests_are_the_versions_of_the_product() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


def test_every_dependency_of_the_project_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"] + project["dependency-groups"]["set-up"]
    assert {name_of(line) for line in runtime} <= pinned("requirements.txt").keys()
    assert {name_of(line) for line in project["dependency-groups"]["dev"]} <= pinned("requirements-dev.txt").keys()


def test_an_old_python_reaches_the_message_about_its_age() -> None:
    ast.parse(SET_UP.read_text(encoding="utf-8"), feature_version=(3, 6))
    pretend = "import sys, runpy; sys.version_info = (3, 9, 2); sys.argv = ['set_up.py', 'demo']; "
    done = subprocess.run(
        [sys.executable, "-c", f"{pretend}runpy.run_path({str(SET_UP)!r}, run_name='__main__')"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "Python 3.11 atau lebih baru" in done.stderr
    assert done.stdout == ""


def test_a_python_without_ensurepip_is_told_what_to_install(tmp_path: Path) -> None:
    bare = tmp_path / "deploy"
    bare.mkdir()
    (bare / "set_up.py").write_bytes(SET_UP.read_bytes())
    for name in (*PINS, "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    hide = "import sys, runpy, importlib.util as found; seen = found.find_spec; "
    hide += "found.find_spec = lambda name, *rest: None if name == 'ensurepip' else seen(name, *rest); "
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{hide}sys.argv = ['', 'test']; runpy.run_path('deploy/set_up.py', run_name='__main__')",
        ],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_an_unknown_goal_is_answered_with_the_usage() -> None:
    done = subprocess.run([sys.executable, SET_UP, "dmeo"], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "python3 deploy/set_up.py demo" in done.stderr


def pinned(name: str) -> dict[str, str]:
    """Return the version of each package in a requirements file."""
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", PINS[name], re.MULTILINE))


def name_of(requirement: str) -> str:
    """Return the package that a requirement names, without extras, limits and markers."""
    return re.split(r"[\[<>=;\s]", requirement)[0]
