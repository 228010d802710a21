"""The first example of uvicorn's documentation from 0.1.0 on, with its misprint: request for response."""


class App():
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({
            'type': 'http.request.start',
            'status': 200,
            'headers': [
                [b'content-type', b'text/plain'],
            ]
        })
        await send({
            'type': 'http.request.body',
            'body': b'Hello, world!',
        })
