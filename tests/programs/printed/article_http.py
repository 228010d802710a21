"""The echo of "Working with ASGI and HTTP", October 2018, whose type of event no server has ever sent."""


class App:
    def __init__(self, scope):
        assert scope["type"] == "http"
        self.scope = scope

    async def __call__(self, receive, send):
        body = await self.read_body(receive)
        await send({
            "type": "http.response.start",
            "status": 200,
            "headers": [[b"content-type", b"text/plain"]],
        })
        await send({"type": "http.response.body", "body": body})

    async def read_body(self, receive):
        body = b""
        more_body = True
        while more_body:
            message = await receive()
            assert message["type"] == "http.request.body"
            body += message.get("body", b"")
            more_body = message.get("more_body", False)
        return body
