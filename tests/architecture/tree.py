"""The project's own tree: where it is, a copy of its code to plant violations in, and what its modules import."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("domain", "services", "workflows", "projections")


def copied_code(destination: Path) -> Path:
    """Copy the four packages and the project file; returns the folder."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, destination / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", destination)
    return destination


def plant(code: Path, module: str, line: str) -> None:
    """Put a line at the end of a module, which is made where it isn't there."""
    path = code / module
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as text:
        text.write(f"\n{line}\n")


def imports(code: Path, package: str) -> Iterator[tuple[str, str]]:
    """Yield (file, imported module) for each absolute import in a package, wherever in the file it stands."""
    for path in sorted((code / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                yield path.relative_to(code).as_posix(), name


def top_level() -> set[str]:
    """Name what lies at the top of the project: what git knows or would add, or what is there where git isn't."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listing = [path.name for path in ROOT.iterdir()]
    return {Path(name).parts[0] for name in listing if (ROOT / name).exists()}
