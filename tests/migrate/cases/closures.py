"""Functions that return a function."""

from __future__ import annotations

from . import REPLY, Case

CASES = [
    Case(
        "server-that-is-told",
        "import uvicorn\n"
        + REPLY
        + """
def app(scope):
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance

def main():
    uvicorn.run(app, port=8000, interface='asgi2')
""",
        "",
        has="interface='asgi3'",
    ),
    Case(
        "lambda-returned",
        REPLY
        + """
class App:
    def __init__(self, scope, *, text=""):
        self.text = text + scope["path"]
    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.text)

def make(text):
    return lambda scope: App(scope, text=text)

app = make("made")
""",
        has="        await App(scope, text=text)(receive, send)\n    return asgi_application\n",
    ),
    Case(
        "lambdas-returned",
        REPLY
        + """
def inner(scope):
    async def run(receive, send):
        await reply(send, scope["path"] + scope["user"])
    return run

def middleware(app):
    return lambda scope: lambda receive, send: app(dict(scope, user="l"))(receive, send)

app = middleware(inner)
""",
        has="async def asgi_application(scope, receive, send):",
    ),
    Case(
        "table-of-functions",
        REPLY
        + """
def app(scope):
    async def one(receive, send):
        await reply(send, "one")
    async def other(receive, send):
        await reply(send, scope["path"])
    handlers = {True: one, False: other}
    return handlers[scope["path"] == "/one"]
""",
        has='await handlers[scope["path"] == "/one"](receive, send)',
    ),
    Case(
        "method-by-its-name",
        REPLY
        + """
class App:
    def __call__(self, scope):
        return getattr(self, "handle_" + scope["type"])
    async def handle_http(self, receive, send):
        await receive()
        await reply(send, "http")

app = App()
""",
    ),
    Case(
        "closure",
        REPLY
        + """
def app(scope):
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance
""",
        has="async def app(scope, receive, send):\n    await reply(",
        lacks="instance",
    ),
    Case(
        "closure-other-names",
        REPLY
        + '''
def application(connection):
    """An application."""
    path = connection["path"]  # decoded

    async def run(get, put):
        event = await get()
        await put({"type": "http.response.start", "status": 200, "headers": []})
        await put({"type": "http.response.body", "body": path.encode() + event["body"]})

    return run
''',
        "application",
        has="async def application(connection, receive, send):",
    ),
    Case(
        "closure-receive-and-send-swapped-by-name",
        """
def app(scope):
    async def instance(send, receive):
        event = await send()
        await receive({"type": "http.response.start", "status": 200, "headers": []})
        await receive({"type": "http.response.body", "body": event["body"]})
    return instance
""",
    ),
    Case(
        "closure-defaults-and-late-binding",
        REPLY
        + """
def app(scope, greeting="hello"):
    async def instance(receive, send, when=scope["path"]):
        await reply(send, greeting + when + suffix)
    suffix = "!" + scope["method"]
    return instance
""",
        has="def app(scope, receive, send, greeting=",
    ),
    Case(
        "closure-nonlocal",
        REPLY
        + """
def app(scope):
    count = 0
    async def instance(receive, send):
        nonlocal count
        async def add():
            nonlocal count
            await receive()
            count += len(scope["path"])
        await add()
        await reply(send, str(count))
    return instance
""",
    ),
    Case(
        "closure-decorated-inner",
        REPLY
        + """
import functools

def loud(function):
    @functools.wraps(function)
    async def wrapper(receive, send):
        async def louder(event):
            if event["type"] == "http.response.body":
                event = dict(event, body=event["body"].upper())
            await send(event)
        await function(receive, louder)
    return wrapper

def app(scope):
    @loud
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance
""",
    ),
    Case(
        "closure-multi-line-string-and-comments",
        REPLY
        + '''
def app(scope):  # the application
    # before
    text = """
a
  b"""
    async def instance(receive, send):
        await reply(send, """x
y""" .replace("\\n", "") + scope["path"])  # inside
    # after
    return instance  # the end
''',
        has="await instance(receive, send)  # the end",
    ),
    Case(
        "closure-mixed-returns",
        REPLY
        + """
def app(scope):
    async def other(receive, send):
        await reply(send, "other", 404)
    if scope["path"] == "/one":
        async def one(receive, send):
            await receive()
            await reply(send, "one")
        return one
    elif scope["path"] == "/two":
        return other
    return lambda receive, send: reply(send, "lambda")
""",
    ),
    Case(
        "closure-one-line-suites",
        REPLY
        + """
def app(scope):
    async def a(receive, send): await reply(send, "a")
    async def b(receive, send): await reply(send, "b")
    if scope["path"] == "/one": return a
    return b
""",
    ),
    Case(
        "closure-conditional-expression",
        REPLY
        + """
def app(scope):
    async def a(receive, send):
        await reply(send, "a")
    async def b(receive, send):
        await reply(send, "b")
    return a if scope["path"] == "/one" else b
""",
        has="await a(receive, send) if",
    ),
    Case(
        "closure-in-brackets",
        REPLY
        + """
def app(scope):
    async def a(receive, send):
        await reply(send, scope["path"])
    return (
        a  # this one
    )
""",
    ),
    Case(
        "closure-raises-for-other-scopes",
        REPLY
        + """
def app(scope):
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    async def a(receive, send):
        await reply(send, scope["path"])
    return a
""",
        http_only=False,
    ),
    Case(
        "closure-falls-off-the-end",
        REPLY
        + """
def app(scope):
    if scope["type"] == "http":
        async def a(receive, send):
            await reply(send, scope["path"])
        return a
""",
        has="raise TypeError",
    ),
    Case(
        "closure-all-protocols",
        REPLY
        + """
def app(scope):
    if scope["type"] == "lifespan":
        async def lifespan(receive, send):
            while True:
                event = await receive()
                await send({"type": event["type"] + ".complete"})
                if event["type"] == "lifespan.shutdown":
                    return
        return lifespan
    if scope["type"] == "websocket":
        async def websocket(receive, send):
            await receive()
            await send({"type": "websocket.accept"})
            while True:
                event = await receive()
                if event["type"] == "websocket.disconnect":
                    break
                await send({"type": "websocket.send", "text": scope["path"] + str(event.get("text"))})
        return websocket
    async def http(receive, send):
        await reply(send, scope["path"])
    return http
""",
        http_only=False,
    ),
    Case(
        "closure-factory",
        REPLY
        + """
def make(prefix):
    def application(scope):
        async def instance(receive, send):
            await reply(send, prefix + scope["path"])
        return instance
    return application

app = make("made:")
""",
    ),
    Case(
        "closure-method",
        REPLY
        + """
class App:
    prefix = "x"
    def __call__(self, scope):
        async def instance(receive, send):
            await receive()
            await reply(send, self.prefix + scope["path"])
        return instance

app = App()
""",
        has="async def __call__(self, scope, receive, send):",
    ),
    Case(
        "closure-names-taken",
        REPLY
        + """
def send(text):
    return text.upper()

def app(scope):
    text = send(scope["path"])
    async def instance(receive, send):
        await reply(send, text)
    return instance
""",
        has="scope, asgi_receive, asgi_send",
    ),
    Case(
        "lambda-application",
        REPLY
        + """
def make(scope):
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance

app = lambda scope: make(scope)
""",
        has="async def app(scope, receive, send):",
    ),
    Case(
        "lambda-in-a-table",
        REPLY
        + """
class Http:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await reply(send, self.scope["path"])

TABLE = {"http": lambda scope: Http(scope)}

def app(scope):
    handler = TABLE[scope["type"]]
    return handler(scope)
""",
    ),
    Case(
        "closure-decorator-of-this-file",
        REPLY
        + """
APPS = {}

def register(function):
    APPS[function.__name__] = function
    return function

@register
def app(scope):
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance
""",
    ),
    Case(
        "closure-annotated",
        """
from typing import Any, Awaitable, Callable, Dict
"""
        + REPLY
        + """
def app(scope: Dict[str, Any]) -> Callable[..., Awaitable[None]]:
    async def instance(receive: Callable, send: Callable) -> None:
        await reply(send, scope["path"])
    return instance
""",
        has="receive: Callable, send: Callable) -> None:",
    ),
    Case(
        "closure-static-method",
        REPLY
        + """
class Apps:
    @staticmethod
    def hello(scope):
        async def instance(receive, send):
            await reply(send, scope["path"])
        return instance

app = Apps.hello
""",
    ),
]
