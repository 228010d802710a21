"""What is left alone without a word."""

from __future__ import annotations

from . import REPLY, Case

CASES = [
    Case(
        "leave-marked-return",
        REPLY
        + """
def app(scope):
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance  # asgi_compat: leave
""",
        left=True,
    ),
    Case(
        "leave-asgi3",
        REPLY
        + """
async def app(scope, receive, send):
    async def inner(receive, send):
        await reply(send, scope["path"])
    await inner(receive, send)
""",
        left=True,
    ),
    Case(
        "leave-adapter",
        """
def double_to_single(application):
    async def new_application(scope, receive, send):
        instance = application(scope)
        return await instance(receive, send)
    return new_application

class ASGI2Middleware:
    def __init__(self, app):
        self.app = app
    async def __call__(self, scope, receive, send):
        instance = self.app(scope)
        await instance(receive, send)
""",
        left=True,
    ),
    Case(
        "leave-reverse-adapter",
        '''
import functools
class ASGI3Middleware:
    """Serve an ASGI3 application as ASGI2."""
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        return functools.partial(self.asgi, scope=scope)
    async def asgi(self, receive, send, scope):
        await self.app(scope, receive, send)

def single_to_double(app):
    def outer(scope):
        async def instance(receive, send):
            await app(scope, receive, send)
        return instance
    return outer
''',
        left=True,
    ),
    Case(
        "leave-both-generations",
        REPLY
        + """
import asyncio
class Middleware:
    def __init__(self, app):
        self.app = app
        if asyncio.iscoroutinefunction(app):
            self.run = self._run_asgi3
        else:
            self.run = self._run_asgi2
    def _run_asgi2(self, scope):
        async def inner(receive, send):
            await self.app(scope)(receive, send)
        return inner
    async def _run_asgi3(self, scope, receive, send):
        await self.app(scope, receive, send)
""",
        left=True,
    ),
    Case(
        "leave-optional-arguments",
        REPLY
        + """
def app(scope, receive=None, send=None):
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance if receive is None else instance(receive, send)
""",
        left=True,
    ),
    Case(
        "leave-compiler-scope",
        """
class Compiler:
    def __call__(self, scope):
        return self.inner.lookup(scope)
def resolve(scope):
    def lookup(name, default):
        return scope.get(name, default)
    return lookup
""",
        left=True,
    ),
    Case(
        "leave-oauth-scope",
        '''
def token_for(scope):
    """Return a token for a scope, as in http.request."""
    return issue(scope)
def issue(scope):
    return {"scope": scope, "token": "x"}
''',
        left=True,
    ),
    Case(
        "leave-pipe",
        """
def pipe(scope):
    async def pump(receive, send):
        while True:
            item = await receive()
            await send(item)
    return pump
""",
        left=True,
    ),
    Case(
        "leave-strings",
        '''
EXAMPLE = """
def app(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start"})
    return instance
"""
''',
        left=True,
    ),
    Case(
        "leave-marked",
        REPLY
        + """
def app(scope):  # asgi_compat: leave
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance
""",
        left=True,
    ),
    Case(
        "leave-marked-file",
        "# asgi_compat: leave\n"
        + REPLY
        + """
def app(scope):
    async def instance(receive, send):
        await reply(send, scope["path"])
    return instance
""",
        left=True,
    ),
    Case(
        "leave-metric-name",
        '''
class PathToName:
    """Name a scope for the metrics of an ASGI application."""
    def __init__(self, fallback):
        self.fallback = fallback
    def __call__(self, scope):
        if scope["type"] == "http":
            return f"http.{scope['path']}"
        return self.fallback(scope)
''',
        left=True,
    ),
]
