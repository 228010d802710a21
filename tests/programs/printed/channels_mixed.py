"""A class and a function of ASGI2 in the routers of Channels."""

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path
class Http:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"http of 2018"})
def ws(scope):
    async def inner(receive, send):
        while True:
            event = await receive()
            if event["type"] == "websocket.connect":
                await send({"type": "websocket.accept"})
                await send({"type": "websocket.send", "text": scope["url_route"]["kwargs"]["room"]})
            if event["type"] == "websocket.disconnect":
                break
    return inner
app = ProtocolTypeRouter({"http": Http, "websocket": URLRouter([path("r/<str:room>/", ws)])})
