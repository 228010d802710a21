"""A bareASGI application: routes with fields, a JSON body, a start-up handler and an echoing WebSocket.

Start it with::

    python -m asgi_compat serve examples.bareasgi_app:asgi3

and try ``curl http://127.0.0.1:8000/greet/Ada`` and ``curl -d '{"a": 1}' http://127.0.0.1:8000/echo``.
bareASGI is ASGI3 since 3.2; this is written for 4 and later. Needs ``pip install bareasgi``.
"""

from __future__ import annotations

import json

from bareasgi import Application, HttpRequest, HttpResponse, LifespanRequest, WebSocketRequest
from bareutils import text_reader, text_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def json_response(status: int, content: Any) -> HttpResponse:
    body = json.dumps(content)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    return HttpResponse(status, headers, text_writer(body))


async def on_startup(request: LifespanRequest) -> None:
    request.info["started_by"] = "lifespan"


# Daphne has no lifespan: what a start-up handler sets needs a value for a server that never calls it.
application = Application(startup_handlers=[on_startup], info={"started_by": "nobody"})


@application.on_http_request({"GET"}, "/")
async def index(request: HttpRequest) -> HttpResponse:
    return json_response(200, {"started_by": request.info["started_by"]})


@application.on_http_request({"GET"}, "/greet/{name}")
async def greet(request: HttpRequest) -> HttpResponse:
    return json_response(200, {"message": f"Hello, {request.matches['name']}!"})


@application.on_http_request({"POST"}, "/echo")
async def echo(request: HttpRequest) -> HttpResponse:
    try:
        return json_response(200, json.loads(await text_reader(request.body)))
    except ValueError:
        return json_response(400, {"error": "The body is not JSON."})


@application.on_ws_request("/echo")
async def echo_messages(request: WebSocketRequest) -> None:
    await request.web_socket.accept()
    while True:
        message = await request.web_socket.receive()
        if message is None:
            return
        await request.web_socket.send(message)


async def asgi3(scope: Any, receive: Any, send: Any) -> None:
    """The application, on servers whose ``receive`` is no coroutine function as well."""

    # bareASGI makes a task of receive(), which asyncio allows with a coroutine only; what granian's
    # receive() returns can be awaited but is none.
    async def receive_event() -> Any:
        return await receive()

    await application(scope, receive_event, send)
