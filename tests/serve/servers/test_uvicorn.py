"""The row of uvicorn."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from asgi_compat import serve


@pytest.mark.parametrize(
    "options, words",
    [
        ({"port": 1}, "--workers 1 --host 127.0.0.1 --port 1"),
        ({"bound": False, "log_level": "debug"}, "--workers 1 --log-level debug"),
        ({"bound": False, "reload": True, "app_dir": "src"}, "--reload --reload-dir src"),
        ({"bound": False, "grace": 7}, "--workers 1 --timeout-graceful-shutdown 7"),
    ],
)
def test_arguments_are_those_that_were_asked_for(options: Dict[str, Any], words: str) -> None:
    """Its own default holds for everything else, also where it reads a configuration of the log."""
    arguments = serve.SERVERS["uvicorn"].arguments(serve.Options(**options))
    assert arguments[:4] == ["asgi_compat.serve:application", "--interface", "asgi3", "--app-dir"]
    assert arguments[5:] == words.split()


def test_row_says_that_uvicorn_watches_workers_only_when_it_has_several() -> None:
    """One worker without a reloader runs in this process."""
    row = serve.SERVERS["uvicorn"]
    assert not row.watches_workers(serve.Options())
    assert row.watches_workers(serve.Options(workers=2)) and row.watches_workers(serve.Options(reload=True))
