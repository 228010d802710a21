"""``inspect``: text and JSON, and every mistake in an import string."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict

import pytest

from asgi_compat import cli

from .commands import MISTAKES, Wrong, assert_one_sentence, run


@pytest.mark.parametrize("wrong", MISTAKES, ids=lambda wrong: str(wrong.arguments))
def test_inspect_mistake_is_one_sentence_and_a_status(wrong: Wrong, project: Path) -> None:
    """No traceback, nothing on stdout, the status that is documented."""
    done = run(["inspect", *wrong.arguments.split()], project)
    assert_one_sentence(done.returncode, done.stderr, wrong)
    assert done.stdout == ""


def test_inspect_loads_no_server(project: Path) -> None:
    """Nor anything else it does not need."""
    code = (
        "import sys; from asgi_compat.cli import main; status = main(['inspect', 'good:double']); "
        "print(sorted({'uvicorn', 'hypercorn', 'daphne', 'granian', 'twisted'} & set(sys.modules))); "
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=str(project),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0 and done.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    "arguments, status, style",
    [
        ("good:single", 0, "single"),
        ("good:double", 0, "double"),
        ("named", 0, "single"),
        ("package.asgi", 0, "single"),
        ("good:holder.app", 0, "single"),
        ("below --app-dir src", 0, "single"),
        ("good:create_app --factory", 0, "single"),
        ("good:create_app", 1, "factory"),
        ("good:wsgi", 1, "wsgi"),
        ("good:number", 1, "not_an_app"),
    ],
)
def test_inspect_as_json(arguments: str, status: int, style: str, project: Path) -> None:
    """The keys are stable, the status says whether it can be served."""
    done = run(["inspect", "--json", *arguments.split()], project)
    assert (done.returncode, done.stderr) == (status, "")
    facts = json.loads(done.stdout)
    assert list(facts) == ["version", "target", "style", "layers", "next"] and facts["version"] == 1
    assert (facts["target"], facts["style"]) == (arguments.split()[0], style)
    keys = ["depth", "via", "path", "repr", "type", "style", "reason", "remedy", "missing", "wrong"]
    assert list(facts["layers"][0]) == keys
    assert facts["layers"][0]["reason"]


def test_inspect_text_has_reason_and_next_step(project: Path) -> None:
    """Numbered, with the reason, and with the line that serves it."""
    done = run(["inspect", "good:double"], project)
    lines = done.stdout.splitlines()
    assert lines[0] == "good:double, outermost first:"
    assert lines[1] == "  1  double  good.double"
    assert lines[-1].startswith(f"To serve it: python -m asgi_compat serve {lines[0].split(',')[0]}. ")


def test_inspect_names_the_application_inside(project: Path) -> None:
    """A server object that merely has .app is a common slip."""
    done = run(["inspect", "good:holder"], project)
    assert done.returncode == cli.NOT_AN_APPLICATION
    assert "did you mean good:holder.app?" in done.stdout.splitlines()[-1]


def test_inspect_repr_that_raises_is_reported(project: Path) -> None:
    """inspect is for objects that are in trouble."""
    (project / "shy.py").write_text(
        "class Shy:\n"
        "    def __repr__(self): raise ValueError('no')\n"
        "    async def __call__(self, scope, receive, send): ...\n"
        "app = Shy()\n"
    )
    done = run(["inspect", "shy"], project)
    assert done.returncode == 0 and "<shy.Shy, whose repr raises ValueError>" in done.stdout, done.stderr


def test_inspect_json_error_is_an_object_too(project: Path) -> None:
    """With the sentence and the status; people read the same on stderr."""
    done = run(["inspect", "--json", "nowhere:app"], project)
    facts = json.loads(done.stdout)
    assert done.returncode == cli.NOT_IMPORTED
    assert (facts["version"], facts["error"]["status"]) == (1, cli.NOT_IMPORTED)
    assert facts["error"]["message"] in done.stderr


ROUTED = """
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route

class Old:
    def __init__(self, scope): ...
    async def __call__(self, receive, send): ...

class Other(Old): ...

class OldMiddleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        return self.app(scope)

class Relay:
    def __init__(self, app):
        self.other_asgi_app = app
    async def __call__(self, scope, receive, send):
        await self.other_asgi_app(scope, receive, send)

def view(request): ...

app = Starlette(
    routes=[
        Route("/", view),
        Mount("/shop", routes=[Mount("/old", Old)]),
        Mount("/again", Old),
        Mount("/relay", Relay(Other)),
    ],
    middleware=[Middleware(OldMiddleware), Middleware(GZipMiddleware)],
)

