"""Double-callables around single-callables: endpoints, which are rewritten, and adapters, which stay."""

from __future__ import annotations

from . import REPLY, Case

#: An endpoint of three arguments, with a moment at which connections could be mixed up.
ENDPOINT = (
    REPLY
    + """
import asyncio

async def endpoint(scope, receive, send):
    await receive()
    await asyncio.sleep(0)
    await reply(send, scope["path"])
"""
)
DOUBLE = """
def double(app):
    def outer(scope):
        async def instance(receive, send):
            await app(scope, receive, send)
        return instance
    return outer
"""
LOG = """
class Log:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        scope["seen"] = scope["path"]
        return self.app(scope)
"""
OLD = (
    REPLY
    + """
def old(scope):
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance
"""
)

_REWRITTEN = {
    "function": """
def endpoint_app(scope):
    async def inner(receive, send):
        await endpoint(scope, receive, send)
    return inner

def app(scope):
    return endpoint_app(scope)
""",
    "attribute-of-module": """
import types
views = types.SimpleNamespace(endpoint=endpoint)

def view(scope):
    async def inner(receive, send):
        await views.endpoint(scope, receive, send)
    return inner

def app(scope):
    return view(scope)
""",
    "factory": """
def route(handler):
    def matched(scope):
        async def inner(receive, send):
            await handler(scope, receive, send)
        return inner
    return matched

matched = route(endpoint)

def app(scope):
    return matched(scope)
""",
    "decorated": """
def route(handler):
    def matched(scope):
        async def inner(receive, send):
            await handler(scope, receive, send)
        return inner
    return matched

@route
async def hello(scope, receive, send):
    await endpoint(scope, receive, send)

def app(scope):
    return hello(scope)
""",
    "keywords": """
def route(handler):
    def matched(scope):
        async def inner(receive, send):
            await handler(scope=scope, receive=receive, send=send)
        return inner
    return matched

@route
async def hello(scope, receive, send):
    await endpoint(scope, receive, send)

def app(scope):
    instance = hello(dict(scope))
    return instance
""",
    "lambda": """
def route(view):
    return lambda scope: lambda receive, send: view(scope, receive, send)

matched = route(endpoint)

def app(scope):
    return matched(scope)
""",
    "method": """
class Route:
    def __init__(self, path, endpoint):
        self.path = path
        self.endpoint = endpoint
    def __call__(self, scope):
        async def inner(receive, send):
            await self.endpoint(scope, receive, send)
        return inner

class Router:
    def __init__(self, routes):
        self.routes = routes
    def __call__(self, scope):
        for route in self.routes:
            if scope["path"].startswith(route.path):
                return route(scope)
        return self.not_found(scope)
    def not_found(self, scope):
        async def inner(receive, send):
            await reply(send, "nothing", 404)
        return inner

app = Router([Route("/t", endpoint)])
""",
    "method-of-its-own": """
class Site:
    async def page(self, scope, receive, send):
        await reply(send, scope["path"])
    def __call__(self, scope):
        async def inner(receive, send):
            await self.page(scope, receive, send)
        return inner

site = Site()

def app(scope):
    return site(scope)
""",
    "partial": """
import functools

class Route:
    def __init__(self, view):
        self.view = view
    def __call__(self, scope):
        return functools.partial(self.view, scope)

route = Route(endpoint)

def app(scope):
    return route(scope)
""",
    "partial-of-method": """
from functools import partial

class Route:
    def __init__(self, handler):
        self.handler = handler
    def __call__(self, scope):
        return partial(self.run, scope=scope)
    async def run(self, receive, send, scope):
        await self.handler(scope, receive, send)

route = Route(endpoint)

def app(scope):
    return route(scope)
""",
    "class": """
class Connection:
    def __init__(self, handler, scope):
        self.handler = handler
        self.scope = scope
    async def __call__(self, receive, send):
        await self.handler(self.scope, receive, send)

class Route:
    def __init__(self, handler):
        self.handler = handler
    def __call__(self, scope):
        return Connection(self.handler, scope)

route = Route(endpoint)

def app(scope):
    return route(scope)
""",
    "mount-that-changes-the-scope": """
class Mount:
    def __init__(self, path, app):
        self.path = path
        self.app = app
    def __call__(self, scope):
        scope = dict(scope, path=self.path + scope["path"])
        async def inner(receive, send):
            await self.app(scope, receive, send)
        return inner

class Router:
    def __init__(self, *mounts):
        self.mounts = mounts
    def __call__(self, scope):
        for mount in self.mounts:
            return mount(scope)

app = Router(Mount("/below", endpoint))
""",
    "method-found-by-name": """
class View:
    async def get(self, scope, receive, send):
        await reply(send, "got " + scope["path"])
    post = get
    def __call__(self, scope):
        return self.dispatch(scope)
    def dispatch(self, scope):
        handler = getattr(self, scope["method"].lower())
        async def inner(receive, send):
            await handler(scope, receive, send)
        return inner

app = View()
""",
    "class-made-by-a-function": """
def view(handler):
    class View:
        def __init__(self, scope):
            self.scope = scope
        async def __call__(self, receive, send):
            await handler(self.scope, receive, send)
    return View

made = view(endpoint)

def app(scope):
    return made(scope)
""",
    "class-with-scope": """
class Page:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await endpoint(self.scope, receive, send)

def app(scope):
    return Page(scope)
""",
}
_ADAPTERS = {
    "named-factory": """
def adapt_for_old_servers(handler):
    def outer(scope):
        async def instance(receive, send):
            await handler(scope, receive, send)
        return instance
    return outer
""",
    "given-application": DOUBLE.replace("double", "prepared"),
    "keywords": """
def wrap(app):
    def outer(scope):
        async def instance(receive, send):
            return await app(scope=scope, receive=receive, send=send)
        return instance
    return outer
""",
    "given-attribute": '''
class Down:
    """Serve an ASGI application."""
    def __init__(self, asgi_app):
        self.asgi_app = asgi_app
    def __call__(self, scope):
        async def instance(receive, send):
            await self.asgi_app(scope, receive, send)
        return instance
''',
    "partial-of-application": '''
import functools
class Down:
    """Serve an ASGI application."""
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        return functools.partial(self.app, scope)
''',
    "named-class-with-work": """
import functools
class ASGI3Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        scope.setdefault("asgi", {})
        scope["asgi"]["version"] = "3.0"
        return functools.partial(self.asgi, scope=scope)
    async def asgi(self, receive, send, scope):
        await self.app(scope, receive, send)
""",
    "named-class-with-instance": """
class Instance:
    def __init__(self, app, scope):
        self.app = app
        self.scope = scope
    async def __call__(self, receive, send):
        await self.app(self.scope, receive, send)
class SingleToDoubleAdapter:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        return Instance(self.app, scope)
""",
}
_USED = {
    "named": LOG + DOUBLE + "made = double(endpoint)\napp = Log(made)\n",
    "at-once": LOG + DOUBLE + "app = Log(double(endpoint))\n",
    "decorator": LOG + DOUBLE + "@double\nasync def new(scope, receive, send):\n    await reply(send, '')\n"
    "app = Log(new)\n",
    "called": DOUBLE + "made = double(endpoint)\ndef app(scope):\n    return made(scope)\n",
    "known-name": LOG
    + DOUBLE.replace("double", "single_to_double")
    + "app = Log(single_to_double(endpoint))\n",
}
_GIVEN = {
    "function": """
def single(application):
    async def new(scope, receive, send):
        await application(scope)(receive, send)
    return new
app = single(old)
""",
    "known-name": """
def double_to_single(application):
    async def new(scope, receive, send):
        instance = application(scope)
        await instance(receive, send)
    return new
app = double_to_single(old)
""",
    "class": """
class Up:
    def __init__(self, app):
        self.app = app
    async def __call__(self, scope, receive, send):
        await self.app(scope)(receive, send)
app = Up(app=old)
""",
    "object": LOG
    + """
class Up:
    def __init__(self, app):
        self.app = app
    async def __call__(self, scope, receive, send):
        await self.app(scope)(receive, send)
logged = Log(old)
app = Up(logged)
""",
}

CASES = [
    *(Case(f"endpoint-{name}", ENDPOINT + text, lacks="return inner") for name, text in _REWRITTEN.items()),
    *(Case(f"adapter-{name}", REPLY + text, left=True) for name, text in _ADAPTERS.items()),
    *(
        Case(f"adapter-used-{name}", ENDPOINT + text, refused="adapts to ASGI2")
        for name, text in _USED.items()
    ),
    *(
        Case(f"adapter-given-{name}", OLD + text, refused="is for applications of ASGI2")
        for name, text in _GIVEN.items()
    ),
    Case(
        "adapter-beside-an-application",
        OLD
        + DOUBLE
        + "async def new(scope, receive, send):\n    await reply(send, '')\nlegacy = double(new)\n",
        "old",
        has="def double(app):\n    def outer(scope):",
    ),
    Case(
        "adapter-for-both-generations",
        OLD
        + """
import inspect
def guarantee_single_callable(application):
    if inspect.iscoroutinefunction(application):
        return application
    async def new(scope, receive, send):
        await application(scope)(receive, send)
    return new
app = guarantee_single_callable(old)
""",
        "old",
        has="async def old(scope, receive, send):",
    ),
]
