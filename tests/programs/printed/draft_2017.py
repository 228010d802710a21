"""The names of November 2017: content, and http.response.content."""


def application(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [["Content-Type", "text/plain"]]})
        await send({"type": "http.response.content", "content": b"Hello from 2017"})

    return instance
