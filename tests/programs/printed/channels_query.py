"""A TokenAuthMiddleware that queries the database when it is called with the scope, which Django 3 refuses there."""

from channels.generic.websocket import JsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.db import connection
from django.urls import path


class TokenAuthMiddleware:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, scope):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'Ada'")
            (user,) = cursor.fetchone()
        connection.close()
        return self.inner(dict(scope, user=user))


class Consumer(JsonWebsocketConsumer):
    def connect(self):
        self.accept()
        self.send_json({"user": self.scope["user"]})


application = ProtocolTypeRouter({"websocket": TokenAuthMiddleware(URLRouter([path("", Consumer)]))})
