"""Adapt an application to what a server expects."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
from typing import Any, Callable, Dict, Optional, Set
from urllib.parse import quote

from asgi_compat import (
    ASGI3App,
    ClientDisconnected,
    DetectionError,
    Receive,
    Scope,
    Send,
    Style,
    classify,
    to_asgi3,
    trace,
)

from .._detect.joints import lacks_http
from .._terminal import say
from .._text import safe_repr
from .lifespans import WatchedLifespan
from .options import Options, command_line, quirks
from .signals import Signals

_DEFAULTS = Options()


def adapt(app: Any, options: Options = _DEFAULTS) -> ASGI3App:
    """Return the application as current servers expect it: single-callable, its messages repaired.

    Of `options` it reads the style (``"auto"`` to detect it), `lifespan`, `strict`, `rewire`, `trace` and the
    quirks; the target is how an error names the application. Raises `DetectionError` with reason and remedy.

    >>> adapt(lambda scope: print, Options(style="double"))     # doctest: +ELLIPSIS
    <...>
    """
    try:
        return (functools.partial(trace, json=options.trace == "json") if options.trace else to_asgi3)(
            app,
            style=None if options.style == "auto" else options.style,
            lifespan=options.lifespan,
            quirks=quirks(options.quirks, app),
            strict=options.strict,
            rewire=options.rewire,
        )
    except DetectionError:
        verdict = classify(app)
        what = f"{options.target or safe_repr(app)} is not an application"
        if options.factory:
            what = f"the factory {options.target} returned no application but {safe_repr(app)}"
        raise DetectionError(
            f"{what} ({verdict.reason}): {verdict.remedy or 'name the application itself'}",
            application=app,
            reason=verdict.reason,
            remedy=verdict.remedy,
        ) from None


class HintingApplication:
    """Serve an application: watch its lifespan, and say once what to do where every request has failed."""

    __slots__ = ("app", "grace", "hint", "settled")

    _asgi_single_callable = True

    def __init__(self, app: ASGI3App, options: Options) -> None:
        self.app: ASGI3App = app
        self.grace: Optional[int] = options.grace
        check = command_line("check", options)
        self.hint: str = f"every request so far has failed; to see what is wrong: {check}"
        #: Whether one has been answered, or the hint has been given.
        self.settled: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await WatchedLifespan(self.app, self.grace)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if not self.settled and not isinstance(error, ClientDisconnected):
                self.settled = True
                say(f"asgi-compat: {self.hint}")
            raise
        self.settled = True


class ServedApplication:
    """Wrap the application so that every server recognises it as single-callable, and add the root path.

    hypercorn takes an object without a coroutine ``__call__`` for WSGI, and daphne calls by keyword.
    ``root_path`` is put in front of the path; "" for a server that does it itself.
    """

    _asgi_single_callable = True

    def __init__(self, app: ASGI3App, root_path: str, grace: Optional[int] = None) -> None:
        self.app = app
        self.root_path = root_path
        self.grace = grace
        #: The tasks of the connections that are open; without lifespan.
        self.running: Set[asyncio.Task[Any]] = set()
        self._attached = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = _current_task()
        if not self._attached:
            self._attached = True
            self._attach(task)
        if scope["type"] == "lifespan" or task is None:
            await self.app(scope, receive, send)
            return
        if self.root_path:
            scope = put_root_first(scope, self.root_path)
        self.running.add(task)
        try:
            await self.app(scope, receive, send)
        finally:
            self.running.discard(task)

    def _attach(self, task: Optional[asyncio.Task[Any]]) -> None:
        """Get the signals that the event loop of this process takes, and end connections in time."""
        signals = Signals.current
        if signals is not None:
            signals.share()
        if task is None:
            return
        loop = asyncio.get_running_loop()
        if sys.version_info < (3, 12):
            loop.set_exception_handler(CancelledConnectionFilter(loop.get_exception_handler()))
        if signals is not None and self.grace is not None:
            signals.afterwards(self.grace, lambda: _call_soon(loop, self._cancel_connections))

    def _cancel_connections(self) -> None:
        # Since Python 3.12.1 wait_closed() of asyncio waits for open connections, and hypercorn (0.18) calls
        # it before its own time limit starts: an idle WebSocket would delay it for ever.
        for task in self.running:
            task.cancel()


def put_root_first(scope: Scope, root_path: str) -> Scope:
    """Return the scope with the root path in front of its path, as uvicorn gives it since 0.26.

    A root_path that daphne has from a header of the client does not count. ``app_root_path`` is the key with
    which a Mount of Starlette says that it is in front.

    >>> put_root_first({"type": "http", "path": "/items", "raw_path": b"/items"}, "/pre")["path"]
    '/pre/items'
    """
    out = dict(scope, root_path=root_path, app_root_path=root_path, path=root_path + scope["path"])
    if isinstance(scope.get("raw_path"), bytes):
        out["raw_path"] = quote(root_path).encode() + scope["raw_path"]
    return out


def _current_task() -> Optional[asyncio.Task[Any]]:
    try:
        return asyncio.current_task()
    except RuntimeError:  # trio's event loop
        return None


def _call_soon(loop: asyncio.AbstractEventLoop, function: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # it has been closed
        loop.call_soon_threadsafe(function)


class CancelledConnectionFilter:
    """Handle exceptions of an event loop as before, but leave out connections that were cancelled.

    Before 3.12 the streams of asyncio ask a cancelled connection for its exception and report what that
    raises: hypercorn's workers end with a traceback for each WebSocket that is still open. It can be removed
    with Python 3.11.
    """

    def __init__(self, inner: Optional[Callable[[asyncio.AbstractEventLoop, Dict[str, Any]], Any]]) -> None:
        self.inner = inner

    def __call__(self, loop: asyncio.AbstractEventLoop, context: Dict[str, Any]) -> None:
        if isinstance(context.get("exception"), asyncio.CancelledError):
            return
        if self.inner is None:
            loop.default_exception_handler(context)
        else:
            self.inner(loop, context)


def describe_application(options: Options, found: Any) -> str:
    """Return what is served and how it is called, with the reason, for the first line of the log."""
    verdict = classify(found)
    if options.style != "auto":
        style, why = f"{options.style}-callable", "--style says so"
    else:
        style, why = _STYLES.get(verdict.style, verdict.style.value), verdict.reason
    what = options.target or (f"Django with {options.django}" if options.django else "the built-in demo")
    return f"{what} is {style} ({why}){missing_protocol(found)}"


def missing_protocol(app: Any) -> str:
    """Return what a router of Channels lacks for HTTP, or ""."""
    return f"; it has no {ADD_HTTP}" if lacks_http(app) else ""


#: What a ProtocolTypeRouter of Channels 3 and later needs.
ADD_HTTP = '"http": add "http": get_asgi_application() of django.core.asgi to ProtocolTypeRouter'

_STYLES = {
    Style.SINGLE: "single-callable",
    Style.DOUBLE: "double-callable",
    Style.EITHER: "callable either way",
    Style.UNKNOWN: "of unknown style until its first connection",
}
