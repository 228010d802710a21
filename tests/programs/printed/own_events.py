"""A loop over its own events that answers no lifespan."""


def app(scope):
    async def asgi(receive, send):
        while True:
            event = await receive()
            if event["type"] == "http.request":
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"looped"})
            elif event["type"] == "http.disconnect":
                return

    return asgi
