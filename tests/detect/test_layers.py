"""The stack of a middleware: every layer is found, and nothing of it is called."""

from __future__ import annotations

import functools
from typing import Any, Dict, List

import pytest

from asgi_compat import double_to_single_callable, single_to_double_callable
from asgi_compat._detect.layers import layers


async def single(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("an application is never called to find out what it is")


def double(scope: Any) -> Any:
    CALLED.append(scope)

    async def instance(receive: Any, send: Any) -> None: ...

    return instance


#: An application is never called to find out what it is.
CALLED: List[Any] = []


class Around:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("called")


class Slotted:
    __slots__ = ("inner",)

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        return double(scope)


class Lively:
    """Everything about it that can run code does harm."""

    def __init__(self, inner: Any) -> None:
        self._app = inner

    @property
    def app(self) -> Any:
        raise AssertionError("a property was read")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"__getattr__ was asked for {name}")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("called")


class Framework:
    """As Quart: asgi_app is a method until somebody wraps it."""

    async def asgi_app(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("called")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("called")


class Starlette011:
    """As Starlette 0.9 to 0.11, whose middleware are behind the one for errors."""

    def __init__(self, middleware: Any) -> None:
        self.router = double
        self.error_middleware = middleware

    def __call__(self, scope: Any) -> Any:
        return self.error_middleware(scope)


class Router:
    def __init__(self, **mapping: Any) -> None:
        self.application_mapping = mapping

    def __call__(self, scope: Any) -> Any:
        return double(scope)


def closed_over(app: Any) -> Any:
    async def outer(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return outer


def wrapped_framework() -> Framework:
    framework = Framework()
    framework.asgi_app = Around(framework.asgi_app)  # type: ignore[method-assign]
    return framework


@functools.wraps(double)
def decorated(*args: Any, **kwargs: Any) -> Any:
    raise AssertionError("called")


async def with_app(app: Any, scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("called")


STACKS: Dict[str, Any] = {
    "plain": (single, ["single"]),
    "attributes": (
        Around(Slotted(Around(double))),
        ["single", ".app double", ".inner single", ".app double"],
    ),
    "closure": (
        closed_over(closed_over(single)),
        ["single", "closure app single", "closure app single"],
    ),
    "partial": (functools.partial(double), ["double", ".func double"]),
    "bound method": (Around(single).__call__, ["single", ".app single"]),
    "ours, double to single": (
        double_to_single_callable(Slotted(double)),
        ["single", ".app double", ".inner double"],
    ),
    "ours, single to double": (
        single_to_double_callable(Around(single)),
        ["double", ".app single", ".app single"],
    ),
    "wraps": (decorated, ["double", ".__wrapped__ double"]),
    "framework": (Framework(), ["single"]),
    "wrapped framework": (wrapped_framework(), ["single", ".asgi_app single", ".app single"]),
    "router": (
        Router(http=single, websocket=double),
        ["double", ".application_mapping['http'] single", ".application_mapping['websocket'] double"],
    ),
    "Starlette of 2019": (
        Starlette011(Slotted(single)),
        ["double", ".router double", ".error_middleware double", ".inner single"],
    ),
    "lively": (Lively(double), ["single", "._app double"]),
}


@pytest.mark.parametrize("name", STACKS)
def test_layers_of_stack_are_listed_outermost_first(name: str) -> None:
    """Outermost first, each with the way that leads to it, and nothing called."""
    app, expected = STACKS[name]
    found = [f"{layer.via} {layer.verdict.style.value}".strip() for layer in layers(app)]
    assert found == expected
    assert not CALLED


def test_layers_of_partial_include_bound_application() -> None:
    """partial(middleware, app) is how functions become middleware."""
    found = [layer.via for layer in layers(functools.partial(with_app, double))]
    assert found == ["", ".func", ".args[0]"]


def test_layers_of_cycle_are_listed_once() -> None:
    """Each layer is listed once."""
    outer = Around(None)
    inner = Around(outer)
    outer.app = inner
    assert [layer.verdict.app for layer in layers(outer)] == [outer, inner]


def test_layers_of_endless_stack_stop_at_limit() -> None:
    """A stack of 200 layers is cut at 64."""
    app: Any = single
    for _ in range(200):
        app = Around(app)
    found = layers(app)
    assert len(found) == 64 and found[-1].depth == 63
