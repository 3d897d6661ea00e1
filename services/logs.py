"""How the program tells what it does: structured lines on standard error, never a secret among them."""

import logging
import os
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog

_SECRETS = frozenset({"authorization", "token", "password", "text", "salt", "body"})


def configure_logs(level: str) -> None:
    """Write lines of `level` and above to standard error: coloured on a terminal, JSON otherwise."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
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
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lossy(sys.stderr))),
        cache_logger_on_first_use=False,
    )


def keep_standard_streams() -> None:
    """Open what is closed of standard input, output and error (`2>&-`) onto nothing.

    Else what is told of errors would go to standard output, and the first file or socket opened would get the number of
    a standard stream, onto which libraries may write.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)  # noqa: FBT003 - it has no name
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - as long as the process lives


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
