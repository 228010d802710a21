"""WebSockets, from the documentation of Starlette 0.8."""

from starlette.websockets import WebSocket


class App:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        websocket = WebSocket(self.scope, receive=receive, send=send)
        await websocket.accept()
        text = await websocket.receive_text()
        await websocket.send_text('Message text was: ' + text)
        await websocket.close()
