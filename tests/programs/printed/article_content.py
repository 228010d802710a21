"""The echo of an answer: the type of the articles with the keys of the draft."""


class App(object):
    def __init__(self, scope):
        self.scope = scope

    async def read_body(self, receive):
        body = b""
        while True:
            message = await receive()
            assert message["type"] == "http.request.body"
            body += message.get("content", b"")
            if not message.get("more_content", False):
                return body

    async def __call__(self, receive, send):
        body = await self.read_body(receive)
        await send({"type": "http.response.start", "status": 200, "headers": [[b"content-type", b"text/plain"]]})
        await send({"type": "http.response.body", "content": body})


app = App
