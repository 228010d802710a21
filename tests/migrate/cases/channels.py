"""Channels 2 to 4, with stand-ins for the parts of Channels and Django that are imported."""

from __future__ import annotations

from . import Case

CASES = [
    Case(
        "channels-populate-and-resolve",
        """
from channels.middleware import BaseMiddleware

class UserMiddleware(BaseMiddleware):
    def populate_scope(self, scope):
        scope["user"] = None

    async def resolve_scope(self, scope):
        scope["user"] = await get_user(scope)
""",
        "",
        has="        await self.resolve_scope(scope)",
    ),
    Case(
        "type-names-of-starlette",
        """
from starlette.types import ASGIInstance, Scope

class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope: Scope) -> ASGIInstance:
        return self.app(scope)
    async def call_next(self, request) -> ASGIInstance:
        ...
""",
        "",
        has="from starlette.types import ASGIApp, Scope",
        lacks="ASGIInstance",
    ),
    Case(
        "channels-routing",
        """
from channels.auth import AuthMiddlewareStack
from channels.routing import ChannelNameRouter, ProtocolTypeRouter, URLRouter
from django.urls import path, re_path
from . import consumers
from .views import index

urlpatterns = [path("", index)]
websocket_urlpatterns = [
    path("chat/", consumers.ChatConsumer),
    re_path(r"^room/$", view=consumers.RoomConsumer, name="room"),
]
application = ProtocolTypeRouter({
    # WebSocket
    "websocket": AuthMiddlewareStack(URLRouter(websocket_urlpatterns)),
    "channel": ChannelNameRouter({"thumbnails": consumers.ThumbnailConsumer}),
})
""",
        "",
        has='"http": get_asgi_application(),',
    ),
    Case(
        "channels-communicators",
        """
from channels.testing import HttpCommunicator, WebsocketCommunicator
from channels.generic.websocket import AsyncWebsocketConsumer
from chat.consumers import ChatConsumer

async def test_chat():
    class Local(AsyncWebsocketConsumer):
        pass
    one = WebsocketCommunicator(ChatConsumer, "/testws/")
    two = HttpCommunicator(Local, "GET", "/")
    three = WebsocketCommunicator(ChatConsumer.as_asgi(), "/testws/")
    assert isinstance(one, ChatConsumer)
""",
        "",
        has='HttpCommunicator(Local.as_asgi(), "GET", "/")',
        lacks="as_asgi().as_asgi",
    ),
    Case(
        "channels-old-handler",
        """
from channels.http import AsgiHandler
from channels.routing import ProtocolTypeRouter

application = ProtocolTypeRouter({"http": AsgiHandler})
""",
        "",
        has='{"http": get_asgi_application()}',
        lacks="AsgiHandler",
    ),
    Case(
        "channels-consumer-constructor",
        """
from channels.generic.websocket import WebsocketConsumer

class ChatConsumer(WebsocketConsumer):
    def __init__(self, scope):
        super(ChatConsumer, self).__init__(scope=scope)
        self.seen = []
""",
        "",
        has="super(ChatConsumer, self).__init__(*args, **kwargs)",
    ),
    Case(
        "channels-constructor-uses-scope",
        """
from channels.generic.websocket import WebsocketConsumer

class ChatConsumer(WebsocketConsumer):
    def __init__(self, scope):
        super().__init__(scope)
        self.room = scope["url_route"]["kwargs"]["room"]
""",
        "",
        refused="uses the scope",
    ),
    Case(
        "channels-base-middleware",
        '''
class BaseMiddleware:
    """A stand-in for that of Channels 3."""
    def __init__(self, inner):
        self.inner = inner
    async def __call__(self, scope, receive, send):
        return await self.inner(scope, receive, send)
''',
        "",
        left=True,
    ),
    Case(
        "channels-consumer-returned",
        """
from channels.generic.websocket import WebsocketConsumer

class Denier(WebsocketConsumer):
    def connect(self):
        self.close()

class Validator:
    def __init__(self, application):
        self.application = application
    def __call__(self, scope):
        if scope["type"] != "websocket":
            raise ValueError("not a websocket")
        if scope["headers"]:
            return self.application(scope)
        else:
            return Denier(scope)
""",
        "",
        has="await Denier.as_asgi()(scope, receive, send)",
    ),
    Case(
        "channels-migrated",
        """
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.middleware import BaseMiddleware
from django.core.asgi import get_asgi_application
from django.urls import path
from .consumers import ChatConsumer

class UserMiddleware(BaseMiddleware):
    async def __call__(self, scope, receive, send):
        scope = dict(scope, user=None)
        return await super().__call__(scope, receive, send)

application = ProtocolTypeRouter({
    "http": get_asgi_application(),
    "websocket": UserMiddleware(URLRouter([path("", ChatConsumer.as_asgi())])),
})
""",
        "",
        left=True,
    ),
]
