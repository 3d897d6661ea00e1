"""How the program tells what it does: structured lines on standard error, never a secret among them."""

import logging
import sys
from contextlib import suppress

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
        logger_factory=lambda *_: _Told(sys.stderr),
        cache_logger_on_first_use=False,
    )


class _Told(structlog.PrintLogger):
    """Lines whose loss fails nothing: what is told of may stand already, and where nobody reads nobody misses it."""

    def msg(self, message: str) -> None:
        """Write a line, if a full disk, a gone terminal or a closed pipe lets us."""
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def _hide_secrets(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: "•••" if key.lower() in _SECRETS else value for key, value in event.items()}
