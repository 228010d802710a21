"""Configure the log of a process that serves: repairs once each, escaped; failed writes are ignored."""

from __future__ import annotations

import logging
import sys

from .._terminal import forgive_failed_writes, painted
from .._text import escape


def log_repairs(log_level: str) -> None:
    """Log each rule that repairs something to standard error, unless the application has configured it."""
    logger = logging.getLogger("asgi_compat")
    if log_level not in ("info", "debug") or logger.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(EscapingFormatter("asgi-compat: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def forgive_failed_writes_of_logs() -> None:
    """Ignore failed writes to the streams of this process, also in log handlers that exist already.

    A worker of uvicorn configures its log before it imports the application.
    """
    before = sys.stdout, sys.stderr
    forgive_failed_writes()
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for handler in {handler for logger in (logging.root, *loggers) for handler in logger.handlers}:
        if isinstance(handler, logging.StreamHandler) and handler.stream in before:
            handler.setStream(sys.stdout if handler.stream is before[0] else sys.stderr)


class EscapingFormatter(logging.Formatter):
    """Escape messages, which may quote an application or a client. A traceback keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line of a record without its traceback: one line, whatever the message holds."""
        return escape(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole text of a record, painted for a terminal."""
        return painted(escape(super().format(record), keep="\n"), "messages")
