"""A client for an application in one style: httpx in front, the application really called that way."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
from typing import Any, Awaitable, Callable, Dict, Optional, Union

from asgi_compat import ASGIApp, MissingExtraError, Receive, Scope, Send, Style

from .on_trio import runs_trio
from .session import Lifespan
from .styles import Call, CallOptions, prepare

#: Seconds that start-up, a request and shutdown may take.
TIMEOUT = 30.0


def called_in_style(
    app: ASGIApp, style: Union[str, Style], *, adapt: str = "shape"
) -> Callable[[Scope, Receive, Send], Awaitable[Any]]:
    """Return an application for clients that call every application once, and call it in a style behind that.

    httpx's ``ASGITransport`` and its like call ``app(scope, receive, send)``. What is returned takes that
    call, and calls ``app(scope)(receive, send)`` with the style ``"double"``. It is opaque: no detector and
    no adapter looks inside, so nothing takes the second call off again. ``adapt`` is that of `in_style`.
    Raises what `in_style` raises.

    >>> from asgi_compat import classify
    >>> def old(scope):
    ...     async def instance(receive, send): ...
    ...     return instance
    >>> classify(called_in_style(old, "double")).style
    <Style.SINGLE: 'single'>
    """
    play, _ = prepare(app, CallOptions(style, adapt, False, False, None, TIMEOUT))

    async def opaque(scope: Scope, receive: Receive, send: Send) -> None:
        await play(scope, receive, send)

    return opaque


class Client:
    """Requests to an application in one style, by httpx, inside its lifespan.

    Use it as a context manager: start-up runs at its beginning, shutdown at its end, on an event loop in a
    thread of its own. ``get``, ``post``, ``put``, ``patch``, ``delete``, ``head``, ``options`` and
    ``request`` have the arguments of httpx, and return its response; in a coroutine on asyncio or trio they
    return what can be awaited for it. The application runs on asyncio. ``style`` and ``adapt`` are those of
    `in_style`, ``options`` those of ``httpx.AsyncClient``. Raises `MissingExtraError` without httpx,
    AssertionError where the application fails to start or to shut down, and what the application raises.

    >>> async def app(scope, receive, send): ...
    >>> client = Client(app, "double")      # with client: client.get("/items").status_code
    >>> client
    <Client, called double>
    """

    def __init__(
        self, app: ASGIApp, style: Union[str, Style], *, adapt: str = "shape", **options: Any
    ) -> None:
        self.style: Style = Style(style)
        self._call: Call = called_in_style(app, style, adapt=adapt)
        self._options = {"base_url": "http://testserver", **options}
        self._life: Optional[Lifespan] = None
        self._http: Any = None

    def __repr__(self) -> str:
        return f"<Client, called {self.style.value}>"

    def __enter__(self) -> Client:
        self._loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()
        self._thread: threading.Thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self._wait(self._start())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._wait(self._stop())
        finally:
            self._end()

    def _wait(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(2 * TIMEOUT)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        try:
            httpx: Any = importlib.import_module("httpx")
        except ImportError:
            raise MissingExtraError(
                "the client needs httpx, which is not installed: python -m pip install httpx", extra="httpx"
            ) from None
        self._life = Lifespan(self._call, self.style)
        await self._life.start(TIMEOUT)
        transport = httpx.ASGITransport(self._with_state)
        self._http = httpx.AsyncClient(transport=transport, **self._options)

    async def _with_state(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application with a copy of the state of its start-up, as servers do."""
        assert self._life is not None
        state: Dict[str, Any] = self._life.client.conversation.scope.get("state") or {}
        await self._call({**scope, "state": dict(state)}, receive, send)

    async def _stop(self) -> None:
        assert self._life is not None
        try:
            await self._http.aclose()
            await self._life.stop(TIMEOUT)
        finally:
            await self._life.close()

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Send a request; return the response of httpx, or what is awaited for it."""
        future = asyncio.run_coroutine_threadsafe(self._http.request(method, url, **options), self._loop)
        if runs_trio():
            return sys.modules["trio"].to_thread.run_sync(future.result, TIMEOUT)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return future.result(TIMEOUT)
        return asyncio.wrap_future(future)

    def get(self, url: str, **options: Any) -> Any:
        """Send a GET request."""
        return self.request("GET", url, **options)

    def head(self, url: str, **options: Any) -> Any:
        """Send a HEAD request."""
        return self.request("HEAD", url, **options)

    def options(self, url: str, **options: Any) -> Any:
        """Send an OPTIONS request."""
        return self.request("OPTIONS", url, **options)

    def post(self, url: str, **options: Any) -> Any:
        """Send a POST request."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> Any:
        """Send a PUT request."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Any) -> Any:
        """Send a PATCH request."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Any) -> Any:
        """Send a DELETE request."""
        return self.request("DELETE", url, **options)
