"""Classes: a case for every row of the tables."""

from __future__ import annotations

import abc
from typing import Any, Dict, Tuple

import pytest

from asgi_compat import Style, classify

SINGLE, DOUBLE, EITHER, FACTORY = Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.FACTORY
WSGI, NOT_AN_APP, UNKNOWN = Style.WSGI, Style.NOT_AN_APP, Style.UNKNOWN


def init(parameters: str) -> Any:
    space: Dict[str, Any] = {}
    exec(f"def __init__(self, {parameters}): pass", space)
    return space["__init__"]


def call(parameters: str, before: str = "async def") -> Any:
    space: Dict[str, Any] = {}
    exec(f"{before} __call__(self, {parameters}): return parameters", space)
    return space["__call__"]


def await_(self: Any) -> Any:
    yield


THREE = "scope, receive, send"

#: The body of the class, its style, and a word of the reason or the remedy.
CASES: Dict[str, Tuple[Dict[str, Any], Style, str]] = {
    "double": ({"__init__": init("scope"), "__call__": call("receive, send")}, DOUBLE, "(receive, send)"),
    "double of three": (
        {"__init__": init("scope"), "__call__": call(THREE)},
        DOUBLE,
        "(scope, receive, send)",
    ),
    "single": ({"__init__": init(THREE), "__await__": await_}, SINGLE, "awaited"),
    "either": (
        {
            "__init__": init("scope, receive=None, send=None"),
            "__call__": call("receive, send"),
            "__await__": await_,
        },
        EITHER,
        "callable and awaitable",
    ),
    "either or not": (
        {"__init__": init("*args"), "__call__": call("receive, send"), "__await__": await_},
        UNKNOWN,
        "callable and awaitable",
    ),
    "awaitable of one": ({"__init__": init("x"), "__await__": await_}, NOT_AN_APP, "awaitable instances"),
    "framework": ({"__call__": call(THREE)}, FACTORY, "make an instance"),
    "consumer": ({"__call__": call(THREE), "as_asgi": classmethod(len)}, FACTORY, ".as_asgi()"),
    "framework with a name": (
        {"__init__": init("name"), "__call__": call(THREE)},
        NOT_AN_APP,
        "needs (name)",
    ),
    "framework of doubles": (
        {"__init__": init("*, name=1"), "__call__": call("scope", "def")},
        FACTORY,
        "double-callable",
    ),
    "middleware": ({"__init__": init("app"), "__call__": call(THREE)}, NOT_AN_APP, "apply it"),
    "middleware with default": (
        {"__init__": init("app, x=1"), "__call__": call("scope", "def")},
        NOT_AN_APP,
        "apply it",
    ),
    "middleware that says nothing": ({"__init__": init("app"), "__call__": len}, NOT_AN_APP, "apply it"),
    "WSGI": ({"__init__": init("x"), "__call__": call("environ, start_response", "def")}, NOT_AN_APP, "WSGI"),
    "WSGI by iteration": (
        {"__init__": init("environ, start_response"), "__iter__": await_},
        WSGI,
        "iterated",
    ),
    "other instances": (
        {"__init__": init("x"), "__call__": call("y, z, a, b")},
        NOT_AN_APP,
        "instances take",
    ),
    "plain": ({}, NOT_AN_APP, "plain class"),
    "opaque instances": ({"__init__": init("x"), "__call__": len}, UNKNOWN, "compiled"),
    "new": ({"__new__": staticmethod(call(THREE))}, SINGLE, "__new__"),
}


@pytest.mark.parametrize("name", CASES)
def test_class_has_the_verdict_of_its_row(name: str) -> None:
    body, style, words = CASES[name]
    verdict = classify(type("App", (), dict(body)))
    assert verdict.style is style and words in f"{verdict.reason} {verdict.remedy}", verdict


class Abstract(abc.ABC):
    @abc.abstractmethod
    def __call__(self, receive: Any, send: Any) -> None: ...


@pytest.mark.parametrize(
    "cls, words",
    [
        (ValueError, "exception class"),
        (Abstract, "abstract class"),
        (dict, "built-in class"),
        (type("Meta", (type,), {}), "metaclass"),
    ],
)
def test_class_that_is_never_an_application(cls: Any, words: str) -> None:
    verdict = classify(cls)
    assert verdict.style is NOT_AN_APP and words in verdict.reason


def test_metaclass_with_a_call_decides() -> None:
    meta = type("Meta", (type,), {"__call__": call(THREE)})
    assert classify(meta("App", (), {})).style is SINGLE


def test_class_of_python_in_c_is_not_an_app() -> None:
    assert classify(type(iter([]))).style is NOT_AN_APP


@pytest.mark.parametrize("does", [False, True])
def test_classify_order_of_unused_parameters_does_not_matter(does):
    class Idle:
        def __init__(self, scope):
            pass

        async def __call__(self, send, receive):
            """Take them in the wrong order."""

    class Sends(Idle):
        async def __call__(self, send, receive):
            await send({"type": "http.disconnect"})

    assert classify(Sends if does else Idle).style is (Style.NOT_AN_APP if does else Style.DOUBLE)
