"""What to write instead of an object that is not an application."""

from __future__ import annotations

import functools
import types
from typing import Any, Tuple

import pytest

from asgi_compat import DetectionError, Style, classify, to_asgi3
from asgi_compat._detect.advice import KNOWN, advice
from asgi_compat._detect.verdict import REMEDIES


def made(module: str, name: str, *bases: type) -> type:
    """Make a class that says it comes from a module of a package."""
    return type(name, bases, {"__module__": module})


@pytest.mark.parametrize("package, name", sorted(KNOWN))
def test_instance_of_a_known_class_has_its_remedy(package: str, name: str) -> None:
    """Its subclasses too, from whatever module of the package; the package is not imported."""
    known = made(f"{package}.core.parts", name)
    for value in (known(), made("shop", "Own", known)(), known):
        verdict = classify(value)
        assert verdict.style is Style.NOT_AN_APP and verdict.remedy == KNOWN[package, name]
    assert classify(made(f"{package}like", name)()).remedy != KNOWN[package, name]


def test_known_wsgi_application_keeps_its_style() -> None:
    """Falcon has a class of its own for ASGI; `falcon.App` is WSGI."""

    def call(self: Any, env: Any, start_response: Any) -> Any: ...

    verdict = classify(type("App", (), {"__module__": "falcon.app", "__call__": call})())
    assert verdict.style is Style.WSGI and verdict.remedy.startswith("make it a falcon.asgi.App()")


def test_known_application_keeps_the_remedy_of_its_style() -> None:
    async def call(self: Any, scope: Any, receive: Any, send: Any) -> None: ...

    verdict = classify(type("App", (), {"__module__": "falcon.app", "__call__": call})())
    assert (verdict.style, verdict.remedy) == (Style.SINGLE, REMEDIES[Style.SINGLE])


class CallLacksSelf:
    async def __call__(scope, receive, send) -> None: ...  # type: ignore[no-untyped-def]


class DoubleLacksSelf:
    def __init__(self, scope: Any) -> None: ...

    async def __call__(receive, send) -> None: ...  # type: ignore[no-untyped-def]


class InitLacksSelf:
    def __init__(scope) -> None: ...  # type: ignore[no-untyped-def]

    async def __call__(self, receive: Any, send: Any) -> None: ...


class MethodLacksSelf:
    async def serve(scope, receive, send) -> None: ...  # type: ignore[no-untyped-def]


@pytest.mark.parametrize(
    "value, line",
    [
        (CallLacksSelf(), "async def __call__(self, scope, receive, send)"),
        (CallLacksSelf, "async def __call__(self, scope, receive, send)"),
        (DoubleLacksSelf, "async def __call__(self, receive, send)"),
        (InitLacksSelf, "def __init__(self, scope)"),
        (MethodLacksSelf().serve, "async def serve(self, scope, receive, send)"),
    ],
)
def test_method_without_self_is_named_with_the_line_to_write(value: Any, line: str) -> None:
    verdict = classify(value)
    name = line.split("def ")[1].split("(")[0]
    assert verdict.style is Style.NOT_AN_APP and verdict.remedy == f"{name} has no self: write {line}"


def test_function_bound_to_a_scope_lacks_no_self() -> None:
    """A double-callable may return it; what to pass is the application."""

    async def instance(scope: Any, receive: Any, send: Any) -> None: ...

    verdict = classify(types.MethodType(instance, {"type": "http"}))
    assert verdict.style is Style.NOT_AN_APP and "self" not in verdict.remedy


class Double:
    def __init__(self, scope: Any) -> None: ...

    async def __call__(self, receive: Any, send: Any) -> None: ...


@pytest.mark.parametrize(
    "bound, says",
    [
        (functools.partial(Double, debug=True), "Double takes (scope), and the partial binds debug=..."),
        (functools.partial(Double, 1, 2), "Double takes (scope), and the partial binds 2 arguments"),
        (functools.partial(Double(None), x=1), "Double takes (receive, send), and the partial binds x=..."),
    ],
)
def test_partial_that_does_not_fit_says_what_is_taken(bound: Any, says: str) -> None:
    assert classify(bound).remedy == f"{says}: bind only what it takes"


class WithMethods:
    async def asgi(self, scope: Any, receive: Any, send: Any) -> None: ...


class WithDouble:
    def application(self, scope: Any) -> Any: ...


class WithFactory:
    def get_app(self) -> Any: ...


class WithOther:
    def app(self, left: Any, right: Any) -> Any: ...


@pytest.mark.parametrize(
    "value, remedy",
    [
        (WithMethods(), "pass its method .asgi"),
        (WithDouble(), "pass its method .application"),
        (WithFactory(), "pass what its method .get_app() returns"),
        (WithOther(), REMEDIES[Style.NOT_AN_APP]),
    ],
)
def test_object_with_a_method_that_is_the_application_names_it(value: Any, remedy: str) -> None:
    assert classify(value).remedy == remedy
    with pytest.raises(DetectionError, match=remedy.split("(")[0]):
        to_asgi3(value)


def test_methods_are_looked_for_on_instances_that_cannot_be_called() -> None:
    """A class, or what has a remedy of its own, keeps it."""
    assert "method" not in classify(WithMethods).remedy
    assert advice(WithMethods(), "a remedy of its own") == "a remedy of its own"


@pytest.mark.parametrize("address", ["http://localhost:8000", "ws://host/chat"])
def test_url_is_no_import_string(address: str) -> None:
    """Nothing is asked over the network, so that `serve URL` would be wrong advice."""
    found: Tuple[str, str] = classify(address).reason, classify(address).remedy
    assert "URL" in found[0] and address not in found[1]


def test_class_that_takes_more_than_the_scope_is_to_be_bound() -> None:
    class App:
        def __init__(self, scope: Any, debug: bool, name: str, color: str = "") -> None: ...

        async def __call__(self, receive: Any, send: Any) -> None: ...

    assert "functools.partial(app, debug=..., name=...)" in classify(App).remedy
