"""An application of Starlette's own tests of 2018: closures, and a response that is returned."""

from starlette.requests import Request
from starlette.responses import JSONResponse


def app(scope):
    if scope['path'] == '/nothing':
        return JSONResponse({'error': 'not found'}, status_code=404)

    async def asgi(receive, send):
        request = Request(scope, receive)
        body = await request.body()
        response = JSONResponse({'body': body.decode()})
        await response(receive, send)

    return asgi
