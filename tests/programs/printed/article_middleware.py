"""The echo of the articles inside a middleware."""

class Stamp:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        inner = self.app(scope)
        async def asgi(receive, send):
            async def stamped(message):
                if message["type"] == "http.response.start":
                    message["headers"].append([b"x-stamp", b"yes"])
                await send(message)
            await inner(receive, stamped)
        return asgi
class Echo:
    def __init__(self, scope):
        assert scope["type"] == "http"
    async def __call__(self, receive, send):
        more, body = True, b""
        while more:
            message = await receive()
            assert message["type"] == "http.request.body", message["type"]
            body += message["body"]
            more = message.get("more_body")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
app = Stamp(Echo)
