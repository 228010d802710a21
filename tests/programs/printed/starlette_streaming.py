"""Streaming responses, from the documentation of Starlette 0.8."""

import asyncio

from starlette.responses import StreamingResponse


async def slow_numbers(minimum, maximum):
    yield('<html><body><ul>')
    for number in range(minimum, maximum + 1):
        yield '<li>%d</li>' % number
        await asyncio.sleep(0.01)
    yield('</ul></body></html>')


class App:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        generator = slow_numbers(1, 3)
        response = StreamingResponse(generator, media_type='text/html')
        await response(receive, send)
