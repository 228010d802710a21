"""The line of a repair."""

from __future__ import annotations

import logging
import sys
from typing import Any, Dict, List

import pytest

from asgi_compat._convert.repair_lines import describe_repair, log_repair

PAIRS = [(b"a", b"b")]
LISTS = [[b"a", b"b"]]


@pytest.mark.parametrize(
    "before, after, line",
    [
        ({"h": {"a": "b"}}, {"h": PAIRS}, "h: got dict, sent list of pairs"),
        ({"h": [("a", "b")]}, {"h": PAIRS}, "h: got list of pairs of str, sent list of pairs of bytes"),
        ({"h": LISTS}, {"h": PAIRS}, "h: got list of pairs of list of bytes, sent list of pairs of bytes"),
        ({"h": [("a", b"b")]}, {"h": PAIRS}, "h: got list of pairs, sent list of pairs of bytes"),
        ({"h": "200"}, {"h": 200}, "h: got str, sent int"),
        ({}, {"h": 200}, "h: got nothing, sent int"),
        ({"h": None}, {"h": b""}, "h: got None, sent bytes"),
        ({"h": 1}, {"h": 2}, "h: the rule"),
        ([], {"h": 2}, "the rule"),
    ],
)  # fmt: skip
def test_describe_repair_says_what_changed(before: Any, after: Any, line: str) -> None:
    """Types only: a value may be secret."""
    assert describe_repair(before, after, "h", "the rule") == line
    assert describe_repair(before, after, None, "the rule") == "the rule"


@pytest.mark.parametrize("level, handlers, printed", [(0, 0, 0), (logging.INFO, 0, 1), (logging.INFO, 1, 0)])
def test_log_repair_is_printed_without_a_handler(
    level: int,
    handlers: int,
    printed: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where the level was asked for, and nobody else would print it."""
    logger = logging.getLogger("asgi_compat")
    seen: List[Dict[str, Any]] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append({"line": record.getMessage()})

    monkeypatch.setattr(logger, "handlers", [Handler()] * handlers)
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "level", level)
    logger.manager._clear_cache()  # type: ignore[attr-defined]
    log_repair("app: repaired http: x")
    assert capsys.readouterr().err == "asgi-compat: app: repaired http: x\n" * printed
    assert len(seen) == handlers
    logger.manager._clear_cache()  # type: ignore[attr-defined]


def test_log_repair_without_standard_error_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon has none."""
    logger = logging.getLogger("asgi_compat")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "isEnabledFor", lambda level: True)
    monkeypatch.setattr(sys, "stderr", None)
    log_repair("app: repaired http: x")
