"""Load the source of a case, and hold conversations with its application."""

from __future__ import annotations

import sys
import types
from typing import Any, List

from asgi_compat.migrate import Result, migrate_bytes
from asgi_compat.testing import Conversation, assert_migrated, http, lifespan, websocket

from .cases import Case

_numbers = iter(range(10**6))


def load(source: str, entry: str) -> Any:
    """Run a source as a module and return one of its names."""
    name = f"migrated_{next(_numbers)}"
    module = types.ModuleType(name)
    sys.modules[name] = module
    try:
        exec(compile(source, f"<{name}>", "exec"), module.__dict__)
    finally:
        del sys.modules[name]
    return eval(entry, module.__dict__)


def conversations(case: Case) -> List[Conversation]:
    """Return the conversations of a case: they differ, so that mixed up connections show."""
    held = [
        http("GET", "/"),
        http("GET", "/one", query="q=one", headers={"x-name": "one"}),
        http("POST", "/two", body=[b"two-a", b"two-b"], headers={"x-name": "two"}),
        http("GET", "/three", headers={"origin": "http://three"}),
    ]
    if not case.http_only:
        held += [lifespan(), websocket("/ws/four", send=["four"]), websocket("/ws/five", send=["five", b"5"])]
    return held


def migrate(case: Case) -> Result:
    """Migrate the source of a case."""
    return migrate_bytes(case.source.encode(), f"{case.name}.py")


def drive(case: Case, result: Result) -> None:
    """Assert that the application does the same before and after."""
    old, new = (load(data.decode(), case.entry) for data in (result.before, result.after))
    assert_migrated(old, new, conversations(case))
