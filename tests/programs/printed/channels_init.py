"""Consumers that take the scope in `__init__`, as in answers about Channels 2, under a router in a router."""

from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path


class NameConsumer(WebsocketConsumer):
    def __init__(self, scope):
        super().__init__(scope)
        self.name = scope["query_string"].decode()

    def connect(self):
        self.accept()
        self.send(text_data="hello " + self.name)


class RoomConsumer(AsyncWebsocketConsumer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.room = None

    async def connect(self):
        self.room = self.scope["url_route"]["kwargs"]["room"]
        await self.accept()
        await self.send(text_data="room " + self.room)


class Closing:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "bye"})
        await send({"type": "websocket.close"})


class UserMiddleware:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, scope):
        scope["user"] = "Ada"
        return self.inner(scope)


inside = URLRouter([path("name/", NameConsumer)])

application = ProtocolTypeRouter(
    {
        "websocket": UserMiddleware(
            URLRouter(
                [
                    path("name/", NameConsumer),
                    re_path(r"^room/(?P<room>\w+)/$", RoomConsumer),
                    path("bye/", Closing),
                    path("inside/", inside),
                ]
            )
        )
    }
)
