# Compiled by mypyc, which needs the annotations and turns the classes into native ones.

from typing import Any, Awaitable, Callable, Dict

START: Dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": []}
BODY: Dict[str, Any] = {"type": "http.response.body", "body": b"compiled"}


async def single(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    await send(BODY)


def single_returning_coroutine(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
    return single(scope, receive, send)


async def run(receive: Any, send: Any) -> None:
    await send(START)
    await send(BODY)


def double(scope: Any) -> Callable[[Any, Any], Awaitable[None]]:
    async def instance(receive: Any, send: Any) -> None:
        await run(receive, send)

    return instance


def double_returning_function(scope: Any) -> Callable[[Any, Any], Awaitable[None]]:
    return run


def make_single() -> Callable[[Any, Any, Any], Awaitable[None]]:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await run(receive, send)

    return application


def make_double() -> Callable[[Any], Callable[[Any, Any], Awaitable[None]]]:
    def application(scope: Any) -> Callable[[Any, Any], Awaitable[None]]:
        return run

    return application


def wsgi(environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [])
    return [b"compiled"]


class SingleInstance:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await run(receive, send)

    async def method(self, scope: Any, receive: Any, send: Any) -> None:
        await run(receive, send)

    @staticmethod
    async def static(scope: Any, receive: Any, send: Any) -> None:
        await run(receive, send)

    @classmethod
    async def of_class(cls, scope: Any, receive: Any, send: Any) -> None:
        await run(receive, send)


class PlainSingleInstance:
    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        return run(receive, send)


class DoubleInstance:
    def __call__(self, scope: Any) -> Callable[[Any, Any], Awaitable[None]]:
        return run

    def method(self, scope: Any) -> Callable[[Any, Any], Awaitable[None]]:
        return run


class DoubleClass:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await run(receive, send)


class AwaitableClass:
    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self.receive = receive
        self.send = send

    def __await__(self) -> Any:
        return run(self.receive, self.send).__await__()


class Middleware:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)
