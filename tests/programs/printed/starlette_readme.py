"""The README of Starlette 0.1 to 0.11, "using it as a toolkit"."""

from starlette.responses import PlainTextResponse


class App:
    def __init__(self, scope):
        assert scope['type'] == 'http'
        self.scope = scope

    async def __call__(self, receive, send):
        response = PlainTextResponse('Hello, world!')
        await response(receive, send)
