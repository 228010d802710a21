"""The conversions of `asgiref.compatibility`, their mirrors, and what each makes of an adapter."""

from __future__ import annotations

from .._detect import Style, classify
from .._errors import DetectionError
from .._text import safe_repr
from .adapters import DoubleCallable, PositionalCallable, SingleCallable
from .undecided import UndecidedDoubleCallable, UndecidedSingleCallable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Union

    from .._detect import Verdict
    from .._types import ASGI2App, ASGI3App


def _refusal(verdict: Verdict) -> DetectionError:
    return DetectionError(
        f"{safe_repr(verdict.app)} is not an ASGI application: {verdict.reason} ({verdict.style.value})."
        f" What to do: {verdict.remedy}.",
        application=verdict.app,
        reason=verdict.reason,
        remedy=verdict.remedy,
    )


def _is_called_plainly(app: object) -> bool:
    # Imported when it is needed: `import asgi_compat` loads none of the detector's tables.
    from .._detect.doubles import has_plain_double_call

    return has_plain_double_call(app)


def _by_position(app: Any) -> Any:
    """Return a single-callable application as it is, or in an adapter if it takes keywords only."""
    from .._detect.doubles import has_plain_single_call

    return app if has_plain_single_call(app) else PositionalCallable(app)


def double_to_single_callable(app: ASGI2App) -> ASGI3App:
    """Make a double-callable application callable as ``await app(scope, receive, send)``.

    Takes a double-callable application and returns an adapter whose ``app`` is the application. A
    single-callable application is returned as it is, and an adapter of `single_to_double_callable` is
    taken off again. An object of any other style is wrapped as the double-callable that the caller says it
    is. Raises `DetectionError` when the object cannot be called at all.

    An exception of the application, in either half, is raised where the adapted application is awaited.
    `AdapterError` is raised there when the first call returns something that cannot be called.
    Tolerated: an instance that takes (scope, receive, send), a constructor that is a coroutine
    function. Drop-in for `asgiref.compatibility.double_to_single_callable` (asgiref 3.0 and later);
    the two calls are those of the ASGI specification 3.0, "Legacy Applications".

    >>> def application(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": 204})
    ...     return instance
    >>> adapted = double_to_single_callable(application)
    >>> adapted.app is application and double_to_single_callable(adapted) is adapted
    True
    """
    given: Any = app
    kind = type(given)
    if issubclass(kind, DoubleCallable):
        return given.app  # type: ignore[no-any-return]
    verdict = classify(given)
    if verdict.style in (Style.SINGLE, Style.EITHER):
        return _by_position(given)  # type: ignore[no-any-return]
    if not callable(given):
        raise _refusal(verdict)
    return SingleCallable(given)


def single_to_double_callable(app: ASGI3App) -> ASGI2App:
    """Make a single-callable application callable as ``await app(scope)(receive, send)``.

    The mirror of `double_to_single_callable`: takes a single-callable application and returns an adapter
    whose ``app`` is the application. A double-callable application is returned as it is, and an adapter of
    `double_to_single_callable` is taken off again. Calling the adapter with the scope only stores it: old
    servers make instances that they never await (uvicorn 0.4 to 0.6
    probes for lifespan so) and may do it in a thread (daphne 2.1). Both calls take their arguments by
    position or by the names scope, receive and send. Raises `DetectionError` when the object cannot be
    called at all.

    >>> async def application(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 204})
    >>> adapted = single_to_double_callable(application)
    >>> double_to_single_callable(adapted) is application
    True
    """
    given: Any = app
    kind = type(given)
    if issubclass(kind, SingleCallable):
        return given.app  # type: ignore[no-any-return]
    verdict = classify(given)
    if verdict.style in (Style.DOUBLE, Style.EITHER):
        return given  # type: ignore[no-any-return]
    if not callable(given):
        raise _refusal(verdict)
    return DoubleCallable(_by_position(given) if verdict.style is Style.SINGLE else given)


def guarantee_single_callable(app: Union[ASGI2App, ASGI3App]) -> ASGI3App:
    """Return an application that is called ``await app(scope, receive, send)``.

    Takes an application of either style. A single-callable application is returned as the same object (in
    an adapter if it takes keyword arguments only, as daphne passes them), a double-callable one in an
    adapter, and one of unknown style in an adapter that decides at its first connection and remembers.
    Raises `DetectionError` with ``reason`` and ``remedy`` for a factory, a WSGI application and an object
    that is not an application; for an unknown object that takes neither call it is raised at the first
    connection.

    Drop-in for `asgiref.compatibility.guarantee_single_callable` (asgiref 3.0 and later).

    >>> async def modern(scope, receive, send): ...
    >>> guarantee_single_callable(modern) is modern
    True
    >>> guarantee_single_callable(lambda environ, start_response: [b""])
    Traceback (most recent call last):
        ...
    asgi_compat.DetectionError: <function <lambda> at 0x...> is not an ASGI application: ...
    """
    given: Any = app
    kind = type(given)
    if issubclass(kind, (SingleCallable, UndecidedDoubleCallable)):
        return given if issubclass(kind, SingleCallable) else UndecidedSingleCallable(given.app)
    if issubclass(kind, DoubleCallable):
        return _by_position(given.app)  # type: ignore[no-any-return]
    verdict = classify(given)
    if verdict.style in (Style.SINGLE, Style.EITHER):
        return _by_position(given)  # type: ignore[no-any-return]
    if verdict.style is Style.DOUBLE:
        return SingleCallable(given)
    if verdict.style is Style.UNKNOWN:
        return UndecidedSingleCallable(given)
    raise _refusal(verdict)


def guarantee_double_callable(app: Union[ASGI2App, ASGI3App]) -> ASGI2App:
    """Return an application that is called ``await app(scope)(receive, send)``.

    The mirror of `guarantee_single_callable`, with the same errors.

    >>> async def modern(scope, receive, send): ...
    >>> legacy = guarantee_double_callable(modern)
    >>> guarantee_double_callable(legacy) is legacy
    True
    """
    given: Any = app
    kind = type(given)
    if issubclass(kind, (DoubleCallable, UndecidedSingleCallable)):
        return given if issubclass(kind, DoubleCallable) else UndecidedDoubleCallable(given.app)
    if issubclass(kind, SingleCallable):
        return given.app  # type: ignore[no-any-return]
    verdict = classify(given)
    if verdict.style is Style.DOUBLE and not _is_called_plainly(given):
        # An old server does not accept what the adapter tolerates: adapt it, and turn the adapter round.
        return DoubleCallable(SingleCallable(given))
    if verdict.style in (Style.DOUBLE, Style.EITHER):
        return given  # type: ignore[no-any-return]
    if verdict.style is Style.SINGLE:
        return DoubleCallable(_by_position(given))
    if verdict.style is Style.UNKNOWN:
        return UndecidedDoubleCallable(given)
    raise _refusal(verdict)
