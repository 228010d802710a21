"""The row of uvicorn."""

from __future__ import annotations

import sys
import types
from typing import Any, Dict, List

import pytest

from asgi_compat import serve
from asgi_compat.serve.signals import Signals


def test_start_release_without_a_keyword_is_not_given_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time limit came with 0.22."""
    given: List[Dict[str, Any]] = []

    class Config:
        def __init__(self, app: str, host: str, port: int, interface: str) -> None: ...

    module = types.ModuleType("uvicorn")
    vars(module).update(Config=Config, run=lambda target, **rest: given.append({"target": target, **rest}))
    monkeypatch.setitem(sys.modules, "uvicorn", module)
    serve.SERVERS["uvicorn"].start(serve.Options(port=1), Signals())
    expected = {
        "target": "asgi_compat.serve:application",
        "host": "127.0.0.1",
        "port": 1,
        "interface": "asgi3",
    }
    assert given == [expected]


def test_row_says_that_uvicorn_watches_workers_only_when_it_has_several() -> None:
    """One worker without a reloader runs in this process."""
    row = serve.SERVERS["uvicorn"]
    assert not row.watches_workers(serve.Options())
    assert row.watches_workers(serve.Options(workers=2)) and row.watches_workers(serve.Options(reload=True))
