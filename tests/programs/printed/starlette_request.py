"""Requests, from the documentation of Starlette 0.8."""

from starlette.requests import Request
from starlette.responses import Response


class App:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        request = Request(self.scope, receive)
        content = '%s %s' % (request.method, request.url.path)
        body = b''
        async for chunk in request.stream():
            body += chunk
        response = Response(content + ' ' + body.decode(), media_type='text/plain')
        response.set_cookie('seen', 'yes')
        await response(receive, send)
