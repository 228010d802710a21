"""Layers as text and JSON, and the line about the outermost one."""

from __future__ import annotations

import argparse
import json
import sys
import types
from pathlib import Path
from typing import Any, Dict, List

import pytest

import asgi_compat
from asgi_compat import Style, cli
from asgi_compat._detect.layers import Layer, layers
from asgi_compat.cli import verdicts

from .commands import run


def test_closing_line_names_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the framework and the version that are installed."""

    class Quart:
        def __call__(self, scope: object) -> object:
            return scope

    Quart.__module__ = "quart.app"
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)
    (line,) = [cli.closing_line("m:app", [layer]) for layer in cli.layers(Quart())[:1]]
    assert line.endswith(" Its quirks: the profile quart-0.6 (indexes client, and text when bytes is empty).")


def test_closing_line_exists_for_every_style() -> None:
    """Also those that are refused."""
    closing: List[str] = [
        cli.closing_line("m:a", [cli.Layer(0, "", asgi_compat.Verdict(style, "", "call it", None))])
        for style in Style
    ]
    assert all("guarantee_single_callable" in line and line.endswith(".") for line in closing)
    assert len(set(closing)) > 4
    assert "call it" in closing[list(Style).index(Style.FACTORY)]


def test_closing_line_of_factory_offers_the_option_unless_one_instance_would_serve_all() -> None:
    """A consumer has one instance for each connection: as_asgi makes it; a class needs no factory."""
    assert "--factory" in line_of(lambda: object())
    assert f"serve {__name__}:Consumer.as_asgi --factory" in line_of(Consumer)
    assert "--factory" not in line_of(Consumer).replace("Consumer.as_asgi --factory", "")
    assert "--factory" not in line_of(Instances) and "pass Instances()" in line_of(Instances)


def line_of(app: Any) -> str:
    return cli.closing_line("m:a", [cli.Layer(0, "", asgi_compat.classify(app))])


class Instances:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Consumer(Instances):
    @classmethod
    def as_asgi(cls) -> Any: ...


class Lying(str):
    def __getitem__(self, key: Any) -> str:
        raise AssertionError("asked")

    def __len__(self) -> int:
        raise AssertionError("asked")


class Repr:
    """An object with a given repr."""

    def __init__(self, text: Any) -> None:
        self.text = text

    def __repr__(self) -> str:
        if isinstance(self.text, BaseException):
            raise self.text
        shown: str = self.text
        return shown


class LyingClass:
    @property
    def __class__(self) -> Any:  # type: ignore[override]
        raise RuntimeError("asked")

    def __repr__(self) -> str:
        return "shown"


class Nameless(type):
    """A metaclass whose classes have neither a name nor an equality."""

    def __getattribute__(cls, name: str) -> Any:
        if name == "__qualname__":
            raise RuntimeError("asked")
        return type.__getattribute__(cls, name)

    def __eq__(cls, other: object) -> bool:
        raise RuntimeError("asked")

    __hash__ = type.__hash__


def printed(app: Any, capsys: pytest.CaptureFixture[str]) -> Dict[str, Any]:
    """Return the outermost layer as JSON prints it."""
    verdict = asgi_compat.Verdict(Style.NOT_AN_APP, "a reason", "", app)
    arguments = argparse.Namespace(json=True, target="m:app")
    assert verdicts.print_layers(arguments, [Layer(0, "", verdict)]) == cli.NOT_AN_APPLICATION
    layer: Dict[str, Any] = json.loads(capsys.readouterr().out)["layers"][0]
    return layer


@pytest.mark.parametrize(
    "app, shown",
    [
        (Repr("x" * 1_000_000), "x" * 117 + "..."),
        (Repr(Lying("lying")), "lying"),
        (Repr("\x1b[31m\n\u202e"), "\\x1b[31m\\n\\u202e"),
        (Repr(7), "<cli.test_verdicts.Repr, whose repr raises TypeError>"),
        (Repr(SystemExit()), "<cli.test_verdicts.Repr, whose repr raises SystemExit>"),
        (LyingClass(), "shown"),
        (Nameless("N", (Repr,), {})("shown"), "shown"),
        (Nameless("N", (), {}), "cli.test_verdicts.Nameless"),
        ([0] * 300_000, "[0, 0, 0, 0, 0, 0, ...]"),
        (print, "<built-in function print>"),
        (json.dumps, "json.dumps"),
    ],
    ids=lambda value: value[:20] if type(value) is str else "",
)
def test_print_layers_repr_is_one_bounded_line(
    app: Any, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever an object does when it is shown."""
    assert printed(app, capsys)["repr"] == shown


def test_print_layers_repr_interrupt_is_not_swallowed(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while an object is shown."""
    with pytest.raises(KeyboardInterrupt):
        printed(Repr(KeyboardInterrupt()), capsys)


def test_print_layers_text_cut_stack_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """At 64 layers; each is indented below the one outside it."""
    verdict = asgi_compat.Verdict(Style.SINGLE, "a reason", "a remedy", print)
    stack = [Layer(depth, ".app" if depth else "", verdict) for depth in range(64)]
    assert verdicts.print_layers(argparse.Namespace(json=False, target="m:app"), stack) == cli.CLEAN
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("  1  single  <") and lines[4].startswith("  2  single    .app = <")
    assert lines[-2].endswith("not followed deeper than 64 layers")


def test_closing_line_repeats_the_options(project: Path) -> None:
    """What is copied must find the same application."""
    done = run(["inspect", "good:create_double", "--factory", "--app-dir", "."], project)
    assert "asgi-compat" not in done.stderr, done.stderr
    assert "To serve it: python -m asgi_compat serve good:create_double --factory --app-dir ." in done.stdout


def test_check_closing_line_repeats_the_options(project: Path) -> None:
    """And adds those that are needed."""
    (project / "my code").mkdir(exist_ok=True)
    (project / "my code" / "texts.py").write_text(TEXTS, encoding="utf-8")
    arguments = ["check", "texts:make", "--factory", "--app-dir", "my code", "--style", "single"]
    line = "Or run: python -m asgi_compat serve texts:make --factory --app-dir 'my code' --style single"
    assert f"{line} --quirk text_body=True\n" in run(arguments, project).stdout
    given = run([*arguments, "--quirk", "text_body=True"], project).stdout
    assert given.count("--quirk text_body=True") <= 1


TEXTS = """
async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": "text"})

def make():
    return app
"""


class Pattern:
    def __init__(self, route: str) -> None:
        self._route = route


class Route:
    def __init__(self, route: str) -> None:
        self.pattern = Pattern(route)


class URLRouter:
    """As that of Channels 4."""

    def __init__(self, *routes: str) -> None:
        self.routes = [Route(route) for route in routes]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


def test_print_layers_text_names_a_route_that_matches_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Channels takes the first slash off the path before it matches."""
    arguments = argparse.Namespace(
        target="m:app", json=False, factory=False, app_dir="", style="auto", quirks=[]
    )
    for route, told in (("/ws/", True), ("ws/", False)):
        verdicts.print_layers(arguments, layers(URLRouter(route)))
        assert ("is '/ws/' and matches nothing" in capsys.readouterr().out) is told
