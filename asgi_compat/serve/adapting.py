"""Adapt an application to what a server expects."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Callable, Dict, Optional, Set

from asgi_compat import ASGI3App, DetectionError, Receive, Scope, Send, Style, classify, to_asgi3

from .._text import safe_repr
from .options import Options, quirks

_DEFAULTS = Options()


def adapt(app: Any, options: Options = _DEFAULTS) -> ASGI3App:
    """Return the application as current servers expect it: single-callable, its messages repaired.

    Of `options` it reads the style (``"auto"`` to detect it), `lifespan`, `strict` and the quirks; the target
    is how an error names the application. Raises `DetectionError` with reason and remedy.

    >>> adapt(lambda scope: print, Options(style="double"))     # doctest: +ELLIPSIS
    <...>
    """
    try:
        return to_asgi3(
            app,
            style=None if options.style == "auto" else options.style,
            lifespan=options.lifespan,
            quirks=quirks(options.quirks, app),
            strict=options.strict,
        )
    except DetectionError:
        verdict = classify(app)
        raise DetectionError(
            f"{options.target or safe_repr(app)} is not an application ({verdict.reason}):"
            f" {verdict.remedy or 'name the application itself'}",
            application=app,
            reason=verdict.reason,
            remedy=verdict.remedy,
        ) from None


class ServedApplication:
    """Wrap the application so that every server recognises it as single-callable, and add the root path.

    hypercorn takes an object without a coroutine ``__call__`` for WSGI, daphne calls by keyword, and daphne
    before 4.1 gives a WebSocket no root path.
    """

    _asgi_single_callable = True

    def __init__(self, app: ASGI3App, root_path: str) -> None:
        self.app = app
        self.root_path = root_path
        #: The tasks of the connections that are open; without lifespan.
        self.running: Set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if scope["type"] == "lifespan" or task is None:
            loop = asyncio.get_running_loop()
            if sys.version_info < (3, 12):
                loop.set_exception_handler(CancelledConnectionFilter(loop.get_exception_handler()))
            await self.app(scope, receive, send)
            return
        if self.root_path and not scope.get("root_path"):
            scope = dict(scope, root_path=self.root_path)
        self.running.add(task)
        try:
            await self.app(scope, receive, send)
        finally:
            self.running.discard(task)


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
    what = f"{options.target}" if options.target else "the built-in demo"
    return f"{what} is {style} ({why})"


_STYLES = {
    Style.SINGLE: "single-callable",
    Style.DOUBLE: "double-callable",
    Style.EITHER: "callable either way",
    Style.UNKNOWN: "of unknown style until its first connection",
}
