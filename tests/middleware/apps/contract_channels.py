"""The contract in Channels consumers and a Django view, one source for 2.4 (ASGI2) and today's (ASGI3)."""

from __future__ import annotations

import asyncio
import json

import channels
import django_project  # noqa: F401  Django first
from channels.consumer import AsyncConsumer
from channels.generic.http import AsyncHttpConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import re_path

try:
    from channels.http import AsgiHandler

    django_app = AsgiHandler
except ImportError:
    from django.core.asgi import get_asgi_application

    django_app = get_asgi_application()

TEXT = (b"content-type", b"text/plain; charset=utf-8")


class Hello(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_response(200, b"hello", headers=[TEXT, (b"x-app", b"yes")])


class Item(AsyncHttpConsumer):
    async def handle(self, body):
        number = int(self.scope["url_route"]["kwargs"]["number"])
        answer = {"item": number, "query": self.scope["query_string"].decode()}
        await self.send_response(
            200, json.dumps(answer).encode(), headers=[(b"content-type", b"application/json")]
        )


class Echo(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_response(200, body, headers=[TEXT])


class Stream(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_headers(headers=[TEXT])
        for number in range(4):
            await self.send_body(b"row %d\n" % number, more_body=True)
            await asyncio.sleep(0.01)
        await self.send_body(b"")


class Large(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_response(200, b"squeeze me " * 2000, headers=[TEXT])


class Boom(AsyncConsumer):
    async def http_request(self, message):
        raise RuntimeError("meant to happen")


class BoomLater(AsyncConsumer):
    async def http_request(self, message):
        await self.send({"type": "http.response.start", "status": 200, "headers": [TEXT]})
        await self.send({"type": "http.response.body", "body": b"row 0\n", "more_body": True})
        await asyncio.sleep(0.05)
        raise RuntimeError("meant to happen later")


class Lost(AsyncHttpConsumer):
    """Its exception is lost in Channels 2, which raises StopConsumer in a `finally` around `handle`."""

    async def handle(self, body):
        raise RuntimeError("meant to happen in handle")


class NotFound(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_response(404, b"Not Found", headers=[TEXT])


class Count(AsyncHttpConsumer):
    async def handle(self, body):
        session = self.scope["session"]
        session["count"] = session.get("count", 0) + 1
        await self.send_response(200, b"%d" % session["count"], headers=[TEXT])


class SocketEcho(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        if text_data is not None:
            await self.send(text_data=text_data.upper())
        else:
            await self.send(bytes_data=bytes_data[::-1])


class SocketProtocol(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept("two")
        await self.send(json.dumps([self.scope["path"], self.scope["query_string"].decode()]))
        await self.close(4003)


class SocketRefuse(AsyncWebsocketConsumer):
    async def connect(self):
        await self.close(4000)


class SocketBoom(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        raise RuntimeError("meant to happen in a socket")


class SocketSession(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()
        await self.send(json.dumps({"count": self.scope["session"].get("count"), "user": None}))
        await self.close()


def application(consumer):
    return consumer.as_asgi() if hasattr(consumer, "as_asgi") else consumer


def make(wrap=lambda router: router):
    """The application; `wrap` stands around each URLRouter, where a middleware of Channels does."""
    http = [
        (r"^hello$", Hello),
        (r"^items/(?P<number>\d+)$", Item),
        (r"^echo$", Echo),
        (r"^stream$", Stream),
        (r"^large$", Large),
        (r"^boom$", Boom),
        (r"^boom-later$", BoomLater),
        (r"^lost$", Lost),
        (r"^count$", Count),
    ]
    websocket = [
        (r"^ws/echo$", SocketEcho),
        (r"^ws/protocol$", SocketProtocol),
        (r"^ws/refuse$", SocketRefuse),
        (r"^ws/boom$", SocketBoom),
        (r"^ws/session$", SocketSession),
    ]
    pages = [re_path(pattern, application(consumer)) for pattern, consumer in http]
    pages += [re_path(r"^view$", django_app), re_path(r"", application(NotFound))]
    sockets = [re_path(pattern, application(consumer)) for pattern, consumer in websocket]
    return ProtocolTypeRouter({"http": wrap(URLRouter(pages)), "websocket": wrap(URLRouter(sockets))})


OLD = channels.__version__.startswith("2.")
