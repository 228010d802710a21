"""An application of 2018 mounted beside endpoints, and an old middleware added."""

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route


class TimingMiddleware:
    def __init__(self, app, header='x-time'):
        self.app = app
        self.header = header

    def __call__(self, scope):
        if scope['type'] != 'http':
            return self.app(scope)
        inner = self.app(scope)

        async def asgi(receive, send):
            async def timed(message):
                if message['type'] == 'http.response.start':
                    message['headers'] = list(message['headers']) + [[self.header.encode(), b'0']]
                await send(message)

            await inner(receive, timed)

        return asgi


class Old:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        await send({'type': 'http.response.body', 'body': b'old ' + self.scope['path'].encode()})


async def homepage(request):
    return JSONResponse({'hello': 'world'})


app = Starlette(routes=[Route('/', homepage), Mount('/old', app=Old)])
app.add_middleware(TimingMiddleware, header='x-timing')
