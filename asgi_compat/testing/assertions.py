"""Compare what an application does in both styles, or what two applications do."""

from __future__ import annotations

from typing import Callable, Iterable, NamedTuple, Optional, Union

from asgi_compat import ASGIApp, Style
from asgi_compat._harness.script import Conversation

from .running import TIMEOUT, run
from .styles import Middleware
from .transcript import Transcript


class Comparison(NamedTuple):
    """The transcripts of one application in both styles."""

    single: Transcript
    double: Transcript

    @property
    def same(self) -> bool:
        """Whether the same happened."""
        return self.single == self.double

    def difference(self, *, view: str = "events", ignore_headers: Iterable[str] = ()) -> str:
        """Return how they differ (`Transcript.difference`), or ``""``."""
        return self.single.difference(
            self.double, view=view, ignore_headers=ignore_headers, names=("called single", "called double")
        )


def compare(
    app: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    adapt: str = "shape",
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[Middleware] = None,
    timeout: float = TIMEOUT,
) -> Comparison:
    """Hold a conversation with an application twice, called single and called double.

    The arguments and errors are those of `run`. It is the same application both times: pass one that counts
    its requests as a factory.

    >>> from asgi_compat.testing import http
    >>> async def app(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 200})
    >>> compare(app, http("GET", "/")).same
    True
    """
    single, double = (
        run(
            app,
            conversation,
            style=style,
            adapt=adapt,
            lifespan=lifespan,
            factory=factory,
            middleware=middleware,
            timeout=timeout,
        )
        for style in (Style.SINGLE, Style.DOUBLE)
    )
    return Comparison(single, double)


def assert_both_styles(
    app: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    adapt: str = "shape",
    view: Optional[str] = None,
    ignore_headers: Iterable[str] = (),
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[Middleware] = None,
    timeout: float = TIMEOUT,
) -> Transcript:
    """Assert that an application does the same called single and called double; return what it did.

    ``view`` and ``ignore_headers`` are those of `Transcript.difference`. Without a view the events are
    compared for ``adapt="shape"``, which changes none, and the answer for ``adapt="service"``, which talks to
    servers of two generations. The rest is as in `compare`. Raises AssertionError with the difference; if
    one of the two raised, that exception is its cause.

    >>> from asgi_compat.testing import http
    >>> def app(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": 200})
    ...         await send({"type": "http.response.body", "body": b"hello"})
    ...     return instance
    >>> assert_both_styles(app, http("GET", "/"), adapt="service").body
    b'hello'
    """
    __tracebackhide__ = True
    ignore_headers = _read_once(ignore_headers)
    both = compare(
        app,
        conversation,
        adapt=adapt,
        lifespan=lifespan,
        factory=factory,
        middleware=middleware,
        timeout=timeout,
    )
    if view is None:
        view = "events" if adapt == "shape" else "answer"
    difference = both.difference(view=view, ignore_headers=ignore_headers)
    if difference:
        raise AssertionError(
            f"{conversation.name}: called single and called double, the application does not do the same\n\n"
            f"{difference}"
        ) from (both.single.error or both.double.error)
    return both.double


def assert_same(
    old: Union[ASGIApp, Callable[[], ASGIApp]],
    new: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    style: Union[str, Style, None] = None,
    adapt: str = "shape",
    view: str = "answer",
    ignore_headers: Iterable[str] = (),
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[Middleware] = None,
    timeout: float = TIMEOUT,
) -> Transcript:
    """Assert that two applications answer the same; return what the new one did.

    Each is called in its own style unless ``style`` names one. With ``adapt="service"`` both are repaired
    first (`to_asgi3`), so that the answers of a client of a current server are compared. The rest is as in
    `assert_both_styles`.

    >>> from asgi_compat.testing import http
    >>> def old(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": 200, "headers": []})
    ...         await send({"type": "http.response.body", "body": b"hello"})
    ...     return instance
    >>> async def new(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 200})
    ...     await send({"type": "http.response.body", "body": b"hel", "more_body": True})
    ...     await send({"type": "http.response.body", "body": b"lo!"})
    >>> try:
    ...     assert_same(old, new, http("GET", "/"))
    ... except AssertionError as error:
    ...     print(error)
    GET /: the two applications do not answer the same
    <BLANKLINE>
    - the old one (called double)
    + the new one (called single)
    <BLANKLINE>
    http.response.body, body: b'hello' / b'hello!'
    <BLANKLINE>
      application  http.response.start status=200 headers=[]
    - application  http.response.body body=b'hello'
    + application  http.response.body body=b'hello!'
      returned
    """
    __tracebackhide__ = True
    ignore_headers = _read_once(ignore_headers)
    first, second = (
        run(
            app,
            conversation,
            style=style,
            adapt=adapt,
            lifespan=lifespan,
            factory=factory,
            middleware=middleware,
            timeout=timeout,
        )
        for app in (old, new)
    )
    names = f"the old one (called {first.style.value})", f"the new one (called {second.style.value})"
    difference = first.difference(second, view=view, ignore_headers=ignore_headers, names=names)
    if difference:
        raise AssertionError(
            f"{conversation.name}: the two applications do not answer the same\n\n{difference}"
        ) from (first.error or second.error)
    return second


def _read_once(names: Iterable[str]) -> Iterable[str]:
    """Read an iterator of names once. A str is a mistake, which is reported where it is used."""
    return names if isinstance(names, str) else list(names)
