"""Hosts that call an application without a socket: what they show of an adapted application is what they show
of the same one written by hand.
"""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any, Callable, Dict, List, Tuple

import pytest
from requires import package

from asgi_compat import to_asgi2, to_asgi3

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.leaves_tasks]

Seen = List[Tuple[int, str, Any]]
BODY = b"x" * 3000


async def respond(scope: Any, receive: Any, send: Any) -> None:
    """Answer with what the application was told, in two pieces."""
    got = b""
    while True:
        event = await receive()
        got += event.get("body", b"")
        if not event.get("more_body"):
            break
    told = {
        "method": scope["method"],
        "path": scope["path"],
        "query": scope["query_string"].decode(),
        "client": len(tuple(scope.get("client") or ())),
        "host": [value.decode() for name, value in scope["headers"] if name == b"x-shown"],
        "length": len(got),
        "started": scope.get("state", {}).get("started"),
    }
    answer = json.dumps(told, sort_keys=True).encode()
    headers = [(b"content-type", b"application/json"), (b"x-end", b"yes")]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": answer[:10], "more_body": True})
    await send({"type": "http.response.body", "body": answer[10:], "more_body": False})


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Echo text until the client closes."""
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept", "subprotocol": None})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": event["text"].upper()})


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The application as its author would write it now."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["type"] == "websocket":
        await echo(scope, receive, send)
    else:
        await respond(scope, receive, send)


def as_of_2018(scope: Any) -> Any:
    """The same application, called twice."""

    async def instance(receive: Any, send: Any) -> None:
        await application(scope, receive, send)

    return instance


def by_httpx(app: Any) -> Seen:
    """Ask through httpx.ASGITransport."""
    import httpx

    async def ask() -> Seen:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            found = [
                await client.get("/a/b?c=d", headers={"X-Shown": "1"}),
                await client.post("/up", content=BODY),
            ]
        return [(one.status_code, one.headers["x-end"], one.json()) for one in found]

    return asyncio.run(ask())


def by_starlette(app: Any) -> Seen:
    """Ask through Starlette's TestClient, with its lifespan and a WebSocket."""
    from starlette.testclient import TestClient

    with TestClient(app) as client:
        found = [client.get("/a/b?c=d", headers={"X-Shown": "1"}), client.post("/up", content=BODY)]
        with client.websocket_connect("/ws") as socket:
            socket.send_text("hello")
            said = socket.receive_text()
    return [*((one.status_code, one.headers["x-end"], one.json()) for one in found), (101, said, None)]


def by_mangum(app: Any) -> Seen:
    """Ask through Mangum, as API Gateway does."""
    from mangum import Mangum

    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/a/b",
        "rawQueryString": "c=d",
        "headers": {"x-shown": "1"},
        "requestContext": {"http": {"method": "POST", "path": "/a/b", "sourceIp": "127.0.0.1"}},
        "body": BODY.decode(),
        "isBase64Encoded": False,
    }
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        found = []
        for lifespan in ("auto", "off"):
            answer = Mangum(app, lifespan=lifespan)(dict(event), {})
            found.append((answer["statusCode"], answer["headers"]["x-end"], json.loads(answer["body"])))
        return found
    finally:
        loop.close()
        asyncio.set_event_loop(None)


def by_async_asgi_testclient(app: Any) -> Seen:
    """Ask through async-asgi-testclient, with its lifespan and a WebSocket."""
    from async_asgi_testclient import TestClient

    async def ask() -> Seen:
        async with TestClient(app) as client:
            one = await client.get("/a/b?c=d", headers={"X-Shown": "1"})
            other = await client.post("/up", data=BODY)
            async with client.websocket_connect("/ws") as socket:
                await socket.send_text("hello")
                said = await socket.receive_text()
        found: Seen = [(one.status_code, one.headers["x-end"], one.json())]
        found.append((other.status_code, other.headers["x-end"], other.json()))
        return [*found, (101, said, None)]

    return asyncio.run(ask())


def by_channels(app: Any) -> Seen:
    """Ask through the communicators of Channels 4."""
    from channels.testing import HttpCommunicator, WebsocketCommunicator

    async def ask() -> Seen:
        told = HttpCommunicator(app, "POST", "/a/b?c=d", body=BODY, headers=[(b"x-shown", b"1")])
        answer = await told.get_response()
        socket = WebsocketCommunicator(app, "/ws")
        await socket.connect()
        await socket.send_to(text_data="hello")
        said = await socket.receive_from()
        await socket.disconnect()
        end = dict(answer["headers"])[b"x-end"].decode()
        return [(answer["status"], end, json.loads(answer["body"])), (101, said, None)]

    return asyncio.run(ask())


def by_falcon(app: Any) -> Seen:
    """Ask through Falcon's test client, whose client and server are iterators."""
    from falcon import testing

    found = []
    for options in ({"method": "GET", "query_string": "c=d"}, {"method": "POST", "body": BODY}):
        one = testing.simulate_request(app, path="/a/b", headers={"X-Shown": "1"}, **options)
        found.append((one.status_code, one.headers["x-end"], one.json))
    return found


def by_a2wsgi(app: Any) -> Seen:
    """Ask through a2wsgi, as a WSGI server does."""
    from a2wsgi import ASGIMiddleware

    heads: List[Any] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/a/b",
        "QUERY_STRING": "c=d",
        "SERVER_NAME": "test",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "4321",
        "HTTP_X_SHOWN": "1",
        "CONTENT_LENGTH": str(len(BODY)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(BODY),
    }
    answer = b"".join(
        ASGIMiddleware(app)(environ, lambda status, headers, error=None: heads.append((status, headers)))
    )
    ((status, headers),) = heads
    return [(int(status.split()[0]), dict(headers)["x-end"], json.loads(answer))]


HOSTS: Dict[str, Tuple[str, Callable[[Any], Seen]]] = {
    "httpx": ("httpx", by_httpx),
    "Starlette's TestClient": ("starlette", by_starlette),
    "Mangum": ("mangum", by_mangum),
    "async-asgi-testclient": ("async_asgi_testclient", by_async_asgi_testclient),
    "communicators of Channels 4": ("channels", by_channels),
    "Falcon's test client": ("falcon", by_falcon),
    "a2wsgi": ("a2wsgi", by_a2wsgi),
}

FORMS: Dict[str, Callable[[], Any]] = {
    "to_asgi3 of an ASGI2 application": lambda: to_asgi3(as_of_2018),
    "to_asgi3 of a current application": lambda: to_asgi3(application),
    "to_asgi3 of to_asgi2 of a current application": lambda: to_asgi3(to_asgi2(application)),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("host", HOSTS)
def test_host_shows_adapted_application_as_the_bare_one(host: str, form: str) -> None:
    """Statuses, headers, bodies, what the application was told, and WebSocket messages."""
    needed, ask = HOSTS[host]
    package(needed)
    seen = ask(application)
    assert {status for status, _, _ in seen} <= {201, 101} and seen
    assert ask(FORMS[form]()) == seen
