"""Answers of 2020 on the move from Channels 2 to 3: half of the middleware was changed."""


class TokenAuthMiddleware:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, scope):
        return TokenAuthMiddlewareInstance(scope, self)


class TokenAuthMiddlewareInstance:
    def __init__(self, scope, middleware):
        self.scope = dict(scope)
        self.middleware = middleware

    async def __call__(self, receive, send):
        self.scope["user"] = "Ada"
        return await self.middleware.inner(self.scope, receive, send)


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["user"].encode()})


app = TokenAuthMiddleware(application)
