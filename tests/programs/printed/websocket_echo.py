"""A WebSocket by hand, as in the documentation of daphne and uvicorn of 2018."""


class App:
    def __init__(self, scope):
        assert scope['type'] == 'websocket'
        self.scope = scope

    async def __call__(self, receive, send):
        while True:
            message = await receive()
            if message['type'] == 'websocket.connect':
                await send({'type': 'websocket.accept'})
            elif message['type'] == 'websocket.receive':
                await send({'type': 'websocket.send', 'text': message['text'], 'bytes': None})
            elif message['type'] == 'websocket.disconnect':
                break
