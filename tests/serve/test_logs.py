"""The log of a process that serves: escaped, and not a reason to fail."""

from __future__ import annotations

import io
import logging
import sys

import pytest

from asgi_compat import _terminal
from asgi_compat.serve import logs

HOSTILE = "\x07\x7f\x9b31m \x1b[31m \u202e \u2028 \udcff \r\nforged"


def test_escaping_formatter_message_is_one_line_and_traceback_keeps_its_lines() -> None:
    """Control characters of either are escaped."""
    formatter = logs.EscapingFormatter("asgi-compat: %(message)s")
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        record = logging.LogRecord("asgi_compat", 20, "f", 1, "got %s", (HOSTILE,), sys.exc_info())
    first, second, *_ = formatter.format(record).split("\n")
    assert first.startswith("asgi-compat: got \\x07") and first.endswith("\\r\\nforged")
    assert second.startswith("Traceback")
    assert all(line.isprintable() for line in formatter.format(record).split("\n"))


@pytest.mark.parametrize("forced", ["", "1"])
def test_escaping_formatter_paints_a_repair_for_a_terminal(
    forced: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule, after everything of the application is escaped."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", forced)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    text = "app: repaired http.response.start: status: got str, sent int (A23)"
    record = logging.LogRecord("asgi_compat", 20, "f", 1, "\x1b%s", (text,), None)
    said = logs.EscapingFormatter("asgi-compat: %(message)s").format(record)
    assert said.startswith("asgi-compat: \\x1bapp: ")
    assert ("\x1b[36mA23\x1b[0m" in said) is ("\x1b" in said) is bool(forced)


@pytest.mark.parametrize("level, handlers", [("info", 1), ("debug", 1), ("warning", 0)])
def test_log_repairs_adds_one_handler_from_info_on(level: str, handlers: int, logger: logging.Logger) -> None:
    """Once, also when it is asked twice."""
    logs.log_repairs(level)
    logs.log_repairs(level)
    assert len(logger.handlers) == handlers


def test_log_repairs_keeps_handlers_of_the_application(logger: logging.Logger) -> None:
    """An application that configures the logger knows where its lines go."""
    own = logging.NullHandler()
    logger.addHandler(own)
    logs.log_repairs("info")
    assert logger.handlers == [own]


def test_forgive_failed_writes_of_logs_moves_handlers_to_the_new_streams(
    monkeypatch: pytest.MonkeyPatch, logger: logging.Logger
) -> None:
    """Those of the old streams; a handler of a file stays."""
    old, new, file = io.StringIO(), io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", old)
    monkeypatch.setattr(logs, "forgive_failed_writes", lambda: monkeypatch.setattr(sys, "stdout", new))
    handlers = [logging.StreamHandler(old), logging.StreamHandler(file)]
    for handler in handlers:
        logger.addHandler(handler)
    logs.forgive_failed_writes_of_logs()
    assert [handler.stream for handler in handlers] == [new, file]
    assert _terminal.forgive_failed_writes is not logs.forgive_failed_writes
