# The same applications, compiled by Cython under several directives and run from the compiled
# module only. No annotations and no future import: Cython 0.29 and 3 must read the same text.


START = {"type": "http.response.start", "status": 200, "headers": []}
BODY = {"type": "http.response.body", "body": b"compiled"}


async def single(scope, receive, send):
    await send(START)
    await send(BODY)


async def single_with_option(scope, receive, send, greeting=b"compiled"):
    await send(START)
    await send({"type": "http.response.body", "body": greeting})


async def single_star(*args):
    await single(*args)


def single_returning_coroutine(scope, receive, send):
    return single(scope, receive, send)


def double(scope):
    async def instance(receive, send):
        await send(START)
        await send(BODY)

    return instance


def double_with_option(scope, greeting=b"compiled"):
    async def instance(receive, send):
        await send(START)
        await send({"type": "http.response.body", "body": greeting})

    return instance


def make_single():
    async def application(scope, receive, send):
        await send(START)
        await send(BODY)

    return application


def make_double():
    def application(scope):
        async def instance(receive, send):
            await send(START)
            await send(BODY)

        return instance

    return application


def wsgi(environ, start_response):
    start_response("200 OK", [])
    return [b"compiled"]


def not_an_app(first, second, third, fourth):
    raise AssertionError("nobody calls this")


class SingleInstance:
    async def __call__(self, scope, receive, send):
        await send(START)
        await send(BODY)

    async def method(self, scope, receive, send):
        await send(START)
        await send(BODY)

    @staticmethod
    async def static(scope, receive, send):
        await send(START)
        await send(BODY)

    @classmethod
    async def of_class(cls, scope, receive, send):
        await send(START)
        await send(BODY)


class PlainSingleInstance:
    def __call__(self, scope, receive, send):
        return single(scope, receive, send)


class DoubleInstance:
    def __call__(self, scope):
        return double(scope)

    def method(self, scope):
        return double(scope)


class DoubleClass:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send(START)
        await send(BODY)


class AwaitableClass:
    def __init__(self, scope, receive, send):
        self.arguments = scope, receive, send

    def __await__(self):
        return single(*self.arguments).__await__()


class Middleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)
