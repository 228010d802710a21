"""The routing of the Channels 2 tutorial: consumer classes, and an old middleware around the router."""

from channels.auth import AuthMiddlewareStack  # noqa: F401 (it needs a database)
from channels.generic.http import AsyncHttpConsumer
from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room_name = self.scope['url_route']['kwargs']['room_name']
        await self.accept()

    async def receive(self, text_data):
        await self.send(text_data='%s %s: %s' % (self.room_name, self.scope['user'], text_data))


class EchoConsumer(WebsocketConsumer):
    def connect(self):
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        self.send(text_data=text_data)


class BasicHttpConsumer(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_response(200, b"Your response bytes", headers=[(b"Content-Type", b"text/plain")])


class QueryAuthMiddleware:
    """Custom middleware (insecure) that takes user IDs from the query string."""

    def __init__(self, inner):
        self.inner = inner

    def __call__(self, scope):
        user = scope["query_string"].decode() or "nobody"
        return self.inner(dict(scope, user=user))


application = ProtocolTypeRouter({
    "http": URLRouter([path("", BasicHttpConsumer)]),
    "websocket": QueryAuthMiddleware(URLRouter([
        path("ws/chat/<room_name>/", ChatConsumer),
        path("ws/echo/", EchoConsumer),
    ])),
})
