"""Objects that cannot be called, and remedies that name the mistake."""

from __future__ import annotations

import operator
import types
from typing import Any, List

import pytest
from specimens import double, respond, single

from asgi_compat import (
    Style,
    classify,
)
from asgi_compat._detect.objects import cannot_be_called
from detect.observing import (
    Middleware,
    module_with,
    wsgi,
)


class Consumer:
    """As of Channels 3 and later."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await respond(send)

    @classmethod
    def as_asgi(cls, **initkwargs: Any) -> Any:
        return cls(**initkwargs)


@pytest.mark.parametrize(
    "value, style, words",
    [
        pytest.param(Consumer, Style.FACTORY, [".as_asgi()"], id="consumer"),
        pytest.param(module_with(app=single()), Style.NOT_AN_APP, ["project.asgi.app"], id="module"),
        pytest.param(
            module_with(application=double()),
            Style.NOT_AN_APP,
            ["project.asgi.application"],
            id="module, application",
        ),
        pytest.param((single(),), Style.NOT_AN_APP, ["comma"], id="tuple"),
        pytest.param(wsgi, Style.WSGI, ["a2wsgi"], id="WSGI"),
        pytest.param(lambda: single(), Style.FACTORY, ["call it"], id="factory"),
        pytest.param(None, Style.NOT_AN_APP, ["return"], id="None"),
        pytest.param(
            "project.asgi:app", Style.NOT_AN_APP, ["import string", "project.asgi:app"], id="string"
        ),
        pytest.param(Middleware, Style.NOT_AN_APP, ["Middleware(app"], id="middleware not applied"),
        pytest.param(double(), Style.DOUBLE, ["guarantee_single_callable"], id="double"),
    ],
)
def test_remedy_names_the_mistake(value: Any, style: Style, words: List[str]) -> None:
    """The remedy is what a colleague would say on seeing it."""
    verdict = classify(value)
    assert verdict.style is style
    for word in words:
        assert word in verdict.remedy


def test_remedy_of_unknown_names_marks_and_unwrappers() -> None:
    """Who is told that nothing is known is told how to say it."""
    remedy = classify(lambda *args: args).remedy
    assert "mark_single" in remedy and "mark_double" in remedy and "register_unwrapper" in remedy


@pytest.mark.parametrize(
    "value, words",
    [
        (3, "a number"),
        (b"app", "a bytes object"),
        ({}, "a dict"),
        ([single()], "a collection"),
        (property(len), "a property"),
        (classmethod(len), "a classmethod"),
        (types.SimpleNamespace(app=len), "attribute .app"),
        (types.SimpleNamespace(__call__=len), "define __call__ in the class"),
        (types.SimpleNamespace(__wrapped__=len), "around a callable"),
        (object(), "object is not callable"),
        (len, "built-in function of Python"),
        (str.join, "of Python itself"),
        (operator.itemgetter(1), "of Python itself"),
    ],
)
def test_object_that_cannot_be_an_application_is_named(value: Any, words: str) -> None:
    verdict = classify(value)
    assert verdict.style is Style.NOT_AN_APP and words in f"{verdict.reason} {verdict.remedy}", verdict


def test_class_whose_call_is_none_cannot_be_called() -> None:
    value = type("App", (), {"__call__": None})()
    assert cannot_be_called(value) and not cannot_be_called(len)
    assert classify(value).style is Style.NOT_AN_APP


def test_callable_that_says_nothing_is_unknown() -> None:
    opaque = type("Opaque", (), {"__call__": property(lambda self: len)})()
    assert classify(opaque).style is Style.UNKNOWN and "property" in classify(opaque).reason
