"""Channels 2.1, which asks for asgiref below 3, can be installed beside this library, and runs through it.

In an environment of its own (`tox -e channels21`, Python 3.8): Channels 2.1.7, Django 2.1, asgiref 2.3.
"""

from __future__ import annotations

from importlib import metadata
from typing import Any

import pytest
from requires import package

from asgi_compat import Quirks, Style, classify, to_asgi3
from asgi_compat.testing import http, run, websocket

pytestmark = pytest.mark.filterwarnings("ignore")


def project() -> Any:
    """Return a site of Channels 2.1: a view, and a consumer behind the session middleware."""
    package("channels")
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(
            SECRET_KEY="of a test",
            ALLOWED_HOSTS=["*"],
            ROOT_URLCONF=__name__,
            INSTALLED_APPS=["channels", "django.contrib.sessions"],
            SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        )
        django.setup()
    from channels.generic.websocket import WebsocketConsumer
    from channels.routing import ProtocolTypeRouter, URLRouter
    from channels.sessions import SessionMiddlewareStack
    from django.http import HttpResponse
    from django.urls import path

    class Echo(WebsocketConsumer):  # type: ignore[misc]
        def receive(self, text_data: Any = None, bytes_data: Any = None) -> None:
            self.send(text_data.upper())

    globals()["urlpatterns"] = [
        path("hello", lambda request: HttpResponse("hello from " + request.META["REMOTE_ADDR"]))
    ]
    return ProtocolTypeRouter({"websocket": SessionMiddlewareStack(URLRouter([path("ws", Echo)]))})


def test_asgiref_is_of_the_generation_that_channels_asks_for() -> None:
    package("channels")
    assert metadata.version("asgiref").startswith("2.")


@pytest.mark.parametrize("in_thread", [False, True])
def test_channels_2_1_answers_as_it_did(in_thread: bool) -> None:
    site = project()
    assert classify(site).style is Style.DOUBLE
    served = to_asgi3(site, quirks=Quirks(constructor_in_thread=in_thread))
    answer = run(served, http("GET", "/hello"), style="single", adapt="service")
    assert answer.error is None and (answer.status, answer.body) == (200, b"hello from 127.0.0.1"), answer
    echoed = run(served, websocket("/ws", send=["hi"]), style="single", adapt="service")
    assert echoed.error is None and "HI" in str(echoed), echoed
