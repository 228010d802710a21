"""The same article's end: a body loop, and a response of Starlette called with two arguments."""

from starlette.responses import JSONResponse


class App:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        body = b""
        more_body = True
        while more_body:
            message = await receive()
            assert message["type"] == "http.request.body"
            body += message.get("body", b"")
            more_body = message.get("more_body", False)
        response = JSONResponse({"method": self.scope["method"], "body": body.decode()})
        await response(receive, send)
