"""Middleware of one generation in stacks of the other."""

from __future__ import annotations

from functools import partial

from .._adapt import guarantee_double_callable, guarantee_single_callable
from .._detect import Style, classify
from .._detect.called import counts_of_middleware
from .._messages.table import for_old_middleware
from .._text import own_repr, safe_error, safe_repr, type_name
from .adapters import ToAsgi3
from .behind import put_behind_old
from .engine import Options
from .profiles import inside_partials, resolve_middleware_quirks, text_attribute
from .quirks import Quirks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Tuple, Union

    from .._types import ASGI2App, ASGI3App, ASGIApp, Message, Receive, Scope, Send
    from .profiles import Profile


_NONE = Quirks()

_IN_STACK = Options(None, "on", _NONE, False, None)

_RULES = for_old_middleware()


class AdaptedMiddlewareStack(ToAsgi3):
    """ASGI3 wrapper around the result of an ASGI2 middleware.

    Not the whole service. The scope and the received events belong to the application inside, which is a
    current one: only optional keys that the middleware may index are filled in. What goes out may be the
    middleware's own, and is repaired.
    """

    wrapped: ASGIApp

    def __repr__(self) -> str:
        return f"<AdaptedMiddlewareStack of {own_repr(self.app)}>"

    def __new__(cls, stack: ASGIApp, wrapped: ASGIApp, quirks: Quirks = _NONE) -> AdaptedMiddlewareStack:
        # The request is for the application inside, which knows it by its current names.
        if quirks.request_type != _NONE.request_type or quirks.content_keys:
            from dataclasses import replace

            quirks = replace(quirks, request_type=_NONE.request_type, content_keys=False)
        self: Any = super().__new__(cls, stack, _IN_STACK._replace(quirks=quirks), _RULES)
        self.wrapped = wrapped
        self.compiled.lifespan_call = partial(
            run_lifespan_around, self.compiled.lifespan_call, guarantee_single_callable(wrapped)
        )
        return self  # type: ignore[no-any-return]

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.app, self.wrapped, self.compiled.plan.quirks)


async def run_lifespan_around(
    call: ASGI3App, wrapped: ASGI3App, scope: Scope, receive: Receive, send: Send
) -> None:
    """Run a lifespan through an old middleware, or past one that does not know it.

    Servers of its day showed it http and websocket only. CookieMiddleware of Channels 2 raises
    ValueError for a scope without headers, and without this the application inside would never start.
    Nobody has asked for lifespan.startup then, so it is still there for the one inside.
    """
    asked = False

    async def listen() -> Message:
        nonlocal asked
        asked = True
        return await receive()

    try:
        await call(scope, listen, send)
    except Exception as error:
        if asked:
            raise
        from logging import getLogger

        getLogger("asgi_compat").info(
            "a middleware has no lifespan support (it raised %s); going past it", safe_error(error)
        )
    if not asked:
        await wrapped(scope, receive, send)


class _Middleware:
    """A middleware of the one generation as one of the other: it adapts both ends."""

    def __init__(self, middleware: object) -> None:
        if not callable(middleware):
            raise TypeError(
                f"a middleware is called with the application that it wraps; {safe_repr(middleware)} is not"
                " callable"
            )
        if not issubclass(type(middleware), type) and classify(middleware).style is Style.SINGLE:
            raise TypeError(
                f"{safe_repr(middleware)} is an application already, called with (scope, receive, send):"
                " pass the middleware's class or factory, which is called with the application that it wraps"
            )
        #: The middleware inside.
        self.middleware = middleware
        inner = inside_partials(middleware)
        # Starlette and others show their stack by these.
        self.__name__ = text_attribute(inner, "__name__") or type_name(inner)
        self.__doc__ = text_attribute(inner, "__doc__")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {own_repr(self.middleware)}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self.middleware == other.middleware)

    def __hash__(self) -> int:
        return hash((type(self), self.middleware))

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.middleware,)


