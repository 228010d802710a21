"""A current application behind an old middleware."""

from __future__ import annotations

from functools import partial

from .._adapt import Adapter, DoubleCallable, EitherCallable, guarantee_double_callable
from .._messages.between import with_optional_keys, without_current_extensions
from .serving import copy_new_keys_back

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable

    from .._types import ASGI2Instance, ASGI3App, ASGIApp, Event, Receive, Scope, Send


async def call_behind_old(app: ASGI3App, scope: Scope, receive: Receive, send: Send) -> object:
    """Call a single-callable application behind a middleware that was written for ASGI 2.

    It is offered no event that the middleware cannot pass on (B12), and what it sends has the optional keys
    that the middleware may index.
    """

    async def send_with_optional_keys(event: Event) -> None:
        await send(with_optional_keys(event))

    given = without_current_extensions(scope)
    size = len(given)
    try:
        return await app(given, receive, send_with_optional_keys)
    finally:
        copy_new_keys_back(given, size, scope)


def open_behind_old(app: ASGI3App, scope: Scope) -> ASGI2Instance:
    """Do the same for a middleware that calls ``app(scope)``."""

    def instance(receive: Receive, send: Send) -> Awaitable[object]:
        return call_behind_old(app, scope, receive, send)

    return instance


class BehindOld(DoubleCallable):
    """A single-callable application that an old middleware calls ``await app(scope)(receive, send)``."""

    def __new__(cls, app: ASGI3App) -> BehindOld:
        self: Any = partial.__new__(cls, open_behind_old, app)
        self.app = app

        def __call__(scope: Scope) -> ASGI2Instance:
            return open_behind_old(app, scope)

        self.__dict__["__call__"] = __call__
        return self  # type: ignore[no-any-return]


class SingleBehindOld(Adapter):
    """The same, called ``await app(scope, receive, send)``, for a half-migrated middleware."""

    _asgi_single_callable = True

    def __new__(cls, app: ASGI3App) -> SingleBehindOld:
        self = partial.__new__(cls, call_behind_old, app)
        self.app = app

        async def __call__(scope: Scope, receive: Receive, send: Send) -> object:
            return await call_behind_old(app, scope, receive, send)

        self.__dict__["__call__"] = __call__
        return self


def put_behind_old(app: ASGIApp, called_plainly: bool) -> ASGIApp:
    """Return what an old middleware is given to wrap.

    ``called_plainly`` says that it is known to call it ``app(scope)`` and in no other way.
    """
    double = guarantee_double_callable(app)
    # An old application gives and takes what it always did; one of unknown style is left alone.
    if type(double) is not DoubleCallable:
        return double if called_plainly else EitherCallable(app)
    if called_plainly:
        return BehindOld(double.app)
    return EitherCallable(app, SingleBehindOld(double.app))
