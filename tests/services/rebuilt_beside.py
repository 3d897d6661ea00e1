"""A process that rebuilds the read models once, and stops after the first page until it is told to go on.

`python rebuilt_beside.py URL [--unlocked]` takes a line of standard input for each step, and prints a line for each:
`ready`, `folding`, then `rebuilt` with how many keys differed, or the name of the error. With `--unlocked` nothing
keeps rebuilds apart.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services import rebuilding
from services.generations import TakenOverError
from tests.services.office import INSTITUTION, office
from tests.services.silence import silence

HOME = Path(__file__).parents[2]


class Rebuilding:
    """Such a process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def go_on(self) -> None:
        """Let it take the next step."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def said(self) -> str:
        """Wait for the next thing that it says, and return it."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def rebuilding_beside(url: str, *flags: str) -> Iterator[Rebuilding]:
    """Start such a process, and wait until it is ready to rebuild."""
    command = [sys.executable, "-m", "tests.services.rebuilt_beside", url, *flags]
    with subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            beside = Rebuilding(process)
            assert beside.said() == "ready"
            yield beside
        finally:
            process.kill()


def rebuild(url: str, *, unlocked: bool) -> None:
    """Rebuild once, a few events at a time."""
    rebuilding.PAGE = 9
    if unlocked:
        rebuilding.alone = _beside_others  # type: ignore[attr-defined]
    reached: list[int] = []

    def stop_at_the_first(position: int) -> None:
        if not reached:
            _tell_and_wait("folding")
        reached.append(position)

    with silence(), office(url, founded=False) as opened:
        _tell_and_wait("ready")
        try:
            rebuilt = opened.system.follower.rebuild(INSTITUTION, progress=stop_at_the_first)
        except TakenOverError as error:
            _tell(type(error).__name__)
        else:
            _tell(f"rebuilt {sum(rebuilt.differing.values())}")


@contextmanager
def _beside_others(*_: object, **_more: object) -> Iterator[bool]:
    yield True


def _tell(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _tell_and_wait(word: str) -> None:
    _tell(word)
    sys.stdin.readline()


if __name__ == "__main__":
    given = argparse.ArgumentParser()
    given.add_argument("url")
    given.add_argument("--unlocked", action="store_true")
    rebuild(**vars(given.parse_args()))
