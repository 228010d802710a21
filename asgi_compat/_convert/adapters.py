"""The adapters of the whole service.

They are made like those of `_adapt`: partials of a function over a `CompiledApplication`. One request costs
one coroutine (as does asgiref's adapter), one object for the memory of the connection, one copy of the scope,
and one coroutine for each receive and send.
"""

from __future__ import annotations

from functools import partial

from .._adapt import Adapter, SingleCallable, guarantee_single_callable
from .._detect import Style, classify
from .._messages import specification
from .._messages.table import TABLE
from .._text import own_repr
from .engine import DEFAULT_OPTIONS, CompiledApplication, Options
from .serving import serve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Optional, Tuple, Type

    from .._messages.table import Table
    from .._types import ASGI2Instance, ASGI3App, ASGIApp, Receive, Scope, Send
    from .rewiring import Rewiring


# The adapters.


class Converted(Adapter):
    """What both directions share: equality, pickling and repr with the options."""

    compiled: CompiledApplication
    #: What `to_asgi3` with ``rewire=True`` replaced in the application, or None.
    rewiring: Optional[Rewiring] = None

    def __repr__(self) -> str:
        options = self.compiled.options
        shown = [
            f"{name}={getattr(options, name)!r}"
            for name in options._fields
            if getattr(options, name) != getattr(DEFAULT_OPTIONS, name)
        ]
        return f"<{type(self).__name__} of {own_repr(self.app)}{', ' if shown else ''}{', '.join(shown)}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        mine, theirs = self.compiled, other.compiled
        return bool(self.app == other.app and mine.options == theirs.options)

    def __hash__(self) -> int:
        return hash((type(self), self.app))

    def __reduce__(self) -> Tuple[Any, ...]:
        return rebuild, (type(self), self.app, tuple(self.compiled.options))


def rebuild(cls: Type[Converted], app: ASGIApp, options: Tuple[Any, ...]) -> Converted:
    """Make an adapter again from its pickle."""
    return cls(app, Options(*options))


class ToAsgi3(Converted):
    """An application of either style, single-callable and fit for every modern server. Made by `to_asgi3`."""

    _asgi_single_callable = True

    def __new__(cls, app: ASGIApp, options: Options = DEFAULT_OPTIONS, table: Table = TABLE) -> ToAsgi3:
        style, call = style_of(app, options.style), as_single(app, options.style)
        compiled = CompiledApplication(specification.A, app, options, style, call, table)
        self = partial.__new__(cls, serve, compiled)
        self.app = app
        self.compiled = compiled

        async def __call__(scope: Scope, receive: Receive, send: Send) -> object:
            return await serve(compiled, scope, receive, send)

        self.__dict__["__call__"] = __call__
        return self


class ToAsgi2(Converted):
    """An application of either style, double-callable and fit for every old server. Made by `to_asgi2`."""

    _asgi_double_callable = True

    def __new__(cls, app: ASGIApp, options: Options = DEFAULT_OPTIONS, table: Table = TABLE) -> ToAsgi2:
        style, call = style_of(app, options.style), as_single(app, options.style)
        compiled = CompiledApplication(specification.B, app, options, style, call, table)
        self = partial.__new__(cls, open_new, compiled)
        self.app = app
        self.compiled = compiled

        def __call__(scope: Scope) -> ASGI2Instance:
            return open_new(compiled, scope)

        self.__dict__["__call__"] = __call__
        return self


def open_new(compiled: CompiledApplication, scope: Scope) -> ASGI2Instance:
    """The first call of an old server: it remembers the scope and does nothing else (B2)."""

    # Exactly these names: daphne up to 2.5 calls instance(receive=..., send=...) (B1).
    def instance(receive: Receive, send: Send) -> Awaitable[object]:
        return serve(compiled, scope, receive, send)

    return instance


DOUBLE = (Style.DOUBLE, "double")

SINGLE = (Style.SINGLE, "single")


def as_single(app: ASGIApp, said: object) -> ASGI3App:
    """Return what is called with (scope, receive, send), by the style that was given."""
    if said in DOUBLE:
        return SingleCallable(app)
    single: Any = app
    return single if said in SINGLE else guarantee_single_callable(app)


def style_of(app: Any, said: object) -> Style:
    """Return the given style of an application, or classify it. Raises `DetectionError`."""
    if not callable(app):
        guarantee_single_callable(app)  # refuses, with the reason and the remedy
    if said in DOUBLE:
        return Style.DOUBLE
    if said in SINGLE:
        return Style.SINGLE
    return classify(app).style
