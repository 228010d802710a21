"""The evidence about one call, and the verdicts that several tables share."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from asgi_compat import Style
from asgi_compat._detect.bytecode import NAMED
from asgi_compat._detect.calls import FACTORY, INCOMPLETE, Call, by, is_, not_an_app
from asgi_compat._detect.decision import decide
from asgi_compat._detect.signature import signature_of_function


def call_of(function: Any) -> Call:
    signature = signature_of_function(function)
    assert signature is not None
    return Call(signature, "it")


def test_call_has_the_roles_of_its_parameters() -> None:
    call = call_of(lambda scope, receive, send: None)
    assert (call.first, call.second, call.third) == ("scope", "receive", "send")
    assert (call_of(lambda: None).first, call_of(lambda x: None).first) == ("", "")


@pytest.mark.parametrize(
    "function",
    [lambda: 0, lambda a, b=1: 0, lambda a, *rest: 0, lambda a, *, option: 0, lambda *rest, option: 0],
)
def test_call_takes_what_its_signature_takes(function: Any) -> None:
    call = call_of(function)
    assert [call.takes(count) for count in range(5)] == [call.signature.takes(count) for count in range(5)]


def test_half_is_read_once_and_can_be_left_out() -> None:
    def constructor(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None: ...

        return instance

    call = call_of(constructor)
    assert call.half == call._half == NAMED
    assert call.without_half().half == "" and call.half == NAMED


@pytest.mark.parametrize(
    "function, remedy",
    [
        (lambda a, *, option: 0, "functools.partial(app, option=...)"),
        (lambda self, a, b, c: 0, "take it from an instance"),
        (lambda app, a, b, c: 0, "it is a middleware"),
        (lambda a, b, c, d: 0, "bind what is not scope"),
    ],
)
def test_incomplete_call_names_what_is_missing(function: Any, remedy: str) -> None:
    style, _, found = decide(INCOMPLETE, call_of(function))
    assert style is Style.NOT_AN_APP and remedy in found


def makes_nothing() -> None: ...


def makes_text() -> str:
    return "text"


def makes_something() -> Any:
    return object()


async def makes_later() -> Any:
    return object()


@pytest.mark.parametrize(
    "function, style, words",
    [
        (makes_nothing, Style.NOT_AN_APP, "returns nothing"),
        (makes_text, Style.NOT_AN_APP, "returns str"),
        (makes_something, Style.FACTORY, "call it"),
        (makes_later, Style.FACTORY, "await it"),
    ],
)
def test_call_without_arguments_is_a_factory_unless_it_says_otherwise(
    function: Any, style: Style, words: Optional[str]
) -> None:
    found = decide(FACTORY, call_of(function))
    assert found[0] is style and words in " ".join(found[1:])


def test_outcomes_add_to_the_description() -> None:
    call = call_of(lambda: None)
    assert is_(Style.WSGI, ", added")(call)[:2] == (Style.WSGI, "it, added")
    assert not_an_app("do this")(call) == (Style.NOT_AN_APP, "it", "do this")
    assert by(INCOMPLETE)(call) == decide(INCOMPLETE, call)
