"""Refusals of a type of scope, and mistakes."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from asgi_compat.check.refusals import is_refusal

from .applications import BODY, START, checked, the_one


class UnsupportedScope(Exception):
    """What Falcon raises."""


def asserts(scope: Any) -> None:
    assert scope["type"] == "http"


def raises_under_a_condition(scope: Any) -> None:
    if scope["type"] != "http":
        raise UnsupportedScope


def raises_with_words(scope: Any) -> None:
    raise ValueError("No application configured for scope type 'websocket'")


def raises_not_implemented(scope: Any) -> None:
    raise NotImplementedError


def has_no_handler(scope: Any) -> None:
    {"http": print}[scope["type"]](scope)


def reads_a_key(scope: Any) -> None:
    print(scope["method"])


def reads_a_name(scope: Any) -> None:
    print(settings)  # type: ignore[name-defined] # noqa: F821


def reads_an_attribute(scope: Any) -> None:
    scope.user


def converts(scope: Any) -> None:
    int(str(scope)[:1])


def adds(scope: Any) -> None:
    "type " + None  # type: ignore[operator]


def cannot_connect(scope: Any) -> None:
    if scope["type"] == "lifespan" or scope["type"] == "websocket":
        raise ConnectionRefusedError("the database of the websocket")


def asserts_something_else(scope: Any) -> None:
    connected = False
    assert connected, "no database"


def raised_by(function: Callable[[Any], None]) -> BaseException:
    with pytest.raises(Exception) as raised:
        function({"type": "websocket"})
    return raised.value


REFUSALS = [asserts, raises_under_a_condition, raises_with_words, raises_not_implemented, has_no_handler]
MISTAKES = [
    reads_a_key,
    reads_a_name,
    reads_an_attribute,
    converts,
    adds,
    cannot_connect,
    asserts_something_else,
]


@pytest.mark.parametrize("function", REFUSALS)
def test_is_refusal_deliberate_answer_is_one(function: Any) -> None:
    """A raise or an assert about the type of the scope."""
    assert is_refusal(raised_by(function), "websocket")


@pytest.mark.parametrize("function", MISTAKES)
def test_is_refusal_mistake_is_none(function: Any) -> None:
    """Nobody wrote these to refuse."""
    assert not is_refusal(raised_by(function), "websocket")


def test_is_refusal_without_source_looks_at_the_text() -> None:
    """Compiled code, and code of exec."""
    assert is_refusal(UnsupportedScope("lifespan is not supported"), "lifespan")
    assert not is_refusal(ValueError("invalid literal for int()"), "lifespan")
    assert not is_refusal(OSError("http"), "http")


@pytest.mark.parametrize("function", MISTAKES)
def test_mistake_before_accept_and_before_startup_is_a_finding(function: Any) -> None:
    """With file and line, for each protocol, where a refusal is a note."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            function(scope)
        await send(START)
        await send(BODY)

    report = checked(app)
    finding = the_one(report)
    assert finding.problem == "raised" and "test_refusals.py:" in finding.sent
    assert {"WebSocket / (text)", "lifespan"} <= set(finding.conversations)
    results = {row.name: row.result for row in report.conversations}
    name = type(raised_by(function)).__name__
    assert results["lifespan"] == results["WebSocket / (text)"] == f"raised {name}"


@pytest.mark.parametrize("function", REFUSALS)
def test_refusal_before_accept_is_a_note(function: Any) -> None:
    """Status 0."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            function(scope)
        assert scope["type"] == "http"
        await send(START)
        await send(BODY)

    report = checked(app)
    assert report.findings == ()
    assert any("no WebSocket support" in note.text for note in report.notes)


def test_refusal_of_a_path_names_the_option() -> None:
    """Channels' URLRouter raises for a path that it does not know."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            raise ValueError(f"No route found for path {scope['path']!r}.")
        assert scope["type"] == "http"
        await send(START)
        await send(BODY)

    report = checked(app)
    assert report.findings == ()
    assert any("at this path (--path sets another)" in note.text for note in report.notes)


def test_key_that_a_middleware_has_not_put_into_the_scope_is_a_mistake() -> None:
    """An assertion about what is in the scope is not about its type: FastAPI, Starlette."""
    for text in (
        "fastapi_middleware_astack not found in request scope",
        "SessionMiddleware must be installed to access request.session",
    ):
        assert not is_refusal(AssertionError(text), "http")
