"""What may stand in scopes, events and the texts about them, through the whole service in both directions."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Dict, List, Tuple

import pytest
from messages import ACCEPT, BODY, CONNECT, REQUEST, START, http, start, websocket

from asgi_compat import AppMessageError, to_asgi2, to_asgi3

SECRET = "sesame-7f3a"
RAW = SECRET.encode()


def converse(
    direction: str, scope: Any, events: List[Any], received: Tuple[Any, ...] = (), **options: Any
) -> Tuple[List[Any], List[Any], Dict[str, Any]]:
    """Send ``events`` through the service: what reached the server, what was raised, the scope that came."""
    sent: List[Any] = []
    raised: List[Any] = []
    seen: Dict[str, Any] = {}
    given = list(received) or [CONNECT if scope.get("type") == "websocket" else REQUEST]

    async def receive() -> Any:
        return given.pop(0)

    async def send(event: Any) -> None:
        sent.append(event)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope)
        await receive()
        for event in events:
            try:
                await send(event)
            except Exception as error:
                raised.append(error)

    def double(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await application(scope, receive, send)

        return instance

    async def run() -> None:
        try:
            if direction == "A":
                await to_asgi3(double, **options)(scope, receive, send)
            else:
                await to_asgi2(application, **options)(scope)(receive, send)
        except Exception as error:
            raised.append(error)

    asyncio.run(run())
    return sent, raised, seen


BAD_EVENTS = {
    "line break in a secret header": start(headers=[(b"set-cookie", RAW + b"\r\nx: y")]),
    "good secrets beside a bad header": start(headers=[(b"authorization", RAW), (b"x a", b"1")]),
    "secret that is no latin-1": start(headers=[("set-cookie", SECRET + "\u20ac")]),
    "secret as a number": start(headers=[(b"set-cookie", RAW), (b"x-a", None)]),
    "headers in a str": start(headers=SECRET),
    "headers in a dict with a bad value": start(headers={"cookie": SECRET, "x": None}),
    "three items": start(headers=[(b"set-cookie", RAW, b"x")]),
    "the event is a list": [SECRET],
    "the event is a str": SECRET,
    "no type": {"body": RAW, "headers": [(b"cookie", RAW)]},
    "the type is a list": {"type": [SECRET], "body": RAW},
}
BAD_BODIES = {
    "text for a body": {"type": "http.response.body", "body": SECRET},
    "a list for a body": {"type": "http.response.body", "body": [SECRET]},
}


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", [*BAD_EVENTS, *BAD_BODIES])
def test_error_event_with_secrets_shows_none(direction, strict, name, caplog):
    caplog.set_level(logging.DEBUG)
    events = [START, BAD_BODIES[name]] if name in BAD_BODIES else [BAD_EVENTS[name]]
    _, raised, _ = converse(direction, http(), events, strict=strict)
    assert raised
    for error in raised:
        assert SECRET not in f"{error} {error!r}"
    assert SECRET not in caplog.text


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "fields",
    [
        {"headers": [(b"cookie", RAW), (b"authorization", RAW, b"x")]},
        {"headers": {"Cookie": SECRET, "x": None}},
        {"headers": SECRET},
        {"query_string": [SECRET]},
        {"client": [SECRET]},
        {"root_path": 5, "path": SECRET},
        {"subprotocols": {"a": SECRET}, "type": "websocket"},
        {"type": [SECRET]},
    ],
)
def test_error_scope_with_secrets_shows_none(direction, strict, fields, caplog):
    caplog.set_level(logging.DEBUG)
    scope = http(**fields) if fields.get("type") != "websocket" else websocket(**fields)
    _, raised, _ = converse(direction, scope, [], strict=strict)
    assert SECRET not in f"{[(str(error), repr(error)) for error in raised]} {caplog.text}"


@pytest.mark.parametrize("direction", "AB")
def test_error_bad_header_is_named_and_kept_in_got(direction):
    headers = [(b"set-cookie", RAW), (b"x-bad", RAW + b"\n")]
    _, (error, *_), _ = converse(direction, http(), [start(headers=headers)])
    assert "header b'x-bad'" in str(error) and "length 12" in str(error)
    assert error.got == headers


@pytest.mark.parametrize("direction", "AB")
def test_error_subprotocol_offered_is_not_shown(direction):
    scope = websocket(subprotocols=[SECRET])
    _, raised, _ = converse(
        direction,
        scope,
        [{**ACCEPT, "subprotocol": "v9\r\n"}],
        quirks=None if direction == "B" else _quirks(unoffered_subprotocol="error"),
    )
    assert SECRET not in str(raised)


def _quirks(**fields: Any) -> Any:
    from asgi_compat import Quirks

    return Quirks(**fields)


FORGED = "x\r\n2026 ERROR forged \x1b[31m\u202e\u2028\ud800"


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize(
    "event",
    [
        {"type": FORGED},
        {"type": FORGED * 10**5},
        {"type": "websocket.send", FORGED: 1},
        start(headers=[(FORGED[:20], "1")]),
        start(headers=[(b"\r\n" * 10**6, b"1")]),
        start(status=FORGED),
        start(status="9" * 10**6),
        start(headers=[["x", "y"]] * 300_000 + [FORGED]),
        {"type": "http.response.start", "status": 200, "headers": [("x", type(FORGED[:-1], (), {})())]},
        [FORGED] * 10**6,
        {FORGED: 1},
    ],
    ids=range(11),
)
def test_error_hostile_content_text_is_short_printable_ascii(direction, event, caplog):
    caplog.set_level(logging.DEBUG)
    _, raised, _ = converse(direction, http(extensions={FORGED * 100: {}}), [event])
    assert isinstance(raised[0], AppMessageError)
    for text in (str(raised[0]), repr(raised[0]), *(record.getMessage() for record in caplog.records)):
        assert text.isascii() and text.isprintable() and len(text) < 2200


class Loud(str):
    """A str that equals another and says something else."""

    def __str__(self):
        return FORGED

    __repr__ = __str__

    def __format__(self, spec):
        return FORGED


def test_log_repair_of_a_scope_whose_type_lies_is_one_line(caplog):
    caplog.set_level(logging.INFO)
    converse("A", {**http(client=("h", "80")), "type": Loud("http")}, [START, BODY])
    lines = [record.getMessage() for record in caplog.records if "repaired" in record.getMessage()]
    assert lines and all(line.isascii() and line.isprintable() for line in lines)
    assert "forged" not in caplog.text