class MiddlewareToAsgi3(_Middleware):
    """Made by `middleware_to_asgi3`."""

    def __init__(self, middleware: object, quirks: Union[str, Quirks, Profile, None] = None) -> None:
        super().__init__(middleware)
        self.quirks = resolve_middleware_quirks(inside_partials(middleware), quirks)

    def __eq__(self, other: object) -> bool:
        same = super().__eq__(other)
        return same if same is not True else self.quirks == other.quirks  # type: ignore[attr-defined]

    __hash__ = _Middleware.__hash__

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.middleware, self.quirks)

    def __call__(self, app: ASGIApp, *args: Any, **options: Any) -> ASGI3App:
        inner = app.app if type(app) is AdaptedMiddlewareStack else app
        # It may be half migrated: called with the scope, it calls what it wraps with three arguments.
        called_plainly = counts_of_middleware(inside_partials(self.middleware)) == {1}
        inner = put_behind_old(inner, called_plainly)
        made = self.middleware(inner, *args, **options)
        if classify(made).style is Style.SINGLE:
            # The middleware is of ASGI3 itself, and was given an application of the other style.
            single: ASGI3App = self.middleware(guarantee_single_callable(app), *args, **options)
            return single
        return AdaptedMiddlewareStack(made, app, self.quirks)


class MiddlewareToAsgi2(_Middleware):
    """Made by `middleware_to_asgi2`."""

    def __call__(self, app: ASGIApp, *args: Any, **options: Any) -> ASGI2App:
        made = self.middleware(guarantee_single_callable(app), *args, **options)
        if classify(made).style is Style.DOUBLE:
            double: ASGI2App = self.middleware(guarantee_double_callable(app), *args, **options)
            return double
        return guarantee_double_callable(made)


def middleware_to_asgi3(
    middleware: Callable[..., ASGI2App], *, quirks: Union[str, Quirks, Profile, None] = None
) -> Callable[..., ASGI3App]:
    """Make an ASGI2 middleware usable around ASGI3 applications, in ASGI3 stacks.

    Takes a class, a factory or a partial that is called with the application it wraps (by position)
    and options, and returns a callable that is called in the same way, with an application of either
    style as ``app``, and gives a single-callable application. Several inside each other leave no
    adapters between them. In the scope and in what is received, and in what ``app`` sends, optional keys
    that the middleware may index are filled in; what it sends itself is repaired event by event (A22 to
    A27 and the like). Extensions whose events it cannot know are not offered to ``app`` (B12). What is
    handed in answers both calls, for a middleware that is called with the scope and calls what it wraps
    with three arguments. ``quirks`` are those of `to_asgi3`, of which the ones about calling have an
    effect; None chooses ``constructor_in_thread`` for a middleware whose code names Django or Channels,
    beside Django 3 and later, which raises SynchronousOnlyOperation for a query on the event loop. A
    middleware that fails on a lifespan scope before it asks for an event is gone past, because it
    was written before there was one. Raises TypeError for what cannot be called, and what the
    middleware raises.

    >>> class Old:
    ...     def __init__(self, inner, option=0):
    ...         self.inner, self.option = inner, option
    ...     def __call__(self, scope):
    ...         return self.inner({**scope, "option": self.option})
    >>> async def new(scope, receive, send):
    ...     print(scope["option"])
    >>> import asyncio
    >>> asyncio.run(middleware_to_asgi3(Old)(new, option=1)({"type": "http"}, None, None))
    1
    """
    # Not isinstance, which asks the object for its __class__.
    given: Any = middleware
    if issubclass(type(given), MiddlewareToAsgi2):
        return given.middleware  # type: ignore[no-any-return]
    if issubclass(type(given), MiddlewareToAsgi3):
        return given if quirks is None else MiddlewareToAsgi3(given.middleware, quirks)
    return MiddlewareToAsgi3(given, quirks)


def middleware_to_asgi2(middleware: Callable[..., ASGI3App]) -> Callable[..., ASGI2App]:
    """Make an ASGI3 middleware usable around ASGI2 applications, in ASGI2 stacks.

    The mirror of `middleware_to_asgi3`: takes a class, a factory or a partial that is called with the
    application it wraps and options, and returns one that gives a double-callable application. It changes
    the calling convention only; `to_asgi2` around the stack repairs the messages. Raises TypeError for a
    middleware that cannot be called.

    >>> class New:
    ...     def __init__(self, app):
    ...         self.app = app
    ...     async def __call__(self, scope, receive, send):
    ...         await self.app({**scope, "seen": True}, receive, send)
    >>> def old(scope):
    ...     async def instance(receive, send):
    ...         print(scope["seen"])
    ...     return instance
    >>> import asyncio
    >>> asyncio.run(middleware_to_asgi2(New)(old)({"type": "http"})(None, None))
    True
    """
    given: Any = middleware
    if issubclass(type(given), MiddlewareToAsgi3):
        return given.middleware  # type: ignore[no-any-return]
    return given if issubclass(type(given), MiddlewareToAsgi2) else MiddlewareToAsgi2(given)
