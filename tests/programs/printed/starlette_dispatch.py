"""One function that decides by the type of scope, and calls a site of the same module."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def home(request):
    return PlainTextResponse("site " + request.url.path)
site = Starlette(routes=[Route("/", home), Route("/x", home)])
class Chat:
    def __init__(self, scope): pass
    async def __call__(self, receive, send):
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "chat"})
        await send({"type": "websocket.close"})
def app(scope):
    if scope["type"] == "websocket":
        return Chat(scope)
    return site(scope)
