"""A client of httpx for an application in one style."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, List

import httpx
import pytest

import asgi_compat
from asgi_compat import Style, classify, to_asgi3
from asgi_compat.testing import Client, called_in_style

CALLS: List[str] = []


class Double:
    """Says how it was called, and that it was started."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        CALLS.append("double")

    async def __call__(self, receive: Any, send: Any) -> None:
        if self.scope["type"] == "lifespan":
            assert (await receive())["type"] == "lifespan.startup"
            self.scope["state"]["database"] = "open"
            await send({"type": "lifespan.startup.complete"})
            assert (await receive())["type"] == "lifespan.shutdown"
            CALLS.append("shutdown")
            await send({"type": "lifespan.shutdown.complete"})
            return
        event = await receive()
        body = f"{self.scope['method']} {self.scope['state']['database']} ".encode() + event["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


async def single(scope: Any, receive: Any, send: Any) -> None:
    CALLS.append("single")
    await Double(scope)(receive, send)


@pytest.mark.parametrize("app", [single, Double])
@pytest.mark.parametrize("style", ["single", "double"])
def test_client_calls_the_application_inside_its_lifespan(app: Any, style: str) -> None:
    """Its state is in the scopes, as servers put it there."""
    CALLS.clear()
    with Client(app, style) as client:
        assert client.get("/").text == "GET open "
        assert client.post("/", content=b"body").text == "POST open body"
    assert CALLS[-1] == "shutdown"


def test_client_in_a_coroutine_is_awaited() -> None:
    """On asyncio."""

    async def main() -> str:
        response = await client.get("/")
        return str(response.text)

    with Client(single, "double") as client:
        assert asyncio.run(main()) == "GET open "


@pytest.mark.parametrize("name", ["get", "head", "options", "post", "put", "patch", "delete"])
def test_client_has_every_method(name: str) -> None:
    """With the name that httpx has for it."""
    with Client(Double, "single") as client:
        assert getattr(client, name)("/").request.method == name.upper()


def test_client_failed_start_raises_and_leaves_no_thread() -> None:
    """conftest.py looks at the threads."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(AssertionError, match="no database"), Client(app, "single"):
        pass


def test_called_in_style_is_really_called_twice() -> None:
    """Nothing looks inside: to_asgi3 leaves it alone."""
    seen: List[str] = []

    class Witness:
        """Both halves are counted."""

        def __init__(self, scope: Any) -> None:
            seen.append("first")

        async def __call__(self, receive: Any, send: Any) -> None:
            seen.append("second")
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x"})

    async def main() -> int:
        app = to_asgi3(called_in_style(Witness, "double"))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://a") as client:
            return (await client.get("/")).status_code

    assert classify(called_in_style(Witness, "double")).style is Style.SINGLE
    assert asyncio.run(main()) == 200 and seen == ["first", "second"]


TESTS = """
    import httpx, pytest

    @pytest.fixture
    def asgi_app():
        async def app(scope, receive, send):
            if scope["type"] == "lifespan":
                await receive()
                scope["state"]["started"] = True
                await send({"type": "lifespan.startup.complete"})
                await receive()
                await send({"type": "lifespan.shutdown.complete"})
                return
            assert scope["state"] == {"started": True}
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"hello"})
        return app

    def test_both(asgi_client, asgi_style):
        assert asgi_client.get("/").text == "hello"

    @pytest.mark.asgi_styles("double")
    def test_marked(asgi_client, asgi_style):
        assert asgi_style == "double"
"""


@pytest.mark.parametrize(
    "option, passed",
    [
        ([], ["test_both[single]", "test_both[double]", "test_marked[double]"]),
        (["--asgi-style", "double"], ["test_both[double]", "test_marked[double]"]),
        (["--asgi-style", "single"], ["test_both[single]"]),
    ],
)
def test_fixture_asgi_client_runs_in_the_styles_that_are_chosen(
    option: List[str], passed: List[str], tmp_path: Path
) -> None:
    """By the option and by the marker, which is registered."""
    (tmp_path / "test_it.py").write_text(textwrap.dedent(TESTS), encoding="utf-8")
    done = run_pytest(tmp_path, "-v", "--strict-markers", *option)
    found = [line.split("::")[1].split()[0] for line in done.splitlines() if " PASSED" in line]
    assert found == passed, done


def test_help_has_a_section(tmp_path: Path) -> None:
    """And ``--markers`` has the marker."""
    assert "asgi_compat: run tests in both styles of ASGI" in run_pytest(tmp_path, "--help")
    assert "@pytest.mark.asgi_styles(*styles)" in run_pytest(tmp_path, "--markers")


def run_pytest(folder: Path, *arguments: str) -> str:
    root = str(Path(asgi_compat.__file__).resolve().parent.parent)
    command = [sys.executable, "-W", "error", "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-p", "asgi_compat.pytest_plugin", *arguments],
        cwd=str(folder),
        env={"PYTHONPATH": root, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
    )
    return done.stdout


def test_marker_with_another_word_is_a_usage_error(tmp_path: Path) -> None:
    """It names the test, and what is expected."""
    text = "import pytest\n@pytest.mark.asgi_styles('triple')\ndef test_it(asgi_style): ...\n"
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
    shown = run_pytest(tmp_path)
    assert "test_it.py::test_it" in shown and "expected 'single' or 'double'" in shown
