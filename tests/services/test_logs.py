"""What the program tells: JSON on standard error, and no secret among it."""

import json
from collections.abc import Iterator

import pytest
import structlog

from services.logs import configure_logs


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
