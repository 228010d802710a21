"""Fixtures for tests that run in both styles. pytest finds them once asgi_compat is installed.

================== ==================================================================================
asgi_style         ``"single"``, then ``"double"``: a test that uses it, also through another fixture,
                   runs twice
asgi_app           override this: returns the application under test, of either style
asgi_adapt         ``"shape"``; override it with ``"service"`` for `to_asgi3` and `to_asgi2`
asgi_app_in_style  ``asgi_app`` in ``asgi_style``: what a client or a test harness is given
asgi_client        requests to ``asgi_app`` in ``asgi_style`` by httpx, inside its lifespan:
                   ``asgi_client.get("/")``
asgi_app_called    ``asgi_app`` for another client, which calls it once: behind that it is called in
                   ``asgi_style``
asgi_run           ``asgi_run(conversation)``: `asgi_compat.testing.run` with ``asgi_app`` in ``asgi_style``
================== ==================================================================================

``--asgi-style double`` runs one style of every test; the marker ``asgi_styles`` chooses for one test:
``@pytest.mark.asgi_styles("double")``.

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
    from typing import Any, Callable, Iterator, List, Optional

    from asgi_compat.testing import Client, Transcript

__all__ = [
    "asgi_adapt",
    "asgi_app",
    "asgi_app_called",
    "asgi_app_in_style",
    "asgi_client",
    "asgi_run",
    "asgi_style",
]

STYLES = ("single", "double")
MARKER = "asgi_styles"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our section to ``pytest --help``."""
    group = parser.getgroup("asgi_compat", "asgi_compat: run tests in both styles of ASGI")
    group.addoption(
        "--asgi-style",
        choices=(*STYLES, "both"),
        default="both",
        help="how tests with the fixture asgi_style call the application (default: %(default)s); the marker"
        " asgi_styles chooses for one test",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, for ``pytest --markers`` and ``--strict-markers``."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(*styles): call the application of this test only in these styles, 'single' or 'double'"
        " (asgi_compat)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> None:
    """Deselect the styles of a test that its marker or the option leaves out."""
    asked = config.getoption("--asgi-style")
    left_out = [item for item in items if not _is_chosen(item, asked)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_chosen(item: pytest.Item, asked: str) -> bool:
    marker = item.get_closest_marker(MARKER)
    chosen = STYLES if marker is None else marker.args
    if not chosen or not set(chosen) <= set(STYLES):
        raise pytest.UsageError(f"{item.nodeid}: {MARKER}{chosen}: expected 'single' or 'double'")
    style = getattr(getattr(item, "callspec", None), "params", {}).get("asgi_style")
    return style not in STYLES or (style in chosen and asked in (style, "both"))


@pytest.fixture(params=STYLES)
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
def asgi_app_called(asgi_app: Any, asgi_style: str, asgi_adapt: str) -> Any:
    """Return ``asgi_app`` for a client that calls it once; `asgi_compat.testing.called_in_style`."""
    from asgi_compat.testing import called_in_style

    return called_in_style(asgi_app, asgi_style, adapt=asgi_adapt)


@pytest.fixture
def asgi_client(asgi_app: Any, asgi_style: str, asgi_adapt: str) -> Iterator[Client]:
    """Return a client of httpx for ``asgi_app`` in ``asgi_style``, inside its lifespan.

    The methods return responses; in a coroutine on asyncio or trio they are awaited. It needs httpx.
    """
    from asgi_compat.testing import Client

    with Client(asgi_app, asgi_style, adapt=asgi_adapt) as client:
        yield client


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
    """Describe how two transcripts differ when a test asserts that they are equal."""
    testing = sys.modules.get("asgi_compat.testing")  # without it there are no transcripts
    if testing is None or op != "==":
        return None
    if not (isinstance(left, testing.Transcript) and isinstance(right, testing.Transcript)):
        return None
    names = f"left (called {left.style.value})", f"right (called {right.style.value})"
    return ["two transcripts differ", *left.difference(right, names=names).splitlines()]