class Pattern:
    _route = "ws/"

class Route:
    pattern = Pattern()
    def __init__(self, callback):
        self.callback = callback

class URLRouter:
    def __init__(self, routes):
        self.routes = routes
    async def __call__(self, scope, receive, send): ...

class ProtocolTypeRouter:
    def __init__(self, mapping):
        self.application_mapping = mapping
    async def __call__(self, scope, receive, send):
        await self.application_mapping[scope["type"]](scope, receive, send)

class Chat:
    async def __call__(self, scope, receive, send): ...
    @classmethod
    def as_asgi(cls):
        return cls()

site = ProtocolTypeRouter({"http": Old, "websocket": URLRouter([Route(Chat)])})
"""


def routed(target: str, tmp_path: Path) -> Dict[str, Any]:
    (tmp_path / "routed.py").write_text(ROUTED, encoding="utf-8")
    done = run(["inspect", "--json", target], tmp_path)
    assert done.stderr == ""
    facts: Dict[str, Any] = json.loads(done.stdout)
    return facts


def test_inspect_lists_mounts_and_middleware_with_path_and_line(tmp_path: Path) -> None:
    """Each mount once, also of an application that is mounted twice; the line to write stands by it."""
    facts = routed("routed:app", tmp_path)
    old = [(layer["path"], layer["wrong"]) for layer in facts["layers"] if layer["type"] == "builtins.type"]
    by_path = dict(old)
    assert [path for path, _ in old if path] == ["/shop/old", "/again", "/relay"]
    assert "write to_asgi3(Old)" in by_path["/shop/old"] and "write to_asgi3(Old)" in by_path["/again"]
    middleware = [layer for layer in facts["layers"] if layer["via"].startswith(".user_middleware")]
    assert "write Middleware(middleware_to_asgi3(OldMiddleware))" in middleware[0]["wrong"]
    assert middleware[1]["wrong"] == "" and "GZipMiddleware" in middleware[1]["repr"]
    assert (middleware[1]["reason"], middleware[1]["remedy"]) == (
        "class GZipMiddleware is a middleware",
        "nothing to write: the framework applies it",
    )
    assert facts["layers"][1 : 1 + len(middleware)] == middleware, "they are outermost"
    assert "not built yet" in facts["layers"][0]["missing"]


def test_inspect_lists_routes_of_channels(tmp_path: Path) -> None:
    """By the type of scope and the path; a consumer class says as_asgi."""
    layers = {layer["path"]: layer for layer in routed("routed:site", tmp_path)["layers"]}
    assert list(layers) == ["", "http", "websocket", "websocket /ws/"]
    assert "write to_asgi3(Old)" in layers["http"]["wrong"]
    assert (layers["websocket /ws/"]["style"], "Chat.as_asgi()" in layers["websocket /ws/"]["wrong"]) == (
        "factory",
        True,
    )


BY_VARIABLE = """
async def site(scope, receive, send): ...

def inside(scope):
    return site(scope)

def outer(scope):
    return inside(scope)
"""


@pytest.mark.parametrize(("name", "mark"), [("inside", "!! "), ("outer", "")], ids=["layer", "summary"])
def test_inspect_shows_the_line_for_a_variable(name: str, mark: str, tmp_path: Path) -> None:
    """With the layer that calls it, or before the summary where that is called by a variable itself."""
    (tmp_path / "dispatching.py").write_text(BY_VARIABLE, encoding="utf-8")
    lines = run(["inspect", f"dispatching:{name}"], tmp_path).stdout.splitlines()
    told = "inside variable site is called with the scope, and site takes (scope, receive, send): write "
    (line,) = [line for line in lines if told in line]
    assert line.lstrip().startswith(mark + told)
    assert any(line.startswith("1 layer called the wrong way: ") for line in lines)


def test_inspect_text_has_path_and_line(tmp_path: Path) -> None:
    """A tree, and a summary."""
    (tmp_path / "routed.py").write_text(ROUTED, encoding="utf-8")
    lines = run(["inspect", "routed:app"], tmp_path).stdout.splitlines()
    assert any("(at /shop/old)" in line for line in lines)
    assert any(line.strip().startswith("!! Router.routes[0].app") for line in lines)
    (line,) = [line for line in lines if line.startswith("4 layers called the wrong way: ")]
    said = ": write what is said there, or to_asgi3(app, rewire=True), or run: python -m asgi_compat serve "
    assert said in line and line.endswith(" --rewire")
