"""An old CORS middleware, a class with a helper class for each connection, around a current application."""


class CORSMiddleware:
    def __init__(self, inner, allow_origin="*"):
        self.inner = inner
        self.allow_origin = allow_origin

    def __call__(self, scope):
        return CORSInstance(scope, self)


class CORSInstance:
    def __init__(self, scope, middleware):
        self.scope = scope
        self.middleware = middleware

    async def __call__(self, receive, send):
        self.send = send
        inner = self.middleware.inner(self.scope)
        await inner(receive, self.send_with_headers)

    async def send_with_headers(self, message):
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            headers.append((b"Access-Control-Allow-Origin", self.middleware.allow_origin.encode()))
            message = {**message, "headers": headers}
        await self.send(message)


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"current"})


app = CORSMiddleware(application)
