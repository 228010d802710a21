"""Streaming, from uvicorn's documentation of 2018."""

import asyncio


class App():
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({
            'type': 'http.response.start',
            'status': 200,
            'headers': [
                [b'content-type', b'text/plain'],
            ]
        })
        for chunk in [b'Hello', b', ', b'world!']:
            await send({
                'type': 'http.response.body',
                'body': chunk,
                'more_body': True
            })
            await asyncio.sleep(0.01)
        await send({
            'type': 'http.response.body',
            'body': b'',
        })
