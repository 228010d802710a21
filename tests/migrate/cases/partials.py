"""Functions that return a partial."""

from __future__ import annotations

from . import REPLY, Case

CASES = [
    Case(
        "partial-keyword",
        "import functools\n"
        + REPLY
        + """
class App:
    def __call__(self, scope):
        return functools.partial(self.asgi, scope=scope)

    async def asgi(self, receive, send, scope):
        await receive()
        await reply(send, scope["path"])

app = App()
""",
        has="await self.asgi(receive, send, scope=scope)",
        lacks="import functools",
    ),
    Case(
        "partial-positional",
        "from functools import partial\n"
        + REPLY
        + """
async def handle(scope, text, receive, send):
    await reply(send, scope["path"] + text)

def app(scope):
    return partial(handle, scope, "!")
""",
        has='await handle(scope, "!", receive, send)',
        lacks="partial",
    ),
    Case(
        "partial-both",
        "from functools import partial\n"
        + REPLY
        + """
async def handle(text, receive, send, *, scope, mark="?"):
    await reply(send, scope["path"] + text + mark)

def app(scope):
    return partial(handle, "x", scope=scope, mark="!")
""",
    ),
    Case(
        "partial-many-lines",
        "import functools\n"
        + REPLY
        + """
async def handle(receive, send, scope, text):
    await reply(send, scope["path"] + text)

def app(scope):
    if scope["path"] == "/one":
        return functools.partial(
            handle,
            scope=scope,
            text="one",
        )
    return functools.partial(
        handle, scope=scope,  # a comment
        text="other"
    )
""",
    ),
    Case(
        "partial-comment-in-the-way",
        "import functools\n"
        + REPLY
        + """
async def handle(receive, send, scope):
    await reply(send, scope["path"])

def app(scope):
    return functools.partial(
        handle,  # the function
        scope=scope,
    )
""",
        has="# the function",
    ),
    Case(
        "partial-still-used",
        "import functools\n"
        + REPLY
        + """
add = functools.partial(int.__add__, 1)

async def handle(receive, send, scope):
    await reply(send, scope["path"] + str(add(2)))

def app(scope):
    return functools.partial(handle, scope=scope)
""",
        has="import functools",
    ),
    Case(
        "partial-of-a-lambda",
        "import functools\n"
        + REPLY
        + """
def app(scope):
    return functools.partial(lambda s, receive, send: reply(send, s["path"]), scope)
""",
    ),
    Case(
        "partial-application",
        "import functools\n"
        + REPLY
        + """
def build(greeting, scope):
    async def instance(receive, send):
        await reply(send, greeting + scope["path"])
    return instance

app = functools.partial(build, "hello ")
""",
        has="def build(greeting, scope, receive, send)",
    ),
    Case(
        "partial-bound-to-a-variable",
        "import functools\n"
        + REPLY
        + """
async def handle(receive, send, scope):
    await reply(send, scope["path"])

def app(scope):
    instance = functools.partial(handle, scope=scope)
    return instance
""",
    ),
]
