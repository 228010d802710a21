"""How to call an application, in each style, and what came of it.

The two calls are those of the specification, word for word and with no tolerance:
``await app(scope, receive, send)`` and ``await app(scope)(receive, send)``. Whatever a wrong call leaves
behind (a coroutine that nobody awaits, a generator, a task) is closed, so that the tests can run with
warnings as errors.

>>> async def application(scope, receive, send):
...     await send({"type": "http.response.start", "status": 200, "headers": []})
>>> drive_single(application)
[{'type': 'http.response.start', 'status': 200, 'headers': []}]
>>> attempt(drive_double, application).error  # doctest: +ELLIPSIS
TypeError(...)
"""

from __future__ import annotations

import asyncio
import inspect
import types
from typing import Any, Callable, Dict, List, NamedTuple, Optional
from wsgiref.util import setup_testing_defaults

#: Seconds after which a connection is given up. No specimen needs more than a few milliseconds.
GUARD = 2.0

Messages = List[Dict[str, Any]]


class WrongShape(TypeError):
    """The call was taken, but what it returned cannot be awaited, or called, or iterated."""


class Outcome(NamedTuple):
    """What came of one drive: all that was sent, and what was raised (or None)."""

    messages: Messages
    error: Optional[BaseException]

    @property
    def started(self) -> bool:
        """Whether ``http.response.start`` was sent."""
        return any(message.get("type") == "http.response.start" for message in self.messages)

    @property
    def completed(self) -> bool:
        """Whether a whole response was sent and nothing was raised."""
        return self.error is None and self.started and self.messages[-1].get("type") == "http.response.body"


def http_scope(**fields: Any) -> Dict[str, Any]:
    """A scope with every field of an HTTP request that today's specification and the older ones name."""
    scope: Dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        "state": {},
        "extensions": {},
    }
    scope.update(fields)
    return scope


def dispose(value: Any) -> None:
    """Close what a wrong call returned, so that it does not warn that it was never awaited."""
    # By the type and not by isinstance, which would run a __class__ or a __getattribute__ that raises.
    kind = type(value)
    if issubclass(kind, asyncio.Future):
        value.cancel()
    elif issubclass(kind, (types.CoroutineType, types.GeneratorType)):
        value.close()


def _can_be_awaited(value: Any) -> bool:
    # Not inspect.isawaitable, which asks the value itself and so believes a mock.
    if type(value) is types.GeneratorType:
        return bool(value.gi_code.co_flags & inspect.CO_ITERABLE_COROUTINE)
    return hasattr(type(value), "__await__")


async def _await(value: Any, called: str) -> None:
    if not _can_be_awaited(value):
        dispose(value)
        raise WrongShape(f"{called} returned {type(value).__name__}, which cannot be awaited")
    result = await value
    dispose(result)  # some wrong calls are answered with one more coroutine


def _run(call: Callable[[Any, Any], Any], sent: Messages) -> None:
    async def connection() -> None:
        incoming = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> Dict[str, Any]:
            return incoming.pop() if incoming else {"type": "http.disconnect"}

        async def send(message: Dict[str, Any]) -> None:
            sent.append(message)

        await asyncio.wait_for(call(receive, send), GUARD)

    asyncio.run(connection())


def drive_single(
    app: Any, *, scope: Optional[Dict[str, Any]] = None, sent: Optional[Messages] = None
) -> Messages:
    """Call ``await app(scope, receive, send)`` and return what was sent.

    Raises what the application raises, TypeError when it cannot be called so, `WrongShape` (a TypeError
    too) when the result cannot be awaited. Pass a list as ``sent`` to keep the messages even then, or
    use `attempt`.
    """
    sent = [] if sent is None else sent
    scope = http_scope() if scope is None else scope

    async def call(receive: Any, send: Any) -> None:
        await _await(app(scope, receive, send), "app(scope, receive, send)")

    _run(call, sent)
    return sent


def drive_double(
    app: Any, *, scope: Optional[Dict[str, Any]] = None, sent: Optional[Messages] = None
) -> Messages:
    """Call ``await app(scope)(receive, send)`` and return what was sent. As `drive_single` otherwise."""
    sent = [] if sent is None else sent
    scope = http_scope() if scope is None else scope

    async def call(receive: Any, send: Any) -> None:
        instance = app(scope)
        if not callable(instance):
            dispose(instance)
            raise WrongShape(f"app(scope) returned {type(instance).__name__}, which cannot be called")
        await _await(instance(receive, send), "app(scope)(receive, send)")

    _run(call, sent)
    return sent


def attempt(drive: Callable[..., Messages], app: Any, **options: Any) -> Outcome:
    """Drive, and return what was sent together with what was raised instead of raising it."""
    sent: Messages = []
    error: Optional[BaseException] = None
    try:
        drive(app, sent=sent, **options)
    except (Exception, SystemExit) as raised:
        error = raised.with_traceback(None)
    return Outcome(sent, error)


class WSGIOutcome(NamedTuple):
    """What came of one WSGI request: the statuses handed to start_response, the body, what was raised."""

    statuses: List[str]
    body: Optional[bytes]
    error: Optional[BaseException]

    @property
    def completed(self) -> bool:
        """Whether start_response was called and a body could be joined."""
        return self.error is None and bool(self.statuses) and self.body is not None


def drive_wsgi(app: Any) -> WSGIOutcome:
    """Call ``app(environ, start_response)`` as PEP 3333 has it. Exceptions come back in ``error``."""
    environ: Dict[str, Any] = {"QUERY_STRING": ""}
    setup_testing_defaults(environ)
    statuses: List[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], None]:
        statuses.append(status)
        return lambda data: None

    try:
        result = app(environ, start_response)
        if _can_be_awaited(result):
            dispose(result)
            raise WrongShape("app(environ, start_response) returned an awaitable")
        body = b"".join(result)
        close = getattr(result, "close", None)
        if close is not None:
            close()
    except (Exception, SystemExit) as raised:
        return WSGIOutcome(statuses, None, raised.with_traceback(None))
    return WSGIOutcome(statuses, body, None)


def drive_factory(factory: Any) -> Any:
    """Call a factory without arguments, and await what it returns if that is a coroutine."""
    made = factory()
    if not inspect.iscoroutine(made):
        return made

    async def awaited() -> Any:
        return await made

    return asyncio.run(awaited())
