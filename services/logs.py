"""How the program tells what it does: structured lines on standard error, never a secret among them."""

import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO, cast

import structlog

_SECRETS = frozenset({"authorization", "token", "password", "text", "salt", "body"})


def configure_logs(level: str) -> None:
    """Write lines of `level` and above to standard error: coloured on a terminal, JSON otherwise.

    Started with standard error closed (`2>&-`) the program says nothing, and gives its number to nothing else.
    """
    error = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if error.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _hide_secrets,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lossy(error))),
        cache_logger_on_first_use=False,
    )


class _Lossy:
    """A file for lines whose loss fails nothing: what they tell of may stand already, such as a commit.

    They are lost on a full disk, in a pipe that nobody reads and on a terminal that is gone.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write text, if it can be."""
        with suppress(OSError, ValueError):
            self._file.write(text)

    def flush(self) -> None:
        """Hand over what was written, if it can be."""
        with suppress(OSError, ValueError):
            self._file.flush()


def _hide_secrets(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: "•••" if key.lower() in _SECRETS else value for key, value in event.items()}
