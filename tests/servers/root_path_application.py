"""Current frameworks that build addresses from path and root_path: a redirect and a full path."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="tests")
    django.setup()


async def items(request: Request) -> PlainTextResponse:
    """Answer with the address of this route."""
    return PlainTextResponse(request.url_for("items").path)


def full_path(request: HttpRequest) -> HttpResponse:
    """Answer with Django's full path."""
    return HttpResponse(request.get_full_path())


urlpatterns = [path("items/", full_path)]
redirecting = Starlette(routes=[Route("/items/", items, name="items")])
full: Any = get_asgi_application()


def old(scope: Any) -> Any:
    """Answer with path, raw_path and root_path, as an application of ASGI 2."""

    async def instance(receive: Any, send: Any) -> None:
        said = f"{scope['root_path']} {scope['path']} {scope['raw_path'].decode()}"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said.encode()})

    return instance
