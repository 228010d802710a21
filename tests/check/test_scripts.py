"""What the application is asked."""

from __future__ import annotations

from typing import Any, Dict, List

from asgi_compat.check.scripts import fresh_scope, lifespan_script

from .applications import (
    ACCEPT,
    BODY,
    START,
    both_styles,
    checked,
    sends,
)


def test_scripts_application_receives_every_variation() -> None:
    """Whole and in chunks, an empty one among them; text and bytes under one key or both."""
    seen: Dict[str, List[Any]] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise NotImplementedError
        log = seen.setdefault(f"{scope['type']} {scope.get('method', '')} {scope['path']}", [])
        log.append([])
        if scope["type"] == "websocket":
            assert scope.get("subprotocols", ["chat", "v2"]) == ["chat", "v2"]
            assert (b"sec-websocket-protocol", b"chat, v2") in scope["headers"]
            await receive()
            await send({**ACCEPT, "subprotocol": "v2"})
            while True:
                event = await receive()
                if event["type"] == "websocket.disconnect":
                    log[-1].append(event["code"])
                    return
                log[-1].append({key: value for key, value in event.items() if key != "type"})
        # The barest scope has not all of them.
        expected = {"query_string": b"q=%20", "raw_path": b"/a%20b", "root_path": ""}
        assert {**expected, **{key: scope[key] for key in expected if key in scope}} == expected
        while True:
            event = await receive()
            log[-1].append(event.get("body"))
            if event["type"] == "http.disconnect":
                return
            if not event.get("more_body"):
                break
        await send(START)
        await send(BODY)

    report = checked(app, paths=["/a%20b?q=%20"], methods=["PUT", "GET"], subprotocols=["chat", "v2"])
    assert report.findings == ()
    chunks = [b'{"hello": ', b"", b'"wor', b'ld"}']
    assert seen["http PUT /a b"][:4] == [chunks, chunks[:1] + [None], chunks, chunks]
    assert [b"".join(chunks)] in seen["http PUT /a b"]
    assert seen["http GET /a b"] == [[b""]]
    assert seen["websocket  /a b"][:4] == [
        [{"text": "hello"}, {"bytes": None, "text": "hello again"}, 1000],
        [{"bytes": b"\x00\xff"}, {"bytes": b"hello", "text": None}, 1000],
        [{"text": ""}, {"bytes": b""}, 1000],
        [1001],
    ]


def test_scripts_version_is_that_of_the_style() -> None:
    """As servers that call in this style say it."""
    seen: List[str] = []

    async def play(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["asgi"]["version"])
        await sends(START, BODY)(scope, receive, send)

    single, double = both_styles(play)
    checked(single)
    assert set(seen) == {"3.0"}
    seen.clear()
    assert checked(double).called == "double" and set(seen) == {"2.0"}


def test_fresh_scope_is_a_deep_copy_but_for_the_state() -> None:
    """Starlette's Mount changes root_path, and frameworks put objects into the scope."""
    state: Dict[str, Any] = {}
    script = lifespan_script(state, doubled=False)
    fresh = fresh_scope(script)
    assert fresh == script.conversation.scope and fresh["asgi"] is not script.conversation.scope["asgi"]
    assert fresh["state"] is state
