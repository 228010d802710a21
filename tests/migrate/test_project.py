"""Files that are migrated together."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import pytest

from asgi_compat.migrate import Result, migrate_paths

ECHO = """
class Echo:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
"""
HELPED = "from .echo import Echo\ndef app(scope):\n    return Echo(scope)\n"


def migrated(folder: Path, **files: str) -> Dict[str, Result]:
    """Write files and return what becomes of them."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return {Path(result.path).stem: result for result in migrate_paths([str(folder)])}


def test_project_class_that_another_file_calls_is_a_helper(tmp_path: Path) -> None:
    """It stays as it is, and the call of its object is added where it is made."""
    results = migrated(tmp_path, echo=ECHO, app=HELPED)
    assert results["echo"].status == "unchanged"
    assert b"await Echo(scope)(receive, send)" in results["app"].after


def test_project_class_that_another_file_hands_on_is_an_application(tmp_path: Path) -> None:
    """Both sides agree."""
    text = HELPED + "table = {'http': Echo}\n"
    results = migrated(tmp_path, echo=ECHO, app=text)
    assert b"async def Echo(" in results["echo"].after
    assert b"await Echo(scope, receive, send)" in results["app"].after


@pytest.mark.parametrize("base", ["Echo", "Echo[int]"])
def test_project_subclass_in_another_file_is_refused(tmp_path: Path, base: str) -> None:
    """A function has no subclasses."""
    subclass = f"from echo import Echo\nclass More({base}): ...\n"
    results = migrated(tmp_path, echo=ECHO + "app = Echo\n", app=subclass)
    assert results["echo"].status == "refused" and "subclass" in results["echo"].reason


def test_project_unknown_class_is_refused_alone(tmp_path: Path) -> None:
    """Without the other file it cannot be told."""
    results = migrated(tmp_path, app=HELPED)
    assert "migrate both together" in results["app"].reason


BASE = """
class BaseMiddleware:
    def __init__(self, inner):
        self.inner = inner
    def __call__(self, scope):
        {call}
        return self.inner(scope)
"""
USER = """
from base import BaseMiddleware
class User(BaseMiddleware):
    def populate_scope(self, scope):
        scope["user"] = None
"""


def test_project_base_middleware_that_calls_populate_scope_needs_no_call_in_its_subclass(
    tmp_path: Path,
) -> None:
    """Channels 2.4 has one: its AuthMiddleware would look its user up twice."""
    results = migrated(tmp_path, base=BASE.format(call="self.populate_scope(scope)"), user=USER)
    assert results["user"].status == "unchanged"
    results = migrated(tmp_path, base=BASE.format(call="pass"), user=USER)
    assert b"async def __call__" in results["user"].after


COMPAT = """
def lower(app):
    def outer(scope):
        async def instance(receive, send):
            await app(scope, receive, send)
        return instance
    return outer
class Upper:
    def __init__(self, app):
        self.app = app
    async def __call__(self, scope, receive, send):
        await self.app(scope)(receive, send)
"""
OLD = """
def old(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
    return instance
"""


@pytest.mark.parametrize(
    ("head", "rest", "reason"),
    [
        ("from .compat import lower\n", "made = lower(new)\nrun(made)\n", "lower adapts to ASGI2"),
        ("from . import compat\n", "run(compat.lower(new))\n", "compat.lower adapts to ASGI2"),
        ("from .compat import Upper\n", "app = Upper(old)\n", "Upper is for applications of ASGI2"),
        ("from .compat import Upper as U\n", "app = U(other)\n", ""),
        ("from .other import Upper\n", "app = Upper(old)\n", ""),
    ],
)
def test_project_adapter_of_another_file_is_seen(tmp_path: Path, head: str, rest: str, reason: str) -> None:
    """What is ASGI3 now meets it in the other file."""
    results = migrated(tmp_path, compat=COMPAT, web=head + OLD + rest, other="class Upper: ...\n")
    assert results["compat"].status == "unchanged"
    assert results["web"].status == ("refused" if reason else "rewritten")
    assert reason in results["web"].reason
