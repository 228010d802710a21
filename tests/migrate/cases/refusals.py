"""What is refused, and why."""

from __future__ import annotations

from . import REPLY, Case
from .middleware import INNER

CASES = [
    Case(
        "refuse-scope-completed-on-the-object",
        INNER
        + """
class Helper:
    def __init__(self, app, scope):
        self.scope = scope
        self.inner = app(scope)
    async def __call__(self, receive, send):
        self.scope["user"] = "late"
        await self.inner(receive, send)

def app(scope):
    return Helper(inner, scope)
""",
        refused="scope is changed",
    ),
    Case(
        "refuse-sync-to-async",
        "from asgiref.sync import sync_to_async\n"
        + INNER
        + """
def app(scope):
    async def run(receive, send):
        instance = await sync_to_async(inner)(scope)
        await instance(receive, send)
    return run
""",
        refused="handed to sync_to_async",
    ),
    Case(
        "refuse-not-mine-by-name",
        INNER
        + """
class First:
    def __init__(self, *apps):
        self.apps = apps
    def __call__(self, scope):
        for app in self.apps:
            try:
                instance = app(scope)
            except LookupError:
                continue
            return instance
        raise LookupError
""",
        refused="try sees only the constructor's",
    ),
    Case(
        "refuse-kept-probe",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
        try:
            self.lifespan = app({"type": "lifespan"})
        except Exception:
            self.lifespan = None
    def __call__(self, scope):
        return self.app(scope)
""",
        refused="never called",
    ),
    Case(
        "refuse-arguments-hidden-in-a-call",
        INNER
        + """
def app(scope):
    async def run(*arguments):
        await inner(*[scope])(*arguments)
    return run
""",
        refused="which argument is the scope",
    ),
    Case(
        "refuse-attribute",
        INNER
        + """
def app(scope):
    async def run(receive, send):
        instance = inner(scope)
        if instance.closed:
            return
        await instance(receive, send)
    return run
""",
        refused="attribute of the instance",
    ),
    Case(
        "refuse-type",
        INNER
        + """
def app(scope):
    instance = inner(scope)
    async def run(receive, send):
        if isinstance(instance, dict):
            return
        await instance(receive, send)
    return run
""",
        refused="type of the instance",
    ),
    Case(
        "refuse-twice",
        INNER
        + """
def app(scope):
    async def run(receive, send):
        instance = inner(scope)
        try:
            await instance(receive, send)
        except ConnectionError:
            await instance(receive, send)
    return run
""",
        refused="twice",
    ),
    Case(
        "refuse-retry",
        INNER
        + """
def app(scope):
    async def run(receive, send):
        instance = inner(scope)
        for attempt in range(3):
            await instance(receive, send)
    return run
""",
        refused="again and again",
    ),
    Case(
        "refuse-scope-not-complete",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        instance = self.app(scope)
        async def run(receive, send):
            scope["user"] = "late"
            await instance(receive, send)
        return run
""",
        refused="scope is changed",
    ),
    Case(
        "refuse-order",
        REPLY
        + """
ORDER = []
def middleware(app, name):
    def outer(scope):
        instance = app(scope)
        ORDER.append(name)
        async def run(receive, send):
            await instance(receive, send)
        return run
    return outer
""",
        refused="run before the application",
    ),
    Case(
        "refuse-constructor-outside-try",
        INNER
        + """
def app(scope):
    async def run(receive, send):
        instance = inner(scope)
        try:
            await instance(receive, send)
        except Exception:
            await reply(send, "failed", 500)
    return run
""",
        refused="try sees only the instance's",
    ),
    Case(
        "refuse-constructor-inside-try",
        INNER
        + """
def app(scope):
    async def run(receive, send):
        try:
            instance = inner(scope)
        except Exception:
            await reply(send, "failed", 500)
            return
        await instance(receive, send)
    return run
""",
        refused="try sees only the constructor's",
    ),
    Case(
        "refuse-probe",
        INNER
        + """
def has_lifespan(app):
    try:
        app({"type": "lifespan"})
    except Exception:
        return False
    return True

def app(scope):
    return inner(scope)

SUPPORTED = has_lifespan(inner)
""",
        refused="to find something out",
    ),
    Case(
        "refuse-wsgi-probe",
        INNER
        + """
class Mount:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        try:
            return self.app(scope)
        except TypeError:
            return inner(scope)
""",
        refused="inside a try",
    ),
    Case(
        "refuse-not-mine",
        INNER
        + """
class First:
    def __init__(self, apps):
        self.apps = apps
    def __call__(self, scope):
        for app in self.apps:
            try:
                return app(scope)
            except LookupError:
                continue
        raise ValueError
""",
        refused="inside a try",
    ),
    Case(
        "refuse-class-used-as-class",
        REPLY
        + """
class App:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await reply(send, self.scope["path"])

app = App
def is_app(value):
    return isinstance(value, App)
""",
        refused="used as a class",
    ),
    Case(
        "refuse-class-attribute",
        REPLY
        + """
class App:
    routes = {}
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await reply(send, self.routes[self.scope["path"]])

App.routes["/"] = "root"
app = App
""",
        refused="used as a class",
    ),
    Case(
        "refuse-stored",
        INNER
        + """
class Pool:
    def __init__(self):
        self.waiting = {}
    def __call__(self, scope):
        self.waiting[scope["path"]] = inner(scope)
        async def run(receive, send):
            await self.waiting.pop(scope["path"])(receive, send)
        return run
""",
        refused="stored",
    ),
    Case(
        "refuse-shared-attribute",
        INNER
        + """
class Middleware:
    def __init__(self, app):
        self.app = app
    def __call__(self, scope):
        self.instance = self.app(scope)
        async def run(receive, send):
            await self.instance(receive, send)
        return run
""",
        refused="another connection",
    ),
    Case(
        "refuse-call-replaced",
        REPLY
        + """
class App:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await reply(send, self.scope["path"])

async def other(self, receive, send):
    await reply(send, "other")
App.__call__ = other
app = App
""",
        refused="replaced at run time",
    ),
    Case(
        "refuse-class-decorator",
        "from somewhere import traced\n"
        + REPLY
        + """
@traced
class App:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await reply(send, self.scope["path"])
""",
        refused="decorator",
    ),
    Case(
        "refuse-function-decorator",
        "from somewhere import traced\n"
        + REPLY
        + """
@traced
def app(scope):
    async def run(receive, send):
        await reply(send, scope["path"])
    return run
""",
        refused="decorator",
    ),
    Case(
        "refuse-handed-to-an-executor",
        INNER
        + """
import asyncio
def app(scope):
    async def run(receive, send):
        loop = asyncio.get_event_loop()
        instance = await loop.run_in_executor(None, inner, scope)
        await instance(receive, send)
    return run
""",
        refused="handed to",
    ),
    Case(
        "refuse-map",
        INNER
        + """
def app(scope):
    (instance,) = map(inner, [scope])
    async def run(receive, send):
        await instance(receive, send)
    return run
""",
        refused="handed to",
    ),
    Case(
        "refuse-arguments-not-seen",
        REPLY
        + """
def app(*args):
    scope = args[0]
    async def run(receive, send):
        await reply(send, scope["path"])
    return run
""",
        refused="cannot be seen",
    ),
    Case(
        "refuse-by-condition",
        REPLY
        + """
import os
if os.environ.get("PLAIN"):
    def app(scope):
        async def run(receive, send):
            await reply(send, scope["path"])
        return run
else:
    async def app(scope, receive, send):
        await reply(send, scope["path"])
""",
        refused="condition",
    ),
    Case(
        "refuse-with",
        INNER
        + """
import contextlib
@contextlib.contextmanager
def timed():
    yield
def app(scope):
    with timed():
        return inner(scope)
""",
        refused="with",
    ),
    Case(
        "refuse-unknown-return",
        REPLY
        + """
from somewhere import thing
def app(scope):
    if scope["path"] == "/":
        return thing.table["x"]
    async def run(receive, send):
        await reply(send, scope["path"])
    return run
""",
        refused="cannot be told",
    ),
]
