"""The log of a process that serves: repairs are told once, escaped, and a failed write is no error."""

from __future__ import annotations

import logging
import sys

from .._terminal import forgive_failed_writes
from .._text import escape


def log_repairs(log_level: str) -> None:
    """Let each rule that repaired something say so once, in the process that serves."""
    logger = logging.getLogger("asgi_compat")
    if log_level not in ("info", "debug") or logger.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(EscapingFormatter("asgi-compat: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def forgive_failed_writes_of_logs() -> None:
    """Let neither the streams of this process raise nor the handlers that have been made with them.

    A worker of uvicorn has configured its log before it asks for the application.
    """
    before = sys.stdout, sys.stderr
    forgive_failed_writes()
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for handler in {handler for logger in (logging.root, *loggers) for handler in logger.handlers}:
        if isinstance(handler, logging.StreamHandler) and handler.stream in before:
            handler.setStream(sys.stdout if handler.stream is before[0] else sys.stderr)


class EscapingFormatter(logging.Formatter):
    """Escape what a message quotes of an application or a client; a traceback keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line of a record without its traceback: one line, whatever the message holds."""
        return escape(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole text of a record."""
        return escape(super().format(record), keep="\n")
