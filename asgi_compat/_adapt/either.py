"""`EitherCallable`: an application of one style that answers both calls."""

from __future__ import annotations

from .._text import own_repr
from .guarantee import guarantee_double_callable, guarantee_single_callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple

#: Stands for an argument that is not given; None may be given.
_ABSENT: Any = object()


class EitherCallable:
    """An application of either style that can be called ``app(scope)`` and ``app(scope, receive, send)``.

    It is handed to what may call it both ways: a middleware that is called with the scope and calls what it
    wraps with three arguments. ``single`` is what the second call calls, the application itself when it is
    not given.

    >>> async def application(scope, receive, send):
    ...     return scope["path"]
    >>> import asyncio
    >>> either = EitherCallable(application)
    >>> asyncio.run(either({"path": "/"}, None, None)), asyncio.run(either({"path": "/"})(None, None))
    ('/', '/')
    """

    __slots__ = ("app", "single", "double", "__weakref__")

    def __init__(self, app: Any, single: Any = None) -> None:
        #: The application inside.
        self.app = app
        #: The same, called ``await single(scope, receive, send)``.
        self.single = guarantee_single_callable(app if single is None else single)
        #: The same, called ``await double(scope)(receive, send)``.
        self.double = guarantee_double_callable(app if single is None else single)

    def __call__(self, scope: Any, receive: Any = _ABSENT, send: Any = _ABSENT) -> Any:
        if receive is _ABSENT and send is _ABSENT:
            return self.double(scope)
        return self.single(scope, receive, send)

    def __repr__(self) -> str:
        return f"<EitherCallable of {own_repr(self.app)}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self.app == other.app and self.single == other.single)

    def __hash__(self) -> int:
        return hash((type(self), self.app))

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.app, self.single)


class EitherVariable(EitherCallable):
    """The same for a variable of a module, which is read for more than a call: it has the attributes inside.

    >>> async def application(scope, receive, send): ...
    >>> application.debug = True
    >>> EitherVariable(application).debug
    True
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.app, name)
