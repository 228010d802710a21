"""A site of Channels 2.1: a view, and consumers behind the middlewares that read the session and the user."""

from __future__ import annotations

from typing import Any


def project() -> Any:
    """Return the site. The user of a request without a session is anonymous, so that there is no database."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(
            SECRET_KEY="of a test",
            ALLOWED_HOSTS=["*"],
            ROOT_URLCONF=__name__,
            INSTALLED_APPS=[
                "channels",
                "django.contrib.auth",
                "django.contrib.contenttypes",
                "django.contrib.sessions",
            ],
            SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        )
        django.setup()
    from channels.auth import AuthMiddlewareStack
    from channels.generic.websocket import WebsocketConsumer
    from channels.routing import ProtocolTypeRouter, URLRouter
    from channels.sessions import SessionMiddlewareStack
    from django.http import HttpResponse
    from django.urls import path

    class Echo(WebsocketConsumer):  # type: ignore[misc]
        def receive(self, text_data: Any = None, bytes_data: Any = None) -> None:
            self.send(text_data.upper())

    class Whoami(WebsocketConsumer):  # type: ignore[misc]
        def receive(self, text_data: Any = None, bytes_data: Any = None) -> None:
            self.send(f"{self.scope['user']}: {text_data}")

    globals()["urlpatterns"] = [
        path("hello", lambda request: HttpResponse("hello from " + request.META["REMOTE_ADDR"]))
    ]
    routes = URLRouter(
        [
            path("ws", SessionMiddlewareStack(URLRouter([path("", Echo)]))),
            path("user", AuthMiddlewareStack(URLRouter([path("", Whoami)]))),
        ]
    )
    return ProtocolTypeRouter({"websocket": routes})
