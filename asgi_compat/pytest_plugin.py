"""Fixtures for tests that run in both styles. pytest finds them once asgi_compat is installed.

================== ==================================================================================
asgi_style         ``"single"``, then ``"double"``: a test that uses it, also through another fixture,
                   runs twice
asgi_app           override this: returns the application under test, of either style
asgi_adapt         ``"shape"``; override it with ``"service"`` for `to_asgi3` and `to_asgi2`
asgi_app_in_style  ``asgi_app`` in ``asgi_style``: what a client or a test harness is given
asgi_run           ``asgi_run(conversation)``: `asgi_compat.testing.run` with ``asgi_app`` in ``asgi_style``
================== ==================================================================================

Invariants

1. Nothing is autouse, and no test that does not use these fixtures is changed.
2. Importing this loads neither asyncio nor `asgi_compat.testing` nor the whole service: it is imported at
   the start of every pytest run, also of those that never use it.

``-p no:asgi_compat`` disables it. A fixture of the same name in a test suite replaces the one here.

>>> import pytest
>>> @pytest.fixture
... def asgi_app():
...     async def app(scope, receive, send):
...         await send({"type": "http.response.start", "status": 200, "headers": []})
...         await send({"type": "http.response.body", "body": b"hello"})
...     return app
>>> def test_it_says_hello(asgi_run):         # runs twice: [single] and [double]
...     from asgi_compat.testing import http
...     assert asgi_run(http("GET", "/")).body == b"hello"
"""

from __future__ import annotations

import sys

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional

    from asgi_compat.testing import Transcript

__all__ = ["asgi_adapt", "asgi_app", "asgi_app_in_style", "asgi_run", "asgi_style"]


@pytest.fixture(params=["single", "double"])
def asgi_style(request: pytest.FixtureRequest) -> str:
    """Run the test twice; return how the application is called: ``"single"`` or ``"double"``."""
    style: str = request.param
    return style


@pytest.fixture
def asgi_app() -> Any:
    """Override this with a fixture that returns the application under test, of either style."""
    pytest.fail(
        "there is no application to test: define a fixture asgi_app that returns it, in the test file"
        " or in conftest.py",
        pytrace=False,
    )


@pytest.fixture
def asgi_adapt() -> str:
    """Return how ``asgi_app`` is adapted: ``"shape"``; override this for ``"service"``."""
    return "shape"


@pytest.fixture
def asgi_app_in_style(asgi_app: Any, asgi_style: str, asgi_adapt: str) -> Any:
    """Return ``asgi_app`` in ``asgi_style``, by `asgi_compat.testing.in_style`."""
    from asgi_compat.testing import in_style

    return in_style(asgi_app, asgi_style, adapt=asgi_adapt)


@pytest.fixture
def asgi_run(asgi_app: Any, asgi_style: str, asgi_adapt: str) -> Callable[..., Transcript]:
    """Return `asgi_compat.testing.run` with ``asgi_app`` in ``asgi_style``.

    Call it as ``asgi_run(conversation)``, with the other arguments of `run` by name.
    """
    from asgi_compat.testing import run

    def run_in_style(conversation: Any, **options: Any) -> Transcript:
        return run(asgi_app, conversation, **{"style": asgi_style, "adapt": asgi_adapt, **options})

    return run_in_style


def pytest_assertrepr_compare(op: str, left: object, right: object) -> Optional[List[str]]:
    """Say how two transcripts differ when a test asserts that they are equal."""
    testing = sys.modules.get("asgi_compat.testing")  # without it there are no transcripts
    if testing is None or op != "==":
        return None
    if not (isinstance(left, testing.Transcript) and isinstance(right, testing.Transcript)):
        return None
    names = f"left (called {left.style.value})", f"right (called {right.style.value})"
    return ["two transcripts differ", *left.difference(right, names=names).splitlines()]
