"""Applications that call others."""

from __future__ import annotations

from . import REPLY, Case

INNER = (
    REPLY
    + """
def inner(scope):
    async def instance(receive, send):
        event = await receive()
        await reply(send, scope["path"] + str(scope.get("user")) + event["body"].decode())
    return instance
"""
)

CASES = [
    Case(
        "response-without-a-scope-at-hand",
        """
class TextResponse:
    def __init__(self, text):
        self.text = text
    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.text.encode()})

class App:
    def __init__(self, scope):
        self.path = scope["path"]
    async def __call__(self, receive, send):
        await receive()
        response = TextResponse(self.path)
        await response(receive, send)
""",
        "App",
        has="        self.scope = scope\n        self.path",
    ),
    Case(
        "type-of-an-instance",
        """
from starlette.types import ASGIApp, ASGIInstance, Receive, Scope, Send

class Middleware:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
    def __call__(self, scope: Scope) -> ASGIInstance:
        async def run(receive: Receive, send: Send) -> None:
            instance: ASGIInstance = self.app(scope)
            await instance(receive, send)
        return run
""",
        "",
        lacks="ASGIInstance",
    ),
    Case(
        "handlers-of-three-arguments",
        REPLY
        + """
class App:
    def __init__(self):
        self.routes = {}
    def route(self, path):
        def add(function):
            self.routes[path] = function
            return function
        return add
    def __call__(self, scope):
        handler = self.routes.get(scope["path"], self.missing)
        async def run(receive, send):
            await handler(scope, receive, send)
        return run
    async def missing(self, scope, receive, send):
        await reply(send, "missing", 404)

app = App()

@app.route("/one")
async def one(scope, receive, send):
    await reply(send, "one")
""",
    ),
    Case(
        "instance-in-a-task",
        INNER
        + """
import asyncio
def app(scope):
    async def run(receive, send):
        instance = inner(scope)
        await asyncio.wait_for(asyncio.ensure_future(instance(receive, send)), 5)
    return run
""",
    ),
    Case(
        "hands-on",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        return self.app(dict(scope, user="me"))

app = Middleware(inner)
""",
        has='await self.app(dict(scope, user="me"), receive, send)',
    ),
    Case(
        "hands-on-mixed",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        if scope["path"] == "/one":
            return self.app(scope)
        if scope["path"] == "/two":
            async def refuse(receive, send):
                await reply(send, "no", 403)
            return refuse
        scope = dict(scope)
        scope["user"] = "you"
        return self.app(
            scope,
        )

app = Middleware(inner)
""",
    ),
    Case(
        "hands-on-keyword-and-brackets",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        if scope["path"] == "/one":
            return self.app(scope=scope)
        return self.app((scope))

app = Middleware(inner)
""",
    ),
    Case(
        "router",
        INNER
        + """
def missing(scope):
    async def instance(receive, send):
        await reply(send, "missing", 404)
    return instance

class Router:
    def __init__(self, routes):
        self.routes = routes
    def __call__(self, scope):
        for path, route in self.routes:
            if scope["path"] == path:
                return route(scope)
        return self.default(scope)
    def default(self, scope):
        return missing(scope)

app = Router([("/one", inner), ("/two", lambda scope: inner(dict(scope, user="two")))])
""",
    ),
    Case(
        "protocol-router",
        INNER
        + """
class ProtocolRouter:
    def __init__(self, table):
        self.table = table
    def __call__(self, scope):
        if scope["type"] in self.table:
            return self.table[scope["type"]](scope)
        else:
            raise ValueError("no application for " + scope["type"])

app = ProtocolRouter({"http": inner})
""",
        http_only=False,
    ),
    Case(
        "middleware-closure",
        INNER
        + """
def middleware(app):
    def outer(scope):
        scope = dict(scope, user="closure")
        instance = app(scope)
        async def run(receive, send):
            async def sender(event):
                await send(event)
            await instance(receive, sender)
        return run
    return outer

app = middleware(inner)
""",
        lacks="instance = app",
    ),
    Case(
        "middleware-partial",
        "import functools\n"
        + INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        if scope["type"] != "http":
            return self.app(scope)
        return functools.partial(self.asgi, scope=scope)
    async def asgi(self, receive, send, scope):
        inner = self.app(scope)
        async def sender(event):
            if event["type"] == "http.response.start":
                event["headers"].append((b"x-added", scope["path"].encode()))
            await send(event)
        try:
            await inner(receive, sender)
        finally:
            pass

app = Middleware(inner)
""",
        has="await self.app(scope, receive, sender)",
    ),
    Case(
        "double-call",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        async def run(receive, send):
            await self.app(dict(scope, user="double"))(receive, send)
        return run

app = Middleware(inner)
""",
        has='await self.app(dict(scope, user="double"), receive, send)',
    ),
    Case(
        "double-call-many-lines",
        INNER
        + """
def app(scope):
    async def run(receive, send):
        return await inner(
            dict(scope, user="double"),
        )(
            receive,
            send,
        )
    return run
""",
    ),
    Case(
        "instance-in-branches",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        async def run(receive, send):
            instance = self.app(scope)
            if scope["path"] == "/one":
                await instance(receive, send)
            else:
                async def sender(event):
                    await send(event)
                await instance(receive, sender)
        return run

app = Middleware(inner)
""",
    ),
    Case(
        "instance-early-return",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        async def run(receive, send):
            instance = self.app(scope)
            if scope["path"] == "/one":
                await instance(receive, send)
                return
            await instance(receive, send)
        return run

app = Middleware(inner)
""",
    ),
    Case(
        "instance-returned-by-name",
        INNER
        + """
def app(scope):
    if scope["path"] == "/one":
        instance = inner(dict(scope, user="one"))
    else:
        instance = inner(scope)
    return instance
""",
    ),
    Case(
        "instance-class-of-channels",
        INNER
        + """
class TokenMiddleware:
    def __init__(self, inner):
        self.inner = inner
    def __call__(self, scope):
        return TokenMiddlewareInstance(scope, self)

class TokenMiddlewareInstance:
    def __init__(self, scope, middleware):
        self.middleware = middleware
        self.scope = dict(scope)
        self.inner = self.middleware.inner
    async def __call__(self, receive, send):
        self.scope["user"] = "token" + self.scope["path"]
        inner = self.inner(self.scope)
        return await inner(receive, send)

app = TokenMiddleware(inner)
""",
        has="return await self.inner(self.scope, receive, send)",
    ),
    Case(
        "half-migrated",
        REPLY
        + """
async def inner(scope, receive, send):
    await receive()
    await reply(send, scope["path"] + scope["user"])

class Middleware:
    def __init__(self, inner):
        self.inner = inner
    def __call__(self, scope):
        return MiddlewareInstance(scope, self)

class MiddlewareInstance:
    def __init__(self, scope, middleware):
        self.scope = dict(scope)
        self.inner = middleware.inner
    async def __call__(self, receive, send):
        self.scope["user"] = "half"
        return await self.inner(self.scope, receive, send)

app = Middleware(inner)
""",
    ),
    Case(
        "subclass-super-call",
        INNER
        + """
class Base:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        return self.app(scope)

class Middleware(Base):
    def __call__(self, scope):
        return super().__call__(dict(scope, user="sub"))

app = Middleware(inner)
""",
    ),
    Case(
        "stack",
        INNER
        + """
def first(app):
    def outer(scope):
        return app(dict(scope, user="first"))
    return outer

class Second:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        async def run(receive, send):
            async def sender(event):
                if event["type"] == "http.response.body":
                    event = dict(event, body=event["body"] + b"2")
                await send(event)
            await self.app(scope)(receive, sender)
        return run

app = first(Second(inner))
""",
    ),
    Case(
        "wraps-decorator",
        "import functools\n"
        + INNER
        + """
def with_user(app):
    @functools.wraps(app)
    def outer(scope):
        return app({**scope, "user": "wrapped"})
    return outer

@with_user
def app(scope):
    return inner(scope)
""",
    ),
    Case(
        "responses",
        """
class PlainResponse:
    def __init__(self, text, status=200):
        self.text, self.status = text, status
    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": self.text.encode()})

class LoudResponse(PlainResponse):
    async def __call__(self, receive, send):
        self.text = self.text.upper()
        await super().__call__(receive, send)

def app(scope):
    if scope["path"] == "/one":
        return PlainResponse("one")
    if scope["path"] == "/two":
        response = LoudResponse("two", status=201)
        return response
    async def instance(receive, send):
        await receive()
        response = LoudResponse(scope["path"])
        await response(receive, send)
    return instance
""",
        has="async def __call__(self, scope, receive, send):",
    ),
    Case(
        "responses-of-a-method",
        """
class Response:
    def __init__(self, text):
        self.text = text
    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.text.encode()})

class App:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        response = await self.dispatch(receive)
        await response(receive, send)
    async def dispatch(self, receive):
        return Response(self.scope["path"] + str(await receive()))
""",
        "App",
    ),
    Case(
        "objects-with-two-arguments",
        """
class Hello:
    def __init__(self, text):
        self.text = text
    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.text.encode()})

def app(scope):
    if scope["path"] == "/one":
        return Hello("one")
    async def instance(receive, send):
        await Hello(scope["path"])(receive, send)
    return instance
""",
    ),
]
