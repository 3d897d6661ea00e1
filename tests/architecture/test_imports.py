"""The import contracts hold, and each of them finds the violation that it is there for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import copied_code, plant

INWARD = "Imports point inward: services, then workflows or projections, then domain"
STAGES = "Stages never know each other, and stand on the words of the law"
WORKFLOWS = "Workflows never know each other"
READ_MODELS = "Read models never know each other"
PROCESSES = "Processes stand on adapters"
EVENTSOURCING = "Only services.event_log imports the eventsourcing library"
SQL = "Only projections and services speak SQL"
LITESTAR = "Only services.http imports litestar"
CYCLES = "No two modules need each other"
DRAMATIQ = "Only services.tasks and the composition root import dramatiq"

VIOLATIONS = [
    ("domain/__init__.py", "import services", INWARD),
    ("domain/__init__.py", "import workflows", INWARD),
    ("domain/agreement/__init__.py", "import projections", INWARD),
    ("workflows/__init__.py", "import services", INWARD),
    ("workflows/__init__.py", "import projections", INWARD),
    ("projections/__init__.py", "import workflows", INWARD),
    ("projections/__init__.py", "def later() -> None:\n    import services", INWARD),
    ("domain/agreement/__init__.py", "import domain.report", STAGES),
    ("domain/allowance_hold/__init__.py", "from domain.obligation import events", STAGES),
    ("domain/period.py", "import domain.measurement", STAGES),
    ("domain/stray.py", "", STAGES),
    ("workflows/stray.py", "", WORKFLOWS),
    ("workflows/year_to_agreement.py", "import workflows.overdue_to_hold", WORKFLOWS),
    ("projections/stray.py", "", READ_MODELS),
    ("projections/achievement.py", "import projections.hold_register", READ_MODELS),
    ("services/stray.py", "", PROCESSES),
    ("services/clock.py", "import services.event_log", PROCESSES),
    ("domain/bounds.py", "import domain.figure", CYCLES),
    ("services/__init__.py", "import eventsourcing.persistence", EVENTSOURCING),
    ("projections/__init__.py", "import eventsourcing", EVENTSOURCING),
    ("domain/__init__.py", "import sqlalchemy", SQL),
    ("workflows/__init__.py", "from sqlalchemy import select", SQL),
    ("services/__init__.py", "import litestar", LITESTAR),
    ("projections/__init__.py", "from litestar import get", LITESTAR),
    ("services/event_log/__init__.py", "import dramatiq", DRAMATIQ),
]

# What a planted import needs to find, where the tree doesn't have it.
COMPANIONS = ["workflows/overdue_to_hold.py", "projections/hold_register.py"]


def test_the_tree_keeps_every_contract(tmp_path: Path) -> None:
    verdict = lint(copied_code(tmp_path))
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize(("module", "line", "contract"), VIOLATIONS)
def test_a_planted_violation_breaks_its_contract(tmp_path: Path, module: str, line: str, contract: str) -> None:
    code = copied_code(tmp_path)
    for companion in COMPANIONS:
        plant(code, companion, "")
    plant(code, module, line)
    verdict = lint(code)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert f"{contract} BROKEN" in " ".join(verdict.stdout.split())


def lint(code: Path) -> "subprocess.CompletedProcess[str]":
    """Check the contracts of a copy of the code, in a process that sees that copy first."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(code), "COLUMNS": "200"}
    return subprocess.run(
        [program, "--no-cache", "--no-logo"], cwd=code, env=environment, check=False, capture_output=True, text=True
    )
