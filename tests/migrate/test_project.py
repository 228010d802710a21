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
UVICORN = "from uvicorn.middleware.asgi2 import ASGI2Middleware\n"
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


@pytest.mark.parametrize(
    "text",
    [
        UVICORN + "from .old import old\napp = ASGI2Middleware(old)\n",
        "from asgiref.compatibility import double_to_single_callable as single\n"
        "import old\napp = single(old.old)\n",
        "from .compat import Upper\nfrom .old import old\nscope = app = Upper(app=old)\n",
        UVICORN + "from .old import old\nfrom .middle import Middle\n"
        "stack = Middle(old)\napp = ASGI2Middleware(stack)\n",
        UVICORN + "from .again import alias\napp = ASGI2Middleware(alias)\n",
    ],
    ids=[
        "by-name",
        "by-module",
        "of-this-project",
        "around-middleware",
        "exported-again",
    ],
)
def test_project_adapter_in_a_file_that_only_composes_is_refused(tmp_path: Path, text: str) -> None:
    """Nothing in it is ASGI2, and it would give an ASGI3 application to an adapter of ASGI2."""
    middle = "class Middle:\n    def __init__(self, app):\n        self.app = app\n"
    middle += "    def __call__(self, scope):\n        return self.app(scope)\n"
    again = "from .old import old as alias\n"
    results = migrated(tmp_path, compat=COMPAT, old=OLD, web=text, middle=middle, again=again)
    assert results["old"].status == "rewritten"
    assert results["web"].status == "refused" and "is for applications of ASGI2" in results["web"].reason


def test_project_adapter_around_what_stays_is_left(tmp_path: Path) -> None:
    """An application that is refused, or marked, stays ASGI2 and needs its adapter."""
    text = UVICORN + "from .old import old\napp = ASGI2Middleware(old)\n"
    results = migrated(tmp_path, old=OLD.replace("scope):", "scope):  # asgi_compat: leave"), web=text)
    assert (results["old"].status, results["web"].status) == ("unchanged", "unchanged")


@pytest.mark.parametrize("target", ["old", '"old:old"'])
@pytest.mark.parametrize("stays", [False, True])
def test_project_server_of_an_application_of_another_file_is_told(
    tmp_path: Path, target: str, stays: bool
) -> None:
    """`interface="asgi2"` goes when the application that is served is rewritten, and only then."""
    text = f'import uvicorn\nfrom old import old\nuvicorn.run({target}, interface="asgi2")\n'
    old = OLD.replace("scope):", "scope):  # asgi_compat: leave") if stays else OLD
    results = migrated(tmp_path, old=old, run=text)
    assert (b"asgi3" in results["run"].after) is not stays
