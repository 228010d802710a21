"""`to_asgi3` and `to_asgi2`.

One adapter and never two: an application that is already converted is returned as it is, or is converted
again from the application inside when other options are given.
"""

from __future__ import annotations

from .._adapt import DoubleCallable, SingleCallable
from .._text import safe_repr
from .adapters import DOUBLE, SINGLE, Converted, ToAsgi2, ToAsgi3
from .engine import DEFAULT_OPTIONS, Options
from .middleware import AdaptedMiddlewareStack
from .rewiring import Rewiring, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple, Union

    from .._detect import Style
    from .._types import ASGI2App, ASGI3App
    from .profiles import Profile
    from .quirks import Quirks

    OnRepair = Callable[[str, Any, Any], Any]


def check_options(
    style: object, lifespan: str, quirks: object, strict: bool, on_repair: object, rewire: bool = False
) -> Options:
    """Make the options of an adapter. Raises ValueError and TypeError."""
    if style is not None and style not in DOUBLE and style not in SINGLE:
        raise ValueError(f"style: got {safe_repr(style)}, expected 'single', 'double' or None")
    if lifespan not in ("auto", "on", "off"):
        raise ValueError(f"lifespan: got {safe_repr(lifespan)}, expected 'auto', 'on' or 'off'")
    if on_repair is not None and not callable(on_repair):
        raise TypeError(
            f"on_repair: got {safe_repr(on_repair)}, expected a function of (rule, before, after)"
        )
    return Options(style, lifespan, quirks, bool(strict), on_repair, bool(rewire))


def _inside(cls: Any, app: Any, options: Options) -> Tuple[Any, Options]:
    """Return what is inside an adapter, and the options for it; the adapter itself where it is right."""
    if issubclass(type(app), Converted) and type(app) is not AdaptedMiddlewareStack:
        if type(app) is cls and options in (DEFAULT_OPTIONS, app.compiled.options):
            return app, options
        kept = app.compiled.options
        app = app.app
        if options == DEFAULT_OPTIONS:
            # The other direction of something that was already told what it is.
            options = kept
    elif issubclass(type(app), SingleCallable) and options.style is None:
        # It is double-callable inside, and that is what the rules are about.
        if type(app) is SingleCallable:
            options = options._replace(style="double")
        app = app.app
    elif issubclass(type(app), DoubleCallable) and options.style is None:
        if type(app) is DoubleCallable:
            options = options._replace(style="single")
        app = app.app
    return app, options


def _convert(cls: Any, app: Any, options: Options) -> Any:
    app, options = _inside(cls, app, options)
    if type(app) is cls:
        return app
    if not options.rewire:
        report(app)
        return cls(app, options)
    rewiring = Rewiring(app, options)
    adapted = cls(rewiring.app, rewiring.options)
    adapted.rewiring = rewiring
    rewiring.log()
    return adapted


def to_asgi3(
    app: Union[ASGI2App, ASGI3App],
    *,
    style: Union[str, Style, None] = None,
    lifespan: str = "auto",
    quirks: Union[str, Quirks, Profile, None] = None,
    strict: bool = False,
    on_repair: Optional[OnRepair] = None,
    rewire: bool = False,
) -> ASGI3App:
    """Make any application single-callable and adapt its messages to current servers.

    Takes an application of either style and returns an adapter that is called ``await app(scope,
    receive, send)`` and applies the rules of direction A (`rules`). ``style`` is ``"single"``, ``"double"``
    or None to look (`classify`). ``lifespan``: ``"auto"`` answers for an old application that fails before
    its first ``receive()`` and reports one that fails after it as ``lifespan.startup.failed``; ``"on"``
    passes everything through; ``"off"`` answers without calling it. ``quirks`` are the choices of the
    rules, a `Quirks`, the name of one of `PROFILES`, or None to choose by the application's class and
    version. With ``strict`` nothing that the specification forbids is repaired: `AppMessageError` or
    `ServerMessageError` is raised. ``on_repair(rule, event before, event after)`` is called at each
    repair; the first of each rule is logged on ``asgi_compat`` at INFO.

    A stack in which one layer calls another the wrong way (an old middleware around a current application,
    an old application mounted in a current router, a consumer class without ``.as_asgi()``) is reported,
    one line on ``asgi_compat`` for each place with what to write. With ``rewire`` each is replaced by one
    that answers both calls: ``adapted.rewiring.lines`` says what, ``adapted.rewiring.undo()`` puts it back.

    What cannot be repaired raises `AppMessageError` out of ``send`` before anything reaches the
    server. Raises `DetectionError` for an object that is not an application, ValueError or TypeError for
    an invalid option. An application that is already converted is returned as it is.

    >>> import asyncio
    >>> def old(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": "200"})
    ...         await send({"type": "http.response.content", "content": b"hello"})
    ...     return instance
    >>> sent = []
    >>> async def request():
    ...     async def receive():
    ...         return {"type": "http.request"}
    ...     async def send(event):
    ...         sent.append(event)
    ...     scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    ...     await to_asgi3(old)(scope, receive, send)
    >>> asyncio.run(request())
    >>> sent[0]
    {'type': 'http.response.start', 'status': 200, 'headers': []}
    >>> sent[1]
    {'type': 'http.response.body', 'body': b'hello', 'more_body': False}
    """
    options = check_options(style, lifespan, quirks, strict, on_repair, rewire)
    return _convert(ToAsgi3, app, options)  # type: ignore[no-any-return]


def to_asgi2(
    app: Union[ASGI2App, ASGI3App],
    *,
    style: Union[str, Style, None] = None,
    lifespan: str = "auto",
    quirks: Union[str, Quirks, Profile, None] = None,
    strict: bool = False,
    on_repair: Optional[OnRepair] = None,
    rewire: bool = False,
) -> ASGI2App:
    """Make any application double-callable and fit for every server from before ASGI 3, messages included.

    The mirror of `to_asgi3`, with the same arguments and errors and the rules of direction B: the adapter is
    called ``await app(scope)(receive, send)``, by position or by these names. The first call only
    remembers the scope.

    >>> async def new(scope, receive, send): ...
    >>> is_double = to_asgi2(new)({"type": "http"})
    >>> callable(is_double)
    True
    """
    options = check_options(style, lifespan, quirks, strict, on_repair, rewire)
    return _convert(ToAsgi2, app, options)  # type: ignore[no-any-return]
