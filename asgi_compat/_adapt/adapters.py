"""`SingleCallable` and `DoubleCallable`: objects that stand for the application they hold.

An adapter is a `functools.partial` of a plain function over the application. A partial is called in C,
where a class with ``__call__`` goes through a slot that builds a tuple and looks the method up again
(``python -m benchmarks`` prints the figures). Other detectors look for a coroutine function, and find it
where they look: in ``adapter.__call__`` (uvicorn, hypercorn, sentry-sdk, asgiref) and in ``adapter.func``
(starlette and `inspect`, which strip partials).
"""

from __future__ import annotations

import sys
from functools import partial

from .._text import own_repr
from .calling import call_by_keyword, call_double, call_double_and_check, call_single

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Tuple

    from .._types import ASGI2Instance, Receive, Scope, Send


class Adapter(partial):  # type: ignore[type-arg]
    """An ordinary object that stands for the application it holds: the base of both directions."""

    #: The application inside.
    app: Any

    if sys.version_info >= (3, 13):
        # A partial is a descriptor from 3.14 on and warns of it in 3.13; an application that is kept as a
        # class attribute must stay itself. Before, `inspect.signature` would mistake it for a built-in
        # method if it had a __get__. This can go when 3.14's behaviour cannot be met.
        def __get__(self, instance: object, owner: object = None) -> Adapter:
            return self

    # For code that takes partials apart: a plain function that needs nothing bound.
    @property
    def func(self) -> Callable[..., Any]:
        """The function with which other code calls the application."""
        function: Callable[..., Any] = self.__dict__["__call__"]
        return function

    @property
    def args(self) -> Tuple[Any, ...]:
        """Nothing: no argument is bound."""
        return ()

    @property
    def keywords(self) -> Dict[str, Any]:
        """Nothing: no argument is bound."""
        return {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {own_repr(self.app)}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self.app == other.app)

    def __hash__(self) -> int:
        return hash((type(self), self.app))

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.app,)


class SingleCallable(Adapter):
    """A double-callable application that is called ``await app(scope, receive, send)``.

    Made by `double_to_single_callable` and `guarantee_single_callable`.
    """

    _asgi_single_callable = True

    def __new__(cls, app: Any) -> SingleCallable:
        # Imported with the first adapter: `import asgi_compat` loads none of the detector's tables.
        from .._detect.doubles import has_coroutine_instances

        call = call_double if has_coroutine_instances(app) else call_double_and_check
        self = super().__new__(cls, call, app)
        self.app = app

        async def __call__(scope: Scope, receive: Receive, send: Send) -> Any:
            return await call(app, scope, receive, send)

        self.__dict__["__call__"] = __call__
        return self


class PositionalCallable(Adapter):
    """A single-callable application that takes keywords only, called ``await app(scope, receive, send)``.

    Made by the functions that return a single-callable application. daphne alone calls it as it is.
    """

    _asgi_single_callable = True

    def __new__(cls, app: Any) -> PositionalCallable:
        self = super().__new__(cls, call_by_keyword, app)
        self.app = app

        async def __call__(scope: Scope, receive: Receive, send: Send) -> Any:
            return await call_by_keyword(app, scope, receive, send)

        self.__dict__["__call__"] = __call__
        return self


class DoubleCallable(Adapter):
    """A single-callable application that is called ``await app(scope)(receive, send)``.

    Made by `single_to_double_callable` and `guarantee_double_callable`.
    """

    _asgi_double_callable = True

    def __new__(cls, app: Any) -> DoubleCallable:
        self = super().__new__(cls, call_single, app)
        self.app = app

        def __call__(scope: Scope) -> ASGI2Instance:
            return call_single(app, scope)

        self.__dict__["__call__"] = __call__
        return self
