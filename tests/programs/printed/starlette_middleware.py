"""Middleware around an application, from the documentation of Starlette 0.8."""

from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse


class App:
    def __init__(self, scope):
        assert scope['type'] == 'http'
        self.scope = scope

    async def __call__(self, receive, send):
        response = PlainTextResponse('Hello, world! ' * 100)
        await response(receive, send)


app = CORSMiddleware(GZipMiddleware(App), allow_origins=['*'])
