"""One run: quirks, styles, ignored rules, and what is left behind."""

from __future__ import annotations

import asyncio
import sys
import types
from typing import Any

import pytest

from asgi_compat import PROFILES, Quirks
from asgi_compat.check.session import Session

from .applications import (
    BODY,
    START,
    both_styles,
    checked,
    http_only,
    sends,
    the_one,
)


@pytest.mark.parametrize("error", [KeyError("apart"), SystemExit(3)])
def test_exception_in_a_forgotten_task_is_found(error: BaseException) -> None:
    """Even one that would have ended the interpreter."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def fails() -> None:
            raise error

        asyncio.ensure_future(fails())
        await asyncio.sleep(0)
        await send(START)
        await send(BODY)

    finding = the_one(checked(app))
    assert finding.problem == "raised" and type(error).__name__ in finding.sent


def test_unknown_style_is_called_as_it_accepts() -> None:
    """And one that is told is believed."""

    def app(*anything: Any) -> Any:
        return both_styles(sends(START, BODY))[1](*anything)

    assert checked(app, style="double").findings == ()
    report = checked(app, style="single")
    assert report.called == "single" and "raised" in {row.problem for row in report.findings}


def test_connection_that_runs_on_at_one_place_is_held_once_more_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs its whole time, and once more with each option that might help: five took four minutes."""
    held = []
    rerun = Session.rerun

    async def counted(self: Session, script: Any) -> Any:
        held.append(script.name)
        return await rerun(self, script)

    monkeypatch.setattr(Session, "rerun", counted)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            raise NotImplementedError(scope["type"])
        await receive()
        await send({"type": "websocket.accept"})
        await asyncio.Event().wait()

    finding = the_one(checked(app, timeout=0.1))
    assert held == ["WebSocket / (text)"] and finding.problem == "stays"
    assert len(finding.conversations) == 5


def test_quirks_are_those_of_to_asgi3() -> None:
    """What is said of `to_asgi3` is true of it with these choices."""
    app = both_styles(sends(START, {**BODY, "body": "hello"}))[1]
    assert the_one(checked(app)).problem == "refused"
    finding = the_one(checked(app, quirks=Quirks(text_body=True)))
    assert (finding.problem, finding.to_asgi3) == ("repaired", "b'hello'")


def test_quirks_are_those_of_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `to_asgi3` makes of it is what it makes of this framework in this version."""
    row = PROFILES["quart-0.6"]
    monkeypatch.setitem(PROFILES, row.name, row._replace(quirks=Quirks(text_body=True)))
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)

    def application(module: str) -> Any:
        class Quart:
            __module__ = module

            def __call__(self, scope: Any) -> Any:
                return both_styles(sends(START, {**BODY, "body": "text"}))[1](scope)

        return Quart()

    assert the_one(checked(application("shop"))).problem == "refused"
    finding = the_one(checked(application("quart.app")))
    assert (finding.rule, finding.problem) == ("A27", "repaired")


def test_ignored_rules_and_problems_are_notes() -> None:
    """By id, or by what the problem is called."""
    app = both_styles(sends({"type": "http.response.start", "status": "200"}, BODY))[1]
    assert len(checked(app).findings) == 2
    assert checked(app, ignore=["repaired"]).findings == ()
    report = checked(app, ignore=["A23"])
    assert report.findings == ()
    assert {note.text for note in report.notes if note.rule == "A23"} == {
        "ignored: http.response.start headers no headers",
        "ignored: http.response.start status '200'",
    }


def test_hang_at_the_same_line_is_held_through_to_asgi3_once() -> None:
    """Each time takes all of --timeout, and there are five of them: with and without options."""
    called = []

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        called.append(scope["method"])
        await asyncio.Event().wait()

    finding = the_one(checked(app, methods=["GET", "HEAD"], timeout=0.2))
    assert finding.to_asgi3 == "does not help: it does not end there, either"
    assert called.count("HEAD") == 1 < called.count("GET")


@pytest.mark.parametrize(
    "events, said, quirk",
    [
        ([{**START, "type": "http.respose.start"}, BODY], "did you mean http.response.start?", ""),
        ([START, {**BODY, "type": "http.response.boddy"}], "did you mean http.response.body?", ""),
        ([{**START, "type": "response.begin"}, BODY], "check the spelling of its type", ""),
        (
            [START, {"type": "shop.metrics"}, BODY],
            "check the spelling of its type",
            "--quirk drop_unknown=True",
        ),
    ],
)
def test_quirk_that_drops_an_event_is_named_only_where_the_rest_is_a_response(
    events: Any, said: str, quirk: str
) -> None:
    """The misspelt event of HTTP is not said to be one of WebSocket, where it is the same mistake."""
    for app in both_styles(sends(*events)):
        finding = the_one(checked(app))
        assert finding.specification.endswith(said) and finding.option == quirk
