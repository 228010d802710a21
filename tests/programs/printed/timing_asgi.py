"""timing-asgi 0.1 around a current application, reduced."""

import functools
import time

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

timings = []


class TimingMiddleware:
    def __init__(self, app, client):
        self.app = app
        self.client = client

    def __call__(self, scope):
        return functools.partial(self.asgi, asgi_scope=scope)

    async def asgi(self, receive, send, asgi_scope):
        started = time.perf_counter()
        inner = self.app(asgi_scope)
        if asgi_scope["type"] != "http":
            return await inner(receive, send)
        status = []

        async def send_wrapper(response):
            if response["type"] == "http.response.start":
                status.append(response["status"])
            return await send(response)

        try:
            await inner(receive, send_wrapper)
        finally:
            self.client.append((status, time.perf_counter() - started))


def home(request):
    return PlainTextResponse("%d timed" % len(timings))


app = TimingMiddleware(Starlette(routes=[Route("/", home)]), client=timings)
