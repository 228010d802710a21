"""Call an application in one style."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, NamedTuple, Optional, Tuple, Union

from asgi_compat import (
    ASGI2App,
    ASGI3App,
    ASGIApp,
    Receive,
    Scope,
    Send,
    Style,
    classify,
    guarantee_double_callable,
    guarantee_single_callable,
    to_asgi2,
    to_asgi3,
)

#: Takes an application of one style and returns one of the same.
Middleware = Callable[[Any], Any]
#: Calls the application in one style.
Call = Callable[[Scope, Receive, Send], Awaitable[Any]]


class CallOptions(NamedTuple):
    """How an application is called; see `run`."""

    style: Union[str, Style, None]
    adapt: str
    lifespan: bool
    factory: bool
    middleware: Optional[Middleware]
    timeout: float


def _known_style(style: Union[str, Style]) -> Style:
    try:
        found = Style(style)
    except ValueError:
        found = Style.UNKNOWN
    if found not in (Style.SINGLE, Style.DOUBLE):
        raise ValueError(f"style: got {style!r}, expected 'single' or 'double'")
    return found


def in_style(
    app: ASGIApp, style: Union[str, Style], *, adapt: str = "shape", **options: Any
) -> Union[ASGI2App, ASGI3App]:
    """Return an application as one of the style, ``"single"`` or ``"double"``.

    ``adapt="shape"`` changes only the calling convention, with `guarantee_single_callable` or
    `guarantee_double_callable`, and returns an application that has the style already as it is.
    ``adapt="service"`` is `to_asgi3` or `to_asgi2`, which repair the messages too; ``options`` are their
    arguments. Raises ValueError for other words, TypeError for options with ``adapt="shape"``, and what the
    adapters raise.

    >>> from asgi_compat import classify
    >>> async def app(scope, receive, send): ...
    >>> in_style(app, "single") is app
    True
    >>> classify(in_style(app, "double")).style
    <Style.DOUBLE: 'double'>
    """
    single = _known_style(style) is Style.SINGLE
    if adapt == "service":
        return to_asgi3(app, **options) if single else to_asgi2(app, **options)
    if adapt != "shape":
        raise ValueError(f"adapt: got {adapt!r}, expected 'shape' or 'service'")
    if options:
        raise TypeError(f"{', '.join(options)}: options are for adapt='service', the shape has none")
    return guarantee_single_callable(app) if single else guarantee_double_callable(app)


def prepare(app: Any, options: CallOptions) -> Tuple[Call, Style]:
    """Return how to call an application, and in which style that is."""
    if options.factory:
        app = app()
    style = options.style
    if style is None:
        doubled = options.adapt == "shape" and classify(app).style is Style.DOUBLE
        style = Style.DOUBLE if doubled else Style.SINGLE
    ready: Any = in_style(app, style, adapt=options.adapt)
    if options.middleware is not None:
        ready = options.middleware(ready)
    if _known_style(style) is Style.SINGLE:
        return ready, Style.SINGLE

    def call(scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
        return ready(scope)(receive, send)  # type: ignore[no-any-return]

    return call, Style.DOUBLE
