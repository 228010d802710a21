"""Classes: applications, and helpers for one connection."""

from __future__ import annotations

from . import REPLY, Case

CASES = [
    Case(
        "class-with-empty-methods",
        REPLY
        + """
class App:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await reply(send, self.scope["path"])
    def __del__(self): ...
    def close(self):
        \"\"\"Nothing is open.\"\"\"
""",
        "App",
    ),
    Case(
        "class-that-is-a-base-too",
        REPLY
        + """
class Echo:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await self.answer(send)
    async def answer(self, send):
        await reply(send, self.scope["path"])

class Loud(Echo):
    async def answer(self, send):
        await reply(send, self.scope["path"].upper())
""",
        "Echo",
        has="class _Loud(_Echo):",
    ),
    Case(
        "class-that-has-a-base",
        REPLY
        + """
class Echo:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await self.answer(send)
    async def answer(self, send):
        await reply(send, self.scope["path"])

class Loud(Echo):
    async def answer(self, send):
        await reply(send, self.scope["path"].upper())
""",
        "Loud",
    ),
    Case(
        "class-on-a-class-attribute",
        REPLY
        + """
class Http:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.scope["path"])

class App:
    http_class = Http
    def __call__(self, scope):
        return self.http_class(scope)

app = App()
""",
        has="await self.http_class(scope)(receive, send)",
    ),
    Case(
        "classes-in-a-table",
        REPLY
        + """
class Http:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.scope["path"])
class Other(Http):
    pass

def app(scope):
    return {"/one": Http}.get(scope["path"], Other)(scope)
""",
    ),
    Case(
        "class",
        REPLY
        + """
class App:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.scope["path"])
""",
        "App",
        has="async def App(scope, receive, send):",
    ),
    Case(
        "class-state",
        REPLY
        + """
class App:
    def __init__(self, scope):
        self.scope = scope
        self.body = b""
        self.seen = []

    async def __call__(self, receive, send):
        self.receive, self.send = receive, send
        while True:
            event = await self.receive()
            self.seen.append(self.scope["path"])
            self.body += event.get("body", b"")
            if not event.get("more_body"):
                break
        await self.answer()

    async def answer(self):
        await reply(self.send, "-".join(self.seen) + self.body.decode())

application = App
""",
        "application",
    ),
    Case(
        "class-options",
        REPLY
        + """
from functools import partial

class App:
    def __init__(self, scope, greeting="hi", *, mark="!"):
        self.text = greeting + scope["path"] + mark
    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.text)

app = partial(App, mark="?")
""",
        has="**options",
    ),
    Case(
        "class-super-and-base",
        REPLY
        + """
class Base:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await self.handle(send)

class App(Base):
    def __init__(self, scope):
        super(App, self).__init__(scope)
        self.extra = "extra"
    async def handle(self, send):
        await reply(send, self.scope["path"] + self.extra)

app = App
""",
    ),
    Case(
        "class-dataclass",
        REPLY
        + """
import dataclasses

@dataclasses.dataclass
class App:
    scope: dict

    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.scope["path"])

app = App
""",
    ),
    Case(
        "class-private-names",
        REPLY
        + """
class App:
    def __init__(self, scope):
        self.__scope = scope
    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.__scope["path"])

app = App
""",
    ),
    Case(
        "class-in-a-function",
        REPLY
        + """
def make(prefix):
    class App:
        def __init__(self, scope):
            self.scope = scope
        async def __call__(self, receive, send):
            await receive()
            await reply(send, prefix + self.scope["path"])
    return App

app = make("x")
""",
    ),
    Case(
        "class-raises",
        REPLY
        + """
class App:
    def __init__(self, scope):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        self.scope = scope
    async def __call__(self, receive, send):
        await reply(send, self.scope["path"])
""",
        "App",
        http_only=False,
    ),
    Case(
        "class-between-others",
        REPLY
        + """
class A:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await reply(send, "a" + self.scope["path"])
class B:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await reply(send, "b" + self.scope["path"])

TABLE = {"/one": A}

def app(scope):
    return TABLE.get(scope["path"], B)(scope)
""",
    ),
    Case(
        "helper-class",
        REPLY
        + """
class Helper:
    def __init__(self, scope, text):
        self.scope, self.text = scope, text
        self.count = 0
    async def __call__(self, receive, send):
        self.send = send
        event = await receive()
        self.count += len(event["body"])
        await reply(self.send, self.text + self.scope["path"] + str(self.count))

class App:
    def __call__(self, scope):
        if scope["path"] == "/one":
            return Helper(scope, text="one")
        return Helper(scope, "other")

app = App()
""",
        has='await Helper(scope, "other")(receive, send)',
    ),
    Case(
        "helper-class-in-a-variable",
        REPLY
        + """
class Helper:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.scope["path"])

def app(scope):
    helper = Helper(scope)
    helper.more = 1
    return helper
""",
    ),
    Case(
        "helper-class-wraps",
        REPLY
        + """
class Responder:
    def __init__(self, app, scope):
        self.inner = app(scope)
        self.path = scope["path"]
    async def __call__(self, receive, send):
        self.send = send
        await self.inner(receive, self.sender)
    async def sender(self, event):
        if event["type"] == "http.response.body":
            event = dict(event, body=event["body"] + self.path.encode())
        await self.send(event)

class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        return Responder(self.app, scope)

def inner(scope):
    async def instance(receive, send):
        await receive()
        await reply(send, "inner" + scope["path"])
    return instance

app = Middleware(inner)
""",
        has="functools.partial(app, scope)",
    ),
    Case(
        "helper-method",
        REPLY
        + """
class Connection:
    def __init__(self, scope):
        self.scope = scope
    async def run(self, receive, send):
        await receive()
        await reply(send, self.scope["path"])

def app(scope):
    return Connection(scope).run
""",
    ),
    Case(
        "bound-method",
        REPLY
        + """
class App:
    def __call__(self, scope):
        if scope["path"] == "/one":
            return self.one
        return self.other
    async def one(self, receive, send):
        await receive()
        await reply(send, "one")
    async def other(self, receive, send):
        await reply(send, "other")

app = App()
""",
        has="await self.other(receive, send)",
    ),
    Case(
        "class-only-called-in-tests",
        REPLY
        + """
class App:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.scope["path"])

async def test_app(scope, get, put):
    await App(scope)(get, put)

async def test_again(scope, get, put):
    instance = App(scope)
    await instance(get, put)
""",
        "App",
        has="await App(scope, get, put)",
    ),
]
