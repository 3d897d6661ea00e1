"""What the program tells: JSON on standard error, and no secret among it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pytest
import structlog

from services.logs import configure_logs

FULL = Path("/dev/full")


def onto_a_full_disk() -> TextIO:
    return FULL.open("w")


def into_a_closed_pipe() -> TextIO:
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "w")


class TestLogs:
    @pytest.fixture(autouse=True)
    def restored(self) -> Iterator[None]:
        """Leave the configuration as it was."""
        before = structlog.get_config()
        yield
        structlog.configure(**before)

    def test_lines_are_json_on_standard_error_from_the_level_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure_logs("WARNING")
        structlog.get_logger().info("quiet")
        structlog.get_logger().warning("loud", position=3)
        printed = capsys.readouterr()

        (line,) = (json.loads(line) for line in printed.err.splitlines())
        assert printed.out == ""
        assert (line["event"], line["level"], line["position"]) == ("loud", "warning", 3)
        assert line["timestamp"].endswith("Z")

    def test_secrets_are_never_among_them(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure_logs("INFO")
        secrets = ("authorization", "Authorization", "token", "password", "text", "salt", "body")
        structlog.get_logger().info("careless", **dict.fromkeys(secrets, "rahasia"), kept="tampak")
        line = capsys.readouterr().err

        assert "rahasia" not in line
        assert "tampak" in line

    @pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
    @pytest.mark.parametrize("somewhere", [onto_a_full_disk, into_a_closed_pipe])
    def test_a_line_that_can_not_be_written_fails_nothing(
        self,
        somewhere: Callable[[], TextIO],
        monkeypatch: pytest.MonkeyPatch,
        closed: bool,  # noqa: FBT001 - a case
    ) -> None:
        error = somewhere()
        monkeypatch.setattr("sys.stderr", error)
        configure_logs("INFO")
        if closed:
            error.close()
        for level in ("info", "warning", "error", "critical", "exception"):
            getattr(structlog.get_logger(), level)("lost")

        structlog.configure(logger_factory=structlog.PrintLoggerFactory(error))  # the control
        with pytest.raises((OSError, ValueError)):
            structlog.get_logger().warning("lost")
        with suppress(OSError):
            error.close()

    @pytest.mark.parametrize(
        ("verb", "closed", "code"), [("query --help", "2>&-", 0), ("nope", "2>&-", 2), ("nope", "<&- 2>&-", 2)]
    )
    def test_without_standard_error_it_works_and_tells_no_errors_elsewhere(
        self, verb: str, closed: str, code: int
    ) -> None:
        program = (
            "import atexit, os; from services.cli import main;"
            "atexit.register(lambda: print(os.path.samestat(os.fstat(2), os.stat(os.devnull))));"
            "main()"
        )
        command = ["sh", "-c", f'exec "$@" {verb} {closed}', "sh", sys.executable, "-c", program]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)

        *told, on_nothing = done.stdout.splitlines()
        assert (done.returncode, bool(told), on_nothing) == (code, code == 0, "True")
